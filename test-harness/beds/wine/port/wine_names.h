/* Wine's own routines under names that ours do not hide (wine.def, wine_hal.def). */
#ifndef WINE_NAMES_H
#define WINE_NAMES_H

NTSTATUS NTAPI WineKeWaitForSingleObject(PVOID Object, KWAIT_REASON Reason, KPROCESSOR_MODE Mode, BOOLEAN Alertable,
                                         PLARGE_INTEGER Timeout);
VOID NTAPI WineIoReleaseRemoveLockAndWaitEx(PIO_REMOVE_LOCK Lock, PVOID Tag, ULONG Size);
VOID FASTCALL WineIofCompleteRequest(PIRP Irp, CCHAR Boost);
PVOID NTAPI WineExAllocatePoolWithTag(POOL_TYPE Type, SIZE_T Size, ULONG Tag);
VOID NTAPI WineExFreePoolWithTag(PVOID Memory, ULONG Tag);
LARGE_INTEGER NTAPI WineKeQueryPerformanceCounter(PLARGE_INTEGER Frequency);
HANDLE NTAPI PsGetCurrentThreadId(VOID);
NTSTATUS NTAPI ZwWaitForSingleObject(HANDLE Handle, BOOLEAN Alertable, PLARGE_INTEGER Timeout);

#endif
