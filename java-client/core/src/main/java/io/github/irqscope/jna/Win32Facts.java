package io.github.irqscope.jna;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

import io.github.irqscope.install.Facts;
import io.github.irqscope.install.SetupException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What Windows says of itself, by the documented calls. Sizes and offsets are those of 64-bit Windows. */
final class Win32Facts implements Facts {
    private static final int VERSION_SIZE = 276; /* OSVERSIONINFOW */
    private static final int VERSION_MAJOR = 4;
    private static final int TOKEN_QUERY = 8;
    private static final int TOKEN_ELEVATION = 20;
    private static final int SYSTEM_CODE_INTEGRITY = 103;
    private static final int SYSTEM_INFO_SIZE = 48;

    /* IP_ADAPTER_ADDRESSES and what hangs on it */
    private static final int NO_ANYCAST_MULTICAST_DNS = 0x2 | 0x4 | 0x8;
    private static final int ADAPTER_NEXT = 8;
    private static final int ADAPTER_NAME = 16;
    private static final int ADAPTER_ADDRESS = 24;
    private static final int ADAPTER_FRIENDLY_NAME = 72;
    private static final int ADAPTER_STATUS = 104;
    private static final int ADDRESS_NEXT = 8;
    private static final int ADDRESS_SOCKET = 16;
    private static final int STATUS_UP = 1;
    private static final int FAMILY_IPV4 = 2;
    private static final int FAMILY_IPV6 = 23;
    private static final int ERROR_BUFFER_OVERFLOW = 111;
    private static final int ERROR_NO_DATA = 232;
    private static final int TRIES = 3;

    private final WindowsSetup.Calls calls;

    Win32Facts(WindowsSetup.Calls calls) {
        this.calls = calls;
    }

    /* RtlGetVersion tells what runs; GetVersionEx would tell what the program's manifest asks for. */
    @Override
    public String version() throws SetupException {
        try (Scratch scratch = new Scratch()) {
            Memory version = scratch.block(VERSION_SIZE);
            version.setInt(0, VERSION_SIZE);
            int status = new NtCalls().RtlGetVersion(Scratch.address(version));
            if (status != 0) {
                throw new SetupException(String.format("RtlGetVersion: NTSTATUS 0x%08X", status), 0);
            }
            return version.getInt(VERSION_MAJOR) + "." + version.getInt(VERSION_MAJOR + 4) + "."
                    + version.getInt(VERSION_MAJOR + 8);
        }
    }

    @Override
    public boolean elevated() throws SetupException {
        try (Scratch scratch = new Scratch()) {
            Memory token = scratch.block(Long.BYTES);
            if (calls.services().OpenProcessToken(calls.system().GetCurrentProcess(), TOKEN_QUERY,
                    Scratch.address(token)) == 0) {
                throw WindowsSetup.Calls.failed("OpenProcessToken");
            }
            try {
                Memory answer = scratch.block(Integer.BYTES);
                if (calls.services().GetTokenInformation(token.getLong(0), TOKEN_ELEVATION, Scratch.address(answer),
                        Integer.BYTES, Scratch.address(scratch.block(Integer.BYTES))) == 0) {
                    throw WindowsSetup.Calls.failed("GetTokenInformation");
                }
                return answer.getInt(0) != 0;
            } finally {
                calls.system().CloseHandle(token.getLong(0));
            }
        }
    }

    @Override
    public String architecture() {
        try (Scratch scratch = new Scratch()) {
            Memory info = scratch.block(SYSTEM_INFO_SIZE);
            calls.system().GetNativeSystemInfo(Scratch.address(info));
            return switch (info.getShort(0)) {
                case 0 -> "x86";
                case 9 -> "x64";
                case 12 -> "arm64";
                default -> "unknown";
            };
        }
    }

    @Override
    public OptionalInt codeIntegrity() {
        try (Scratch scratch = new Scratch()) {
            Memory answer = scratch.block(Long.BYTES);
            answer.setInt(0, Long.BYTES);
            int status = new NtCalls().NtQuerySystemInformation(SYSTEM_CODE_INTEGRITY, Scratch.address(answer),
                    Long.BYTES, 0);
            return status == 0 ? OptionalInt.of(answer.getInt(4)) : OptionalInt.empty();
        }
    }

    @Override
    public List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        int count = Short.toUnsignedInt(calls.system().GetActiveProcessorGroupCount());
        for (int group = 0; group < count; group++) {
            groups.add(new Group(calls.system().GetActiveProcessorCount((short) group),
                    calls.system().GetMaximumProcessorCount((short) group)));
        }
        return groups;
    }

    @Override
    public List<Port> ports() throws SetupException {
        AdapterCalls adapters = new AdapterCalls();
        int size = 1 << 15;
        for (int i = 0; i < TRIES; i++) {
            try (Scratch scratch = new Scratch()) {
                Memory block = scratch.block(size);
                Memory needed = scratch.block(Integer.BYTES);
                needed.setInt(0, size);
                int error = adapters.GetAdaptersAddresses(0, NO_ANYCAST_MULTICAST_DNS, 0, Scratch.address(block),
                        Scratch.address(needed));
                if (error == 0) {
                    return ports(new Pointer(Scratch.address(block)));
                }
                if (error == ERROR_NO_DATA) {
                    return List.of();
                }
                if (error != ERROR_BUFFER_OVERFLOW) {
                    throw new SetupException("GetAdaptersAddresses", error);
                }
                size = needed.getInt(0) * 2; /* adapters come while one asks */
            }
        }
        throw new SetupException("GetAdaptersAddresses", ERROR_BUFFER_OVERFLOW);
    }

    private static List<Port> ports(Pointer first) {
        List<Port> ports = new ArrayList<>();
        for (Pointer adapter = first; adapter != null; adapter = adapter.getPointer(ADAPTER_NEXT)) {
            List<String> addresses = new ArrayList<>();
            for (Pointer address = adapter.getPointer(ADAPTER_ADDRESS); address != null;
                    address = address.getPointer(ADDRESS_NEXT)) {
                String text = address(address.getPointer(ADDRESS_SOCKET));
                if (!text.isEmpty()) {
                    addresses.add(text);
                }
            }
            Pointer name = adapter.getPointer(ADAPTER_FRIENDLY_NAME);
            ports.add(new Port(adapter.getPointer(ADAPTER_NAME).getString(0),
                    name == null ? "" : name.getWideString(0), adapter.getInt(ADAPTER_STATUS) == STATUS_UP, addresses));
        }
        return ports;
    }

    /* Empty for an address that the port gave itself: a port without a cable has one, too. */
    private static String address(Pointer socket) {
        int family = Short.toUnsignedInt(socket.getShort(0));
        byte[] bytes = family == FAMILY_IPV4 ? socket.getByteArray(4, 4)
                : family == FAMILY_IPV6 ? socket.getByteArray(8, 16) : new byte[0];
        if (bytes.length == 0) {
            return "";
        }
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            return address.isLinkLocalAddress() ? "" : address.getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); /* four and sixteen bytes are addresses */
        }
    }

    @Override
    public Path windows() throws SetupException {
        try (Scratch scratch = new Scratch()) {
            Memory path = scratch.block(520);
            if (calls.system().GetSystemWindowsDirectoryW(Scratch.address(path), 260) == 0) {
                throw WindowsSetup.Calls.failed("GetSystemWindowsDirectory");
            }
            return Path.of(Scratch.textUtf16(path, 0));
        }
    }

    @Override
    public String kind() {
        return WindowsBackend.isWine() ? "wine" : "windows";
    }
}
