package io.github.irqscope.inf;

import java.util.ArrayList;
import java.util.List;

/** Takes one logical line of an INF apart: section header, key, values, comment. */
final class LineReader {
    private final List<String> values = new ArrayList<>();
    private final StringBuilder value = new StringBuilder();
    private String key;
    private String header;
    private String comment = "";
    private String wrong;
    private boolean continues;
    private boolean any;
    private boolean quotedLast;

    LineReader(String line) {
        append(line);
    }

    /** Reads one physical line behind what was read. */
    void append(String line) {
        continues = false;
        int at = 0;
        if (!any && line.stripLeading().startsWith("[")) {
            readHeader(line.strip());
            return;
        }
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == ';') {
                comment = line.substring(at + 1).strip();
                break;
            }
            if (c == '\\' && restIsBlank(line, at + 1)) {
                continues = true;
                int semicolon = line.indexOf(';', at);
                comment = semicolon < 0 ? comment : line.substring(semicolon + 1).strip();
                break;
            }
            any |= !Character.isWhitespace(c);
            if (c == '"') {
                at = quoted(line, at);
            } else if (c == '%') {
                at = token(line, at);
            } else if (c == '=' && key == null && values.isEmpty()) {
                key = take();
                at++;
            } else if (c == ',') {
                values.add(take());
                at++;
            } else {
                plain(c);
                at++;
            }
        }
    }

    private static boolean restIsBlank(String line, int from) {
        String rest = line.substring(from).strip();
        return rest.isEmpty() || rest.startsWith(";");
    }

    private void readHeader(String line) {
        int close = line.indexOf(']');
        any = true;
        if (close < 0) {
            wrong = "a section's name without its closing bracket";
            header = line.substring(1).strip();
            return;
        }
        header = line.substring(1, close).strip();
        String rest = line.substring(close + 1).strip();
        if (!rest.isEmpty() && !rest.startsWith(";")) {
            wrong = "text behind a section's name";
        } else if (header.isEmpty() || header.length() > 255) {
            wrong = "a section's name has 1 to 255 characters";
        }
    }

    private int quoted(String line, int open) {
        int at = open + 1;
        while (at < line.length()) {
            if (line.charAt(at) != '"') {
                value.append(line.charAt(at++));
            } else if (at + 1 < line.length() && line.charAt(at + 1) == '"') {
                value.append('"');
                at += 2;
            } else {
                quotedLast = true;
                return at + 1;
            }
        }
        wrong = "a quote that does not end";
        return at;
    }

    private int token(String line, int open) {
        int close = line.indexOf('%', open + 1);
        if (close < 0) {
            wrong = "a % that does not end; a percent sign is %%";
            value.append(line.charAt(open));
            return open + 1;
        }
        value.append(line, open, close + 1);
        return close + 1;
    }

    private void plain(char c) {
        if (Character.isWhitespace(c) && (value.isEmpty() || quotedLast)) {
            return;
        }
        quotedLast = false;
        value.append(c);
    }

    private String take() {
        String taken = quotedLast ? value.toString() : value.toString().stripTrailing();
        value.setLength(0);
        quotedLast = false;
        return taken;
    }

    boolean continues() {
        return continues;
    }

    boolean isBlank() {
        return !any;
    }

    String wrong() {
        return wrong;
    }

    String header() {
        return header;
    }

    InfEntry entry(int line) {
        values.add(take());
        return new InfEntry(line, key, values, comment);
    }
}
