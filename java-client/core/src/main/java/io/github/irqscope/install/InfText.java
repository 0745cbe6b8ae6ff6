package io.github.irqscope.install;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The little that installing reads in an INF: whose it is, and its version. */
final class InfText {
    private InfText() {
    }

    /** The version of DriverVer, without its date; empty when there is none. */
    static String version(Path inf) throws IOException {
        for (String line : read(inf).split("\r?\n")) {
            int equals = line.indexOf('=');
            if (equals > 0 && line.substring(0, equals).strip().equalsIgnoreCase("DriverVer")) {
                int comma = line.indexOf(',', equals);
                int comment = line.indexOf(';');
                return comma < 0 ? "" : line.substring(comma + 1, comment > comma ? comment : line.length()).strip();
            }
        }
        return "";
    }

    /**
     * An INF as it is staged. Without a catalog its CatalogFile line goes: what nobody signed is to be called unsigned,
     * not to lack a file.
     */
    static byte[] staged(Path inf, boolean signed) throws IOException {
        byte[] bytes = Files.readAllBytes(inf);
        if (signed) {
            return bytes;
        }
        Charset charset = charset(bytes);
        StringBuilder text = new StringBuilder();
        for (String line : new String(bytes, charset).split("(?<=\n)")) {
            if (!line.strip().toLowerCase(Locale.ROOT).startsWith("catalogfile")) {
                text.append(line);
            }
        }
        return text.toString().getBytes(charset);
    }

    /** Whether the INF installs our driver. */
    static boolean isOurs(Path inf) throws IOException {
        String text = read(inf).toLowerCase(Locale.ROOT);
        return text.contains("addservice") && text.contains("\\" + DriverFiles.IMAGE);
    }

    /** The files that it copies: the names in its SourceDisksFiles sections. */
    static List<String> files(Path inf) throws IOException {
        List<String> files = new ArrayList<>();
        boolean inside = false;
        for (String line : read(inf).split("\r?\n")) {
            String text = line.strip();
            int equals = text.indexOf('=');
            if (text.startsWith("[")) {
                inside = text.toLowerCase(Locale.ROOT).startsWith("[sourcedisksfiles");
            } else if (inside && equals > 0 && !text.startsWith(";")) {
                files.add(text.substring(0, equals).strip());
            }
        }
        return files;
    }

    /** {@code irqscope-root} of {@code irqscope-root.inf}. */
    static String stem(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".inf") ? name.substring(0, name.length() - 4) : name;
    }

    private static String read(Path inf) throws IOException {
        byte[] bytes = Files.readAllBytes(inf);
        return new String(bytes, charset(bytes));
    }

    private static Charset charset(byte[] bytes) {
        boolean wide = bytes.length >= 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE;
        return wide ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1;
    }
}
