package io.github.irqscope.validation;

import java.util.List;

/** A piece of a document that still knows where it stood. */
sealed interface Node {
    /** Its first character, counted from the beginning of the document. */
    int at();

    /** A text, a number, true, false, null: whoever reads it decides. */
    record Scalar(int at, String text, boolean quoted) implements Node {
    }

    /** A list. */
    record Sequence(int at, List<Node> items) implements Node {
    }

    /** Keys with values, in order. */
    record Mapping(int at, List<Entry> entries) implements Node {
        /** One key and its value. */
        record Entry(int at, String key, Node value) {
        }
    }
}
