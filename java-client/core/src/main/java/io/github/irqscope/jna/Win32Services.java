package io.github.irqscope.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;

import io.github.irqscope.install.Services;
import io.github.irqscope.install.SetupException;

import java.util.Optional;

/** The service control manager. */
final class Win32Services implements Services {
    private static final int SC_MANAGER_CONNECT = 1;
    private static final int SERVICE_QUERY_CONFIG = 0x1;
    private static final int SERVICE_QUERY_STATUS = 0x4;
    private static final int SERVICE_STOP = 0x20;
    private static final int DELETE = 0x10000;
    private static final int SERVICE_CONTROL_STOP = 1;
    private static final int SERVICE_STOPPED = 1;
    private static final int STATUS_SIZE = 28;
    private static final int STATUS_STATE = 4;
    private static final int CONFIG_SIZE = 8192;
    private static final int CONFIG_IMAGE = 16;
    private static final int MOST_TEXT = 1024;

    private static final int ERROR_INVALID_SERVICE_CONTROL = 1052;
    private static final int ERROR_SERVICE_DOES_NOT_EXIST = 1060;
    private static final int ERROR_SERVICE_CANNOT_ACCEPT_CTRL = 1061;
    private static final int ERROR_SERVICE_NOT_ACTIVE = 1062;
    private static final int ERROR_SERVICE_MARKED_FOR_DELETE = 1072;

    private final ServiceCalls calls;

    private interface Use<T> {
        T with(Scratch scratch, long service) throws SetupException;
    }

    Win32Services(ServiceCalls calls) {
        this.calls = calls;
    }

    @Override
    public Optional<State> query(String name) throws SetupException {
        return withService(name, SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS, (scratch, service) -> {
            Memory status = scratch.block(STATUS_SIZE);
            if (calls.QueryServiceStatus(service, Scratch.address(status)) == 0) {
                throw WindowsSetup.Calls.failed("QueryServiceStatus " + name);
            }
            Memory config = scratch.block(CONFIG_SIZE);
            if (calls.QueryServiceConfigW(service, Scratch.address(config), CONFIG_SIZE,
                    Scratch.address(scratch.block(Integer.BYTES))) == 0) {
                throw WindowsSetup.Calls.failed("QueryServiceConfig " + name);
            }
            /* The text stands in the same block, behind the structure. */
            long image = config.getLong(CONFIG_IMAGE);
            String text = image == 0 ? "" : Scratch.textUtf16(config, image - Scratch.address(config));
            return new State(status.getInt(STATUS_STATE) != SERVICE_STOPPED,
                    text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text);
        });
    }

    @Override
    public void stop(String name) throws SetupException {
        withService(name, SERVICE_STOP, (scratch, service) -> {
            if (calls.ControlService(service, SERVICE_CONTROL_STOP, Scratch.address(scratch.block(STATUS_SIZE))) == 0) {
                int error = Native.getLastError();
                if (error != ERROR_SERVICE_NOT_ACTIVE && error != ERROR_INVALID_SERVICE_CONTROL
                        && error != ERROR_SERVICE_CANNOT_ACCEPT_CTRL) {
                    throw new SetupException("ControlService stop " + name, error);
                }
            }
            return true;
        });
    }

    @Override
    public void delete(String name) throws SetupException {
        withService(name, DELETE, (scratch, service) -> {
            if (calls.DeleteService(service) == 0) {
                int error = Native.getLastError();
                if (error != ERROR_SERVICE_MARKED_FOR_DELETE) {
                    throw new SetupException("DeleteService " + name, error);
                }
            }
            return true;
        });
    }

    private <T> Optional<T> withService(String name, int access, Use<T> use) throws SetupException {
        try (Scratch scratch = new Scratch()) {
            long manager = calls.OpenSCManagerW(0, 0, SC_MANAGER_CONNECT);
            if (manager == 0) {
                throw WindowsSetup.Calls.failed("OpenSCManager");
            }
            try {
                long service = calls.OpenServiceW(manager, scratch.utf16(name), access);
                if (service == 0) {
                    int error = Native.getLastError();
                    if (error == ERROR_SERVICE_DOES_NOT_EXIST) {
                        return Optional.empty();
                    }
                    throw new SetupException("OpenService " + name, error);
                }
                try {
                    return Optional.of(use.with(scratch, service));
                } finally {
                    calls.CloseServiceHandle(service);
                }
            } finally {
                calls.CloseServiceHandle(manager);
            }
        }
    }
}
