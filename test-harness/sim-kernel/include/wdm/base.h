/* Interlocked operations, barriers, lists: what a Windows compiler or header makes instructions of. */
#ifndef WDM_BASE_H
#define WDM_BASE_H

#define InterlockedIncrement(Target) __atomic_add_fetch((volatile LONG *)(Target), 1, __ATOMIC_SEQ_CST)
#define InterlockedDecrement(Target) __atomic_sub_fetch((volatile LONG *)(Target), 1, __ATOMIC_SEQ_CST)
#define InterlockedAdd(Target, Value) __atomic_add_fetch((volatile LONG *)(Target), (LONG)(Value), __ATOMIC_SEQ_CST)
#define InterlockedExchangeAdd(Target, Value) \
    __atomic_fetch_add((volatile LONG *)(Target), (LONG)(Value), __ATOMIC_SEQ_CST)
#define InterlockedExchange(Target, Value) \
    __atomic_exchange_n((volatile LONG *)(Target), (LONG)(Value), __ATOMIC_SEQ_CST)
#define InterlockedOr(Target, Value) __atomic_fetch_or((volatile LONG *)(Target), (LONG)(Value), __ATOMIC_SEQ_CST)
#define InterlockedAnd(Target, Value) __atomic_fetch_and((volatile LONG *)(Target), (LONG)(Value), __ATOMIC_SEQ_CST)
#define InterlockedXor(Target, Value) __atomic_fetch_xor((volatile LONG *)(Target), (LONG)(Value), __ATOMIC_SEQ_CST)
#define InterlockedIncrement64(Target) __atomic_add_fetch((volatile LONG64 *)(Target), 1, __ATOMIC_SEQ_CST)
#define InterlockedDecrement64(Target) __atomic_sub_fetch((volatile LONG64 *)(Target), 1, __ATOMIC_SEQ_CST)
#define InterlockedAdd64(Target, Value) \
    __atomic_add_fetch((volatile LONG64 *)(Target), (LONG64)(Value), __ATOMIC_SEQ_CST)
#define InterlockedExchangeAdd64(Target, Value) \
    __atomic_fetch_add((volatile LONG64 *)(Target), (LONG64)(Value), __ATOMIC_SEQ_CST)
#define InterlockedExchange64(Target, Value) \
    __atomic_exchange_n((volatile LONG64 *)(Target), (LONG64)(Value), __ATOMIC_SEQ_CST)
#define InterlockedOr64(Target, Value) \
    __atomic_fetch_or((volatile LONG64 *)(Target), (LONG64)(Value), __ATOMIC_SEQ_CST)
#define InterlockedAnd64(Target, Value) \
    __atomic_fetch_and((volatile LONG64 *)(Target), (LONG64)(Value), __ATOMIC_SEQ_CST)
#define InterlockedExchangePointer(Target, Value) \
    __atomic_exchange_n((PVOID volatile *)(Target), (PVOID)(Value), __ATOMIC_SEQ_CST)

FORCEINLINE LONG InterlockedCompareExchange(volatile LONG *Target, LONG New, LONG Expected)
{
    __atomic_compare_exchange_n(Target, &Expected, New, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return Expected;
}

FORCEINLINE LONG64 InterlockedCompareExchange64(volatile LONG64 *Target, LONG64 New, LONG64 Expected)
{
    __atomic_compare_exchange_n(Target, &Expected, New, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return Expected;
}

FORCEINLINE PVOID InterlockedCompareExchangePointer(PVOID volatile *Target, PVOID New, PVOID Expected)
{
    __atomic_compare_exchange_n(Target, &Expected, New, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return Expected;
}

#define KeMemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define MemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define KeMemoryBarrierWithoutFence() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define YieldProcessor() __atomic_signal_fence(__ATOMIC_SEQ_CST)

FORCEINLINE LONG ReadAcquire(const volatile LONG *Source) { return __atomic_load_n(Source, __ATOMIC_ACQUIRE); }
FORCEINLINE LONG ReadNoFence(const volatile LONG *Source) { return __atomic_load_n(Source, __ATOMIC_RELAXED); }
FORCEINLINE void WriteRelease(volatile LONG *Target, LONG Value) { __atomic_store_n(Target, Value, __ATOMIC_RELEASE); }
FORCEINLINE void WriteNoFence(volatile LONG *Target, LONG Value) { __atomic_store_n(Target, Value, __ATOMIC_RELAXED); }
FORCEINLINE LONG64 ReadAcquire64(const volatile LONG64 *Source) { return __atomic_load_n(Source, __ATOMIC_ACQUIRE); }
FORCEINLINE void WriteRelease64(volatile LONG64 *Target, LONG64 Value)
{
    __atomic_store_n(Target, Value, __ATOMIC_RELEASE);
}

DECLSPEC_NORETURN VOID KeBugCheckEx(ULONG Code, ULONG_PTR Parameter1, ULONG_PTR Parameter2, ULONG_PTR Parameter3,
                                    ULONG_PTR Parameter4);

/* A broken link ends the run, as on Windows since version 8. */
#define KERNEL_SECURITY_CHECK_FAILURE 0x139
#define FAST_FAIL_CORRUPT_LIST_ENTRY 3

FORCEINLINE VOID InitializeListHead(PLIST_ENTRY Head)
{
    Head->Flink = Head->Blink = Head;
}

FORCEINLINE BOOLEAN IsListEmpty(const LIST_ENTRY *Head)
{
    return Head->Flink == Head;
}

FORCEINLINE BOOLEAN RemoveEntryList(PLIST_ENTRY Entry)
{
    PLIST_ENTRY Next = Entry->Flink;
    PLIST_ENTRY Previous = Entry->Blink;

    if (Next->Blink != Entry || Previous->Flink != Entry) {
        KeBugCheckEx(KERNEL_SECURITY_CHECK_FAILURE, FAST_FAIL_CORRUPT_LIST_ENTRY, (ULONG_PTR)Entry, 0, 0);
    }
    Previous->Flink = Next;
    Next->Blink = Previous;
    return Next == Previous;
}

FORCEINLINE PLIST_ENTRY RemoveHeadList(PLIST_ENTRY Head)
{
    PLIST_ENTRY Entry = Head->Flink;

    RemoveEntryList(Entry);
    return Entry;
}

FORCEINLINE PLIST_ENTRY RemoveTailList(PLIST_ENTRY Head)
{
    PLIST_ENTRY Entry = Head->Blink;

    RemoveEntryList(Entry);
    return Entry;
}

FORCEINLINE VOID InsertTailList(PLIST_ENTRY Head, PLIST_ENTRY Entry)
{
    PLIST_ENTRY Last = Head->Blink;

    if (Last->Flink != Head) {
        KeBugCheckEx(KERNEL_SECURITY_CHECK_FAILURE, FAST_FAIL_CORRUPT_LIST_ENTRY, (ULONG_PTR)Head, 0, 0);
    }
    Entry->Flink = Head;
    Entry->Blink = Last;
    Last->Flink = Entry;
    Head->Blink = Entry;
}

FORCEINLINE VOID InsertHeadList(PLIST_ENTRY Head, PLIST_ENTRY Entry)
{
    PLIST_ENTRY First = Head->Flink;

    if (First->Blink != Head) {
        KeBugCheckEx(KERNEL_SECURITY_CHECK_FAILURE, FAST_FAIL_CORRUPT_LIST_ENTRY, (ULONG_PTR)Head, 0, 0);
    }
    Entry->Flink = First;
    Entry->Blink = Head;
    First->Blink = Entry;
    Head->Flink = Entry;
}

#endif
