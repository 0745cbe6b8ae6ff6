package io.github.irqscope.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Bytes on their way to a stream, and the ways in which numbers and texts become bytes. */
final class Bytes {
    private static final int DIGITS = 20;
    private static final int VARINT = 10;

    private final OutputStream stream;
    private final byte[] digits = new byte[DIGITS];
    private byte[] bytes;
    private int at;

    /** On their way to a stream. */
    Bytes(OutputStream stream) {
        this.stream = stream;
        this.bytes = new byte[1 << 16];
    }

    /** That stay here until they are taken. */
    Bytes() {
        this(null);
    }

    int size() {
        return at;
    }

    void clear() {
        at = 0;
    }

    void flush() {
        if (stream == null) {
            return;
        }
        try {
            stream.write(bytes, 0, at);
            stream.flush();
            at = 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void room(int count) {
        if (bytes.length - at >= count) {
            return;
        }
        flush();
        if (bytes.length - at < count) {
            bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + count));
        }
    }

    Bytes put(int value) {
        room(1);
        bytes[at++] = (byte) value;
        return this;
    }

    Bytes put(byte[] more) {
        return put(more, 0, more.length);
    }

    Bytes put(byte[] more, int start, int count) {
        room(count);
        System.arraycopy(more, start, bytes, at, count);
        at += count;
        return this;
    }

    Bytes put(Bytes more) {
        return put(more.bytes, 0, more.at);
    }

    /** A text as UTF-8. */
    Bytes put(String text) {
        return put(utf8(text));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A number as decimal digits. */
    Bytes decimal(long value) {
        if (value < 0) {
            return put(Long.toString(value));
        }
        int first = DIGITS;
        long left = value;
        do {
            digits[--first] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left != 0);
        return put(digits, first, DIGITS - first);
    }

    /** An unsigned number as decimal digits. */
    Bytes unsigned(long value) {
        return value < 0 ? put(Long.toUnsignedString(value)) : decimal(value);
    }

    /** An unsigned number in groups of seven bits, the lowest first, as Protocol Buffers have it. */
    Bytes varint(long value) {
        room(VARINT);
        long left = value;
        while ((left & ~0x7FL) != 0) {
            bytes[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[at++] = (byte) left;
        return this;
    }

    /** Big-endian. */
    Bytes int32(int value) {
        return put(value >>> 24).put(value >>> 16).put(value >>> 8).put(value);
    }

    /** Big-endian. */
    Bytes int64(long value) {
        return int32((int) (value >>> 32)).int32((int) value);
    }

    /** Puts a number over four bytes that are here already. */
    void replaceInt32(int place, int value) {
        bytes[place] = (byte) (value >>> 24);
        bytes[place + 1] = (byte) (value >>> 16);
        bytes[place + 2] = (byte) (value >>> 8);
        bytes[place + 3] = (byte) value;
    }

    byte[] array() {
        return bytes;
    }
}
