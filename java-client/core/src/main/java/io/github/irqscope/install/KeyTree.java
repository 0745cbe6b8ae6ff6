package io.github.irqscope.install;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A registry key with everything in it.
 *
 * @param values in the key's order
 * @param keys   the keys below it, by name
 */
public record KeyTree(List<Value> values, Map<String, KeyTree> keys) {
    /** Takes copies. */
    public KeyTree {
        values = List.copyOf(values);
        keys = new TreeMap<>(keys);
    }

    /**
     * One value, of any type.
     *
     * @param name  empty for the key's own
     * @param type  REG_…
     * @param bytes as they are stored
     */
    public record Value(String name, int type, byte[] bytes) {
        static final int REG_SZ = 1;
        static final int REG_DWORD = 4;
        static final int REG_QWORD = 11;

        /** Takes a copy. */
        public Value {
            bytes = bytes.clone();
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }

        /** The number of a REG_DWORD or REG_QWORD, of another type the otherwise. */
        long number(long otherwise) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            return type == REG_DWORD && bytes.length == Integer.BYTES ? Integer.toUnsignedLong(buffer.getInt())
                    : type == REG_QWORD && bytes.length == Long.BYTES ? buffer.getLong() : otherwise;
        }

        /** The text of a REG_SZ. */
        String text() {
            String text = new String(bytes, StandardCharsets.UTF_16LE);
            int end = text.indexOf('\0');
            return end < 0 ? text : text.substring(0, end);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Value value && name.equals(value.name) && type == value.type
                    && Arrays.equals(bytes, value.bytes);
        }

        @Override
        public int hashCode() {
            return 31 * name.hashCode() + type * 7 + Arrays.hashCode(bytes);
        }
    }
}
