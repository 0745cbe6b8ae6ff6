package io.github.irqscope.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.EventRun;
import io.github.irqscope.Machine;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.contract.Contract;
import io.github.irqscope.json.JsonReader;
import io.github.irqscope.recording.RecordingHeader;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.recording.RecordingWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other tools get, read with what others wrote: HdrHistogram's reader, Protocol Buffers' parser. */
final class ExportTest {
    private static final long FREQUENCY = 10_000_000;
    private static final long TICK = 100;
    private static final int RUNS = 120;
    private static final int EVENTS = 200;
    private static final long START = 50_000_000;

    @TempDir
    private Path folder;

    private final List<Event> events = new ArrayList<>();
    private long lost;

    /** What was recorded, in nanoseconds; -1: not measured. */
    private record Event(int number, int target, long time, long trigger, long dpc, boolean claimed) {
        private String processor() {
            return "g1:" + number;
        }
    }

    private static RecordingHeader header() {
        ProcessorSet granted = ProcessorSet.parse("g1:0-2");
        Machine machine = new Machine(List.of(new Machine.Group(0, ProcessorSet.parse("g0:0-3"), 4),
                new Machine.Group(1, ProcessorSet.parse("g1:0-7"), 8)), List.of());
        List<RecordingHeader.Target> targets = new ArrayList<>();
        for (int message = 0; message < 2; message++) {
            targets.add(new RecordingHeader.Target("message:" + message, granted, granted, "interrupt-object",
                    "0x00000000"));
        }
        return new RecordingHeader("irqscope test", List.of("record", "--load", "7"),
                Instant.parse("2026-01-02T03:04:05Z"), "sim",
                new SimulatedMachine("4/8", "server2022", 1, "documented"), machine, 7,
                List.of(new RecordingHeader.Feed("e\"du0", "PCI\\VEN_1234", "PCI\\1", "10.0.20348", FREQUENCY,
                        List.of(new RecordingHeader.Link(16, "message-based", targets)))));
    }

    /** Four processors, one of them not granted; each has the events of its own run after run. */
    @BeforeEach
    void record() throws IOException {
        Random random = new Random(4);
        EventRun view = new EventRun();
        try (RecordingWriter writer = new RecordingWriter(file(), header())) {
            for (int i = 0; i < RUNS; i++) {
                int number = i % 4;
                long base = START + i / 4 * 1_000_000L;
                ByteBuffer run = ByteBuffer.allocate(Contract.Run.SIZE + EVENTS * Contract.Event.SIZE)
                        .order(ByteOrder.LITTLE_ENDIAN);
                int runLost = i % 50 == 49 ? 3 : 0;
                lost += runLost;
                run.putLong(Contract.Run.BASE, base).putLong(Contract.Run.SEQUENCE, i * 1000L)
                        .putInt(Contract.Run.CONNECTION, 16).putInt(Contract.Run.COUNT, EVENTS)
                        .putInt(Contract.Run.LOST, runLost).putShort(Contract.Run.GROUP, (short) 1)
                        .put(Contract.Run.NUMBER, (byte) number).put(Contract.Run.IRQL, (byte) 5);
                int time = 0;
                for (int k = 0; k < EVENTS; k++) {
                    add(run, random, base, time, number, k);
                    time += 20 + random.nextInt(4900);
                }
                view.read(run, 0);
                writer.add(0, view);
            }
            writer.finish("duration", Instant.EPOCH);
        }
    }

    private void add(ByteBuffer run, Random random, long base, int time, int number, int k) {
        int at = Contract.Run.SIZE + k * Contract.Event.SIZE;
        int trigger = random.nextInt(3) == 0 ? 5 + random.nextInt(20_000) : -1;
        int dpc = random.nextInt(20) == 0 ? -1 : random.nextInt(60);
        int flags = random.nextInt(30) == 0 ? 0 : Contract.EVENT_CLAIMED;
        int target = random.nextInt(2);
        run.putInt(at + Contract.Event.TIME, time).putInt(at + Contract.Event.TRIGGER_TO_ISR, trigger)
                .putInt(at + Contract.Event.ISR_TO_DPC, dpc).putShort(at + Contract.Event.TARGET, (short) target)
                .putShort(at + Contract.Event.FLAGS, (short) flags);
        events.add(new Event(number, target, (base + time) * TICK, trigger < 0 ? -1 : trigger * TICK,
                dpc < 0 ? -1 : dpc * TICK, flags != 0));
    }

    private Path file() {
        return folder.resolve("run.irqrec");
    }

    private byte[] export(ExportFormat format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordingReader reader = RecordingReader.open(file())) {
            Export export = format.to(reader, bytes);
            reader.readAll(export);
            export.end(reader);
        }
        return bytes.toByteArray();
    }

    @Test
    void jsonLinesTellEachEventEachLossAndTheEnd() {
        List<Event> read = new ArrayList<>();
        List<Map<String, Object>> others = new ArrayList<>();
        for (String line : new String(export(ExportFormat.JSONL), StandardCharsets.UTF_8).split("\n")) {
            Map<String, Object> json = JsonReader.readObject(line);
            if (!json.get("kind").equals("event")) {
                others.add(json);
                continue;
            }
            Event event = new Event(((String) json.get("processor")).charAt(3) - '0',
                    ((Long) json.get("target")).intValue(), (Long) json.get("time"), number(json, "triggerToIsr"),
                    number(json, "isrToDpc"), (Boolean) json.get("claimed"));
            read.add(event);
            assertEquals("e\"du0", json.get("device"));
            assertEquals("message:" + event.target(), json.get("resource"));
            assertEquals(event.number() > 2, json.get("outside"));
        }
        assertAlike(events, read);
        assertEquals("header", others.get(0).get("kind"));
        assertEquals(1L, others.get(0).get("schema"));
        Map<String, Object> last = others.get(others.size() - 1);
        assertEquals("end", last.get("kind"));
        assertEquals("duration", last.get("ended"));
        assertEquals((long) events.size(), last.get("events"));
        assertEquals(lost, others.stream().filter(one -> one.get("kind").equals("loss"))
                .mapToLong(one -> (Long) one.get("lost")).sum());
    }

    /** Each field of each kind of line has its name on the page that describes them. */
    @Test
    void theDocumentNamesEachFieldOfTheLines() throws IOException {
        String root = System.getProperty("irqscope.root");
        String page = Files.readString((root != null ? Path.of(root) : Path.of("").toAbsolutePath().resolve("../.."))
                .resolve("docs/recording.md"));
        java.util.Set<String> names = new java.util.TreeSet<>();
        for (String line : new String(export(ExportFormat.JSONL), StandardCharsets.UTF_8).split("\n")) {
            Map<String, Object> json = JsonReader.readObject(line);
            names.addAll(json.keySet());
            names.add((String) json.get("kind"));
        }
        assertTrue(names.size() > 15, names.toString());
        for (String name : names) {
            assertTrue(page.contains("`" + name + "`"), name);
        }
    }

    private static long number(Map<String, Object> json, String name) {
        return json.get(name) == null ? -1 : (Long) json.get(name);
    }

    @Test
    void hdrHistogramsOwnReaderFindsEveryTime() {
        Map<String, Histogram> read = new TreeMap<>();
        byte[] log = export(ExportFormat.HDR);
        HistogramLogReader reader = new HistogramLogReader(new ByteArrayInputStream(log));
        double before = 0;
        int intervals = 0;
        for (EncodableHistogram next = reader.nextIntervalHistogram(); next != null;
                next = reader.nextIntervalHistogram()) {
            Histogram one = (Histogram) next;
            assertTrue(one.getStartTimeStamp() >= before, "intervals are in order");
            before = one.getStartTimeStamp();
            Histogram sum = read.computeIfAbsent(one.getTag(), tag -> new Histogram(3));
            sum.setAutoResize(true);
            sum.add(one);
            intervals++;
        }
        Map<String, Histogram> wanted = new TreeMap<>();
        for (Event event : events) {
            if (event.trigger() >= 0) {
                wanted.computeIfAbsent(event.processor() + ".trigger-to-isr", tag -> new Histogram(3))
                        .recordValue(event.trigger());
            }
            if (event.dpc() >= 0) {
                wanted.computeIfAbsent(event.processor() + ".isr-to-dpc", tag -> new Histogram(3))
                        .recordValue(event.dpc());
            }
        }
        assertEquals(wanted.keySet(), read.keySet());
        wanted.forEach((tag, histogram) -> {
            Histogram other = read.get(tag);
            assertEquals(histogram.getTotalCount(), other.getTotalCount(), tag);
            for (double percent : new double[] {1, 50, 90, 99, 99.9, 100}) {
                assertEquals(histogram.getValueAtPercentile(percent), other.getValueAtPercentile(percent), tag);
            }
        });
        assertEquals(3 * 4 * 2, intervals, "three seconds by four processors by two kinds");
        assertEquals(Instant.parse("2026-01-02T03:04:05Z").toEpochMilli() / 1000.0, reader.getStartTimeSec());
        assertTrue(new String(log, StandardCharsets.UTF_8).contains("simulated machine 4/8"));
    }

    @Test
    void protocolBuffersOwnParserFindsEachIsrInThePerfettoTrace() throws Exception {
        PerfettoView view = PerfettoView.of(export(ExportFormat.PERFETTO));
        for (int number = 0; number < 4; number++) {
            String processor = "g1:" + number;
            List<String> wanted = new ArrayList<>();
            for (Event event : events) {
                if (event.processor().equals(processor)) {
                    wanted.add(event.time() + " e\"du0 message:" + event.target() + " "
                            + (!event.claimed() ? "unclaimed" : event.number() > 2 ? "outside" : "isr"));
                }
            }
            assertAlike(wanted, view.instants("group 1/" + processor).stream()
                    .filter(text -> !text.endsWith(" loss")).toList());
        }
        assertEquals(2, view.instants("group 1/g1:1").stream().filter(text -> text.endsWith(" loss")).count()
                + view.instants("group 1/g1:3").stream().filter(text -> text.endsWith(" loss")).count());
        assertTrue(view.instants("irqscope").get(0).contains("simulated machine 4/8"));
    }

    /** Names the first difference alone: the lists are long. */
    private static void assertAlike(List<?> wanted, List<?> read) {
        for (int i = 0; i < Math.min(wanted.size(), read.size()); i++) {
            assertEquals(wanted.get(i), read.get(i), "at " + i);
        }
        assertEquals(wanted.size(), read.size());
    }

    /** A slice that began on a track ends there before the next one begins: Perfetto would draw anything else wrongly. */
    @Test
    void slicesOfOneTrackDoNotOverlap() throws Exception {
        PerfettoView view = PerfettoView.of(export(ExportFormat.PERFETTO));
        for (int number = 0; number < 4; number++) {
            String processor = "g1:" + number;
            for (String kind : new String[] {"trigger to ISR", "ISR to DPC"}) {
                boolean isDpc = kind.startsWith("ISR");
                List<String> wanted = new ArrayList<>();
                for (Event event : events) {
                    long length = isDpc ? event.dpc() : event.trigger();
                    if (event.processor().equals(processor) && length >= 0) {
                        long begin = isDpc ? event.time() : event.time() - length;
                        wanted.add(begin + " to " + (begin + length) + " e\"du0 message:" + event.target());
                    }
                }
                List<String> slices = view.slices("group 1/" + processor + "/" + kind);
                wanted.sort(null);
                assertAlike(wanted, slices);
            }
        }
        assertTrue(view.tracks("group 1/g1:0/trigger to ISR") > 1, "some overlap, or nothing was tested");
    }

    @Test
    void aRecordingWithoutAnEventIsAnExportWithoutAnEvent() throws Exception {
        try (RecordingWriter writer = new RecordingWriter(file(), header())) {
            writer.finish("interrupted", Instant.EPOCH);
        }
        assertEquals(2, new String(export(ExportFormat.JSONL), StandardCharsets.UTF_8).split("\n").length);
        assertNull(new HistogramLogReader(new ByteArrayInputStream(export(ExportFormat.HDR)))
                .nextIntervalHistogram());
        assertEquals(1, PerfettoView.of(export(ExportFormat.PERFETTO)).instants("irqscope").size());
    }

    /** A part keeps its place in time: the second second of the log is the second of the recording. */
    @Test
    void aPartOfARecordingKeepsItsPlaceInTime() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordingReader reader = RecordingReader.open(file())) {
            reader.window(1_500_000_000L, 300_000_000L);
            Export export = ExportFormat.HDR.to(reader, bytes);
            reader.readAll(export);
            export.end(reader);
            long there = events.stream().filter(event -> event.time() - START * TICK >= 1_500_000_000L
                    && event.time() - START * TICK < 1_800_000_000L).count();
            assertEquals(there, reader.events());
        }
        HistogramLogReader log = new HistogramLogReader(new ByteArrayInputStream(bytes.toByteArray()));
        int lines = 0;
        for (EncodableHistogram next = log.nextIntervalHistogram(); next != null; next = log.nextIntervalHistogram()) {
            assertEquals(log.getStartTimeSec() * 1000 + 1000, next.getStartTimeStamp());
            lines++;
        }
        assertEquals(4 * 2, lines);
    }

    @Test
    void eachExportTellsOfACutFile() throws Exception {
        byte[] whole = Files.readAllBytes(file());
        Files.write(file(), java.util.Arrays.copyOf(whole, whole.length - 200));
        String cut = "it was cut at byte " + (whole.length - 200);
        assertTrue(new String(export(ExportFormat.JSONL), StandardCharsets.UTF_8).contains(cut));
        assertTrue(new String(export(ExportFormat.HDR), StandardCharsets.UTF_8).contains(cut));
        assertTrue(PerfettoView.of(export(ExportFormat.PERFETTO)).instants("irqscope").get(1).contains(cut));
    }
}
