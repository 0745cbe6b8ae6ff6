package io.github.irqscope;

import static java.util.Map.entry;

import java.util.Map;
import java.util.OptionalInt;

/** What the driver means by the NTSTATUS of a refused request. docs/contract.md has the same rows; a test compares. */
final class Meanings {
    static final Map<Integer, String> OF_REFUSALS = Map.ofEntries(
            entry(0x80000011, "interrupts left no quiet moment to copy what was asked; ask again"),
            entry(0xC0000004, "the request is shorter than its structure"),
            entry(0xC000000D, "a reserved field, an unknown flag, or a flag that this way has not is set"),
            entry(0xC0000010, "there is no such request"),
            entry(0xC0000023, "the reply does not fit the output buffer"),
            entry(0xC0000043, "another handle owns the device's connections"),
            entry(0xC0000044, "too many connections, too many reads, or too much memory"),
            entry(0xC0000056, "the device is gone or going"),
            entry(0xC0000059, "the driver speaks another major version of the contract"),
            entry(0xC000009D, "no connection is left that events could come from"),
            entry(0xC00000A3, "the device is not started or not in D0"),
            entry(0xC00000BB, "this way cannot connect this resource on this kernel"),
            entry(0xC00000EF, "the way is unknown, or not built into this driver"),
            entry(0xC00000F0, "the device has no such resource"),
            entry(0xC00000F1, "the mask names processors outside the resource"),
            entry(0xC00000F2, "the connection has no such target"),
            entry(0xC00000F3, "the count is zero or too large"),
            entry(0xC00000F4, "the limit or the delay is out of range"),
            entry(0xC00000F5,
                    "the number of events is no power of two in range, or the fill is larger than the buffer"),
            entry(0xC00000F6, "there is no such statistics record"),
            entry(0xC0000120, "the request was cancelled, or its handle closed"),
            entry(0xC0000184, "the version was not agreed on this handle"),
            entry(0xC0000206, "the request is longer than its structure"),
            entry(0xC0000225, "the connection is unknown, or gone since"),
            entry(0xC0000708, "the resource is in a connection already"));

    private Meanings() {
    }

    static String of(OptionalInt status) {
        return status.isPresent() ? OF_REFUSALS.getOrDefault(status.getAsInt(), "") : "";
    }
}
