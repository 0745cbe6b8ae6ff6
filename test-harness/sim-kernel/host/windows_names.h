/*
 * Inside a Windows DLL the C library and the threads library call the system's CloseHandle and its like. So ours have
 * other names there, and irqscope-sim.def exports them under the right ones.
 */
#ifndef WINDOWS_NAMES_H
#define WINDOWS_NAMES_H

#define CancelIoEx(...) SimCancelIoEx(__VA_ARGS__)
#define CloseHandle(...) SimCloseHandle(__VA_ARGS__)
#define CreateEventW(...) SimCreateEventW(__VA_ARGS__)
#define CreateFileW(...) SimCreateFileW(__VA_ARGS__)
#define DeviceIoControl(...) SimDeviceIoControl(__VA_ARGS__)
#define GetOverlappedResult(...) SimGetOverlappedResult(__VA_ARGS__)
#define RegCloseKey(...) SimRegCloseKey(__VA_ARGS__)
#define RegCreateKeyExW(...) SimRegCreateKeyExW(__VA_ARGS__)
#define RegDeleteTreeW(...) SimRegDeleteTreeW(__VA_ARGS__)
#define RegDeleteValueW(...) SimRegDeleteValueW(__VA_ARGS__)
#define RegEnumKeyExW(...) SimRegEnumKeyExW(__VA_ARGS__)
#define RegEnumValueW(...) SimRegEnumValueW(__VA_ARGS__)
#define RegOpenKeyExW(...) SimRegOpenKeyExW(__VA_ARGS__)
#define RegQueryValueExW(...) SimRegQueryValueExW(__VA_ARGS__)
#define RegSetValueExW(...) SimRegSetValueExW(__VA_ARGS__)
#define ResetEvent(...) SimResetEvent(__VA_ARGS__)
#define SetEvent(...) SimSetEvent(__VA_ARGS__)
#define SetupDiCallClassInstaller(...) SimSetupDiCallClassInstaller(__VA_ARGS__)
#define SetupDiDestroyDeviceInfoList(...) SimSetupDiDestroyDeviceInfoList(__VA_ARGS__)
#define SetupDiEnumDeviceInfo(...) SimSetupDiEnumDeviceInfo(__VA_ARGS__)
#define SetupDiEnumDeviceInterfaces(...) SimSetupDiEnumDeviceInterfaces(__VA_ARGS__)
#define SetupDiGetClassDevsW(...) SimSetupDiGetClassDevsW(__VA_ARGS__)
#define SetupDiGetDeviceInstallParamsW(...) SimSetupDiGetDeviceInstallParamsW(__VA_ARGS__)
#define SetupDiGetDeviceInstanceIdW(...) SimSetupDiGetDeviceInstanceIdW(__VA_ARGS__)
#define SetupDiGetDeviceInterfaceDetailW(...) SimSetupDiGetDeviceInterfaceDetailW(__VA_ARGS__)
#define SetupDiGetDeviceRegistryPropertyW(...) SimSetupDiGetDeviceRegistryPropertyW(__VA_ARGS__)
#define SetupDiOpenDevRegKey(...) SimSetupDiOpenDevRegKey(__VA_ARGS__)
#define SetupDiSetClassInstallParamsW(...) SimSetupDiSetClassInstallParamsW(__VA_ARGS__)
#define WaitForMultipleObjects(...) SimWaitForMultipleObjects(__VA_ARGS__)
#define WaitForSingleObject(...) SimWaitForSingleObject(__VA_ARGS__)

#endif
