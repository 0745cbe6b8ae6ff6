package io.github.irqscope.export;

/** The field numbers of Perfetto's trace format that are written here, by message. */
final class PerfettoFields {
    static final int TRACE_PACKET = 1;

    static final int PACKET_CLOCK_SNAPSHOT = 6;
    static final int PACKET_TIMESTAMP = 8;
    static final int PACKET_SEQUENCE = 10;
    static final int PACKET_TRACK_EVENT = 11;
    static final int PACKET_INTERNED_DATA = 12;
    static final int PACKET_SEQUENCE_FLAGS = 13;
    static final int PACKET_TRACK_DESCRIPTOR = 60;

    static final int SNAPSHOT_CLOCK = 1;
    static final int SNAPSHOT_PRIMARY = 2;
    static final int CLOCK_ID = 1;
    static final int CLOCK_TIMESTAMP = 2;

    static final int TRACK_UUID = 1;
    static final int TRACK_NAME = 2;
    static final int TRACK_PARENT = 5;
    static final int TRACK_ORDERING = 11;
    static final int TRACK_RANK = 12;

    static final int EVENT_CATEGORY_IID = 3;
    static final int EVENT_ANNOTATION = 4;
    static final int EVENT_TYPE = 9;
    static final int EVENT_NAME_IID = 10;
    static final int EVENT_TRACK = 11;
    static final int EVENT_NAME = 23;

    static final int ANNOTATION_UINT = 3;
    static final int ANNOTATION_TEXT = 6;
    static final int ANNOTATION_NAME = 10;

    static final int INTERNED_CATEGORY = 1;
    static final int INTERNED_NAME = 2;
    static final int INTERNED_IID = 1;
    static final int INTERNED_TEXT = 2;

    /* Values of enumerations. */
    static final int CLOCK_REALTIME = 1;
    static final int CLOCK_BOOTTIME = 6;
    static final int ORDERING_EXPLICIT = 3;
    static final int TYPE_BEGIN = 1;
    static final int TYPE_END = 2;
    static final int TYPE_INSTANT = 3;
    static final int STATE_CLEARED = 1;
    static final int NEEDS_STATE = 2;

    private PerfettoFields() {
    }
}
