#include "driver.h"

_Use_decl_annotations_
NTSTATUS VersionRun(IRQSCOPE_DEVICE *Device, REQUEST *Request)
{
    IRQSCOPE_DRIVER *Driver = Device->Driver;
    IRQSCOPE_VERSION_REPLY *Reply = Request->Output;

    RtlZeroMemory(Reply, sizeof(*Reply));
    Reply->Status = VersionCheck(&Request->Input.Version);
    Reply->Major = IRQSCOPE_MAJOR;
    Reply->Minor = IRQSCOPE_MINOR;
    Reply->Abilities = Driver->Abilities;
    Reply->Frequency = Driver->Clock.Frequency;
    Reply->KernelMajor = Driver->KernelMajor;
    Reply->KernelMinor = Driver->KernelMinor;
    Reply->KernelBuild = Driver->KernelBuild;
    Reply->MaximumConnections = IRQSCOPE_MAXIMUM_CONNECTIONS;
    Reply->MaximumReads = IRQSCOPE_MAXIMUM_READS;
    Reply->MaximumMemory = IRQSCOPE_MAXIMUM_MEMORY;
    (VOID)InterlockedExchange(&Request->Session->VersionAgreed, Reply->Status == IRQSCOPE_STATUS_SUCCESS);
    Request->Information = sizeof(*Reply);
    return STATUS_SUCCESS;
}
