/*
 * Makes a root-enumerated device, ROOT\IRQSCOPE unless another id is named, and installs the INF that is named, as a lab's
 * installer does: SetupDiCreateDeviceInfo, DIF_REGISTERDEVICE, UpdateDriverForPlugAndPlayDevices. With "remove" in the
 * place of an INF the device goes (DIF_REMOVE), and the service with it, so that the driver is unloaded. Exit 0, or the
 * error that ended it.
 */
#include <windows.h>
#include <setupapi.h>
#include <newdev.h>
#include <cfgmgr32.h>
#include <stdio.h>
#include <string.h>

static const GUID SystemClass = { 0x4d36e97d, 0xe325, 0x11ce, { 0xbf, 0xc1, 0x08, 0x00, 0x2b, 0xe1, 0x03, 0x18 } };

static int Failed(const char *What)
{
    DWORD Error = GetLastError();

    fprintf(stderr, "install: %s: error %lu\n", What, Error);
    return Error == 0 ? 1 : (int)(Error & 0xFF);
}

/* The driver's service is stopped, which unloads it, and deleted. */
static int RemoveService(void)
{
    SC_HANDLE Manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE Service = OpenServiceA(Manager, "irqscope", SERVICE_STOP | DELETE);
    SERVICE_STATUS Status;

    if (Service == NULL) {
        return Failed("there is no service irqscope");
    }
    if (!ControlService(Service, SERVICE_CONTROL_STOP, &Status) && GetLastError() != ERROR_SERVICE_NOT_ACTIVE) {
        return Failed("the driver cannot be unloaded");
    }
    /* It goes when the last one lets it go; one that was installed again meanwhile may still be marked. */
    if (!DeleteService(Service) && GetLastError() != ERROR_SERVICE_MARKED_FOR_DELETE) {
        return Failed("the service cannot be deleted");
    }
    CloseServiceHandle(Service);
    CloseServiceHandle(Manager);
    return 0;
}

static int Remove(const char *Instance)
{
    SP_DEVINFO_DATA Device = { .cbSize = sizeof(Device) };
    HDEVINFO Set = SetupDiCreateDeviceInfoList(NULL, NULL);

    if (!SetupDiOpenDeviceInfoA(Set, Instance, NULL, 0, &Device)) {
        return Failed("there is no such device");
    }
    if (!SetupDiCallClassInstaller(DIF_REMOVE, Set, &Device)) {
        return Failed("the device cannot be removed");
    }
    SetupDiDestroyDeviceInfoList(Set);
    return RemoveService();
}

int main(int Count, char **Words)
{
    const char *Id = Count == 3 ? Words[2] : "ROOT\\IRQSCOPE";
    char HardwareIds[MAX_DEVICE_ID_LEN + 2] = "", Instance[MAX_DEVICE_ID_LEN + 8];
    SP_DEVINFO_DATA Device = { .cbSize = sizeof(Device) };
    char Inf[MAX_PATH];
    HDEVINFO Set;
    BOOL Reboot;

    if (Count < 2 || Count > 3 || strlen(Id) >= MAX_DEVICE_ID_LEN ||
        GetFullPathNameA(Words[1], sizeof(Inf), Inf, NULL) == 0) {
        fprintf(stderr, "usage: install INF|remove [HARDWARE-ID]\n");
        return 2;
    }
    strcpy(HardwareIds, Id);            /* a list of one: two zeros end it */
    snprintf(Instance, sizeof(Instance), "%s\\0000", Id);
    if (strcmp(Words[1], "remove") == 0) {
        return Remove(Instance);
    }
    Set = SetupDiCreateDeviceInfoList(&SystemClass, NULL);
    /* The device of an earlier run may stay; then it only gets its driver. */
    if (SetupDiCreateDeviceInfoA(Set, Instance, &SystemClass, NULL, NULL, 0, &Device)) {
        if (!SetupDiSetDeviceRegistryPropertyA(Set, &Device, SPDRP_HARDWAREID, (const BYTE *)HardwareIds,
                                               (DWORD)strlen(HardwareIds) + 2) ||
            !SetupDiCallClassInstaller(DIF_REGISTERDEVICE, Set, &Device)) {
            return Failed("the device cannot be registered");
        }
    }
    if (!UpdateDriverForPlugAndPlayDevicesA(NULL, Id, Inf, INSTALLFLAG_FORCE, &Reboot)) {
        return Failed("the driver cannot be installed");
    }
    SetupDiDestroyDeviceInfoList(Set);
    return 0;
}
