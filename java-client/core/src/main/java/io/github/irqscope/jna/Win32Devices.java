package io.github.irqscope.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;

import io.github.irqscope.contract.Contract;
import io.github.irqscope.install.DeviceTree;
import io.github.irqscope.install.PnpDevice;
import io.github.irqscope.install.SetupException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * Devices and drivers by SetupAPI. A driver is bound by the class installer's functions on one device information
 * element, as Windows documents them for an installer of its own, so that the same calls run on Windows and on Wine 8,
 * which lacks SetupDiSetSelectedDriver and DiInstallDevice: with DI_ENUMSINGLEINF the list holds the one INF's drivers,
 * and the best of them is the one that is meant. Sizes and offsets are those of 64-bit Windows.
 */
final class Win32Devices implements DeviceTree {
    private static final int DIGCF_PRESENT = 0x2;
    private static final int DIGCF_ALLCLASSES = 0x4;
    private static final int DIGCF_DEVICEINTERFACE = 0x10;

    private static final int SPDRP_DEVICEDESC = 0x0;
    private static final int SPDRP_HARDWAREID = 0x1;
    private static final int SPDRP_COMPATIBLEIDS = 0x2;
    private static final int SPDRP_SERVICE = 0x4;
    private static final int SPDRP_CLASS = 0x7;
    private static final int SPDRP_CLASSGUID = 0x8;
    private static final int SPDRP_DRIVER = 0x9;
    private static final int SPDRP_FRIENDLYNAME = 0xC;

    private static final int DIF_INSTALLDEVICE = 0x2;
    private static final int DIF_REMOVE = 0x5;
    private static final int DIF_INSTALLDEVICEFILES = 0x15;
    private static final int DIF_SELECTBESTCOMPATDRV = 0x17;
    private static final int DIF_ALLOW_INSTALL = 0x18;
    private static final int DIF_REGISTERDEVICE = 0x19;
    private static final int DIF_INSTALLINTERFACES = 0x20;
    private static final int DIF_REGISTER_COINSTALLERS = 0x22;
    private static final int[] BINDING = {DIF_SELECTBESTCOMPATDRV, DIF_ALLOW_INSTALL, DIF_INSTALLDEVICEFILES,
        DIF_REGISTER_COINSTALLERS, DIF_INSTALLINTERFACES, DIF_INSTALLDEVICE};
    private static final int ERROR_DI_DO_DEFAULT = 0xE000020E;
    private static final int ERROR_NO_COMPAT_DRIVERS = 0xE0000228;
    private static final int ERROR_NO_SUCH_DEVINST = 0xE000020B;
    private static final int ERROR_DEVINST_ALREADY_EXISTS = 0xE0000207;

    private static final int SPDIT_COMPATDRIVER = 2;
    private static final int DI_NEEDRESTART_OR_REBOOT = 0x80 | 0x100;
    private static final int DI_ENUMSINGLEINF = 0x10000;
    private static final int DI_QUIETINSTALL = 0x800000;
    private static final int DI_FLAGSEX_ALLOWEXCLUDEDDRVS = 0x800;
    private static final int SPOST_PATH = 1;
    private static final int SUOI_FORCEDELETE = 1;

    private static final int DEVINFO_SIZE = 32;
    private static final int DEVINFO_NODE = 20;
    private static final int DRVINFO_SIZE = 1568;
    private static final int PARAMS_SIZE = 584;
    private static final int PARAMS_FLAGS = 4;
    private static final int PARAMS_FLAGS_EX = 8;
    private static final int PARAMS_PATH = 60;
    private static final int MOST_PATH = 260;
    private static final int DETAIL_SIZE = 8;
    private static final int MOST_TEXT = 1 << 13;

    private static final int CM_REENUMERATE_SYNCHRONOUS = 1;
    private static final int DN_HAS_PROBLEM = 0x400;

    /* {4d36e97d-e325-11ce-bfc1-08002be10318}: class System */
    private static final UUID SYSTEM_CLASS = UUID.fromString("4d36e97d-e325-11ce-bfc1-08002be10318");
    private static final String CLASSES = "SYSTEM\\CurrentControlSet\\Control\\Class\\";

    private final WindowsSetup.Calls calls;
    private final SetupInstallCalls setup;

    private interface Use<T> {
        T with(Scratch scratch, long set, Memory device) throws SetupException;
    }

    Win32Devices(WindowsSetup.Calls calls) {
        this.calls = calls;
        this.setup = calls.setup();
    }

    // ---- Looking -------------------------------------------------------------------------------------------------

    @Override
    public List<PnpDevice> present() throws SetupException {
        List<PnpDevice> devices = new ArrayList<>();
        try (Scratch scratch = new Scratch()) {
            long set = setup.SetupDiGetClassDevsW(0, 0, 0, DIGCF_PRESENT | DIGCF_ALLCLASSES);
            if (set == Win32.INVALID_HANDLE) {
                throw failed("SetupDiGetClassDevs");
            }
            try {
                Memory device = scratch.sized(DEVINFO_SIZE);
                for (int i = 0; setup.SetupDiEnumDeviceInfo(set, i, Scratch.address(device)) != 0; i++) {
                    devices.add(device(set, device));
                }
            } finally {
                setup.SetupDiDestroyDeviceInfoList(set);
            }
        }
        return devices;
    }

    private PnpDevice device(long set, Memory device) throws SetupException {
        try (Scratch scratch = new Scratch()) {
            String name = text(scratch, set, device, SPDRP_FRIENDLYNAME);
            String key = text(scratch, set, device, SPDRP_DRIVER);
            Win32Keys keys = new Win32Keys(calls);
            String inf = key.isEmpty() ? "" : keys.machineText(CLASSES + key, "InfPath");
            PnpDevice.Driver driver = inf.isEmpty() ? null : new PnpDevice.Driver(inf,
                    keys.machineText(CLASSES + key, "ProviderName"), keys.machineText(CLASSES + key, "DriverVersion"));
            return new PnpDevice(instance(scratch, set, device),
                    name.isEmpty() ? text(scratch, set, device, SPDRP_DEVICEDESC) : name,
                    texts(scratch, set, device, SPDRP_HARDWAREID), texts(scratch, set, device, SPDRP_COMPATIBLEIDS),
                    text(scratch, set, device, SPDRP_CLASS), text(scratch, set, device, SPDRP_CLASSGUID),
                    text(scratch, set, device, SPDRP_SERVICE), driver,
                    key.isEmpty() ? "" : keys.machineText(CLASSES + key, "NetCfgInstanceId"),
                    problem(scratch, device.getInt(DEVINFO_NODE)));
        }
    }

    private int problem(Scratch scratch, int node) {
        Memory answer = scratch.block(Long.BYTES);
        int result = calls.config().CM_Get_DevNode_Status(Scratch.address(answer), Scratch.address(answer) + 4, node,
                0);
        return result == 0 && (answer.getInt(0) & DN_HAS_PROBLEM) != 0 ? answer.getInt(4) : 0;
    }

    @Override
    public Set<String> started() throws SetupException {
        Set<String> instances = new HashSet<>();
        try (Scratch scratch = new Scratch()) {
            long guid = scratch.guid(Contract.INTERFACE);
            long set = setup.SetupDiGetClassDevsW(guid, 0, 0, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
            if (set == Win32.INVALID_HANDLE) {
                throw failed("SetupDiGetClassDevs");
            }
            try {
                Memory face = scratch.sized(DEVINFO_SIZE);
                Memory detail = scratch.block(MOST_TEXT);
                Memory device = scratch.sized(DEVINFO_SIZE);
                for (int i = 0; setup.SetupDiEnumDeviceInterfaces(set, 0, guid, i, Scratch.address(face)) != 0; i++) {
                    detail.setInt(0, DETAIL_SIZE);
                    if (setup.SetupDiGetDeviceInterfaceDetailW(set, Scratch.address(face), Scratch.address(detail),
                            MOST_TEXT, 0, Scratch.address(device)) == 0) {
                        throw failed("SetupDiGetDeviceInterfaceDetail");
                    }
                    instances.add(instance(scratch, set, device).toUpperCase(Locale.ROOT));
                }
            } finally {
                setup.SetupDiDestroyDeviceInfoList(set);
            }
        }
        return instances;
    }

    private String instance(Scratch scratch, long set, Memory device) throws SetupException {
        Memory id = scratch.block(MOST_TEXT);
        if (setup.SetupDiGetDeviceInstanceIdW(set, Scratch.address(device), Scratch.address(id), MOST_TEXT / 2,
                0) == 0) {
            throw failed("SetupDiGetDeviceInstanceId");
        }
        return Scratch.textUtf16(id, 0);
    }

    private String text(Scratch scratch, long set, Memory device, int property) {
        List<String> texts = texts(scratch, set, device, property);
        return texts.isEmpty() ? "" : texts.get(0);
    }

    /* One text, or REG_MULTI_SZ: texts, each with its NUL, then one more. A device may have none. */
    private List<String> texts(Scratch scratch, long set, Memory device, int property) {
        Memory block = scratch.block(MOST_TEXT + 4);
        List<String> texts = new ArrayList<>();
        if (setup.SetupDiGetDeviceRegistryPropertyW(set, Scratch.address(device), property, 0, Scratch.address(block),
                MOST_TEXT, 0) != 0) {
            for (long at = 0; block.getShort(at) != 0; at += 2L * (texts.get(texts.size() - 1).length() + 1)) {
                texts.add(Scratch.textUtf16(block, at));
            }
        }
        return texts;
    }

    // ---- Changing ------------------------------------------------------------------------------------------------

    @Override
    public void createRoot(String instance, String hardwareId) throws SetupException {
        try (Scratch scratch = new Scratch()) {
            long guid = scratch.guid(SYSTEM_CLASS);
            long set = newSet(guid);
            try {
                Memory device = scratch.sized(DEVINFO_SIZE);
                if (setup.SetupDiCreateDeviceInfoW(set, scratch.utf16(instance), guid, 0, 0, 0,
                        Scratch.address(device)) == 0) {
                    int error = Native.getLastError();
                    if (error == ERROR_DEVINST_ALREADY_EXISTS) {
                        return; /* of an install that was cut short: it gets its driver now */
                    }
                    throw new SetupException("SetupDiCreateDeviceInfo " + instance, error);
                }
                String ids = hardwareId + "\0"; /* utf16 puts one NUL more behind it: REG_MULTI_SZ */
                if (setup.SetupDiSetDeviceRegistryPropertyW(set, Scratch.address(device), SPDRP_HARDWAREID,
                        scratch.utf16(ids), (ids.length() + 1) * 2) == 0) {
                    throw failed("SetupDiSetDeviceRegistryProperty " + instance);
                }
                call(DIF_REGISTERDEVICE, set, device, instance);
            } finally {
                setup.SetupDiDestroyDeviceInfoList(set);
            }
        }
    }

    @Override
    public boolean remove(String instance) throws SetupException {
        return withDevice(instance, (scratch, set, device) -> {
            call(DIF_REMOVE, set, device, instance);
            Memory params = scratch.sized(PARAMS_SIZE);
            if (setup.SetupDiGetDeviceInstallParamsW(set, Scratch.address(device), Scratch.address(params)) == 0) {
                if (Native.getLastError() == ERROR_NO_SUCH_DEVINST) {
                    return false; /* gone so wholly that its element is, too: so it is on Wine */
                }
                throw failed("SetupDiGetDeviceInstallParams");
            }
            return (params.getInt(PARAMS_FLAGS) & DI_NEEDRESTART_OR_REBOOT) != 0;
        });
    }

    @Override
    public void rescan() throws SetupException {
        try (Scratch scratch = new Scratch()) {
            Memory node = scratch.block(Integer.BYTES);
            int result = calls.config().CM_Locate_DevNodeW(Scratch.address(node), 0, 0);
            if (result == 0) {
                result = calls.config().CM_Reenumerate_DevNode(node.getInt(0), CM_REENUMERATE_SYNCHRONOUS);
            }
            if (result != 0) {
                throw new SetupException("CM_Reenumerate_DevNode: CONFIGRET " + result, 0);
            }
        }
    }

    @Override
    public String publish(Path inf) throws SetupException {
        try (Scratch scratch = new Scratch()) {
            Memory target = scratch.block(MOST_PATH * 2);
            if (setup.SetupCopyOEMInfW(scratch.utf16(inf.toString()), scratch.utf16(inf.getParent().toString()),
                    SPOST_PATH, 0, Scratch.address(target), MOST_PATH, 0, 0) == 0) {
                throw failed("SetupCopyOEMInf " + inf.getFileName());
            }
            String path = Scratch.textUtf16(target, 0);
            return path.substring(path.lastIndexOf('\\') + 1);
        }
    }

    @Override
    public void unpublish(String name) throws SetupException {
        try (Scratch scratch = new Scratch()) {
            if (setup.SetupUninstallOEMInfW(scratch.utf16(name), SUOI_FORCEDELETE, 0) == 0) {
                throw failed("SetupUninstallOEMInf " + name);
            }
        }
    }

    @Override
    public boolean bind(String instance, Path inf) throws SetupException {
        return withDevice(instance, (scratch, set, device) -> {
            long address = Scratch.address(device);
            Memory params = params(scratch, set, device);
            params.setInt(PARAMS_FLAGS, params.getInt(PARAMS_FLAGS) | DI_ENUMSINGLEINF | DI_QUIETINSTALL);
            params.setInt(PARAMS_FLAGS_EX, params.getInt(PARAMS_FLAGS_EX) | DI_FLAGSEX_ALLOWEXCLUDEDDRVS);
            String path = inf.toString();
            if (path.length() >= MOST_PATH) {
                throw new SetupException("the path is longer than setupapi takes: " + path, 0);
            }
            for (int i = 0; i < MOST_PATH; i++) {
                params.setShort(PARAMS_PATH + 2L * i, i < path.length() ? (short) path.charAt(i) : 0);
            }
            if (setup.SetupDiSetDeviceInstallParamsW(set, address, Scratch.address(params)) == 0) {
                throw failed("SetupDiSetDeviceInstallParams");
            }
            if (setup.SetupDiBuildDriverInfoList(set, address, SPDIT_COMPATDRIVER) == 0) {
                throw failed("SetupDiBuildDriverInfoList " + inf.getFileName());
            }
            try {
                Memory first = scratch.sized(DRVINFO_SIZE);
                if (setup.SetupDiEnumDriverInfoW(set, address, SPDIT_COMPATDRIVER, 0, Scratch.address(first)) == 0) {
                    throw new SetupException("SetupDiEnumDriverInfo " + inf.getFileName() + " for " + instance,
                            ERROR_NO_COMPAT_DRIVERS);
                }
                for (int function : BINDING) {
                    call(function, set, device, instance);
                }
                return needsRestart(scratch, set, device);
            } finally {
                setup.SetupDiDestroyDriverInfoList(set, address, SPDIT_COMPATDRIVER);
            }
        });
    }

    private <T> T withDevice(String instance, Use<T> use) throws SetupException {
        try (Scratch scratch = new Scratch()) {
            long set = newSet(0);
            try {
                Memory device = scratch.sized(DEVINFO_SIZE);
                if (setup.SetupDiOpenDeviceInfoW(set, scratch.utf16(instance), 0, 0, Scratch.address(device)) == 0) {
                    throw failed("SetupDiOpenDeviceInfo " + instance);
                }
                return use.with(scratch, set, device);
            } finally {
                setup.SetupDiDestroyDeviceInfoList(set);
            }
        }
    }

    private long newSet(long guid) throws SetupException {
        long set = setup.SetupDiCreateDeviceInfoList(guid, 0);
        if (set == Win32.INVALID_HANDLE) {
            throw failed("SetupDiCreateDeviceInfoList");
        }
        return set;
    }

    /* ERROR_DI_DO_DEFAULT is what a class installer says that leaves the function to Windows: not a failure. */
    private void call(int function, long set, Memory device, String instance) throws SetupException {
        if (setup.SetupDiCallClassInstaller(function, set, Scratch.address(device)) == 0) {
            int error = Native.getLastError();
            if (error != ERROR_DI_DO_DEFAULT) {
                throw new SetupException(String.format("SetupDiCallClassInstaller 0x%02X %s", function, instance),
                        error);
            }
        }
    }

    private boolean needsRestart(Scratch scratch, long set, Memory device) throws SetupException {
        return (params(scratch, set, device).getInt(PARAMS_FLAGS) & DI_NEEDRESTART_OR_REBOOT) != 0;
    }

    private Memory params(Scratch scratch, long set, Memory device) throws SetupException {
        Memory params = scratch.sized(PARAMS_SIZE);
        if (setup.SetupDiGetDeviceInstallParamsW(set, Scratch.address(device), Scratch.address(params)) == 0) {
            throw failed("SetupDiGetDeviceInstallParams");
        }
        return params;
    }

    private static SetupException failed(String operation) {
        return WindowsSetup.Calls.failed(operation);
    }
}
