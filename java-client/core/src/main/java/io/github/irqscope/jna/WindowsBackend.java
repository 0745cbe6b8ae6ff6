package io.github.irqscope.jna;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

import io.github.irqscope.transport.Backend;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.HostOptions;
import io.github.irqscope.transport.TransportException;

import java.util.Optional;

/** This Windows, or Wine in its place. */
public final class WindowsBackend implements Backend {
    /** Loads nothing. */
    public WindowsBackend() {
    }

    @Override
    public String name() {
        return "windows";
    }

    @Override
    public Host open(HostOptions options) throws TransportException {
        NativeAccess.refuseNarrowJava();
        Win32 win32;
        try {
            win32 = new Win32(new Kernel32Calls(), new SetupApiCalls(), new Advapi32Calls(), Native::getLastError,
                    RemovalCalls.lazily());
        } catch (LinkageError e) {
            throw TransportException.missing(
                    "the functions of Windows cannot be called from here: " + e.getMessage(), e);
        }
        Win32Host host = new Win32Host(win32, isWine() ? "wine" : "windows", null, null, null, null, Optional::empty);
        WineMachine machine = host.bed().equals("wine") ? WineMachine.find(host) : null;
        return machine == null ? host
                : new Win32Host(win32, host.bed(), null, machine, machine::restart, machine, machine::close);
    }

    /* Wine says so itself: its ntdll has one export more than any Windows. */
    static boolean isWine() {
        try {
            NativeLibrary.getInstance("ntdll").getFunction("wine_get_version");
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }
}
