package io.github.irqscope.suite.bed;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * How a test ended in another JVM.
 *
 * @param thrown what it threw, looking as it did there; null when it passed
 */
record Outcome(Throwable thrown) {
    private static final int MOST_CAUSES = 8;

    /** A Throwable of another JVM: its class may be unknown here, its message and its stack trace are what is wanted. */
    static final class Thrown extends AssertionError {
        private static final long serialVersionUID = 1L;
        private final transient String described;

        Thrown(String type, String message, Throwable cause) {
            super(message, cause);
            this.described = type + (message == null ? "" : ": " + message);
        }

        @Override
        public String toString() {
            return described;
        }
    }

    void write(DataOutputStream out) throws IOException {
        Throwable each = thrown;
        int depth = 0;
        while (each != null && depth < MOST_CAUSES) {
            out.writeBoolean(true);
            writeText(out, each.getClass().getName());
            writeText(out, String.valueOf(each.getMessage()));
            StackTraceElement[] trace = each.getStackTrace();
            out.writeInt(trace.length);
            for (StackTraceElement frame : trace) {
                out.writeUTF(frame.getClassName());
                out.writeUTF(frame.getMethodName());
                out.writeUTF(frame.getFileName() == null ? "" : frame.getFileName());
                out.writeInt(frame.getLineNumber());
            }
            each = each.getCause();
            depth++;
        }
        out.writeBoolean(false);
        out.flush();
    }

    static Outcome read(DataInputStream in) throws IOException {
        return new Outcome(readThrown(in));
    }

    private static Throwable readThrown(DataInputStream in) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        String thrownType = readText(in);
        String message = readText(in);
        StackTraceElement[] trace = new StackTraceElement[in.readInt()];
        for (int i = 0; i < trace.length; i++) {
            String type = in.readUTF();
            String method = in.readUTF();
            String file = in.readUTF();
            trace[i] = new StackTraceElement(type, method, file.isEmpty() ? null : file, in.readInt());
        }
        Thrown thrown = new Thrown(thrownType, message, readThrown(in));
        thrown.setStackTrace(trace);
        return thrown;
    }

    /* A message may be longer than writeUTF takes. */
    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
