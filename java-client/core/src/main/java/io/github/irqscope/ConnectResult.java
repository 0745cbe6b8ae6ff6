package io.github.irqscope;

import java.util.Optional;

/**
 * What came of a connect.
 *
 * @param status     the NTSTATUS: of the kernel's connect routine, or of the driver that refused before asking it
 * @param byDriver   whether the driver refused the request itself, so that no kernel routine was asked
 * @param version    that IoConnectInterruptEx left in its parameters, also when it failed; 0 where it was not asked
 * @param connection the connection; empty when refused
 */
public record ConnectResult(int status, boolean byDriver, int version, Optional<Connection> connection) {
    /** Whether there is no connection. */
    public boolean refused() {
        return connection.isEmpty();
    }
}
