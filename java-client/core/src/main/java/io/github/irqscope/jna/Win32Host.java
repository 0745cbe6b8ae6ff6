package io.github.irqscope.jna;

import com.sun.jna.Memory;

import io.github.irqscope.RegistryValue;
import io.github.irqscope.contract.Contract;
import io.github.irqscope.transport.Controls;
import io.github.irqscope.transport.DeviceEntry;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.Transport;
import io.github.irqscope.transport.TransportException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A system with SetupAPI and a registry: this Windows, or one simulated machine. Sizes and offsets of structures are
 * those of 64-bit Windows.
 */
final class Win32Host implements Host {
    private static final int DIGCF_PRESENT = 0x2;
    private static final int DIGCF_DEVICEINTERFACE = 0x10;
    private static final int SPDRP_HARDWAREID = 1;

    /* SP_DEVICE_INTERFACE_DATA and SP_DEVINFO_DATA are equally large; the detail's fixed part is a DWORD and a WCHAR.
     */
    private static final int DATA_SIZE = 32;
    private static final int DETAIL_SIZE = 8;
    private static final int DETAIL_PATH = 4;
    private static final int MOST_TEXT = 1 << 12;

    private static final int DIF_PROPERTYCHANGE = 0x12;
    private static final int DICS_PROPCHANGE = 3;
    private static final int DICS_FLAG_CONFIGSPECIFIC = 2;
    private static final int PROPCHANGE_SIZE = 20;
    private static final int INSTALL_PARAMS_SIZE = 584;
    private static final int INSTALL_PARAMS_FLAGS = 4;
    private static final int DI_NEEDRESTART_OR_REBOOT = 0x80 | 0x100;

    private static final int DICS_FLAG_GLOBAL = 1;
    private static final int DIREG_DEV = 1;
    private static final int KEY_READ = 0x20019;
    private static final int KEY_READ_WRITE = 0x2001F;
    private static final int DELETE = 0x10000;
    private static final int FIRST_DATA = 256;
    private static final int MOST_NAME = 1 << 14;

    private final Win32 win32;
    private final String bed;
    private final String enumerator;
    private final Controls controls;
    private final Restart restart;
    private final MachineTime time;
    private final Ending ending;

    /** How a device is restarted where SetupAPI does not do it. */
    interface Restart {
        boolean restart(String instanceId) throws TransportException;
    }

    /** How a simulated machine ends. */
    interface Ending {
        Optional<String> end();
    }

    private interface Use<T> {
        T with(Scratch scratch, long set, Memory device) throws TransportException;
    }

    private interface KeyUse<T> {
        T with(Scratch scratch, long key) throws TransportException;
    }

    /* The enumerator is null on a real system: every device of it is meant. So is what restarts devices: SetupAPI does. */
    Win32Host(Win32 win32, String bed, String enumerator, Controls controls, Restart restart, MachineTime time,
            Ending ending) {
        this.win32 = win32;
        this.bed = bed;
        this.enumerator = enumerator;
        this.controls = controls;
        this.restart = restart;
        this.time = time;
        this.ending = ending;
    }

    @Override
    public String bed() {
        return bed;
    }

    @Override
    public Optional<ByteBuffer> processors() throws TransportException {
        return bed.equals("sim") ? Optional.empty() : ProcessorCalls.records();
    }

    @Override
    public Optional<Controls> controls() {
        return Optional.ofNullable(controls);
    }

    @Override
    public Optional<String> end() {
        return ending.end();
    }

    @Override
    public Transport open(String path, boolean write) throws TransportException {
        try (Scratch scratch = new Scratch()) {
            long file = win32.kernel().CreateFileW(scratch.utf16(path),
                    Win32.GENERIC_READ | (write ? Win32.GENERIC_WRITE : 0), Win32.FILE_SHARE_READ_WRITE, 0,
                    Win32.OPEN_EXISTING, Win32.FILE_FLAG_OVERLAPPED, 0);
            if (file == Win32.INVALID_HANDLE) {
                throw TransportException.call("CreateFile " + path, win32.lastError());
            }
            return new Win32Transport(win32, file, path, time);
        }
    }

    @Override
    public List<DeviceEntry> devices() throws TransportException {
        return devices(Contract.INTERFACE);
    }

    /** The devices that have an interface of this class. */
    List<DeviceEntry> devices(UUID interfaceClass) throws TransportException {
        try (Scratch scratch = new Scratch()) {
            long guid = scratch.guid(interfaceClass);
            long set = set(scratch, guid, enumerator);
            try {
                List<DeviceEntry> entries = new ArrayList<>();
                Memory face = scratch.sized(DATA_SIZE);
                while (win32.setup().SetupDiEnumDeviceInterfaces(set, 0, guid, entries.size(),
                        Scratch.address(face)) != 0) {
                    entries.add(entry(set, face));
                }
                expect("SetupDiEnumDeviceInterfaces", Win32.ERROR_NO_MORE_ITEMS);
                return entries;
            } finally {
                win32.setup().SetupDiDestroyDeviceInfoList(set);
            }
        }
    }

    @Override
    public Optional<List<RegistryValue>> values(String instanceId, String key) throws TransportException {
        return withKey(instanceId, KEY_READ, (scratch, parent) -> {
            Memory result = scratch.block(Long.BYTES);
            int error = win32.registry().RegOpenKeyExW(parent, scratch.utf16(key), 0, KEY_READ,
                    Scratch.address(result));
            if (error == Win32.ERROR_FILE_NOT_FOUND) {
                return Optional.empty();
            }
            refuse("RegOpenKeyEx " + key, error);
            try {
                return Optional.of(values(result.getLong(0)));
            } finally {
                win32.registry().RegCloseKey(result.getLong(0));
            }
        });
    }

    @Override
    public void values(String instanceId, String key, List<RegistryValue> values) throws TransportException {
        withKey(instanceId, KEY_READ_WRITE, (scratch, parent) -> {
            Memory result = scratch.block(Long.BYTES);
            refuse("RegCreateKeyEx " + key, win32.registry().RegCreateKeyExW(parent, scratch.utf16(key), 0, 0, 0,
                    KEY_READ_WRITE, 0, Scratch.address(result), Scratch.address(scratch.block(Integer.BYTES))));
            try {
                replace(scratch, result.getLong(0), values);
            } finally {
                win32.registry().RegCloseKey(result.getLong(0));
            }
            return null;
        });
    }

    @Override
    public boolean deleteKey(String instanceId, String key) throws TransportException {
        return withKey(instanceId, KEY_READ_WRITE | DELETE, (scratch, parent) -> {
            Memory result = scratch.block(Long.BYTES);
            int error = win32.registry().RegOpenKeyExW(parent, scratch.utf16(key), 0, KEY_READ,
                    Scratch.address(result));
            if (error == Win32.ERROR_FILE_NOT_FOUND) {
                return true;
            }
            refuse("RegOpenKeyEx " + key, error);
            try {
                if (hasKeys(scratch, result.getLong(0))) {
                    return false;
                }
            } finally {
                win32.registry().RegCloseKey(result.getLong(0));
            }
            refuse("RegDeleteTree " + key, win32.registry().RegDeleteTreeW(parent, scratch.utf16(key)));
            return true;
        });
    }

    @Override
    public boolean restart(String instanceId) throws TransportException {
        if (restart != null) {
            return restart.restart(instanceId);
        }
        return withDevice(instanceId, (scratch, set, device) -> {
            Memory change = scratch.sized(PROPCHANGE_SIZE);
            change.setInt(0, 8); /* cbSize of the header in front: SP_CLASSINSTALL_HEADER */
            change.setInt(4, DIF_PROPERTYCHANGE);
            change.setInt(8, DICS_PROPCHANGE);
            change.setInt(12, DICS_FLAG_CONFIGSPECIFIC);
            long address = Scratch.address(device);
            if (win32.setup().SetupDiSetClassInstallParamsW(set, address, Scratch.address(change),
                    PROPCHANGE_SIZE) == 0) {
                throw failed("SetupDiSetClassInstallParams");
            }
            if (win32.setup().SetupDiCallClassInstaller(DIF_PROPERTYCHANGE, set, address) == 0) {
                throw failed("SetupDiCallClassInstaller DIF_PROPERTYCHANGE");
            }
            Memory params = scratch.sized(INSTALL_PARAMS_SIZE);
            if (win32.setup().SetupDiGetDeviceInstallParamsW(set, address, Scratch.address(params)) == 0) {
                throw failed("SetupDiGetDeviceInstallParams");
            }
            return (params.getInt(INSTALL_PARAMS_FLAGS) & DI_NEEDRESTART_OR_REBOOT) == 0;
        });
    }

    private DeviceEntry entry(long set, Memory face) throws TransportException {
        try (Scratch scratch = new Scratch()) {
            Memory needed = scratch.block(Integer.BYTES);
            win32.setup().SetupDiGetDeviceInterfaceDetailW(set, Scratch.address(face), 0, 0,
                    Scratch.address(needed), 0);
            expect("SetupDiGetDeviceInterfaceDetail", Win32.ERROR_INSUFFICIENT_BUFFER);
            int size = Math.max(needed.getInt(0), DETAIL_SIZE);
            Memory detail = scratch.block(size);
            detail.setInt(0, DETAIL_SIZE);
            Memory device = scratch.sized(DATA_SIZE);
            if (win32.setup().SetupDiGetDeviceInterfaceDetailW(set, Scratch.address(face), Scratch.address(detail),
                    size, Scratch.address(needed), Scratch.address(device)) == 0) {
                throw failed("SetupDiGetDeviceInterfaceDetail");
            }
            return new DeviceEntry(Scratch.textUtf16(detail, DETAIL_PATH), instanceId(scratch, set, device),
                    hardwareIds(scratch, set, device));
        }
    }

    private String instanceId(Scratch scratch, long set, Memory device) throws TransportException {
        Memory id = scratch.block(MOST_TEXT);
        if (win32.setup().SetupDiGetDeviceInstanceIdW(set, Scratch.address(device), Scratch.address(id), MOST_TEXT / 2,
                Scratch.address(scratch.block(Integer.BYTES))) == 0) {
            throw failed("SetupDiGetDeviceInstanceId");
        }
        return Scratch.textUtf16(id, 0);
    }

    /* REG_MULTI_SZ: texts, each with its NUL, then one more NUL. A device may have none. */
    private List<String> hardwareIds(Scratch scratch, long set, Memory device) {
        Memory texts = scratch.block(MOST_TEXT + 4);
        List<String> ids = new ArrayList<>();
        if (win32.setup().SetupDiGetDeviceRegistryPropertyW(set, Scratch.address(device), SPDRP_HARDWAREID,
                Scratch.address(scratch.block(Integer.BYTES)), Scratch.address(texts), MOST_TEXT,
                Scratch.address(scratch.block(Integer.BYTES))) != 0) {
            long offset = 0;
            while (texts.getShort(offset) != 0) {
                ids.add(Scratch.textUtf16(texts, offset));
                offset += 2L * (ids.get(ids.size() - 1).length() + 1);
            }
        }
        return ids;
    }

    private <T> T withDevice(String instanceId, Use<T> use) throws TransportException {
        try (Scratch scratch = new Scratch()) {
            /* Of a real system, no more than this device: the others cost time, under Wine much. */
            long set = set(scratch, scratch.guid(Contract.INTERFACE), enumerator == null ? instanceId : enumerator);
            try {
                Memory device = scratch.sized(DATA_SIZE);
                long address = Scratch.address(device);
                for (int index = 0; win32.setup().SetupDiEnumDeviceInfo(set, index, address) != 0; index++) {
                    if (instanceId(scratch, set, device).equalsIgnoreCase(instanceId)) {
                        return use.with(scratch, set, device);
                    }
                }
                expect("SetupDiEnumDeviceInfo", Win32.ERROR_NO_MORE_ITEMS);
                throw TransportException.missing("the device " + instanceId + " is not there any more", null);
            } finally {
                win32.setup().SetupDiDestroyDeviceInfoList(set);
            }
        }
    }

    private long openDeviceKey(long set, Memory device, int access) throws TransportException {
        long key = win32.setup().SetupDiOpenDevRegKey(set, Scratch.address(device), DICS_FLAG_GLOBAL, 0, DIREG_DEV,
                access);
        if (key == Win32.INVALID_HANDLE) {
            throw failed("SetupDiOpenDevRegKey");
        }
        return key;
    }

    private <T> T withKey(String instanceId, int access, KeyUse<T> use) throws TransportException {
        return withDevice(instanceId, (scratch, set, device) -> {
            long parent = openDeviceKey(set, device, access);
            try {
                return use.with(scratch, parent);
            } finally {
                win32.registry().RegCloseKey(parent);
            }
        });
    }

    private boolean hasKeys(Scratch scratch, long key) throws TransportException {
        Memory size = scratch.block(Integer.BYTES);
        size.setInt(0, MOST_NAME);
        int error = win32.registry().RegEnumKeyExW(key, 0, Scratch.address(scratch.block(MOST_NAME * 2)),
                Scratch.address(size), 0, 0, 0, 0);
        if (error == Win32.ERROR_NO_MORE_ITEMS) {
            return false;
        }
        refuse("RegEnumKeyEx", error);
        return true;
    }

    private List<RegistryValue> values(long key) throws TransportException {
        List<RegistryValue> values = new ArrayList<>();
        int room = FIRST_DATA;
        while (true) {
            try (Scratch scratch = new Scratch()) {
                Memory name = scratch.block(MOST_NAME * 2);
                Memory sizes = scratch.block(12);
                Memory data = scratch.block(room);
                sizes.setInt(0, MOST_NAME);
                sizes.setInt(8, room);
                long at = Scratch.address(sizes);
                int error = win32.registry().RegEnumValueW(key, values.size(), Scratch.address(name), at, 0, at + 4,
                        Scratch.address(data), at + 8);
                if (error == Win32.ERROR_NO_MORE_ITEMS) {
                    return values;
                }
                if (error == Win32.ERROR_MORE_DATA && sizes.getInt(8) > room) {
                    room = sizes.getInt(8);
                    continue;
                }
                refuse("RegEnumValue", error);
                values.add(new RegistryValue(Scratch.textUtf16(name, 0), sizes.getInt(4),
                        data.getByteArray(0, sizes.getInt(8))));
            }
        }
    }

    /* What is the same already is not written again: the registry of a simulated machine may be a disk's. */
    private void replace(Scratch scratch, long key, List<RegistryValue> values) throws TransportException {
        List<RegistryValue> old = values(key);
        for (RegistryValue value : old) {
            if (values.stream().noneMatch(other -> other.name().equalsIgnoreCase(value.name()))) {
                refuse("RegDeleteValue " + value.name(),
                        win32.registry().RegDeleteValueW(key, scratch.utf16(value.name())));
            }
        }
        for (RegistryValue value : values) {
            if (old.contains(value)) {
                continue;
            }
            byte[] bytes = value.data();
            Memory data = scratch.block(bytes.length);
            data.write(0, bytes, 0, bytes.length);
            refuse("RegSetValueEx " + value.name(), win32.registry().RegSetValueExW(key, scratch.utf16(value.name()),
                    0, value.type(), Scratch.address(data), bytes.length));
        }
    }

    private long set(Scratch scratch, long guid, String from) throws TransportException {
        long set = win32.setup().SetupDiGetClassDevsW(guid, from == null ? 0 : scratch.utf16(from), 0,
                DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
        if (set == Win32.INVALID_HANDLE) {
            throw failed("SetupDiGetClassDevs");
        }
        return set;
    }

    private TransportException failed(String operation) {
        return TransportException.call(operation, win32.lastError());
    }

    private void expect(String operation, int error) throws TransportException {
        int last = win32.lastError();
        if (last != error) {
            throw TransportException.call(operation, last);
        }
    }

    private static void refuse(String operation, int error) throws TransportException {
        if (error != Win32.ERROR_SUCCESS) {
            throw TransportException.call(operation, error);
        }
    }
}
