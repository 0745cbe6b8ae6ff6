package io.github.irqscope.cli.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;

/** The process's own terminal. The one class that knows JLine: raw input, size, and giving everything back. */
final class JLineScreen implements Screen {
    private static final char ESCAPE = '\u001b';
    /* Other screen, no cursor, no line wrap; and back. */
    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J";
    private static final String LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
    private static final long SEQUENCE_PATIENCE = 20;
    private static final long LISTENING = 500;

    private final Terminal terminal;
    private final Attributes before;
    private final NonBlockingReader reader;
    private final BlockingQueue<Key> keys = new LinkedBlockingQueue<>();
    private List<String> shown = new ArrayList<>();
    private int columns;
    private int rows;
    private volatile boolean resized;
    private volatile boolean closed;

    private JLineScreen(Terminal terminal) {
        this.terminal = terminal;
        this.reader = terminal.reader();
        this.before = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        raw.setControlChar(Attributes.ControlChar.VSUSP, 0);
        terminal.setAttributes(raw);
        terminal.handle(Terminal.Signal.WINCH, signal -> resized = true);
        measure();
        write(ENTER);
        Thread thread = new Thread(this::listen, "keys");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Takes the terminal. On Unix by stty: JLine 3.30.9's native calls give a terminal back with a speed of 0. Its signals
     * stay as they are, so that Ctrl+C ends us as it ends every verb; but Ctrl+Z does nothing, because it would leave the
     * shell on our screen. Its type is one that JLine has with it: we ask for no capability of the terminal, and of a type
     * that JLine does not know, as tmux-256color, it prints a stack trace.
     *
     * @throws UncheckedIOException when there is none that can be taken
     */
    static JLineScreen open(boolean unicode) {
        try {
            boolean windows = System.getProperty("os.name", "").startsWith("Windows");
            return new JLineScreen(TerminalBuilder.builder().system(true).dumb(false).nativeSignals(false)
                    .jni(windows).exec(!windows).jna(false).jansi(false).ffm(false).type("xterm")
                    .encoding(unicode ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII).build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalStateException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    private void measure() {
        resized = false;
        Size size = terminal.getSize();
        if (size.getColumns() != columns || size.getRows() != rows) {
            columns = size.getColumns() > 0 ? size.getColumns() : 80;
            rows = size.getRows() > 0 ? size.getRows() : 24;
            shown = new ArrayList<>();
        }
    }

    @Override
    public int columns() {
        if (resized) {
            measure();
        }
        return columns;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public boolean isResized() {
        return resized;
    }

    @Override
    public Key read(long milliseconds) {
        try {
            Key key = keys.poll(milliseconds, TimeUnit.MILLISECONDS);
            return key == null ? Key.NONE : key;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Key.QUIT;
        }
    }

    /** On a thread of its own: a terminal's read may take a tenth of a second to say that there is nothing. */
    private void listen() {
        try {
            while (!closed) {
                int sign = reader.read(LISTENING);
                if (sign == NonBlockingReader.EOF) {
                    break;
                }
                Key key = sign == ESCAPE ? Key.ofEscape(sequence()) : sign < 0 ? Key.NONE : Key.of(sign);
                if (key != Key.NONE) {
                    keys.add(key);
                }
            }
        } catch (IOException e) {
            keys.add(Key.QUIT); // the terminal has gone, and with it whoever looked at it
            return;
        }
        keys.add(Key.QUIT);
    }

    /** What an arrow or its like sends behind ESC; empty for the key ESC itself. */
    private String sequence() throws IOException {
        StringBuilder signs = new StringBuilder();
        int next = reader.read(SEQUENCE_PATIENCE);
        while (next > ' ' && signs.length() < 8) {
            signs.append((char) next);
            boolean ends = signs.length() > 1 && next >= '@' && next != '[';
            next = ends ? -1 : reader.read(SEQUENCE_PATIENCE);
        }
        return signs.toString();
    }

    /** Writes only the lines that differ from those on the screen. */
    @Override
    public void show(List<String> lines) {
        StringBuilder text = new StringBuilder();
        if (shown.isEmpty()) {
            text.append("\u001b[2J");
        }
        for (int row = 0; row < Math.min(rows, lines.size()); row++) {
            if (row >= shown.size() || !shown.get(row).equals(lines.get(row))) {
                text.append("\u001b[").append(row + 1).append(";1H").append(lines.get(row))
                        .append(length(lines.get(row)) < columns ? "\u001b[K" : "");
            }
        }
        shown = new ArrayList<>(lines);
        if (text.length() > 0) {
            write(text.toString());
        }
    }

    /** Cells that a line fills: a full one must not be followed by "clear the rest", which would take its last cell. */
    private static int length(String line) {
        int length = 0;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == ESCAPE) {
                i = line.indexOf('m', i);
            } else {
                length++;
            }
        }
        return length;
    }

    /**
     * When the process is told to end, JLine gives the terminal back at once, on a thread of its own. What must still be
     * said then goes to the same place without it.
     */
    private void write(String text) {
        try {
            terminal.writer().write(text);
            terminal.writer().flush();
        } catch (IllegalStateException e) {
            if (text.equals(LEAVE)) {
                System.out.print(text);
                System.out.flush();
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        write(LEAVE);
        try {
            terminal.setAttributes(before);
            terminal.close();
        } catch (IOException | IllegalStateException e) {
            shown = List.of(); // it was closed before, and is as it was; that changes nothing for anybody
        }
    }
}
