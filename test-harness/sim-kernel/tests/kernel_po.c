/* The power manager: system states, the device states that the policy owner asks for, and the rules around them. */
#include "kernel_fixture.h"

#include <string.h>

static KIRQL DeviceIrql;
static KIRQL CompletionIrql;

static VOID PowerDone(PDEVICE_OBJECT Device, UCHAR Minor, POWER_STATE State, PVOID Context, PIO_STATUS_BLOCK Result)
{
    PIRP System = Context;

    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(State);
    CHECK_EQUAL(IRP_MN_SET_POWER, Minor);
    CHECK_STATUS(STATUS_SUCCESS, Result->Status);
    CompletionIrql = KeGetCurrentIrql();
    TraceAdd("done");
    PoStartNextPowerIrp(System);
    Complete(System, STATUS_SUCCESS, 0);
}

/* The system's state came back up: ask for the device's. */
static NTSTATUS SystemSet(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    PROBE_DEVICE *Mine = Device->DeviceExtension;
    POWER_STATE State;

    UNREFERENCED_PARAMETER(Context);
    State.DeviceState = IoGetCurrentIrpStackLocation(Irp)->Parameters.Power.State.SystemState == PowerSystemWorking
        ? PowerDeviceD0 : PowerDeviceD3;
    if (PoRequestPowerIrp(Mine->Pdo, IRP_MN_SET_POWER, State, PowerDone, Irp, NULL) != STATUS_PENDING) {
        PoStartNextPowerIrp(Irp);
        Irp->IoStatus.Status = STATUS_SUCCESS;
        return STATUS_SUCCESS;
    }
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS OwnPolicy(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    PROBE_DEVICE *Mine = Device->DeviceExtension;
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    char Text[32];

    snprintf(Text, sizeof(Text), "%s%s%d", Stack->MinorFunction == IRP_MN_QUERY_POWER ? "query-" : "",
             Stack->Parameters.Power.Type == SystemPowerState ? "S" : "D",
             (int)Stack->Parameters.Power.State.SystemState - 1);
    TraceAdd(Text);
    if (Stack->Parameters.Power.Type == DevicePowerState) {
        DeviceIrql = KeGetCurrentIrql();
        PoSetPowerState(Device, DevicePowerState, Stack->Parameters.Power.State);
        return STATUS_SUCCESS;
    }
    if (Stack->MinorFunction != IRP_MN_SET_POWER) {
        return STATUS_SUCCESS;
    }
    *Taken = TRUE;
    IoMarkIrpPending(Irp);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, SystemSet, NULL, TRUE, TRUE, TRUE);
    PoCallDriver(Mine->Lower, Irp);
    return STATUS_PENDING;
}

TEST(a_system_state_becomes_a_device_state)
{
    Probe.Power = OwnPolicy;
    Begin(ONE_DEVICE, "");
    TraceTake();
    Say("power edu0 3");
    CHECK_TRACE("query-S3 S3 D3 done");
    CHECK(strncmp(Say("state edu0"), "started D3 S3", 13) == 0);
    CHECK(strstr(Say("model edu0"), "power D3") != NULL);
    Say("power edu0 0");
    CHECK_TRACE("S0 D0 done");
    CHECK(strncmp(Say("state edu0"), "started D0 S0", 13) == 0);
    SayFails("power edu0 1");
    End();
}

TEST(power_comes_at_dispatch_level_unless_the_driver_is_pagable)
{
    Probe.Power = OwnPolicy;
    Begin(ONE_DEVICE, "");
    Say("power edu0 3");
    CHECK_EQUAL(DISPATCH_LEVEL, DeviceIrql);
    Say("power edu0 0");
    End();
    Probe.Power = OwnPolicy;
    Probe.PagesPower = TRUE;
    Begin(ONE_DEVICE, "");
    Say("power edu0 3");
    CHECK_EQUAL(PASSIVE_LEVEL, DeviceIrql);
    Say("power edu0 0");
    End();
}

static NTSTATUS RefuseSleep(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    if (IoGetCurrentIrpStackLocation(Irp)->MinorFunction == IRP_MN_QUERY_POWER) {
        TraceAdd("refused");
        *Taken = TRUE;
        PoStartNextPowerIrp(Irp);
        return Complete(Irp, STATUS_DEVICE_BUSY, 0);
    }
    return OwnPolicy(Device, Irp, Taken);
}

TEST(a_driver_may_refuse_to_sleep)
{
    Probe.Power = RefuseSleep;
    Begin(ONE_DEVICE, "");
    TraceTake();
    CHECK(strstr(SayFails("power edu0 3"), "vetoed") != NULL);
    CHECK_TRACE("refused S0 D0 done");
    CHECK(strncmp(Say("state edu0"), "started D0 S0", 13) == 0);
    End();
}

static void AskTwice(PROBE_DEVICE *Device)
{
    POWER_STATE State = { .DeviceState = PowerDeviceD3 };

    CHECK_STATUS(STATUS_INVALID_PARAMETER_2,
                 PoRequestPowerIrp(Device->Pdo, IRP_MN_POWER_SEQUENCE, State, NULL, NULL, NULL));
    CHECK_STATUS(STATUS_PENDING, PoRequestPowerIrp(Device->Pdo, IRP_MN_SET_POWER, State, NULL, NULL, NULL));
    State.DeviceState = PowerDeviceD0;
    CHECK_STATUS(STATUS_PENDING, PoRequestPowerIrp(Device->Pdo, IRP_MN_SET_POWER, State, NULL, NULL, NULL));
}

TEST(device_power_requests_run_one_after_the_other)
{
    Probe.Power = OwnPolicy;
    Begin(ONE_DEVICE, "");
    TraceTake();
    Run(AskTwice);
    CHECK_TRACE("CREATE D3 D0");
    CHECK(strncmp(Say("state edu0"), "started D0", 10) == 0);
    End();
}

static NTSTATUS PassWithIo(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    *Taken = TRUE;
    PoStartNextPowerIrp(Irp);
    return PassDown(Device, Irp);
}

TEST(an_old_kernel_wants_po_call_driver)
{
    Probe.Power = PassWithIo;
    Begin("1x8", "profile=nt52");
    SayFails("power edu0 3");
    Stopped("IoCallDriver", "PoCallDriver");
    EndWith("PoCallDriver");
    Probe.Power = PassWithIo;
    Begin("1x8", "profile=win7");
    Say("power edu0 3");
    Say("power edu0 0");
    End();
}

static NTSTATUS NeverNext(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    PROBE_DEVICE *Mine = Device->DeviceExtension;

    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.Power.Type == SystemPowerState) {
        return OwnPolicy(Device, Irp, Taken);
    }
    *Taken = TRUE;
    IoSkipCurrentIrpStackLocation(Irp);
    return PoCallDriver(Mine->Lower, Irp);
}

TEST(an_old_kernel_wants_po_start_next_power_irp)
{
    Probe.Power = NeverNext;
    Begin("1x8", "profile=nt52");
    SayFails("power edu0 3");
    Stopped("PoStartNextPowerIrp", "was not called");
    EndWith("PoStartNextPowerIrp");
}

static NTSTATUS FailSet(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    UNREFERENCED_PARAMETER(Device);
    if (IoGetCurrentIrpStackLocation(Irp)->MinorFunction != IRP_MN_SET_POWER) {
        return STATUS_SUCCESS;
    }
    *Taken = TRUE;
    PoStartNextPowerIrp(Irp);
    return Complete(Irp, STATUS_NOT_SUPPORTED, 0);
}

TEST(set_power_must_not_be_failed)
{
    Probe.Power = FailSet;
    Begin(ONE_DEVICE, "");
    SayFails("power edu0 3");
    Stopped("IRP_MJ_POWER", "SET_POWER failed with 0xc00000bb");
    EndWith("SET_POWER failed");
}

static BOOLEAN NeverAnIsr(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    UNREFERENCED_PARAMETER(Context);
    return FALSE;
}

/* The interrupt of a power IRP's handler: no matter which, for the rule comes first. */
static NTSTATUS ConnectInPower(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    PKINTERRUPT Object;

    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    UNREFERENCED_PARAMETER(Taken);
    return IoConnectInterrupt(&Object, NeverAnIsr, NULL, NULL, 0x50, 5, 5, Latched, FALSE, 1, FALSE);
}

TEST(no_interrupt_is_connected_while_a_power_irp_is_handled)
{
    Probe.Power = ConnectInPower;
    Begin(ONE_DEVICE, "");
    SayFails("power edu0 3");
    Stopped("IoConnectInterrupt", "PowerIrpDDis");
    EndWith("PowerIrpDDis");
}
