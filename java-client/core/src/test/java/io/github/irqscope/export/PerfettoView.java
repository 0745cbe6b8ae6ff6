package io.github.irqscope.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A trace as Perfetto would understand it: parsed by Protocol Buffers' Java runtime with descriptions of the messages,
 * and looked at by its rules: packets sorted by time, names by number, slices ended last begun first.
 */
final class PerfettoView {
    private static final Descriptors.Descriptor TRACE = describe();

    private final Map<Long, String> tracks = new HashMap<>();
    private final Map<String, List<String>> instants = new HashMap<>();
    private final Map<String, List<String>> slices = new HashMap<>();
    private final Map<Long, String> names = new HashMap<>();
    private final Map<Long, String> categories = new HashMap<>();

    /** Numbers and types as protos/perfetto/trace of the Perfetto project gives them. */
    private static Descriptors.Descriptor describe() {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName("trace").setPackage("p");
        message(file, "Clock", "1 u32 clock_id", "2 u64 timestamp");
        message(file, "ClockSnapshot", "1 * Clock clocks", "2 i32 primary_trace_clock");
        message(file, "Interned", "1 u64 iid", "2 text name");
        message(file, "InternedData", "1 * Interned event_categories", "2 * Interned event_names");
        message(file, "TrackDescriptor", "1 u64 uuid", "2 text name", "5 u64 parent_uuid", "11 i32 child_ordering",
                "12 i32 sibling_order_rank");
        message(file, "DebugAnnotation", "3 u64 uint_value", "6 text string_value", "10 text name");
        message(file, "TrackEvent", "3 u64 category_iids", "4 * DebugAnnotation debug_annotations", "9 i32 type",
                "10 u64 name_iid", "11 u64 track_uuid", "23 text name");
        message(file, "TracePacket", "6 ClockSnapshot clock_snapshot", "8 u64 timestamp",
                "10 u32 trusted_packet_sequence_id", "11 TrackEvent track_event", "12 InternedData interned_data",
                "13 u32 sequence_flags", "60 TrackDescriptor track_descriptor");
        message(file, "Trace", "1 * TracePacket packet");
        try {
            return Descriptors.FileDescriptor.buildFrom(file.build(), new Descriptors.FileDescriptor[0])
                    .findMessageTypeByName("Trace");
        } catch (Descriptors.DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void message(FileDescriptorProto.Builder file, String name, String... fields) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
        for (String text : fields) {
            String[] words = text.replace("* ", "*").split(" ");
            boolean many = words[1].startsWith("*");
            String type = many ? words[1].substring(1) : words[1];
            FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder().setName(words[2])
                    .setNumber(Integer.parseInt(words[0]))
                    .setLabel(many ? FieldDescriptorProto.Label.LABEL_REPEATED
                            : FieldDescriptorProto.Label.LABEL_OPTIONAL);
            switch (type) {
                case "u32" -> field.setType(FieldDescriptorProto.Type.TYPE_UINT32);
                case "u64" -> field.setType(FieldDescriptorProto.Type.TYPE_UINT64);
                case "i32" -> field.setType(FieldDescriptorProto.Type.TYPE_INT32);
                case "text" -> field.setType(FieldDescriptorProto.Type.TYPE_STRING);
                default -> field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(".p." + type);
            }
            message.addField(field);
        }
        file.addMessageType(message);
    }

    private record Packet(long time, Message event, String name, String category) {
    }

    static PerfettoView of(byte[] bytes) throws com.google.protobuf.InvalidProtocolBufferException {
        PerfettoView view = new PerfettoView();
        DynamicMessage trace = DynamicMessage.parseFrom(TRACE, bytes);
        assertNothingUnknown(trace);
        List<Packet> packets = new ArrayList<>();
        List<Message> described = new ArrayList<>();
        boolean cleared = false;
        for (Message packet : many(trace, "packet")) {
            assertEquals(1L, number(packet, "trusted_packet_sequence_id"));
            cleared |= (number(packet, "sequence_flags") & 1) != 0;
            if (has(packet, "track_descriptor")) {
                described.add(one(packet, "track_descriptor"));
            }
            if (has(packet, "interned_data")) {
                assertTrue(cleared, "names need a beginning");
                many(one(packet, "interned_data"), "event_names")
                        .forEach(name -> view.names.put(number(name, "iid"), text(name, "name")));
                many(one(packet, "interned_data"), "event_categories")
                        .forEach(name -> view.categories.put(number(name, "iid"), text(name, "name")));
            }
            if (has(packet, "track_event")) {
                Message event = one(packet, "track_event");
                assertEquals(2, number(packet, "sequence_flags"));
                String name = has(event, "name") ? text(event, "name") : view.names.get(number(event, "name_iid"));
                packets.add(new Packet(number(packet, "timestamp"), event, name,
                        view.categories.get(number(event, "category_iids"))));
            }
        }
        view.describeTracks(described);
        packets.sort(java.util.Comparator.comparingLong(Packet::time));
        view.play(packets);
        return view;
    }

    private void describeTracks(List<Message> described) {
        for (Message track : described) {
            long parent = number(track, "parent_uuid");
            String path = parent == 0 ? "" : tracks.get(parent) + "/";
            assertTrue(parent == 0 || tracks.containsKey(parent), "a parent comes first");
            assertEquals(null, tracks.put(number(track, "uuid"), path + text(track, "name")));
        }
    }

    private void play(List<Packet> packets) {
        Map<Long, Packet> open = new HashMap<>();
        for (Packet packet : packets) {
            long track = number(packet.event(), "track_uuid");
            String path = tracks.get(track);
            assertNotNull(path, "a track that nothing describes");
            switch ((int) number(packet.event(), "type")) {
                case 1 -> assertEquals(null, open.put(track, packet), path + ": a slice within a slice");
                case 2 -> {
                    Packet begin = open.remove(track);
                    assertNotNull(begin, path + ": an end without a beginning");
                    slices.computeIfAbsent(path, key -> new ArrayList<>())
                            .add(begin.time() + " to " + packet.time() + " " + begin.name());
                }
                case 3 -> instants.computeIfAbsent(path, key -> new ArrayList<>())
                        .add(packet.time() + " " + packet.name() + " " + packet.category());
                default -> throw new AssertionError("type " + number(packet.event(), "type"));
            }
        }
        assertEquals(Map.of(), open, "slices without an end");
        slices.values().forEach(list -> list.sort(null));
    }

    /** "time name category" of each instant of a track, in the order of time. */
    List<String> instants(String path) {
        return instants.getOrDefault(path, List.of());
    }

    /** "begin to end name" of each slice of the tracks of that name, sorted as text. */
    List<String> slices(String path) {
        return slices.getOrDefault(path, List.of());
    }

    /** How many tracks have that name. */
    long tracks(String path) {
        return tracks.values().stream().filter(path::equals).count();
    }

    private static void assertNothingUnknown(Message message) {
        assertTrue(message.getUnknownFields().asMap().isEmpty(),
                message.getDescriptorForType().getName() + ": " + message.getUnknownFields());
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() == Descriptors.FieldDescriptor.JavaType.MESSAGE) {
                List<?> list = field.isRepeated() ? (List<?>) value : List.of(value);
                list.forEach(inner -> assertNothingUnknown((Message) inner));
            }
        });
    }

    private static Descriptors.FieldDescriptor field(Message message, String name) {
        return message.getDescriptorForType().findFieldByName(name);
    }

    private static boolean has(Message message, String name) {
        return message.hasField(field(message, name));
    }

    private static Message one(Message message, String name) {
        return (Message) message.getField(field(message, name));
    }

    private static List<Message> many(Message message, String name) {
        List<Message> all = new ArrayList<>();
        ((List<?>) message.getField(field(message, name))).forEach(one -> all.add((Message) one));
        return all;
    }

    private static long number(Message message, String name) {
        return ((Number) message.getField(field(message, name))).longValue();
    }

    private static String text(Message message, String name) {
        return (String) message.getField(field(message, name));
    }
}
