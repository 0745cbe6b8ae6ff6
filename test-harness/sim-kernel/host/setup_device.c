/*
 * SetupDi* for one device of a set: its names and properties, its restart, its key.
 *
 * Restarting it (DIF_PROPERTYCHANGE with DICS_PROPCHANGE) runs its PnP requests at once; a veto is no error but
 * DI_NEEDREBOOT in the install parameters.
 */
#include "setup.h"

#define ERROR_GEN_FAILURE 31
#define ERROR_DI_DO_DEFAULT 0xE000020Eu
#define ERROR_NO_CLASSINSTALL_PARAMS 0xE0000215u
#define ERROR_KEY_DOES_NOT_EXIST 0xE0000204u

#define DIF_PROPERTYCHANGE 0x12
#define DICS_PROPCHANGE 3
#define DICS_FLAG_GLOBAL 1
#define DI_NEEDREBOOT 0x100
#define DIREG_DEV 1

#define SPDRP_DEVICEDESC 0x00
#define SPDRP_HARDWAREID 0x01
#define SPDRP_SERVICE 0x04
#define SPDRP_CLASS 0x07
#define SPDRP_CLASSGUID 0x08
#define SPDRP_ENUMERATOR_NAME 0x16

typedef struct INSTALL_PARAMS {         /* SP_DEVINSTALL_PARAMS_W */
    uint32_t Size, Flags, FlagsEx;
    uint64_t Window, Handler, Context, FileQueue, ClassReserved;
    uint32_t Reserved;
    WCHAR DriverPath[260];
} INSTALL_PARAMS;

_Static_assert(sizeof(INSTALL_PARAMS) == 584 && sizeof(CHANGE_PARAMS) == 20, "as on 64-bit Windows");

/* ---- Properties ------------------------------------------------------------------------------------------------ */

/* Where text is put together, UTF-16, before it is known whether it fits the caller's buffer. */
typedef struct WIDE {
    WCHAR Text[512];
    size_t Length;                      /* with the ending 0s */
} WIDE;

/* ASCII, and the 0 behind it. */
static void WideAdd(WIDE *Wide, const char *Text)
{
    do {
        Wide->Text[Wide->Length++] = (WCHAR)(UCHAR)*Text;
    } while (*Text++ != 0 && Wide->Length < sizeof(Wide->Text) / sizeof(WCHAR));
}

int32_t SetupDiGetDeviceInstanceIdW(SIM_HANDLE Set, void *DeviceInfo, uint16_t *Id, uint32_t Size, uint32_t *Needed)
{
    ELEMENT *Element;
    HANDLE_ENTRY *Entry = SetupElement(Set, DeviceInfo, &Element);
    WIDE Wide = { .Length = 0 };

    if (Entry == NULL) {
        return 0;
    }
    /* A node's device and its names are the same as long as the machine lives. */
    WideAdd(&Wide, DeviceInstance(PnpNode(Entry->Kernel, Element->Node)->Device));
    HandleRelease(Entry);
    if (Needed != NULL) {
        *Needed = (uint32_t)Wide.Length;
    }
    if (Id == NULL && Size != 0) {
        return SetupFail(WIN32_INVALID_PARAMETER);
    }
    if (Size < Wide.Length) {
        return SetupFail(WIN32_INSUFFICIENT_BUFFER);
    }
    memcpy(Id, Wide.Text, Wide.Length * sizeof(WCHAR));
    return 1;
}

/* FALSE: a device here does not have the property. */
static BOOLEAN TellProperty(const DEVICE *Device, uint32_t Property, WIDE *Wide, uint32_t *Type)
{
    char Word[64];
    size_t Length = 0;

    *Type = REG_SZ;
    switch (Property) {
    case SPDRP_DEVICEDESC:
        WideAdd(Wide, DeviceDescription(Device));
        return TRUE;
    case SPDRP_HARDWAREID:
        *Type = REG_MULTI_SZ;
        for (const char *Id = DeviceHardwareIds(Device); *Id != 0; Id += strlen(Id) + 1) {
            WideAdd(Wide, Id);
        }
        WideAdd(Wide, "");
        return TRUE;
    case SPDRP_SERVICE:
        WideAdd(Wide, "irqscope");
        return TRUE;
    case SPDRP_CLASS:
        WideAdd(Wide, "Sample");
        return TRUE;
    case SPDRP_CLASSGUID:
        WideAdd(Wide, "{78a1c341-4539-11d3-b88d-00c04fad5171}");
        return TRUE;
    case SPDRP_ENUMERATOR_NAME:
        while (DeviceInstance(Device)[Length] != '\\' && Length + 1 < sizeof(Word)) {
            Word[Length] = DeviceInstance(Device)[Length];
            Length++;
        }
        Word[Length] = 0;
        WideAdd(Wide, Word);
        return TRUE;
    default:
        return FALSE;
    }
}

int32_t SetupDiGetDeviceRegistryPropertyW(SIM_HANDLE Set, void *DeviceInfo, uint32_t Property, uint32_t *Type,
                                          void *Buffer, uint32_t Size, uint32_t *Needed)
{
    ELEMENT *Element;
    HANDLE_ENTRY *Entry = SetupElement(Set, DeviceInfo, &Element);
    WIDE Wide = { .Length = 0 };
    uint32_t Kind;
    BOOLEAN Has;

    if (Entry == NULL) {
        return 0;
    }
    Has = TellProperty(PnpNode(Entry->Kernel, Element->Node)->Device, Property, &Wide, &Kind);
    HandleRelease(Entry);
    if (!Has) {
        return SetupFail(WIN32_INVALID_DATA);
    }
    if (Type != NULL) {
        *Type = Kind;
    }
    if (Needed != NULL) {
        *Needed = (uint32_t)(Wide.Length * sizeof(WCHAR));
    }
    if (Buffer == NULL && Size != 0) {
        return SetupFail(WIN32_INVALID_PARAMETER);
    }
    if (Size < Wide.Length * sizeof(WCHAR)) {
        return SetupFail(WIN32_INSUFFICIENT_BUFFER);
    }
    memcpy(Buffer, Wide.Text, Wide.Length * sizeof(WCHAR));
    return 1;
}

/* ---- Restart --------------------------------------------------------------------------------------------------- */

int32_t SetupDiSetClassInstallParamsW(SIM_HANDLE Set, void *DeviceInfo, void *Params, uint32_t Size)
{
    ELEMENT *Element;
    HANDLE_ENTRY *Entry = SetupElement(Set, DeviceInfo, &Element);
    const CHANGE_PARAMS *Change = Params;
    uint32_t Error = 0;

    if (Entry == NULL) {
        return 0;
    }
    if (Change == NULL) {
        Element->HasChange = FALSE;
        Error = Size == 0 ? 0 : WIN32_INVALID_PARAMETER;
    } else if (Size < 8 || Change->HeaderSize != 8) {
        Error = ERROR_INVALID_USER_BUFFER;
    } else if (Change->Function != DIF_PROPERTYCHANGE || Size < sizeof(*Change)) {
        Error = WIN32_INVALID_PARAMETER;
    } else {
        Element->Change = *Change;
        Element->HasChange = TRUE;
    }
    HandleRelease(Entry);
    return Error == 0 ? 1 : SetupFail(Error);
}

typedef struct RESTART {
    KERNEL *Kernel;
    ULONG Node;
    PNP_RESULT Result;
} RESTART;

static void RestartInside(void *Context)
{
    RESTART *Restart = Context;
    char Reason[KERNEL_TEXT];

    Restart->Result = PnpRestart(PnpNode(Restart->Kernel, Restart->Node), Reason, sizeof(Reason));
    if (Restart->Result != PNP_DONE) {
        PlatformLog("%s is not restarted: %s", DeviceName(PnpNode(Restart->Kernel, Restart->Node)->Device), Reason);
    }
}

int32_t SetupDiCallClassInstaller(uint32_t Function, SIM_HANDLE Set, void *DeviceInfo)
{
    ELEMENT *Element;
    HANDLE_ENTRY *Entry = SetupElement(Set, DeviceInfo, &Element);
    RESTART Restart;
    uint32_t Error = 0;

    if (Entry == NULL) {
        return 0;
    }
    if (Function != DIF_PROPERTYCHANGE) {
        Error = ERROR_DI_DO_DEFAULT;
    } else if (!Element->HasChange) {
        Error = ERROR_NO_CLASSINSTALL_PARAMS;
    } else if (Element->Change.Change != DICS_PROPCHANGE) {
        Error = WIN32_INVALID_PARAMETER;        /* enabling and disabling are not simulated */
    } else {
        Restart.Kernel = Entry->Kernel;
        Restart.Node = Element->Node;
        Restart.Result = PNP_FAILED;
        if (!HostRun(Entry->Kernel, RestartInside, &Restart)) {
            Error = WIN32_IO_DEVICE;
        } else if (Restart.Result == PNP_FAILED) {
            Error = ERROR_GEN_FAILURE;
        } else if (Restart.Result == PNP_VETOED) {
            Element->Flags |= DI_NEEDREBOOT;
        }
    }
    HandleRelease(Entry);
    return Error == 0 ? 1 : SetupFail(Error);
}

int32_t SetupDiGetDeviceInstallParamsW(SIM_HANDLE Set, void *DeviceInfo, void *Params)
{
    ELEMENT *Element;
    HANDLE_ENTRY *Entry = SetupElement(Set, DeviceInfo, &Element);
    INSTALL_PARAMS *Out = Params;
    uint32_t Error = 0;

    if (Entry == NULL) {
        return 0;
    }
    if (Out == NULL || Out->Size != sizeof(*Out)) {
        Error = Out == NULL ? WIN32_INVALID_PARAMETER : ERROR_INVALID_USER_BUFFER;
    } else {
        memset(Out, 0, sizeof(*Out));
        Out->Size = sizeof(*Out);
        Out->Flags = Element->Flags;
    }
    HandleRelease(Entry);
    return Error == 0 ? 1 : SetupFail(Error);
}

/* ---- Keys ------------------------------------------------------------------------------------------------------ */

typedef struct OPEN_KEY {
    KERNEL *Kernel;
    ULONG Node;
    CM_KEY *Key;
} OPEN_KEY;

static void OpenInside(void *Context)
{
    OPEN_KEY *Open = Context;

    Open->Key = CmDeviceKey(Open->Kernel->Registry, DeviceInstance(PnpNode(Open->Kernel, Open->Node)->Device));
}

SIM_HANDLE SetupDiOpenDevRegKey(SIM_HANDLE Set, void *DeviceInfo, uint32_t Scope, uint32_t Profile, uint32_t KeyType,
                                uint32_t Access)
{
    ELEMENT *Element;
    HANDLE_ENTRY *Entry = SetupElement(Set, DeviceInfo, &Element);
    OPEN_KEY Open = { .Kernel = NULL };
    SIM_HANDLE Handle = SIM_INVALID_HANDLE;

    (void)Profile;
    if (Entry == NULL) {
        return SIM_INVALID_HANDLE;
    }
    if (Scope != DICS_FLAG_GLOBAL) {
        LastErrorSet(WIN32_INVALID_PARAMETER);
    } else if (KeyType != DIREG_DEV) {
        LastErrorSet(ERROR_KEY_DOES_NOT_EXIST); /* a driver's software key: nothing is installed into one here */
    } else {
        Open.Kernel = Entry->Kernel;
        Open.Node = Element->Node;
        KernelLook(Entry->Kernel, OpenInside, &Open);
        if (Open.Key != NULL) {
            Handle = RegistryHandle(Entry->Kernel, Open.Key, Access);
        } else {
            LastErrorSet(ERROR_KEY_DOES_NOT_EXIST);
        }
    }
    HandleRelease(Entry);
    return Handle;
}
