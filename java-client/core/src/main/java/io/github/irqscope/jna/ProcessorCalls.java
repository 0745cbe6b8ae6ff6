package io.github.irqscope.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;

import io.github.irqscope.transport.TransportException;

import java.nio.ByteBuffer;
import java.util.Optional;

/** What user mode sees of the processors. */
final class ProcessorCalls {
    private static final int RELATION_ALL = 0xFFFF;
    private static final int TRIES = 3;

    /* Binds the method below. */
    private ProcessorCalls() {
        Native.register(ProcessorCalls.class, "kernel32");
    }

    native int GetLogicalProcessorInformationEx(int relationship, long buffer, long length);

    /** The records of GetLogicalProcessorInformationEx; empty where kernel32 has no such function (before Windows 7). */
    static Optional<ByteBuffer> records() throws TransportException {
        ProcessorCalls calls;
        try {
            calls = new ProcessorCalls();
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
        int size = 1 << 14;
        for (int i = 0; i < TRIES; i++) {
            try (Scratch scratch = new Scratch()) {
                Memory buffer = scratch.block(size);
                Memory length = scratch.block(Integer.BYTES);
                length.setInt(0, size);
                if (calls.GetLogicalProcessorInformationEx(RELATION_ALL, Scratch.address(buffer),
                        Scratch.address(length)) != 0) {
                    return Optional.of(ByteBuffer.wrap(buffer.getByteArray(0, length.getInt(0))));
                }
                int error = Native.getLastError();
                if (error != Win32.ERROR_INSUFFICIENT_BUFFER) {
                    throw TransportException.call("GetLogicalProcessorInformationEx", error);
                }
                size = length.getInt(0); /* processors can be added while one asks */
            }
        }
        throw TransportException.call("GetLogicalProcessorInformationEx", Win32.ERROR_INSUFFICIENT_BUFFER);
    }
}
