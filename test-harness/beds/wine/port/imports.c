/*
 * What the driver imports and gets from the machine instead of Wine. An import is a pointer named __imp_NAME: where an
 * object defines it, the linker does not look for it in a library.
 */
#include "port.h"

/* ---- Pool: Wine's, with tags that must match --------------------------------------------------------------------- */

#define BLOCK_SPACE 64                  /* in front, so that cache-aligned blocks stay so */
#define BLOCK_MAGIC 0x4b4c4269u

typedef struct BLOCK {
    struct BLOCK *Next, **Place;
    PVOID Raw;
    ULONG Tag;
    ULONG Magic;
} BLOCK;

static BLOCK *Blocks;

static PVOID PoolTake(const char *Routine, SIZE_T Size, ULONG Tag)
{
    PUCHAR Raw;
    BLOCK *Block;

    if (MachineFails(PlatformRoutine(Routine), Routine)) {
        return NULL;
    }
    Raw = WineExAllocatePoolWithTag(NonPagedPool, Size + 2 * BLOCK_SPACE, Tag);
    if (Raw == NULL) {
        return NULL;
    }
    Block = (BLOCK *)(((ULONG_PTR)Raw + BLOCK_SPACE - 1) & ~(ULONG_PTR)(BLOCK_SPACE - 1));
    Block->Raw = Raw;
    Block->Tag = Tag;
    Block->Magic = BLOCK_MAGIC;
    Block->Next = Blocks;
    Block->Place = &Blocks;
    if (Blocks != NULL) {
        Blocks->Place = &Block->Next;
    }
    Blocks = Block;
    Port.Blocks++;
    return (PUCHAR)Block + BLOCK_SPACE;
}

static PVOID NTAPI PortAllocatePoolWithTag(POOL_TYPE Type, SIZE_T Size, ULONG Tag)
{
    (void)Type;
    return PoolTake("ExAllocatePoolWithTag", Size, Tag);
}

static PVOID NTAPI PortAllocatePool2(ULONGLONG Flags, SIZE_T Size, ULONG Tag)
{
    PVOID Memory = PoolTake("ExAllocatePool2", Size, Tag);

    (void)Flags;
    if (Memory != NULL) {
        RtlZeroMemory(Memory, Size);
    }
    return Memory;
}

static PVOID NTAPI PortAllocatePool3(ULONGLONG Flags, SIZE_T Size, ULONG Tag, const VOID *Parameters, ULONG Count)
{
    PVOID Memory = PoolTake("ExAllocatePool3", Size, Tag);

    (void)Flags;
    (void)Parameters;
    (void)Count;
    if (Memory != NULL) {
        RtlZeroMemory(Memory, Size);
    }
    return Memory;
}

static BLOCK *BlockOf(PVOID Memory)
{
    BLOCK *Block;

    for (Block = Blocks; Block != NULL; Block = Block->Next) {
        if ((PUCHAR)Block + BLOCK_SPACE == Memory) {
            return Block;
        }
    }
    return NULL;
}

/* What Wine allocated, the driver may free, too. */
VOID NTAPI ExFreePoolWithTag(PVOID Memory, ULONG Tag)
{
    BLOCK *Block = BlockOf(Memory);

    if (Block == NULL) {
        WineExFreePoolWithTag(Memory, Tag);
        return;
    }
    if (Tag != 0 && Tag != Block->Tag) {
        PlatformStop("ExFreePoolWithTag", "the tag 0x%08x is not 0x%08x, with which it was allocated", Tag, Block->Tag);
    }
    if (Port.Machine != NULL && DpcQueuedInside(Port.Machine, Memory, 1)) {
        PlatformStop("ExFreePoolWithTag", "the memory still holds a queued DPC");
    }
    *Block->Place = Block->Next;
    if (Block->Next != NULL) {
        Block->Next->Place = Block->Place;
    }
    Port.Blocks--;
    WineExFreePoolWithTag(Block->Raw, Block->Tag);
}

BOOLEAN PoolAtRest(char *Answer, size_t AnswerSize)
{
    if (Blocks == NULL) {
        return TRUE;
    }
    PlatformFormat(Answer, AnswerSize, "%llu blocks of the pool were not freed, the last with tag 0x%08x", Port.Blocks,
                   Blocks->Tag);
    return FALSE;
}

/* Those of a machine that stopped may still be looked at by who was in it: they are lost until unload. */
void PoolForget(void)
{
    BLOCK *Block;

    while ((Block = Blocks) != NULL) {
        Blocks = Block->Next;
        if (!Port.Stopped) {
            WineExFreePoolWithTag(Block->Raw, Block->Tag);
        }
    }
    Port.Blocks = 0;
}

/* ---- Waits: others go on meanwhile ------------------------------------------------------------------------------- */

static NTSTATUS NTAPI PortWaitForSingleObject(PVOID Object, KWAIT_REASON Reason, KPROCESSOR_MODE Mode,
                                              BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    (void)Reason;
    (void)Mode;
    (void)Alertable;
    ProcessorNeeds(PlatformRoutine("KeWaitForSingleObject"), APC_LEVEL, "KeWaitForSingleObject");
    return MonitorWaitObject(Object, Timeout, "KeWaitForSingleObject");
}

static VOID NTAPI PortReleaseRemoveLockAndWaitEx(PIO_REMOVE_LOCK Lock, PVOID Tag, ULONG Size)
{
    AWAY Away;

    ProcessorNeeds(PlatformRoutine("IoReleaseRemoveLockAndWait"), PASSIVE_LEVEL, "IoReleaseRemoveLockAndWait");
    MonitorLeave(&Away, "IoReleaseRemoveLockAndWait");
    WineIoReleaseRemoveLockAndWaitEx(Lock, Tag, Size);
    MonitorReturn(&Away);
}

VOID FASTCALL IofCompleteRequest(PIRP Irp, CCHAR Boost)
{
    ProcessorNeeds(PlatformRoutine("IoCompleteRequest"), DISPATCH_LEVEL, "IoCompleteRequest");
    MonitorCompleted(Irp);
    if (RequestCounted(Irp) && Port.Pending != 0) {
        Port.Pending--;
    }
    WineIofCompleteRequest(Irp, Boost);
}

/* ---- What Wine has no or another answer to ----------------------------------------------------------------------- */

static PVOID ExtensionId, Extension;

static NTSTATUS NTAPI PortAllocateDriverObjectExtension(PDRIVER_OBJECT Driver, PVOID Id, ULONG Size, PVOID *Result)
{
    (void)Driver;
    if (Extension != NULL) {
        return STATUS_OBJECT_NAME_COLLISION;
    }
    ExtensionId = Id;
    Extension = *Result = PlatformAllocate(Size);
    return STATUS_SUCCESS;
}

static PVOID NTAPI PortGetDriverObjectExtension(PDRIVER_OBJECT Driver, PVOID Id)
{
    (void)Driver;
    return Id == ExtensionId ? Extension : NULL;
}

void ExtensionDrop(void)
{
    if (!Port.Stopped) {
        PlatformFree(Extension);
    }
    Extension = NULL;
}

/* A direct buffer is in Wine's own process: it needs no mapping. */
static PVOID NTAPI PortMapLockedPagesSpecifyCache(PMDL Mdl, KPROCESSOR_MODE Mode, MEMORY_CACHING_TYPE Cache,
                                                  PVOID Base, ULONG BugCheck, ULONG Priority)
{
    (void)Mode;
    (void)Cache;
    (void)Base;
    (void)BugCheck;
    (void)Priority;
    if (MachineFails(PlatformRoutine("MmMapLockedPagesSpecifyCache"), "MmMapLockedPagesSpecifyCache")) {
        return NULL;
    }
    return MmGetMdlVirtualAddress(Mdl);
}

typedef struct KERNEL_VERSION {
    ULONG Size, Major, Minor, Build, Platform;
} KERNEL_VERSION;

static NTSTATUS NTAPI PortGetVersion(KERNEL_VERSION *Version)
{
    const PROFILE *Profile = MachineProfile(PlatformMachine());

    Version->Major = Profile->Major;
    Version->Minor = Profile->Minor;
    Version->Build = Profile->Build;
    Version->Platform = 2;              /* VER_PLATFORM_WIN32_NT */
    return STATUS_SUCCESS;
}

static const EXPORT Exports[] = {
    { "ExAllocatePool2", (PVOID)PortAllocatePool2, EXPORT_WIN10_2004 },
    { "ExAllocatePool3", (PVOID)PortAllocatePool3, EXPORT_SERVER2022 },
    { "RtlGetVersion", (PVOID)PortGetVersion, EXPORT_NT52 },
};

static PVOID NTAPI PortGetSystemRoutineAddress(PUNICODE_STRING Name)
{
    MACHINE *Machine = PlatformRoutine("MmGetSystemRoutineAddress");
    PVOID Address = MachineExport(Machine, Name);

    return Address != NULL ? Address : ExportFind(Machine, Exports, sizeof(Exports) / sizeof(Exports[0]), Name);
}

/* ---- The pointers ------------------------------------------------------------------------------------------------ */

#define IMPORT(Name, Routine) const void *const __imp_##Name = (const void *)(Routine)

IMPORT(ExAllocatePoolWithTag, PortAllocatePoolWithTag);
IMPORT(ExFreePoolWithTag, ExFreePoolWithTag);
IMPORT(KeWaitForSingleObject, PortWaitForSingleObject);
IMPORT(IoReleaseRemoveLockAndWaitEx, PortReleaseRemoveLockAndWaitEx);
IMPORT(IofCompleteRequest, IofCompleteRequest);
IMPORT(IoAllocateDriverObjectExtension, PortAllocateDriverObjectExtension);
IMPORT(IoGetDriverObjectExtension, PortGetDriverObjectExtension);
IMPORT(MmMapLockedPagesSpecifyCache, PortMapLockedPagesSpecifyCache);
IMPORT(MmGetSystemRoutineAddress, PortGetSystemRoutineAddress);
IMPORT(MmMapIoSpace, MmMapIoSpace);
IMPORT(MmUnmapIoSpace, MmUnmapIoSpace);
IMPORT(IoConnectInterrupt, IoConnectInterrupt);
IMPORT(IoDisconnectInterrupt, IoDisconnectInterrupt);
IMPORT(IoCsqInitialize, IoCsqInitialize);
IMPORT(IoCsqInsertIrp, IoCsqInsertIrp);
IMPORT(IoCsqRemoveIrp, IoCsqRemoveIrp);
IMPORT(IoCsqRemoveNextIrp, IoCsqRemoveNextIrp);
IMPORT(KeSynchronizeExecution, KeSynchronizeExecution);
IMPORT(KeAcquireSpinLockRaiseToDpc, KeAcquireSpinLockRaiseToDpc);
IMPORT(KeAcquireSpinLockAtDpcLevel, KeAcquireSpinLockAtDpcLevel);
IMPORT(KeReleaseSpinLock, KeReleaseSpinLock);
IMPORT(KeReleaseSpinLockFromDpcLevel, KeReleaseSpinLockFromDpcLevel);
IMPORT(KeInitializeDpc, KeInitializeDpc);
IMPORT(KeInsertQueueDpc, KeInsertQueueDpc);
IMPORT(KeRemoveQueueDpc, KeRemoveQueueDpc);
IMPORT(KeFlushQueuedDpcs, KeFlushQueuedDpcs);
IMPORT(KeSetImportanceDpc, KeSetImportanceDpc);
IMPORT(KeInitializeTimer, KeInitializeTimer);
IMPORT(KeSetTimer, KeSetTimer);
IMPORT(KeCancelTimer, KeCancelTimer);
IMPORT(KeQueryPerformanceCounter, KeQueryPerformanceCounter);
IMPORT(KeStallExecutionProcessor, KeStallExecutionProcessor);
