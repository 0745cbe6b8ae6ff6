package io.github.irqscope.contract;

import java.util.UUID;

/**
 * The contract between irqscope.sys and this library, as the driver's one header writes it down: request codes, values,
 * and of each structure its size and the offset of each field. A test reads the header's own lines and compares them
 * with these constants both ways, so this class is the only place in Java where such a number stands.
 *
 * <p>Names are the header's without their prefix; fields are in upper case with underscores. Everything is
 * little-endian. Unsigned 32-bit values are Java ints with the same bits.
 */
public final class Contract {
    /** The device interface class that the driver registers. */
    public static final UUID INTERFACE = UUID.fromString("5c1f5f0e-8d0b-4e0e-9b52-6a0f2f6a7c11");

    public static final int MAJOR = 1;
    public static final int MINOR = 0;

    public static final int CODE_VERSION = 0x8A516000;
    public static final int CODE_MACHINE = 0x8A516004;
    public static final int CODE_RESOURCES = 0x8A516008;
    public static final int CODE_CONNECT = 0x8A51A00C;
    public static final int CODE_DISCONNECT = 0x8A51A010;
    public static final int CODE_AFFINITY = 0x8A516014;
    public static final int CODE_TRIGGER = 0x8A51A018;
    public static final int CODE_MASK = 0x8A51A01C;
    public static final int CODE_STATISTICS = 0x8A516020;
    public static final int CODE_EVENTS = 0x8A516026;
    public static final int CODE_RESET = 0x8A51A028;

    public static final int MAXIMUM_CONNECTIONS = 16;
    public static final int MAXIMUM_READS = 64;
    public static final int MAXIMUM_TRIGGERS = 1024;
    public static final int MAXIMUM_TRIGGER_TIME = 10000;
    public static final int MAXIMUM_MEMORY = 0x10000000;
    public static final int MAXIMUM_EVENTS = 65536;

    public static final int DEFAULT_EVENTS = 1024;

    public static final int MAXIMUM_DELAY = 10000000;

    public static final int ALL = 0xFFFFFFFF;
    public static final int TIME_UNKNOWN = 0xFFFFFFFF;

    public static final int WAY_IO_CONNECT_INTERRUPT = 1;
    public static final int WAY_FULLY_SPECIFIED = 2;
    public static final int WAY_FULLY_SPECIFIED_GROUP = 3;
    public static final int WAY_LINE_BASED = 4;
    public static final int WAY_MESSAGE_BASED = 5;
    public static final int WAY_PORTCLS = 6;

    public static final int KIND_LINE = 1;
    public static final int KIND_MESSAGE = 2;

    public static final int GRANTED_BY_INTERRUPT_OBJECT = 1;
    public static final int GRANTED_BY_ASSIGNED_RESOURCE = 2;
    public static final int GRANTED_BY_COMPATIBILITY = 3;

    public static final int MODEL_NONE = 0;
    public static final int MODEL_EDU = 1;
    public static final int MODEL_82574 = 2;
    public static final int MODEL_IGB = 3;
    public static final int MODEL_16550 = 4;

    public static final int ABILITY_CONNECT_EX = 0x1;
    public static final int ABILITY_AFFINITY = 0x2;
    public static final int ABILITY_GROUPS = 0x4;
    public static final int ABILITY_PORTCLS = 0x8;
    public static final int ABILITY_NX_POOL = 0x10;

    public static final int MACHINE_GROUP = 1;
    public static final int MACHINE_NODE = 2;

    public static final int DEVICE_STARTED = 0x1;
    public static final int DEVICE_POWERED = 0x2;
    public static final int DEVICE_OWNED = 0x4;
    public static final int DEVICE_MASKED = 0x8;
    public static final int DEVICE_STORM = 0x10;

    public static final int RESOURCE_LATCHED = 0x1;
    public static final int RESOURCE_SHARED = 0x2;
    public static final int RESOURCE_POLICY = 0x4;

    public static final int CONNECT_PROCESSORS = 0x1;
    public static final int CONNECT_FALLBACK = 0x2;
    public static final int CONNECT_SHARED_LOCK = 0x4;
    public static final int CONNECT_SYNC_ALL = 0x8;
    public static final int CONNECT_SYNC_REPEAT = 0x10;

    public static final int TRIGGER_PACED = 0x1;

    public static final int STATISTICS_COUNTERS = 1;
    public static final int STATISTICS_SLOTS = 2;
    public static final int STATISTICS_HISTOGRAM = 3;

    public static final int HISTOGRAM_TRIGGER_TO_ISR = 0;
    public static final int HISTOGRAM_ISR_TO_DPC = 1;
    public static final int HISTOGRAM_ISR_DURATION = 2;
    public static final int HISTOGRAMS = 3;
    public static final int HISTOGRAM_BUCKETS = 896;
    public static final int HISTOGRAM_PRECISION_BITS = 5;

    public static final int COUNTERS_STORM = 0x1;

    public static final int SLOT_STRAY = 0x1;
    public static final int SLOT_INEXACT = 0x2;

    public static final int EVENT_CLAIMED = 0x1;
    public static final int EVENT_STRAY = 0x2;
    public static final int EVENT_PACED = 0x4;

    /** IRQSCOPE_REPLY. */
    public static final class Reply {
        public static final int SIZE = 8;
        public static final int STATUS = 0;
        public static final int RESERVED = 4;

        private Reply() {
        }
    }

    /** IRQSCOPE_PAGE. */
    public static final class Page {
        public static final int SIZE = 24;
        public static final int STATUS = 0;
        public static final int RECORD_SIZE = 4;
        public static final int TOTAL = 8;
        public static final int START = 12;
        public static final int COUNT = 16;
        public static final int FLAGS = 20;

        private Page() {
        }
    }

    /** IRQSCOPE_VERSION_REQUEST. */
    public static final class VersionRequest {
        public static final int SIZE = 8;
        public static final int MAJOR = 0;
        public static final int MINOR = 4;

        private VersionRequest() {
        }
    }

    /** IRQSCOPE_VERSION_REPLY. */
    public static final class VersionReply {
        public static final int SIZE = 48;
        public static final int STATUS = 0;
        public static final int MAJOR = 4;
        public static final int MINOR = 8;
        public static final int ABILITIES = 12;
        public static final int FREQUENCY = 16;
        public static final int KERNEL_MAJOR = 24;
        public static final int KERNEL_MINOR = 28;
        public static final int KERNEL_BUILD = 32;
        public static final int MAXIMUM_CONNECTIONS = 36;
        public static final int MAXIMUM_READS = 40;
        public static final int MAXIMUM_MEMORY = 44;

        private VersionReply() {
        }
    }

    /** IRQSCOPE_LIST_REQUEST. */
    public static final class ListRequest {
        public static final int SIZE = 8;
        public static final int START = 0;
        public static final int RESERVED = 4;

        private ListRequest() {
        }
    }

    /** IRQSCOPE_MACHINE_RECORD. */
    public static final class MachineRecord {
        public static final int SIZE = 16;
        public static final int KIND = 0;
        public static final int NUMBER = 2;
        public static final int GROUP = 4;
        public static final int ACTIVE = 6;
        public static final int MAXIMUM = 7;
        public static final int MASK = 8;

        private MachineRecord() {
        }
    }

    /** IRQSCOPE_RESOURCES_REPLY. */
    public static final class ResourcesReply {
        public static final int SIZE = 40;
        public static final int STATUS = 0;
        public static final int RECORD_SIZE = 4;
        public static final int TOTAL = 8;
        public static final int START = 12;
        public static final int COUNT = 16;
        public static final int MODEL = 20;
        public static final int DEVICE_FLAGS = 24;
        public static final int STARTS = 28;
        public static final int MESSAGES_ASKED = 32;
        public static final int RESERVED = 36;

        private ResourcesReply() {
        }
    }

    /** IRQSCOPE_RESOURCE_RECORD. */
    public static final class ResourceRecord {
        public static final int SIZE = 56;
        public static final int KIND = 0;
        public static final int NUMBER = 4;
        public static final int FLAGS = 8;
        public static final int CONNECTION = 12;
        public static final int VECTOR = 16;
        public static final int IRQL = 20;
        public static final int MASK = 24;
        public static final int GROUP = 32;
        public static final int RAW_GROUP = 34;
        public static final int RAW_VECTOR = 36;
        public static final int RAW_LEVEL = 40;
        public static final int RESERVED = 44;
        public static final int RAW_MASK = 48;

        private ResourceRecord() {
        }
    }

    /** IRQSCOPE_CONNECT_REQUEST. */
    public static final class ConnectRequest {
        public static final int SIZE = 32;
        public static final int WAY = 0;
        public static final int KIND = 4;
        public static final int NUMBER = 8;
        public static final int FLAGS = 12;
        public static final int MASK = 16;
        public static final int EVENTS = 24;
        public static final int STORM_RATE = 28;

        private ConnectRequest() {
        }
    }

    /** IRQSCOPE_CONNECT_REPLY. */
    public static final class ConnectReply {
        public static final int SIZE = 32;
        public static final int STATUS = 0;
        public static final int CONNECTION = 4;
        public static final int TARGETS = 8;
        public static final int CONNECTED_AS = 12;
        public static final int VERSION = 16;
        public static final int SYNCHRONIZE_IRQL = 20;
        public static final int UNIFIED_IRQL = 24;
        public static final int SLOTS = 28;

        private ConnectReply() {
        }
    }

    /** IRQSCOPE_CONNECTION_REQUEST. */
    public static final class ConnectionRequest {
        public static final int SIZE = 8;
        public static final int CONNECTION = 0;
        public static final int RESERVED = 4;

        private ConnectionRequest() {
        }
    }

    /** IRQSCOPE_TARGET_REQUEST. */
    public static final class TargetRequest {
        public static final int SIZE = 8;
        public static final int CONNECTION = 0;
        public static final int TARGET = 4;

        private TargetRequest() {
        }
    }

    /** IRQSCOPE_AFFINITY_REPLY. */
    public static final class AffinityReply {
        public static final int SIZE = 72;
        public static final int STATUS = 0;
        public static final int GRANTED_BY = 4;
        public static final int MASK = 8;
        public static final int GROUP = 16;
        public static final int RESERVED = 18;
        public static final int WAY = 24;
        public static final int CONNECTED_AS = 28;
        public static final int TARGETS = 32;
        public static final int KIND = 36;
        public static final int NUMBER = 40;
        public static final int VECTOR = 44;
        public static final int IRQL = 48;
        public static final int PADDING = 52;
        public static final int REQUESTED_MASK = 56;
        public static final int REQUESTED_GROUP = 64;
        public static final int PADDING2 = 66;

        private AffinityReply() {
        }
    }

    /** IRQSCOPE_TRIGGER_REQUEST. */
    public static final class TriggerRequest {
        public static final int SIZE = 24;
        public static final int CONNECTION = 0;
        public static final int TARGET = 4;
        public static final int COUNT = 8;
        public static final int FLAGS = 12;
        public static final int LIMIT = 16;
        public static final int RESERVED = 20;

        private TriggerRequest() {
        }
    }

    /** IRQSCOPE_TRIGGER_REPLY. */
    public static final class TriggerReply {
        public static final int SIZE = 16;
        public static final int STATUS = 0;
        public static final int SENT = 4;
        public static final int ARRIVED = 8;
        public static final int LOST = 12;

        private TriggerReply() {
        }
    }

    /** IRQSCOPE_MASK_REQUEST. */
    public static final class MaskRequest {
        public static final int SIZE = 8;
        public static final int MASKED = 0;
        public static final int RESERVED = 4;

        private MaskRequest() {
        }
    }

    /** IRQSCOPE_STATISTICS_REQUEST. */
    public static final class StatisticsRequest {
        public static final int SIZE = 24;
        public static final int CONNECTION = 0;
        public static final int WHAT = 4;
        public static final int START = 8;
        public static final int SLOT = 12;
        public static final int HISTOGRAM = 16;
        public static final int RESERVED = 20;

        private StatisticsRequest() {
        }
    }

    /** IRQSCOPE_COUNTERS. */
    public static final class Counters {
        public static final int SIZE = 64;
        public static final int TARGET = 0;
        public static final int FLAGS = 4;
        public static final int SENT = 8;
        public static final int CLAIMED = 16;
        public static final int NOT_CLAIMED = 24;
        public static final int LOST = 32;
        public static final int STRAY = 40;
        public static final int FIRST_TIME = 48;
        public static final int LAST_TIME = 56;

        private Counters() {
        }
    }

    /** IRQSCOPE_SLOT. */
    public static final class Slot {
        public static final int SIZE = 64;
        public static final int SLOT = 0;
        public static final int FLAGS = 4;
        public static final int GROUP = 8;
        public static final int NUMBER = 10;
        public static final int IRQL = 11;
        public static final int RESERVED = 12;
        public static final int CLAIMED = 16;
        public static final int NOT_CLAIMED = 24;
        public static final int DPCS = 32;
        public static final int DPCS_ELSEWHERE = 40;
        public static final int EVENTS_LOST = 48;
        public static final int LAST_TIME = 56;

        private Slot() {
        }
    }

    /** IRQSCOPE_EVENTS_REQUEST. */
    public static final class EventsRequest {
        public static final int SIZE = 16;
        public static final int FILL = 0;
        public static final int DELAY = 4;
        public static final int FLAGS = 8;
        public static final int RESERVED = 12;

        private EventsRequest() {
        }
    }

    /** IRQSCOPE_RUN. */
    public static final class Run {
        public static final int SIZE = 32;
        public static final int BASE = 0;
        public static final int SEQUENCE = 8;
        public static final int CONNECTION = 16;
        public static final int COUNT = 20;
        public static final int LOST = 24;
        public static final int GROUP = 28;
        public static final int NUMBER = 30;
        public static final int IRQL = 31;

        private Run() {
        }
    }

    /** IRQSCOPE_EVENT. */
    public static final class Event {
        public static final int SIZE = 16;
        public static final int TIME = 0;
        public static final int TRIGGER_TO_ISR = 4;
        public static final int ISR_TO_DPC = 8;
        public static final int TARGET = 12;
        public static final int FLAGS = 14;

        private Event() {
        }
    }

    private Contract() {
    }
}
