package io.github.irqscope.cli;

import java.io.IOException;
import java.io.OutputStream;

/** Passes bytes on and keeps the first failure, which a PrintStream above swallows. */
final class Remembering extends OutputStream {
    private final OutputStream target;
    private IOException failure;

    Remembering(OutputStream target) {
        this.target = target;
    }

    synchronized IOException failure() {
        return failure;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int start, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        try {
            target.write(bytes, start, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        try {
            target.flush();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            target.close();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }
}
