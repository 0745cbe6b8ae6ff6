/*
 * What the simulator's library exports: functions of Win32 under their own names and shapes, over simulated machines,
 * and four of its own to make a machine, speak to it, and delete it.
 *
 * Calls of Win32 shape set the last error as Windows does: SetLastError on Windows, errno elsewhere (which is what JNA
 * saves after each call on either). Handles are opaque 64-bit numbers. Text is UTF-16, except in the calls of our own.
 */
#ifndef IRQSCOPE_SIM_H
#define IRQSCOPE_SIM_H

#include <stdint.h>

#ifdef _WIN32
#include "windows_names.h"
#define SIM_EXPORT
#else
#define SIM_EXPORT __attribute__((visibility("default")))
#endif

typedef uint64_t SIM_HANDLE;
#define SIM_INVALID_HANDLE UINT64_MAX

typedef struct SIM_OVERLAPPED {     /* OVERLAPPED of 64-bit Windows; Internal is the NTSTATUS, 0x103 while pending */
    uint64_t Internal;
    uint64_t InternalHigh;          /* bytes transferred */
    uint32_t Offset;
    uint32_t OffsetHigh;
    SIM_HANDLE Event;
} SIM_OVERLAPPED;

/* ---- Our own ------------------------------------------------------------------------------------------------------ */

/* Options: words "name=value" parted by newlines. machine= (preset or path of a machine file), profile=, seed=,
 * mode= (documented|observed), time= (virtual|real), state= (folder of the registry). Loads the driver and starts the
 * machine's devices. 0: Error (UTF-8) says why. */
SIM_EXPORT uint64_t SimulatedMachineCreate(const char *Options, char *Error, uint32_t ErrorSize);

/* Closes what is open, removes every device, unloads the driver, checks the rest state. 0: all was at rest; 1: Report
 * says what was not, or what stopped the machine; 2: no such machine. */
SIM_EXPORT int32_t SimulatedMachineDelete(uint64_t Machine, char *Report, uint32_t ReportSize);

/* Words to the machine (docs/simulated-kernel.md lists them). 1: done, Answer is what it says; 0: Answer says why not. */
SIM_EXPORT int32_t SimulatedMachineControl(uint64_t Machine, const char *Words, char *Answer, uint32_t AnswerSize);

/* The enumerator that SetupDiGetClassDevsW takes to list this machine's devices: UTF-8, "SIM1". */
SIM_EXPORT int32_t SimulatedMachineEnumerator(uint64_t Machine, char *Name, uint32_t NameSize);

/* ---- kernel32 ----------------------------------------------------------------------------------------------------- */

SIM_EXPORT SIM_HANDLE CreateFileW(const uint16_t *Path, uint32_t Access, uint32_t Share, void *Security,
                                  uint32_t Disposition, uint32_t Flags, SIM_HANDLE Template);
SIM_EXPORT int32_t DeviceIoControl(SIM_HANDLE File, uint32_t Code, void *In, uint32_t InSize, void *Out, uint32_t OutSize,
                                   uint32_t *Returned, SIM_OVERLAPPED *Overlapped);
SIM_EXPORT int32_t GetOverlappedResult(SIM_HANDLE File, SIM_OVERLAPPED *Overlapped, uint32_t *Transferred, int32_t Wait);
SIM_EXPORT int32_t CancelIoEx(SIM_HANDLE File, SIM_OVERLAPPED *Overlapped);
SIM_EXPORT int32_t CloseHandle(SIM_HANDLE Handle);
SIM_EXPORT SIM_HANDLE CreateEventW(void *Security, int32_t Manual, int32_t Initial, const uint16_t *Name);
SIM_EXPORT int32_t SetEvent(SIM_HANDLE Event);
SIM_EXPORT int32_t ResetEvent(SIM_HANDLE Event);
SIM_EXPORT uint32_t WaitForSingleObject(SIM_HANDLE Handle, uint32_t Milliseconds);
SIM_EXPORT uint32_t WaitForMultipleObjects(uint32_t Count, const SIM_HANDLE *Handles, int32_t All, uint32_t Milliseconds);

/* ---- setupapi, advapi32 --------------------------------------------------------------------------------------------- */

SIM_EXPORT SIM_HANDLE SetupDiGetClassDevsW(const void *ClassGuid, const uint16_t *Enumerator, SIM_HANDLE Window,
                                           uint32_t Flags);
SIM_EXPORT int32_t SetupDiEnumDeviceInterfaces(SIM_HANDLE Set, void *DeviceInfo, const void *InterfaceGuid, uint32_t Index,
                                               void *InterfaceData);
SIM_EXPORT int32_t SetupDiGetDeviceInterfaceDetailW(SIM_HANDLE Set, void *InterfaceData, void *Detail, uint32_t Size,
                                                    uint32_t *Needed, void *DeviceInfo);
SIM_EXPORT int32_t SetupDiEnumDeviceInfo(SIM_HANDLE Set, uint32_t Index, void *DeviceInfo);
SIM_EXPORT int32_t SetupDiGetDeviceInstanceIdW(SIM_HANDLE Set, void *DeviceInfo, uint16_t *Id, uint32_t Size,
                                               uint32_t *Needed);
SIM_EXPORT int32_t SetupDiGetDeviceRegistryPropertyW(SIM_HANDLE Set, void *DeviceInfo, uint32_t Property, uint32_t *Type,
                                                     void *Buffer, uint32_t Size, uint32_t *Needed);
SIM_EXPORT int32_t SetupDiSetClassInstallParamsW(SIM_HANDLE Set, void *DeviceInfo, void *Params, uint32_t Size);
SIM_EXPORT int32_t SetupDiCallClassInstaller(uint32_t Function, SIM_HANDLE Set, void *DeviceInfo);
SIM_EXPORT int32_t SetupDiGetDeviceInstallParamsW(SIM_HANDLE Set, void *DeviceInfo, void *Params);
SIM_EXPORT SIM_HANDLE SetupDiOpenDevRegKey(SIM_HANDLE Set, void *DeviceInfo, uint32_t Scope, uint32_t Profile,
                                           uint32_t KeyType, uint32_t Access);
SIM_EXPORT int32_t SetupDiDestroyDeviceInfoList(SIM_HANDLE Set);
SIM_EXPORT int32_t RegOpenKeyExW(SIM_HANDLE Key, const uint16_t *SubKey, uint32_t Options, uint32_t Access,
                                 SIM_HANDLE *Result);
SIM_EXPORT int32_t RegCreateKeyExW(SIM_HANDLE Key, const uint16_t *SubKey, uint32_t Reserved, const uint16_t *Class,
                                   uint32_t Options, uint32_t Access, void *Security, SIM_HANDLE *Result,
                                   uint32_t *Disposition);
SIM_EXPORT int32_t RegQueryValueExW(SIM_HANDLE Key, const uint16_t *Name, uint32_t *Reserved, uint32_t *Type, void *Data,
                                    uint32_t *Size);
SIM_EXPORT int32_t RegSetValueExW(SIM_HANDLE Key, const uint16_t *Name, uint32_t Reserved, uint32_t Type, const void *Data,
                                  uint32_t Size);
SIM_EXPORT int32_t RegDeleteValueW(SIM_HANDLE Key, const uint16_t *Name);
SIM_EXPORT int32_t RegEnumValueW(SIM_HANDLE Key, uint32_t Index, uint16_t *Name, uint32_t *NameSize, uint32_t *Reserved,
                                 uint32_t *Type, void *Data, uint32_t *Size);
SIM_EXPORT int32_t RegEnumKeyExW(SIM_HANDLE Key, uint32_t Index, uint16_t *Name, uint32_t *NameSize, uint32_t *Reserved,
                                 uint16_t *Class, uint32_t *ClassSize, void *LastWrite);
SIM_EXPORT int32_t RegDeleteTreeW(SIM_HANDLE Key, const uint16_t *SubKey);
SIM_EXPORT int32_t RegCloseKey(SIM_HANDLE Key);

#endif
