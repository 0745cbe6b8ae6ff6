/*
 * Ex: the pools and the fast mutex. Every block is remembered with its tag and ends in bytes that nobody may write;
 * what is left when the driver unloads is a leak, named by its tag.
 */
#include "kernel.h"

#include <stdlib.h>

#define GUARD_SIZE 16
#define GUARD_BYTE 0xA5
#define FRESH_BYTE 0xCD                 /* what a driver reads that does not clear its memory */
#define KERNEL_TAG 0                    /* the kernel's own blocks: no driver can ask for this tag */

struct POOL_BLOCK {
    POOL_BLOCK *Next, *Previous;
    void *Memory;                       /* what the driver has; Raw is where the host's block begins */
    void *Raw;
    SIZE_T Size;
    ULONG Tag;
    BOOLEAN Paged;
    const char *Routine;
};

/* Blocks are found by address often, so that a hash of it leads to them. */
#define POOL_BUCKETS 1024
#define POOL_BUCKET(Memory) (((ULONG_PTR)(Memory) >> 4) % POOL_BUCKETS)

static POOL_BLOCK **PoolTable(KERNEL *Kernel)
{
    if (Kernel->Pool == NULL) {
        Kernel->Pool = PlatformAllocate(POOL_BUCKETS * sizeof(*Kernel->Pool));
    }
    return Kernel->Pool;
}

static POOL_BLOCK *PoolFind(KERNEL *Kernel, const void *Memory)
{
    POOL_BLOCK *Block = PoolTable(Kernel)[POOL_BUCKET(Memory)];

    while (Block != NULL && Block->Memory != Memory) {
        Block = Block->Next;
    }
    return Block;
}

/* Text of a tag as a debugger shows it. */
static const char *TagText(ULONG Tag, char Text[5])
{
    ULONG Index;

    for (Index = 0; Index < 4; Index++) {
        UCHAR Letter = (UCHAR)(Tag >> (Index * 8));

        Text[Index] = (char)(Letter >= 0x20 && Letter < 0x7F ? Letter : '.');
    }
    Text[4] = 0;
    return Text;
}

static PVOID BlockCreate(KERNEL *Kernel, SIZE_T Size, SIZE_T Alignment, ULONG Tag, BOOLEAN Paged, const char *Routine)
{
    POOL_BLOCK **Bucket;
    POOL_BLOCK *Block;
    PUCHAR Memory;

    if (Size > SIZE_MAX / 2) {
        return NULL;
    }
    Block = PlatformAllocate(sizeof(*Block));
    Block->Raw = malloc(Size + Alignment + GUARD_SIZE);
    if (Block->Raw == NULL) {
        PlatformFree(Block);
        return NULL;
    }
    Memory = (PUCHAR)ALIGN_UP_BY(Block->Raw, Alignment);
    memset(Memory, FRESH_BYTE, Size);
    memset(Memory + Size, GUARD_BYTE, GUARD_SIZE);
    Block->Memory = Memory;
    Block->Size = Size;
    Block->Tag = Tag;
    Block->Paged = Paged;
    Block->Routine = Routine;
    Bucket = &PoolTable(Kernel)[POOL_BUCKET(Memory)];
    Block->Next = *Bucket;
    if (Block->Next != NULL) {
        Block->Next->Previous = Block;
    }
    *Bucket = Block;
    Kernel->PoolBytes += Size;
    return Memory;
}

/* A driver may hand over a place inside of a block, so all are looked at: connects are few. */
BOOLEAN PlatformIsResident(const void *Memory)
{
    POOL_BLOCK **Table = PoolTable(KernelCurrent());
    const POOL_BLOCK *Block;
    ULONG Bucket;

    for (Bucket = 0; Bucket < POOL_BUCKETS; Bucket++) {
        for (Block = Table[Bucket]; Block != NULL; Block = Block->Next) {
            if (Block->Paged && (ULONG_PTR)Memory - (ULONG_PTR)Block->Memory < Block->Size) {
                return FALSE;
            }
        }
    }
    return TRUE;
}

static void BlockDelete(KERNEL *Kernel, POOL_BLOCK *Block)
{
    if (Block->Previous != NULL) {
        Block->Previous->Next = Block->Next;
    } else {
        PoolTable(Kernel)[POOL_BUCKET(Block->Memory)] = Block->Next;
    }
    if (Block->Next != NULL) {
        Block->Next->Previous = Block->Previous;
    }
    Kernel->PoolBytes -= Block->Size;
    free(Block->Raw);
    PlatformFree(Block);
}

static PVOID BlockAllocate(KERNEL *Kernel, const char *Routine, SIZE_T Size, ULONG Tag, BOOLEAN Paged, BOOLEAN Aligned)
{
    SIZE_T Alignment = Size >= PAGE_SIZE ? PAGE_SIZE : Aligned ? 64 : MEMORY_ALLOCATION_ALIGNMENT;

    ProcessorNeeds(Kernel->Machine, Paged ? APC_LEVEL : DISPATCH_LEVEL, Routine);
    if (Tag == 0) {
        PlatformStop(Routine, "the tag is 0");
    }
    if (Size == 0) {
        PlatformStop(Routine, "asks for 0 bytes (bug check 0xC4/0x00 under Driver Verifier)");
    }
    if (MachineFails(Kernel->Machine, Routine)) {
        return NULL;
    }
    return BlockCreate(Kernel, Size, Alignment, Tag, Paged, Routine);
}

PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
    static const char Routine[] = "ExAllocatePoolWithTag";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    const PROFILE *Profile = MachineProfile(Kernel->Machine);

    if ((PoolType & NonPagedPoolNx) != 0 && Profile->Major * 100 + Profile->Minor < 602) {
        PlatformStop(Routine, "pool type %u: this kernel (%u.%u) knows no NonPagedPoolNx", (ULONG)PoolType,
                     Profile->Major, Profile->Minor);
    }
    if ((PoolType & ~(ULONG)(NonPagedPoolNxCacheAligned | PagedPoolCacheAligned)) != 0) {
        PlatformStop(Routine, "pool type %u is none", (ULONG)PoolType);
    }
    return BlockAllocate(Kernel, Routine, NumberOfBytes, Tag, (PoolType & PagedPool) != 0,
                         (PoolType & NonPagedPoolCacheAligned) != 0);
}

static PVOID PoolAllocateByFlags(const char *Routine, POOL_FLAGS Flags, SIZE_T Size, ULONG Tag)
{
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    POOL_FLAGS Kind = Flags & (POOL_FLAG_NON_PAGED | POOL_FLAG_NON_PAGED_EXECUTE | POOL_FLAG_PAGED);
    PVOID Memory;

    if (Kind == 0 || (Kind & (Kind - 1)) != 0) {
        PlatformStop(Routine, "the flags 0x%llx name not exactly one pool", (ULONGLONG)Flags);
    }
    Memory = BlockAllocate(Kernel, Routine, Size, Tag, Kind == POOL_FLAG_PAGED, (Flags & POOL_FLAG_CACHE_ALIGNED) != 0);
    if (Memory == NULL && (Flags & POOL_FLAG_RAISE_ON_FAILURE) != 0) {
        PlatformStop(Routine, "raises STATUS_INSUFFICIENT_RESOURCES, and nothing here catches exceptions");
    }
    if (Memory != NULL && (Flags & POOL_FLAG_UNINITIALIZED) == 0) {
        memset(Memory, 0, Size);
    }
    return Memory;
}

PVOID ExAllocatePool2Here(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag)
{
    return PoolAllocateByFlags("ExAllocatePool2", Flags, NumberOfBytes, Tag);
}

PVOID ExAllocatePool3Here(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag, const VOID *Parameters, ULONG Count)
{
    if ((Parameters == NULL) != (Count == 0)) {
        PlatformStop("ExAllocatePool3", "%u extended parameters, and %s list of them", Count,
                     Parameters == NULL ? "no" : "a");
    }
    return PoolAllocateByFlags("ExAllocatePool3", Flags, NumberOfBytes, Tag);
}

static void BlockFree(KERNEL *Kernel, const char *Routine, PVOID Memory, ULONG Tag)
{
    POOL_BLOCK *Block = PoolFind(Kernel, Memory);
    char Has[5], Wants[5];
    ULONG Index;

    if (Block == NULL) {
        PlatformStop(Routine, "not allocated from the pool, or freed before (bug check 0xC2, BAD_POOL_CALLER)");
    }
    if (Block->Paged) {
        ProcessorNeeds(Kernel->Machine, APC_LEVEL, Routine);
    }
    if (Tag != 0 && Tag != Block->Tag) {
        PlatformStop(Routine, "frees the tag '%s' what was allocated as '%s' (bug check 0xC2/0xA)", TagText(Tag, Wants),
                     TagText(Block->Tag, Has));
    }
    for (Index = 0; Index < GUARD_SIZE; Index++) {
        if (((PUCHAR)Memory)[Block->Size + Index] != GUARD_BYTE) {
            PlatformStop(Routine, "the block '%s' of %llu bytes was written behind its end", TagText(Block->Tag, Has),
                         (ULONGLONG)Block->Size);
        }
    }
    KernelForget(Kernel, Memory, Block->Size, Routine);
    BlockDelete(Kernel, Block);
}

VOID ExFreePoolWithTag(PVOID P, ULONG Tag)
{
    static const char Routine[] = "ExFreePoolWithTag";

    BlockFree(KernelEnter(Routine, DISPATCH_LEVEL), Routine, P, Tag);
}

VOID ExFreePool(PVOID P)
{
    static const char Routine[] = "ExFreePool";

    BlockFree(KernelEnter(Routine, DISPATCH_LEVEL), Routine, P, 0);
}

PVOID PoolAllocate(KERNEL *Kernel, SIZE_T Size, ULONG Tag, const char *Routine)
{
    PVOID Memory = BlockCreate(Kernel, Size, MEMORY_ALLOCATION_ALIGNMENT, Tag, FALSE, Routine);

    if (Memory == NULL) {
        PlatformStop(Routine, "the host has no memory left");
    }
    memset(Memory, 0, Size);
    return Memory;
}

void PoolFree(KERNEL *Kernel, PVOID Memory)
{
    BlockFree(Kernel, "the kernel's own free", Memory, 0);
}

void PoolDelete(KERNEL *Kernel)
{
    ULONG Bucket;
    POOL_BLOCK *Block;

    for (Bucket = 0; Kernel->Pool != NULL && Bucket < POOL_BUCKETS; Bucket++) {
        while ((Block = Kernel->Pool[Bucket]) != NULL) {
            Kernel->Pool[Bucket] = Block->Next;
            free(Block->Raw);
            PlatformFree(Block);
        }
    }
}

BOOLEAN PoolAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize)
{
    ULONG Count = 0;
    ULONG Bucket;
    POOL_BLOCK *Block;
    POOL_BLOCK *First = NULL;
    char Tag[5];

    for (Bucket = 0; Bucket < POOL_BUCKETS; Bucket++) {
        for (Block = PoolTable(Kernel)[Bucket]; Block != NULL; Block = Block->Next) {
            First = First == NULL ? Block : First;
            Count += Block->Tag == First->Tag;
        }
    }
    if (First == NULL) {
        return TRUE;
    }
    PlatformFormat(Answer, AnswerSize, "pool leaked: %u blocks with the tag '%s', one of %llu bytes from %s; "
                   "%llu bytes in all", Count, TagText(First->Tag, Tag), (ULONGLONG)First->Size, First->Routine,
                   Kernel->PoolBytes);
    return FALSE;
}

/* ---- Fast mutexes: at APC_LEVEL while owned ---------------------------------------------------------------------- */

VOID ExInitializeFastMutex(PFAST_MUTEX FastMutex)
{
    KernelEnter("ExInitializeFastMutex", DISPATCH_LEVEL);
    RtlZeroMemory(FastMutex, sizeof(*FastMutex));
    FastMutex->Count = 1;
    KeInitializeEvent(&FastMutex->Event, SynchronizationEvent, FALSE);
}

static BOOLEAN FastMutexFree(void *Context)
{
    return ((PFAST_MUTEX)Context)->Count == 1;
}

VOID ExAcquireFastMutex(PFAST_MUTEX FastMutex)
{
    static const char Routine[] = "ExAcquireFastMutex";
    KERNEL *Kernel = KernelEnter(Routine, APC_LEVEL);

    HeaderCheck(&FastMutex->Event.Header, Routine);
    if (FastMutex->Count != 1 && FastMutex->Owner == KernelThread()) {
        PlatformStop(Routine, "the thread owns the fast mutex already: a deadlock");
    }
    KernelWait(Kernel, Routine, FastMutexFree, FastMutex, UINT64_MAX, "a fast mutex");
    FastMutex->Count = 0;
    FastMutex->Owner = KernelThread();
    FastMutex->OldIrql = ProcessorRaise(Kernel->Machine, APC_LEVEL, Routine);
}

VOID ExReleaseFastMutex(PFAST_MUTEX FastMutex)
{
    static const char Routine[] = "ExReleaseFastMutex";
    KERNEL *Kernel = KernelEnter(Routine, APC_LEVEL);

    if (FastMutex->Owner != KernelThread()) {
        PlatformStop(Routine, "the calling thread does not own the fast mutex");
    }
    FastMutex->Owner = NULL;
    FastMutex->Count = 1;
    ProcessorLower(Kernel->Machine, (KIRQL)FastMutex->OldIrql, Routine);
    KernelChanged(Kernel);
}
