package io.github.irqscope.cli.watch;

import java.util.List;

/** A terminal that is ours as a whole until it is closed, which gives it back as it was. */
interface Screen extends AutoCloseable {
    int columns();

    int rows();

    /** Whether its size changed since it was last drawn on. */
    boolean isResized();

    /** The next key; NONE when none came within so many milliseconds. */
    Key read(long milliseconds);

    /** Shows these lines, one a row, and nothing else. */
    void show(List<String> lines);

    @Override
    void close();
}
