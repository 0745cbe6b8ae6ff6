package io.github.irqscope.cli;

import io.github.irqscope.Device;
import io.github.irqscope.RegistryValue;
import java.util.List;
import java.util.Optional;

/** Where a device's request for processors comes from. What was granted says itself where it was read (grantedBy). */
enum Asking {
    /** The driver's own values. */
    POLICY_KEY("policy-key"),
    /** Windows' own values, which an INF or an administrator set. */
    SYSTEM_KEY("system-key"),
    /** --processors, where no policy is written: each connect asks, by a way that can. */
    CONNECT("connect"),
    /** Neither: the PnP manager chose, and the connect asks for what the translated resource has. */
    RESOURCE("translated-resource");

    private static final String SYSTEM = "Interrupt Management\\Affinity Policy";

    private final String word;

    Asking(String word) {
        this.word = word;
    }

    static Asking of(Device device) {
        if (device.policy().isPresent()) {
            return POLICY_KEY;
        }
        Optional<List<RegistryValue>> values = device.parameters(SYSTEM);
        return values.isPresent() && !values.get().isEmpty() ? SYSTEM_KEY : RESOURCE;
    }

    /** As data has it. */
    String word() {
        return word;
    }

    /** For people. */
    String text() {
        return switch (this) {
            case POLICY_KEY -> "policy key (Device Parameters\\" + Device.KEY + ")";
            case SYSTEM_KEY -> "INF or administrator (Device Parameters\\" + SYSTEM + ")";
            case CONNECT -> "the connect, in the group that was assigned (line-based and message-based cannot)";
            case RESOURCE -> "translated resource (no policy is set, the system chose)";
        };
    }
}
