import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Turns what `tmux capture-pane -e -p` wrote into a page that looks like a terminal: java Ansi.java FILE COLUMNS TITLE. */
public final class Ansi {
    private static final String[] BASIC = {"#1c2128", "#f47067", "#6bc46d", "#daaa3f", "#539bf5", "#b083f0", "#39c5cf",
        "#adbac7", "#636e7b", "#ff938a", "#8ddb8c", "#eac55f", "#6cb6ff", "#dcbdfb", "#56d4dd", "#ffffff"};

    private String foreground;
    private String background;
    private boolean bold;
    private boolean faint;
    private boolean reverse;

    private Ansi() {
    }

    public static void main(String[] words) throws IOException {
        List<String> lines = Files.readAllLines(Path.of(words[0]));
        System.out.println("<!DOCTYPE html><meta charset='utf-8'><title>" + escape(words[2]) + "</title><style>"
                + "body{margin:0;background:#22272e}pre{margin:0;padding:14px 18px;width:" + words[1]
                + "ch;color:#cdd9e5;background:#1c2128;font:15px/18px 'DejaVu Sans Mono',monospace}"
                + "h1{margin:0;padding:6px 18px;font:13px sans-serif;color:#909dab;background:#2d333b}</style>"
                + "<h1>" + escape(words[2]) + "</h1><pre>");
        Ansi ansi = new Ansi();
        for (String line : lines) {
            System.out.println(ansi.line(line));
        }
        System.out.println("</pre>");
    }

    private String line(String text) {
        StringBuilder html = new StringBuilder();
        int start = 0;
        for (int at = text.indexOf('\u001b'); at >= 0; at = text.indexOf('\u001b', start)) {
            html.append(span(text.substring(start, at)));
            int end = at + 2;
            while (end < text.length() && !Character.isLetter(text.charAt(end))) {
                end++;
            }
            if (end < text.length() && text.charAt(end) == 'm') {
                take(text.substring(at + 2, end));
            }
            start = Math.min(text.length(), end + 1);
        }
        return html.append(span(text.substring(start))).toString();
    }

    private void take(String codes) {
        String[] parts = codes.split(";");
        for (int i = 0; i < parts.length; i++) {
            int code = parts[i].isEmpty() ? 0 : Integer.parseInt(parts[i]);
            if (code == 0) {
                foreground = null;
                background = null;
                bold = false;
                faint = false;
                reverse = false;
            } else if (code == 1) {
                bold = true;
            } else if (code == 2) {
                faint = true;
            } else if (code == 7) {
                reverse = true;
            } else if ((code == 38 || code == 48) && i + 2 < parts.length) {
                String color = color(Integer.parseInt(parts[i + 2]));
                foreground = code == 38 ? color : foreground;
                background = code == 48 ? color : background;
                i += 2;
            } else if (code >= 30 && code <= 37 || code >= 90 && code <= 97) {
                foreground = BASIC[code >= 90 ? code - 82 : code - 30];
            } else if (code >= 40 && code <= 47) {
                background = BASIC[code - 40];
            } else if (code == 39) {
                foreground = null;
            } else if (code == 49) {
                background = null;
            }
        }
    }

    /** Of the 256: 16 named ones, a cube of 6x6x6, 24 greys. */
    private static String color(int number) {
        if (number < 16) {
            return BASIC[number];
        }
        if (number >= 232) {
            int grey = 8 + 10 * (number - 232);
            return "rgb(" + grey + "," + grey + "," + grey + ")";
        }
        int[] steps = {0, 95, 135, 175, 215, 255};
        int cube = number - 16;
        return "rgb(" + steps[cube / 36] + "," + steps[cube / 6 % 6] + "," + steps[cube % 6] + ")";
    }

    private String span(String text) {
        if (text.isEmpty()) {
            return "";
        }
        String ink = reverse ? background == null ? "#1c2128" : background : foreground;
        String ground = reverse ? foreground == null ? "#adbac7" : foreground : background;
        return "<span style='" + (ink == null ? "" : "color:" + ink + ";") + (ground == null ? "" : "background:" + ground
                + ";") + (bold ? "font-weight:bold;" : "") + (faint ? "opacity:.6;" : "") + "'>" + escape(text) + "</span>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
