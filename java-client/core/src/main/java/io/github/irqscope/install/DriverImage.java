package io.github.irqscope.install;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The head of a PE file: which processor it is for. */
final class DriverImage {
    private static final int HEADER_AT = 0x3C;
    private static final int SIGNATURE = 0x00004550; /* PE, two NULs */
    private static final int I386 = 0x014C;
    private static final int AMD64 = 0x8664;
    private static final int ARM64 = 0xAA64;

    private DriverImage() {
    }

    /** {@code x64}, {@code x86}, {@code arm64}; of anything else what it is instead. */
    static String architecture(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int at = bytes.limit() < HEADER_AT + 4 ? -1 : bytes.getInt(HEADER_AT);
        if (at < 0 || at > bytes.limit() - 6 || bytes.getInt(at) != SIGNATURE) {
            return "no driver file";
        }
        int machine = Short.toUnsignedInt(bytes.getShort(at + 4));
        return switch (machine) {
            case I386 -> "x86";
            case AMD64 -> "x64";
            case ARM64 -> "arm64";
            default -> String.format("machine 0x%04X", machine);
        };
    }

    /** Refuses a file that this machine cannot load, before anything is changed. */
    static void check(String operation, Path file, String wanted) throws IOException {
        String found = architecture(file);
        if (!found.equals(wanted)) {
            throw new InstallException(Trouble.WRONG_ARCHITECTURE, operation,
                    file + " is " + found + ", and this machine is " + wanted);
        }
    }
}
