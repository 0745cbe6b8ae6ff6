/*
 * The basic types of NT: widths as on 64-bit Windows, whatever the compiler's own long and wchar_t are. WCHAR is the
 * compiler's wchar_t, so that L"..." is a kernel string: elsewhere than on Windows this needs -fshort-wchar.
 */
#ifndef NTDEF_H
#define NTDEF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NTAPI
#define FASTCALL
#define STDCALL
#define CDECL
#define DECLSPEC_IMPORT
#define NTKERNELAPI
#define NTSYSAPI
#define NTHALAPI
#define NTSYSCALLAPI
#define DECLSPEC_NORETURN __attribute__((noreturn))
#define DECLSPEC_ALIGN(Bytes) __attribute__((aligned(Bytes)))
#define DECLSPEC_CACHEALIGN DECLSPEC_ALIGN(64)
#define FORCEINLINE static inline __attribute__((always_inline, unused))
#define POINTER_ALIGNMENT DECLSPEC_ALIGN(8)
#define MEMORY_ALLOCATION_ALIGNMENT 16
#define UNREFERENCED_PARAMETER(Name) ((void)(Name))
#define DBG_UNREFERENCED_PARAMETER(Name) ((void)(Name))

/* Annotations that Microsoft's analysers read; nothing to a compiler. */
#define IN
#define OUT
#define OPTIONAL
#define _In_
#define _In_opt_
#define _In_z_
#define _In_reads_(Count)
#define _In_reads_opt_(Count)
#define _In_reads_bytes_(Size)
#define _In_reads_bytes_opt_(Size)
#define _In_range_(Low, High)
#define _Out_
#define _Out_opt_
#define _Out_writes_(Count)
#define _Out_writes_to_(Count, Written)
#define _Out_writes_bytes_(Size)
#define _Out_writes_bytes_opt_(Size)
#define _Out_writes_bytes_to_(Size, Written)
#define _Out_writes_bytes_to_opt_(Size, Written)
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Inout_
#define _Inout_opt_
#define _Inout_updates_(Count)
#define _Inout_updates_bytes_(Size)
#define _Reserved_
#define _Ret_maybenull_
#define _Ret_notnull_
#define _Ret_writes_bytes_maybenull_(Size)
#define _Success_(Condition)
#define _When_(Condition, Annotation)
#define _At_(Target, Annotation)
#define _Post_invalid_
#define _Post_satisfies_(Condition)
#define _Field_size_(Count)
#define _Field_size_bytes_(Size)
#define _Field_z_
#define _Must_inspect_result_
#define _Check_return_
#define _Use_decl_annotations_
#define _Function_class_(Name)
#define _Dispatch_type_(Major)
#define _Guarded_by_(Lock)
#define _Interlocked_
#define _Requires_lock_held_(Lock)
#define _Requires_lock_not_held_(Lock)
#define _Acquires_lock_(Lock)
#define _Releases_lock_(Lock)
#define _IRQL_requires_(Irql)
#define _IRQL_requires_max_(Irql)
#define _IRQL_requires_min_(Irql)
#define _IRQL_requires_same_
#define _IRQL_raises_(Irql)
#define _IRQL_saves_
#define _IRQL_saves_global_(Kind, Name)
#define _IRQL_restores_
#define _IRQL_restores_global_(Kind, Name)
#define _IRQL_always_function_max_(Irql)
#define _IRQL_always_function_min_(Irql)
#define __drv_aliasesMem
#define __drv_allocatesMem(Kind)
#define __drv_freesMem(Kind)
#define __drv_strictTypeMatch(Mode)
#define PAGED_CODE_SECTION

#define VOID void
#define CONST const
#define TRUE 1
#define FALSE 0
#define ANYSIZE_ARRAY 1

typedef void *PVOID;
typedef const void *PCVOID;
typedef char CHAR, CCHAR, *PCHAR, *PSZ, *PSTR;
typedef const char *PCSTR, *PCSZ;
typedef signed char SCHAR;
typedef unsigned char UCHAR, BYTE, *PUCHAR, *PBYTE;
typedef UCHAR BOOLEAN, *PBOOLEAN;
typedef int16_t SHORT, CSHORT, *PSHORT;
typedef uint16_t USHORT, WORD, *PUSHORT;
typedef int32_t LONG, INT, INT32, BOOL, *PLONG;
typedef uint32_t ULONG, UINT, DWORD, UINT32, LOGICAL, LCID, *PULONG, *PUINT32;
typedef int64_t LONGLONG, LONG64, INT64, *PLONGLONG, *PLONG64;
typedef uint64_t ULONGLONG, ULONG64, DWORDLONG, UINT64, *PULONGLONG, *PULONG64, *PUINT64;
typedef uint16_t UINT16;
typedef uint8_t UINT8, *PUINT8;
typedef intptr_t LONG_PTR, INT_PTR, SSIZE_T, *PLONG_PTR;
typedef uintptr_t ULONG_PTR, UINT_PTR, DWORD_PTR, SIZE_T, *PULONG_PTR, *PSIZE_T;
typedef ULONG_PTR KAFFINITY, *PKAFFINITY;
typedef wchar_t WCHAR, *PWCHAR, *PWCH, *PWSTR;
typedef const WCHAR *PCWSTR, *LPCWSTR, *PCWCH;
typedef PVOID HANDLE, *PHANDLE;
typedef LONG NTSTATUS, *PNTSTATUS;
typedef LONG KPRIORITY;
typedef ULONG ACCESS_MASK, *PACCESS_MASK;
typedef ULONG DEVICE_TYPE;
typedef UCHAR KIRQL, *PKIRQL;
typedef SCHAR KPROCESSOR_MODE;
typedef ULONG_PTR KSPIN_LOCK, *PKSPIN_LOCK;
typedef enum _MODE { KernelMode, UserMode, MaximumMode } MODE;

_Static_assert(sizeof(WCHAR) == 2, "compile with -fshort-wchar: a kernel string has 16-bit characters");
_Static_assert(sizeof(void *) == 8, "the simulated kernel is a 64-bit one");

typedef union _LARGE_INTEGER {
    struct {
        ULONG LowPart;
        LONG HighPart;
    };
    struct {
        ULONG LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER, PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

typedef union _ULARGE_INTEGER {
    struct {
        ULONG LowPart;
        ULONG HighPart;
    };
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _UNICODE_STRING {
    USHORT Length;              /* bytes, without a terminator */
    USHORT MaximumLength;
    PWCH Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _ANSI_STRING {
    USHORT Length;
    USHORT MaximumLength;
    PCHAR Buffer;
} ANSI_STRING, STRING, *PANSI_STRING, *PSTRING;

#define RTL_CONSTANT_STRING(Text) { sizeof(Text) - sizeof((Text)[0]), sizeof(Text), (PVOID)(Text) }
#define DECLARE_CONST_UNICODE_STRING(Name, Text)      \
    static const WCHAR Name##_buffer[] = Text;        \
    const UNICODE_STRING Name = RTL_CONSTANT_STRING(Name##_buffer)
#define UNICODE_NULL ((WCHAR)0)

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink;
    struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
    struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

typedef struct _GROUP_AFFINITY {
    KAFFINITY Mask;
    USHORT Group;
    USHORT Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;

typedef struct _PROCESSOR_NUMBER {
    USHORT Group;
    UCHAR Number;
    UCHAR Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;

typedef struct _OBJECT_ATTRIBUTES {
    ULONG Length;
    HANDLE RootDirectory;
    PUNICODE_STRING ObjectName;
    ULONG Attributes;
    PVOID SecurityDescriptor;
    PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;

#define OBJ_CASE_INSENSITIVE 0x00000040
#define OBJ_KERNEL_HANDLE 0x00000200
#define InitializeObjectAttributes(Attributes_, Name, Flags, Root, Security) \
    do {                                                                     \
        (Attributes_)->Length = sizeof(OBJECT_ATTRIBUTES);                   \
        (Attributes_)->RootDirectory = (Root);                               \
        (Attributes_)->Attributes = (Flags);                                 \
        (Attributes_)->ObjectName = (Name);                                  \
        (Attributes_)->SecurityDescriptor = (Security);                      \
        (Attributes_)->SecurityQualityOfService = NULL;                      \
    } while (0)

#define NT_SUCCESS(Status) ((NTSTATUS)(Status) >= 0)
#define NT_INFORMATION(Status) ((ULONG)(Status) >> 30 == 1)
#define NT_WARNING(Status) ((ULONG)(Status) >> 30 == 2)
#define NT_ERROR(Status) ((ULONG)(Status) >> 30 == 3)

#define MINCHAR 0x80
#define MAXUCHAR 0xff
#define MAXUSHORT 0xffff
#define MAXULONG 0xffffffff
#define MAXLONG 0x7fffffff
#define MAXLONGLONG INT64_MAX
#define MAXULONGLONG UINT64_MAX
#define MAXSIZE_T SIZE_MAX

#define FIELD_OFFSET(Type, Field) ((LONG)offsetof(Type, Field))
#define RTL_FIELD_SIZE(Type, Field) (sizeof(((Type *)0)->Field))
#define RTL_SIZEOF_THROUGH_FIELD(Type, Field) (offsetof(Type, Field) + RTL_FIELD_SIZE(Type, Field))
#define RTL_NUMBER_OF(Array) (sizeof(Array) / sizeof((Array)[0]))
#define ARRAYSIZE(Array) RTL_NUMBER_OF(Array)
#define CONTAINING_RECORD(Address, Type, Field) ((Type *)((PUCHAR)(Address) - offsetof(Type, Field)))
#define ALIGN_UP_BY(Length, Alignment) (((ULONG_PTR)(Length) + (Alignment) - 1) & ~((ULONG_PTR)(Alignment) - 1))
#define ALIGN_DOWN_BY(Length, Alignment) ((ULONG_PTR)(Length) & ~((ULONG_PTR)(Alignment) - 1))
#ifndef min
#define min(A, B) ((A) < (B) ? (A) : (B))
#define max(A, B) ((A) > (B) ? (A) : (B))
#endif

#endif
