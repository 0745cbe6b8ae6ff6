/*
 * The kernel's header, and what some copies of it lack. Each item is guarded by its own absence, so the same file
 * serves Microsoft's headers, older ones and free ones; nothing here says on which kernel the driver runs.
 */
#ifndef COMPAT_H
#define COMPAT_H

#include <wdm.h>

#include <stddef.h>

/* Annotations for Microsoft's analysers that not every header knows. */
#ifndef _Dispatch_type_
#define _Dispatch_type_(Major)
#endif
#ifndef _Function_class_
#define _Function_class_(Name)
#endif
#ifndef _IRQL_requires_
#define _IRQL_requires_(Irql)
#endif
#ifndef _IRQL_requires_max_
#define _IRQL_requires_max_(Irql)
#endif
#ifndef _IRQL_raises_
#define _IRQL_raises_(Irql)
#endif
#ifndef _Requires_lock_held_
#define _Requires_lock_held_(Lock)
#endif
#ifndef _Acquires_lock_
#define _Acquires_lock_(Lock)
#endif
#ifndef _Releases_lock_
#define _Releases_lock_(Lock)
#endif
#ifndef _Analysis_assume_
#define _Analysis_assume_(Condition) ((void)0)
#endif
#ifndef _Success_
#define _Success_(Condition)
#endif
#ifndef _Post_writable_byte_size_
#define _Post_writable_byte_size_(Size)
#endif
#ifndef _Out_writes_
#define _Out_writes_(Count)
#endif
#ifndef _Out_writes_bytes_
#define _Out_writes_bytes_(Size)
#endif
#ifndef _Out_writes_bytes_to_
#define _Out_writes_bytes_to_(Size, Written)
#endif
#ifndef _Use_decl_annotations_
#define _Use_decl_annotations_
#endif
#ifndef _IRQL_requires_same_
#define _IRQL_requires_same_
#endif
#ifndef _IRQL_saves_
#define _IRQL_saves_
#endif
#ifndef _IRQL_restores_
#define _IRQL_restores_
#endif
#ifndef _Must_inspect_result_
#define _Must_inspect_result_
#endif
#ifndef _In_
#define _In_
#endif
#ifndef _In_opt_
#define _In_opt_
#endif
#ifndef _In_z_
#define _In_z_
#endif
#ifndef _Out_
#define _Out_
#endif
#ifndef _Inout_
#define _Inout_
#endif
#ifndef _Outptr_result_maybenull_
#define _Outptr_result_maybenull_
#endif
#ifndef _Ret_maybenull_
#define _Ret_maybenull_
#endif

/* mingw-w64 has role types for every routine but those of the cancel-safe queue. */
#ifdef __MINGW64_VERSION_MAJOR
typedef VOID NTAPI IO_CSQ_INSERT_IRP(PIO_CSQ Csq, PIRP Irp);
typedef VOID NTAPI IO_CSQ_REMOVE_IRP(PIO_CSQ Csq, PIRP Irp);
typedef PIRP NTAPI IO_CSQ_PEEK_NEXT_IRP(PIO_CSQ Csq, PIRP Irp, PVOID PeekContext);
typedef VOID NTAPI IO_CSQ_ACQUIRE_LOCK(PIO_CSQ Csq, PKIRQL Irql);
typedef VOID NTAPI IO_CSQ_RELEASE_LOCK(PIO_CSQ Csq, KIRQL Irql);
typedef VOID NTAPI IO_CSQ_COMPLETE_CANCELED_IRP(PIO_CSQ Csq, PIRP Irp);
#endif

#ifndef ARRAY_COUNT
#define ARRAY_COUNT(Array) (sizeof(Array) / sizeof((Array)[0]))
#endif

#ifndef MdlMappingNoExecute
#define MdlMappingNoExecute 0x40000000
#endif

#ifndef ALL_PROCESSOR_GROUPS
#define ALL_PROCESSOR_GROUPS 0xffff
#endif

#ifndef INVALID_PROCESSOR_INDEX
#define INVALID_PROCESSOR_INDEX 0xffffffff
#endif

/*
 * IO_RESOURCE_DESCRIPTOR's view of an interrupt in full: some headers stop after MaximumVector. The union around it
 * has the same size in all of them, so this is laid over &Descriptor->u.
 */
typedef struct INTERRUPT_REQUIREMENT {
    ULONG MinimumVector;
    ULONG MaximumVector;
    USHORT AffinityPolicy;
    USHORT Group;
    ULONG PriorityPolicy;
    KAFFINITY TargetedProcessors;
} INTERRUPT_REQUIREMENT;
_Static_assert(sizeof(INTERRUPT_REQUIREMENT) <= sizeof(((PIO_RESOURCE_DESCRIPTOR)0)->u), "the overlay is too long");
_Static_assert(offsetof(IO_RESOURCE_DESCRIPTOR, u) == 8 && offsetof(INTERRUPT_REQUIREMENT, AffinityPolicy) == 8 &&
               offsetof(INTERRUPT_REQUIREMENT, Group) == 10 && offsetof(INTERRUPT_REQUIREMENT, PriorityPolicy) == 12 &&
               offsetof(INTERRUPT_REQUIREMENT, TargetedProcessors) == 16, "the overlay is not as wdm.h has it");
_Static_assert(sizeof(IO_RESOURCE_DESCRIPTOR) == 32, "IO_RESOURCE_DESCRIPTOR is not 32 bytes");

/* The driver depends on the group being where Windows 7 put it: compile with NT_PROCESSOR_GROUPS. */
_Static_assert(sizeof(GROUP_AFFINITY) == (sizeof(PVOID) == 8 ? 16 : 12), "GROUP_AFFINITY has another size");
_Static_assert(sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR) == (sizeof(PVOID) == 8 ? 20 : 16), "CM_* is not packed to 4");
_Static_assert(sizeof(((PCM_PARTIAL_RESOURCE_DESCRIPTOR)0)->u.Interrupt.Level) == 2, "the group fields are hidden");

#endif
