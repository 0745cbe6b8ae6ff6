package io.github.irqscope.export;

/** One message of Protocol Buffers on its way: fields in the order of the calls. */
final class Proto {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;

    private final Bytes bytes = new Bytes();

    Proto clear() {
        bytes.clear();
        return this;
    }

    Proto number(int field, long value) {
        bytes.varint((long) field << 3 | VARINT).varint(value);
        return this;
    }

    Proto text(int field, byte[] value) {
        bytes.varint((long) field << 3 | LENGTH).varint(value.length).put(value);
        return this;
    }

    Proto text(int field, String value) {
        return text(field, Bytes.utf8(value));
    }

    Proto message(int field, Proto value) {
        bytes.varint((long) field << 3 | LENGTH).varint(value.bytes.size()).put(value.bytes);
        return this;
    }

    void writeTo(Bytes to) {
        to.put(bytes);
    }

    int size() {
        return bytes.size();
    }
}
