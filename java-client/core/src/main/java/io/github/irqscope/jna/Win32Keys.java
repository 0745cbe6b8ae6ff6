package io.github.irqscope.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;

import io.github.irqscope.install.KeyTree;
import io.github.irqscope.install.Keys;
import io.github.irqscope.install.SetupException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keys of devices and of the machine. */
final class Win32Keys implements Keys {
    private static final long HKEY_LOCAL_MACHINE = 0xFFFFFFFF80000002L;
    private static final int KEY_READ = 0x20019;
    private static final int KEY_ALL = 0xF003F;
    private static final int CREATE = 0x80000000; /* ours: no right has this bit here */
    private static final int DICS_FLAG_GLOBAL = 1;
    private static final int DIREG_DEV = 1;
    private static final int DEVINFO_SIZE = 32;
    private static final int MOST_NAME = 1 << 14;
    private static final int MOST_DATA = 1 << 16;

    private final WindowsSetup.Calls calls;
    private final ServiceCalls registry;

    private interface Use<T> {
        T with(long key) throws SetupException;
    }

    Win32Keys(WindowsSetup.Calls calls) {
        this.calls = calls;
        this.registry = calls.services();
    }

    @Override
    public Optional<KeyTree> read(String instance, String key) throws SetupException {
        return withDevice(instance, KEY_READ, parent -> parent == 0 ? Optional.empty() : readTree(parent, key));
    }

    @Override
    public void write(String instance, String key, Optional<KeyTree> tree) throws SetupException {
        withDevice(instance, tree.isPresent() ? KEY_ALL | CREATE : KEY_ALL, parent -> {
            if (parent == 0) {
                return null; /* no key at all, and none is wanted */
            }
            try (Scratch scratch = new Scratch()) {
                int error = registry.RegDeleteTreeW(parent, scratch.utf16(key));
                if (error != Win32.ERROR_FILE_NOT_FOUND) {
                    refuse("RegDeleteTree " + key, error);
                }
            }
            if (tree.isPresent()) {
                writeTree(parent, key, tree.get());
            }
            refuse("RegFlushKey " + key, registry.RegFlushKey(parent));
            return null;
        });
    }

    @Override
    public Optional<KeyTree.Value> machine(String key, String value) {
        try (Scratch scratch = new Scratch()) {
            Memory result = scratch.block(Long.BYTES);
            if (registry.RegOpenKeyExW(HKEY_LOCAL_MACHINE, scratch.utf16(key), 0, KEY_READ,
                    Scratch.address(result)) != Win32.ERROR_SUCCESS) {
                return Optional.empty();
            }
            try {
                Memory data = scratch.block(MOST_DATA);
                Memory sizes = scratch.block(Long.BYTES);
                sizes.setInt(4, MOST_DATA);
                return registry.RegQueryValueExW(result.getLong(0), scratch.utf16(value), 0, Scratch.address(sizes),
                        Scratch.address(data), Scratch.address(sizes) + 4) != Win32.ERROR_SUCCESS ? Optional.empty()
                        : Optional.of(new KeyTree.Value(value, sizes.getInt(0),
                                data.getByteArray(0, sizes.getInt(4))));
            } finally {
                registry.RegCloseKey(result.getLong(0));
            }
        }
    }

    /** The text of a value of the machine; empty when there is none. */
    String machineText(String key, String value) {
        return machine(key, value).map(found -> {
            String text = new String(found.bytes(), StandardCharsets.UTF_16LE);
            int end = text.indexOf('\0');
            return end < 0 ? text : text.substring(0, end);
        }).orElse("");
    }

    private <T> T withDevice(String instance, int access, Use<T> use) throws SetupException {
        try (Scratch scratch = new Scratch()) {
            long set = calls.setup().SetupDiCreateDeviceInfoList(0, 0);
            if (set == Win32.INVALID_HANDLE) {
                throw WindowsSetup.Calls.failed("SetupDiCreateDeviceInfoList");
            }
            try {
                Memory device = scratch.block(DEVINFO_SIZE);
                device.setInt(0, DEVINFO_SIZE);
                if (calls.setup().SetupDiOpenDeviceInfoW(set, scratch.utf16(instance), 0, 0,
                        Scratch.address(device)) == 0) {
                    throw WindowsSetup.Calls.failed("SetupDiOpenDeviceInfo " + instance);
                }
                long key = open(set, Scratch.address(device), instance, access);
                if (key == 0) {
                    return use.with(0);
                }
                try {
                    return use.with(key);
                } finally {
                    registry.RegCloseKey(key);
                }
            } finally {
                calls.setup().SetupDiDestroyDeviceInfoList(set);
            }
        }
    }

    /* A device that never had a driver has no key of its own: 0, unless one is to be made. */
    private long open(long set, long device, String instance, int access) throws SetupException {
        long key = calls.setup().SetupDiOpenDevRegKey(set, device, DICS_FLAG_GLOBAL, 0, DIREG_DEV, access & ~CREATE);
        if (key != Win32.INVALID_HANDLE) {
            return key;
        }
        int error = Native.getLastError();
        if (error != Win32.ERROR_KEY_DOES_NOT_EXIST && error != Win32.ERROR_FILE_NOT_FOUND) {
            throw new SetupException("SetupDiOpenDevRegKey " + instance, error);
        }
        if ((access & CREATE) == 0) {
            return 0;
        }
        key = calls.setup().SetupDiCreateDevRegKeyW(set, device, DICS_FLAG_GLOBAL, 0, DIREG_DEV, 0, 0);
        if (key == Win32.INVALID_HANDLE) {
            throw WindowsSetup.Calls.failed("SetupDiCreateDevRegKey " + instance);
        }
        return key;
    }

    private Optional<KeyTree> readTree(long parent, String name) throws SetupException {
        try (Scratch scratch = new Scratch()) {
            Memory result = scratch.block(Long.BYTES);
            int error = registry.RegOpenKeyExW(parent, scratch.utf16(name), 0, KEY_READ, Scratch.address(result));
            if (error == Win32.ERROR_FILE_NOT_FOUND) {
                return Optional.empty();
            }
            refuse("RegOpenKeyEx " + name, error);
            long key = result.getLong(0);
            try {
                Map<String, KeyTree> keys = new TreeMap<>();
                for (String child : children(scratch, key)) {
                    Optional<KeyTree> tree = readTree(key, child);
                    if (tree.isPresent()) {
                        keys.put(child, tree.get());
                    }
                }
                return Optional.of(new KeyTree(values(scratch, key), keys));
            } finally {
                registry.RegCloseKey(key);
            }
        }
    }

    private List<String> children(Scratch scratch, long key) throws SetupException {
        Memory name = scratch.block(MOST_NAME * 2);
        Memory size = scratch.block(Integer.BYTES);
        List<String> children = new ArrayList<>();
        while (true) {
            size.setInt(0, MOST_NAME);
            int error = registry.RegEnumKeyExW(key, children.size(), Scratch.address(name), Scratch.address(size), 0,
                    0, 0, 0);
            if (error == Win32.ERROR_NO_MORE_ITEMS) {
                return children;
            }
            refuse("RegEnumKeyEx", error);
            children.add(Scratch.textUtf16(name, 0));
        }
    }

    private List<KeyTree.Value> values(Scratch scratch, long key) throws SetupException {
        Memory name = scratch.block(MOST_NAME * 2);
        Memory data = scratch.block(MOST_DATA);
        Memory sizes = scratch.block(12);
        List<KeyTree.Value> values = new ArrayList<>();
        while (true) {
            sizes.setInt(0, MOST_NAME);
            sizes.setInt(8, MOST_DATA);
            long at = Scratch.address(sizes);
            int error = registry.RegEnumValueW(key, values.size(), Scratch.address(name), at, 0, at + 4,
                    Scratch.address(data), at + 8);
            if (error == Win32.ERROR_NO_MORE_ITEMS) {
                return values;
            }
            refuse("RegEnumValue", error);
            values.add(new KeyTree.Value(Scratch.textUtf16(name, 0), sizes.getInt(4),
                    data.getByteArray(0, sizes.getInt(8))));
        }
    }

    private void writeTree(long parent, String name, KeyTree tree) throws SetupException {
        try (Scratch scratch = new Scratch()) {
            Memory result = scratch.block(Long.BYTES);
            refuse("RegCreateKeyEx " + name, registry.RegCreateKeyExW(parent, scratch.utf16(name), 0, 0, 0, KEY_ALL, 0,
                    Scratch.address(result), 0));
            long key = result.getLong(0);
            try {
                for (KeyTree.Value value : tree.values()) {
                    byte[] bytes = value.bytes();
                    Memory data = scratch.block(bytes.length);
                    data.write(0, bytes, 0, bytes.length);
                    refuse("RegSetValueEx " + value.name(), registry.RegSetValueExW(key, scratch.utf16(value.name()),
                            0, value.type(), Scratch.address(data), bytes.length));
                }
                for (Map.Entry<String, KeyTree> child : tree.keys().entrySet()) {
                    writeTree(key, child.getKey(), child.getValue());
                }
            } finally {
                registry.RegCloseKey(key);
            }
        }
    }

    private static void refuse(String operation, int error) throws SetupException {
        if (error != Win32.ERROR_SUCCESS) {
            throw new SetupException(operation, error);
        }
    }
}
