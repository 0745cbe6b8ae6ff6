package io.github.irqscope.recording;

/**
 * The numbers of the file: docs/recording.md describes each byte, and a test reads that page. Everything is
 * little-endian.
 */
final class Format {
    static final int MAJOR = 1;
    static final int MINOR = 0;

    /** 0x89 "IRQREC" newline: a transfer as text damages the first or the last byte. */
    static final long MAGIC = 0x0A434552_51524989L;
    /** 0x89 "IRQEND" newline, the last bytes of a finished file. */
    static final long END_MAGIC = 0x0A444E45_51524989L;

    /** The file's head: magic, version, the length and check of the JSON header that follows. */
    static final class Head {
        static final int SIZE = 24;
        static final int MAGIC = 0;
        static final int MAJOR = 8;
        static final int MINOR = 10;
        static final int JSON_SIZE = 12;
        static final int JSON_CHECK = 16;
        static final int CHECK = 20;

        private Head() {
        }
    }

    /** What every block begins with; it has a check of its own. */
    static final class Block {
        static final int SIZE = 64;
        static final int MARKER = 0;
        static final int KIND = 4;
        static final int CODING = 5;
        static final int FEED = 6;
        static final int NUMBER = 8;
        static final int STORED = 16;
        static final int PLAIN = 20;
        static final int FIRST_TIME = 24;
        static final int LAST_TIME = 32;
        static final int EVENTS = 40;
        static final int LOST = 44;
        static final int RUNS = 48;
        static final int RESERVED = 52;
        static final int PAYLOAD_CHECK = 56;
        static final int CHECK = 60;

        private Block() {
        }
    }

    /** An entry of an index block, behind the place of the index before it. */
    static final class Entry {
        static final int SIZE = 40;
        static final int OFFSET = 0;
        static final int FIRST_TIME = 8;
        static final int LAST_TIME = 16;
        static final int EVENTS = 24;
        static final int LOST = 28;
        static final int FEED = 32;
        static final int RESERVED = 36;

        private Entry() {
        }
    }

    /** Behind the end block: where that begins, and the magic. */
    static final int TAIL_SIZE = 16;
    static final int INDEX_HEAD_SIZE = 8;

    /** "IRQB". */
    static final int MARKER = 0x42515249;
    static final int KIND_EVENTS = 1;
    static final int KIND_INDEX = 2;
    static final int KIND_NOTE = 3;
    static final int KIND_LOSS = 4;
    static final int KIND_END = 5;
    static final int CODING_PLAIN = 0;
    static final int CODING_PACKED = 1;

    /** No block is longer, stored or plain, so that a reader's memory is bounded, and no header. */
    static final int LARGEST_BLOCK = 1 << 20;
    static final int LARGEST_HEADER = 1 << 24;

    /** Bits of the byte that a packed event begins with; a bit without a meaning is 0. */
    static final int PACKED_TARGET = 0x1;
    static final int PACKED_FLAGS = 0x2;
    static final int PACKED_TRIGGER = 0x4;
    static final int PACKED_DPC = 0x8;
    static final int PACKED_LOW_SHIFT = 4;
    static final int PACKED_LOW_BITS = 4;

    private Format() {
    }
}
