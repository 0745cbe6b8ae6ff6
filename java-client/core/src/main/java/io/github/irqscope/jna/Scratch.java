package io.github.irqscope.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Native memory of one call or a few in a row: alive, zeroed and addressable until it is closed. */
final class Scratch implements AutoCloseable {
    private final List<Memory> blocks = new ArrayList<>();

    /** Refuses every Java that is not 64-bit: the structures' sizes and the handles' width are those of 64 bits. */
    static boolean is64Bit() {
        return Native.POINTER_SIZE == Long.BYTES;
    }

    Memory block(int size) {
        Memory block = new Memory(Math.max(size, Long.BYTES));
        block.clear();
        blocks.add(block);
        return block;
    }

    /** A structure that begins with its own size in bytes, as cbSize does. */
    Memory sized(int size) {
        Memory block = block(size);
        block.setInt(0, size);
        return block;
    }

    /** The address of a GUID: a DWORD, two WORDs, eight bytes as they are written. */
    long guid(UUID id) {
        Memory guid = block(16);
        guid.setInt(0, (int) (id.getMostSignificantBits() >>> 32));
        guid.setShort(4, (short) (id.getMostSignificantBits() >>> 16));
        guid.setShort(6, (short) id.getMostSignificantBits());
        guid.setLong(8, Long.reverseBytes(id.getLeastSignificantBits()));
        return address(guid);
    }

    /** The address of UTF-16 text that ends with a NUL. */
    long utf16(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_16LE);
        Memory block = block(bytes.length + 2);
        block.write(0, bytes, 0, bytes.length);
        return address(block);
    }

    /** The address of UTF-8 text that ends with a NUL. */
    long utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Memory block = block(bytes.length + 1);
        block.write(0, bytes, 0, bytes.length);
        return address(block);
    }

    static long address(Memory block) {
        return Pointer.nativeValue(block);
    }

    /** UTF-16 text from an offset to a NUL, or to the end of the block. */
    static String textUtf16(Memory block, long offset) {
        long end = offset;
        while (end + 2 <= block.size() && block.getShort(end) != 0) {
            end += 2;
        }
        return new String(block.getByteArray(offset, (int) (end - offset)), StandardCharsets.UTF_16LE);
    }

    /** UTF-8 text from the beginning to a NUL, or to the end of the block. */
    static String textUtf8(Memory block) {
        int end = 0;
        while (end < block.size() && block.getByte(end) != 0) {
            end++;
        }
        return new String(block.getByteArray(0, end), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        for (Memory block : blocks) {
            block.close();
        }
        blocks.clear();
    }
}
