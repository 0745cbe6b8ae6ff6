package io.github.irqscope;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * A value of the registry, whole, so that it can be put back byte for byte.
 *
 * @param name of the value, empty for a key's unnamed one
 * @param type REG_DWORD 4, REG_BINARY 3, REG_QWORD 11, ...
 * @param data its bytes
 */
public record RegistryValue(String name, int type, byte[] data) {
    /** REG_BINARY. */
    public static final int BINARY = 3;
    /** REG_DWORD. */
    public static final int DWORD = 4;
    /** REG_QWORD. */
    public static final int QWORD = 11;

    /** Takes a copy. */
    public RegistryValue {
        data = data.clone();
    }

    /** A REG_DWORD. */
    public static RegistryValue dword(String name, long value) {
        return new RegistryValue(name, DWORD, bytes(Integer.BYTES).putInt((int) value).array());
    }

    /** A REG_QWORD. */
    public static RegistryValue qword(String name, long value) {
        return new RegistryValue(name, QWORD, bytes(Long.BYTES).putLong(value).array());
    }

    /** A copy of the bytes. */
    @Override
    public byte[] data() {
        return data.clone();
    }

    /** What a REG_DWORD, a REG_QWORD, or a REG_BINARY of up to eight bytes holds, unsigned; empty for any other. */
    public OptionalLong number() {
        boolean number = type == DWORD && data.length == Integer.BYTES || type == QWORD && data.length == Long.BYTES
                || type == BINARY && data.length > 0 && data.length <= Long.BYTES;
        if (!number) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = data.length - 1; i >= 0; i--) {
            value = value << 8 | Byte.toUnsignedLong(data[i]);
        }
        return OptionalLong.of(value);
    }

    /** REG_DWORD, REG_QWORD, ... or the type's number. */
    public String typeName() {
        return switch (type) {
            case 0 -> "REG_NONE";
            case 1 -> "REG_SZ";
            case 2 -> "REG_EXPAND_SZ";
            case BINARY -> "REG_BINARY";
            case DWORD -> "REG_DWORD";
            case 7 -> "REG_MULTI_SZ";
            case QWORD -> "REG_QWORD";
            default -> "type " + type;
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RegistryValue value && name.equalsIgnoreCase(value.name) && type == value.type
                && Arrays.equals(data, value.data);
    }

    @Override
    public int hashCode() {
        return 31 * type + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return name + "=" + typeName() + ":" + (number().isPresent() && type != BINARY
                ? Long.toUnsignedString(number().getAsLong()) : HexFormat.of().formatHex(data));
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
