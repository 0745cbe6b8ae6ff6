/* The port class's resource list: a START's two lists, and how to find an entry by its type and its number. */
#include <initguid.h>
#include "portclass.h"

RESOURCES *PortclassResources(IResourceList *This, const char *Routine)
{
    return (RESOURCES *)PortclassObject(PlatformRoutine(Routine), This, PORTCLASS_RESOURCES, Routine);
}

PCM_PARTIAL_RESOURCE_DESCRIPTOR PortclassFind(PCM_RESOURCE_LIST List, CM_RESOURCE_TYPE Type, ULONG Wanted)
{
    ULONG Found = 0;
    ULONG Index;

    for (Index = 0; List != NULL && Index < List->List[0].PartialResourceList.Count; Index++) {
        PCM_PARTIAL_RESOURCE_DESCRIPTOR Entry = &List->List[0].PartialResourceList.PartialDescriptors[Index];

        if (Entry->Type == Type && Found++ == Wanted) {
            return Entry;
        }
    }
    return NULL;
}

static NTSTATUS NTAPI ResourcesQuery(IResourceList *This, REFIID InterfaceId, PVOID *Interface)
{
    return PortclassQuery(&PortclassResources(This, "IResourceList::QueryInterface")->Object, &IID_IResourceList,
                          InterfaceId, Interface);
}

static ULONG NTAPI ResourcesAddRef(IResourceList *This)
{
    return ++PortclassResources(This, "IResourceList::AddRef")->Object.References;
}

static ULONG NTAPI ResourcesRelease(IResourceList *This)
{
    return PortclassRelease(PlatformMachine(), &PortclassResources(This, "IResourceList::Release")->Object);
}

static ULONG NTAPI ResourcesEntries(IResourceList *This)
{
    const RESOURCES *Resources = PortclassResources(This, "IResourceList::NumberOfEntries");

    return Resources->Translated != NULL ? Resources->Translated->List[0].PartialResourceList.Count : 0;
}

static ULONG NTAPI ResourcesEntriesOfType(IResourceList *This, CM_RESOURCE_TYPE Type)
{
    const RESOURCES *Resources = PortclassResources(This, "IResourceList::NumberOfEntriesOfType");
    ULONG Count = 0;

    while (PortclassFind(Resources->Translated, Type, Count) != NULL) {
        Count++;
    }
    return Count;
}

static PCM_PARTIAL_RESOURCE_DESCRIPTOR NTAPI ResourcesFindTranslated(IResourceList *This, CM_RESOURCE_TYPE Type,
                                                                     ULONG Index)
{
    return PortclassFind(PortclassResources(This, "IResourceList::FindTranslatedEntry")->Translated, Type, Index);
}

static PCM_PARTIAL_RESOURCE_DESCRIPTOR NTAPI ResourcesFindUntranslated(IResourceList *This, CM_RESOURCE_TYPE Type,
                                                                       ULONG Index)
{
    return PortclassFind(PortclassResources(This, "IResourceList::FindUntranslatedEntry")->Untranslated, Type, Index);
}

/* A list of PcNewResourceList has room for what it was made from and no more: entries are added to sublists. */
static NTSTATUS NTAPI ResourcesAdd(IResourceList *This, PCM_PARTIAL_RESOURCE_DESCRIPTOR Translated,
                                   PCM_PARTIAL_RESOURCE_DESCRIPTOR Untranslated)
{
    (void)Translated;
    (void)Untranslated;
    (void)PortclassResources(This, "IResourceList::AddEntry");
    return STATUS_INSUFFICIENT_RESOURCES;
}

static NTSTATUS NTAPI ResourcesAddFromParent(IResourceList *This, IResourceList *Parent, CM_RESOURCE_TYPE Type,
                                             ULONG Index)
{
    (void)Type;
    (void)Index;
    (void)PortclassResources(This, "IResourceList::AddEntryFromParent");
    (void)PortclassResources(Parent, "IResourceList::AddEntryFromParent");
    return STATUS_INSUFFICIENT_RESOURCES;
}

static PCM_RESOURCE_LIST NTAPI ResourcesTranslated(IResourceList *This)
{
    return PortclassResources(This, "IResourceList::TranslatedList")->Translated;
}

static PCM_RESOURCE_LIST NTAPI ResourcesUntranslated(IResourceList *This)
{
    return PortclassResources(This, "IResourceList::UntranslatedList")->Untranslated;
}

static const IResourceListVtbl ResourcesTable = {
    ResourcesQuery, ResourcesAddRef, ResourcesRelease, ResourcesEntries, ResourcesEntriesOfType,
    ResourcesFindTranslated, ResourcesFindUntranslated, ResourcesAdd, ResourcesAddFromParent, ResourcesTranslated,
    ResourcesUntranslated
};

/* Lists of a START have one full descriptor. */
static PCM_RESOURCE_LIST Copy(const CM_RESOURCE_LIST *List)
{
    const UCHAR *From = (const UCHAR *)List;
    SIZE_T Bytes;
    SIZE_T Index;
    UCHAR *To;

    if (List == NULL || List->Count == 0) {
        return NULL;
    }
    Bytes = FIELD_OFFSET(CM_RESOURCE_LIST, List[0].PartialResourceList.PartialDescriptors) +
            List->List[0].PartialResourceList.Count * sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR);
    To = PlatformAllocate(Bytes);
    for (Index = 0; Index < Bytes; Index++) {
        To[Index] = From[Index];
    }
    return (PCM_RESOURCE_LIST)To;
}

NTSTATUS NTAPI PcNewResourceList(PRESOURCELIST *OutResourceList, PUNKNOWN OuterUnknown, POOL_TYPE PoolType,
                                 PCM_RESOURCE_LIST TranslatedResources, PCM_RESOURCE_LIST UntranslatedResources)
{
    MACHINE *Machine = PlatformRoutine("PcNewResourceList");
    RESOURCES *Resources;

    (void)PoolType; /* where Windows would take the memory from; here it is the simulator's */
    ProcessorNeeds(Machine, PASSIVE_LEVEL, "PcNewResourceList");
    if (OutResourceList == NULL || OuterUnknown != NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    *OutResourceList = NULL;
    if (MachineFails(Machine, "PcNewResourceList")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Resources = PlatformAllocate(sizeof(*Resources));
    Resources->Object.Resources.lpVtbl = &ResourcesTable;
    Resources->Translated = Copy(TranslatedResources);
    Resources->Untranslated = Copy(UntranslatedResources);
    PortclassAdd(Machine, &Resources->Object, PORTCLASS_RESOURCES);
    *OutResourceList = &Resources->Object.Resources;
    return STATUS_SUCCESS;
}
