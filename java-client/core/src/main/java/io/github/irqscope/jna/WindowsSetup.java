package io.github.irqscope.jna;

import com.sun.jna.Native;

import io.github.irqscope.install.DeviceTree;
import io.github.irqscope.install.Facts;
import io.github.irqscope.install.Keys;
import io.github.irqscope.install.Services;
import io.github.irqscope.install.SetupException;
import io.github.irqscope.install.WindowsSystem;

/** This Windows, or Wine in its place, as something to install on. The same calls on both. */
public final class WindowsSetup implements WindowsSystem {
    private Calls calls;

    /**
     * The libraries that are called.
     *
     * @param setup    devices and drivers
     * @param config   devices' states
     * @param services services, keys, the token
     * @param system   the process and the processors
     */
    record Calls(SetupInstallCalls setup, ConfigCalls config, ServiceCalls services, SystemCalls system) {
        static SetupException failed(String operation) {
            return new SetupException(operation, Native.getLastError());
        }
    }

    /** Loads nothing. */
    public WindowsSetup() {
    }

    @Override
    public DeviceTree devices() {
        return new Win32Devices(calls());
    }

    @Override
    public Services services() {
        return new Win32Services(calls().services());
    }

    @Override
    public Keys keys() {
        return new Win32Keys(calls());
    }

    @Override
    public Facts facts() {
        return new Win32Facts(calls());
    }

    private synchronized Calls calls() {
        if (calls == null) {
            calls = new Calls(new SetupInstallCalls(), new ConfigCalls(), new ServiceCalls(), new SystemCalls());
        }
        return calls;
    }
}
