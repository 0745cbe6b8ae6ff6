package io.github.irqscope.jna;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

import java.util.UUID;

import org.junit.jupiter.api.Test;

class ScratchTest {
    @Test
    void aSizedBlockBeginsWithItsSizeAndIsZeroElse() {
        try (Scratch scratch = new Scratch()) {
            Memory block = scratch.sized(32);
            assertEquals(32, block.getInt(0));
            assertArrayEquals(new byte[28], block.getByteArray(4, 28));
        }
    }

    /* {00112233-4455-6677-8899-AABBCCDDEEFF}: the first three parts are numbers, and little-endian in memory. */
    @Test
    void aGuidHasTheBytesThatWindowsReads() {
        try (Scratch scratch = new Scratch()) {
            long address = scratch.guid(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
            byte[] expected = {0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, (byte) 0x88, (byte) 0x99, (byte) 0xaa,
                (byte) 0xbb, (byte) 0xcc, (byte) 0xdd, (byte) 0xee, (byte) 0xff};
            assertArrayEquals(expected, new Pointer(address).getByteArray(0, 16));
        }
    }
}
