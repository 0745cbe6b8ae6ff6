package io.github.irqscope.transport;

/**
 * A number in the registry.
 *
 * @param name  of the value
 * @param wide  REG_QWORD, else REG_DWORD
 * @param value unsigned
 */
public record Setting(String name, boolean wide, long value) {
}
