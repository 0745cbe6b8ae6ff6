package io.github.irqscope.transport;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a simulated machine is made of: names and values as the simulator takes them.
 *
 * @param values machine, profile, seed, mode, time, state; those not given are the simulator's own choice
 */
public record HostOptions(Map<String, String> values) {
    /** Takes a copy that keeps the order. */
    public HostOptions {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
