package io.github.irqscope.recording;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.EventRun;
import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.contract.Contract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingTest {
    private static final int RUNS = 60;
    private static final int EVENTS = 1000;

    @TempDir
    private Path folder;

    private static RecordingHeader header() {
        ProcessorSet granted = ProcessorSet.parse("g0:0-1");
        Machine machine = new Machine(
                List.of(new Machine.Group(0, ProcessorSet.parse("g0:0-3"), 4),
                        new Machine.Group(1, ProcessorSet.parse("g1:0-63"), 64)),
                List.of(new Machine.Node(0, ProcessorSet.parse("g0:0-3"))));
        return new RecordingHeader("irqscope test", List.of("record", "--load", "\"7\""), Instant.parse(
                "2026-01-02T03:04:05Z"), "sim", new SimulatedMachine("4/64", "server2022", 1, "documented"),
                machine, 7, List.of(new RecordingHeader.Feed("edu0", "PCI\\VEN_1234", "PCI\\1", "10.0.20348",
                        10_000_000, List.of(new RecordingHeader.Link(16, "message-based", List.of(
                                new RecordingHeader.Target("message:0", granted, granted, "interrupt-object",
                                        "0x00000000")))))));
    }

    /** A run with everything at its extremes, now and then. */
    private static ByteBuffer run(Random random, long base, int count) {
        ByteBuffer run = ByteBuffer.allocate(Contract.Run.SIZE + count * Contract.Event.SIZE)
                .order(ByteOrder.LITTLE_ENDIAN);
        run.putLong(Contract.Run.BASE, base).putLong(Contract.Run.SEQUENCE, random.nextLong())
                .putInt(Contract.Run.CONNECTION, 16).putInt(Contract.Run.COUNT, count)
                .putInt(Contract.Run.LOST, random.nextInt(10) == 0 ? 3 : 0)
                .putShort(Contract.Run.GROUP, (short) random.nextInt(2)).put(Contract.Run.NUMBER,
                        (byte) random.nextInt(4)).put(Contract.Run.IRQL, (byte) 5);
        for (int event = 0; event < count; event++) {
            int at = Contract.Run.SIZE + event * Contract.Event.SIZE;
            run.putInt(at + Contract.Event.TIME, random.nextInt(50) == 0 ? random.nextInt() : event * 640);
            run.putInt(at + Contract.Event.TRIGGER_TO_ISR, random.nextInt(3) == 0 ? random.nextInt() : -1);
            run.putInt(at + Contract.Event.ISR_TO_DPC, random.nextInt(9) == 0 ? -1 : random.nextInt(60));
            run.putShort(at + Contract.Event.TARGET, (short) (random.nextInt(50) == 0 ? random.nextInt() : 0));
            run.putShort(at + Contract.Event.FLAGS, (short) (random.nextInt(50) == 0 ? random.nextInt() : 1));
        }
        return run;
    }

    private static byte[] write(Path file, boolean finished) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Random random = new Random(1);
        EventRun view = new EventRun();
        try (RecordingWriter writer = new RecordingWriter(file, header())) {
            for (int i = 0; i < RUNS; i++) {
                ByteBuffer run = run(random, 1_000_000L + i * 640_000L, EVENTS);
                view.read(run, 0);
                writer.add(0, view);
                bytes.write(run.array());
            }
            if (finished) {
                writer.finish("duration", Instant.EPOCH);
            } else {
                writer.flush();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] read(RecordingReader reader) {
        ByteBuffer bytes = ByteBuffer.allocate(RUNS * (Contract.Run.SIZE + EVENTS * Contract.Event.SIZE));
        reader.readAll((feed, run) -> run.copyTo(bytes));
        byte[] all = new byte[bytes.position()];
        bytes.get(0, all);
        return all;
    }

    private Path file() {
        return folder.resolve("run.irqrec");
    }

    @Test
    void givesBackEveryByteOfEveryRun() throws IOException {
        byte[] written = write(file(), true);
        try (RecordingReader reader = RecordingReader.open(file())) {
            assertArrayEquals(written, read(reader));
            assertEquals(List.of(), reader.problems());
            assertEquals("duration", reader.reason().orElseThrow());
            assertEquals(header(), reader.header());
            assertEquals((long) RUNS * EVENTS, reader.events());
        }
    }

    @Test
    void aFileThatWasCutAnywhereIsReadableUpToTheCut() throws IOException {
        byte[] written = write(file(), true);
        byte[] whole = Files.readAllBytes(file());
        int head = blocks(whole).get(0);
        int before = 0;
        for (int length = head; length < whole.length; length += 9973) {
            Path cut = folder.resolve("cut");
            Files.write(cut, java.util.Arrays.copyOf(whole, length));
            try (RecordingReader reader = RecordingReader.open(cut)) {
                byte[] there = read(reader);
                assertArrayEquals(java.util.Arrays.copyOf(written, there.length), there);
                assertTrue(there.length >= before, "a longer file has less");
                before = there.length;
                assertEquals(1, reader.problems().size(), reader.problems().toString());
                assertTrue(reader.problems().get(0).startsWith("it was cut at byte " + length), reader.problems()
                        .get(0));
            }
        }
        assertTrue(before > 0);
    }

    @Test
    void anUnfinishedFileSaysSoAndHasEverything() throws IOException {
        byte[] written = write(file(), false);
        try (RecordingReader reader = RecordingReader.open(file())) {
            assertArrayEquals(written, read(reader));
            assertTrue(reader.problems().get(0).contains("without its end"), reader.problems().toString());
            assertTrue(reader.reason().isEmpty());
        }
    }

    @Test
    void aDamagedBlockIsNamedAndTheOthersAreRead() throws IOException {
        write(file(), true);
        byte[] whole = Files.readAllBytes(file());
        List<Integer> blocks = blocks(whole);
        int second = blocks.get(1);
        whole[second + Format.Block.SIZE + 100] ^= 1;
        Files.write(file(), whole);
        try (RecordingReader reader = RecordingReader.open(file())) {
            reader.readAll((feed, run) -> { });
            assertEquals(1, reader.problems().size(), reader.problems().toString());
            assertTrue(reader.problems().get(0).startsWith("the block at byte " + second + " is damaged: "
                    + reader.unreadable() + " events of edu0 from "), reader.problems().get(0));
            assertEquals((long) RUNS * EVENTS, reader.events() + reader.unreadable());
            assertTrue(reader.unreadable() > 0 && reader.events() > 0);
        }
    }

    @Test
    void aDamagedHeadOfABlockIsPassedOverToTheNext() throws IOException {
        write(file(), true);
        byte[] whole = Files.readAllBytes(file());
        List<Integer> blocks = blocks(whole);
        whole[blocks.get(1) + Format.Block.STORED] ^= 1;
        Files.write(file(), whole);
        try (RecordingReader reader = RecordingReader.open(file())) {
            reader.readAll((feed, run) -> { });
            assertEquals("the bytes from " + blocks.get(1) + " to " + blocks.get(2)
                    + " are no block and were passed over", reader.problems().get(0));
            assertEquals("duration", reader.reason().orElseThrow());
        }
    }

    /** Whatever is in a file: it is read or refused, and nothing else happens. */
    @Test
    void noDamageBreaksTheReader() throws IOException {
        write(file(), true);
        byte[] whole = Files.readAllBytes(file());
        Random random = new Random(5);
        long unreadable = 0;
        for (int i = 0; i < 300; i++) {
            byte[] bad = whole.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                int at = random.nextInt(whole.length);
                int length = Math.min(whole.length - at, 1 + random.nextInt(300));
                for (int j = 0; j < length; j++) {
                    bad[at + j] = (byte) random.nextInt();
                }
            }
            Files.write(file(), bad);
            try (RecordingReader reader = RecordingReader.open(file())) {
                Tally tally = new Tally(reader.header());
                reader.readAll(tally);
                assertEquals(reader.events(), tally.events());
                assertTrue(!reader.problems().isEmpty(), "nothing was noticed");
                unreadable += reader.unreadable();
            } catch (RecordingException e) {
                assertTrue(e.getMessage().contains("damaged") || e.getMessage().contains("no recording"),
                        e.getMessage());
            }
        }
        assertTrue(unreadable > 0);
    }

    private static List<Integer> blocks(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> places = new ArrayList<>();
        for (int at = 0; at + Format.Block.SIZE <= file.length; at += 8) {
            if (bytes.getInt(at) == Format.MARKER) {
                places.add(at);
            }
        }
        return places;
    }

    @Test
    void aNewerVersionIsShownAsFarAsItIsKnown() throws IOException {
        byte[] written = write(file(), true);
        byte[] whole = Files.readAllBytes(file());
        ByteBuffer head = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        head.putShort(Format.Head.MAJOR, (short) 2);
        java.util.zip.CRC32C check = new java.util.zip.CRC32C();
        check.update(whole, 0, Format.Head.CHECK);
        head.putInt(Format.Head.CHECK, (int) check.getValue());
        Files.write(file(), whole);
        try (RecordingReader reader = RecordingReader.open(file())) {
            assertArrayEquals(written, read(reader));
            assertTrue(reader.problems().get(0).contains("version 2.0 of the format, this reader knows 1.0"),
                    reader.problems().get(0));
        }
    }

    /** A run is every 64 ms of the recording's time; a second of it brings what began in that second. */
    @Test
    void aPlaybackHandsOverWhatItsTimeBrings() throws IOException {
        byte[] written = write(file(), true);
        try (Playback playback = new Playback(RecordingReader.open(file()), 0)) {
            List<Integer> runs = new ArrayList<>();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            while (!playback.hasEnded()) {
                int[] count = {0};
                playback.next((feed, run) -> {
                    ByteBuffer copy = ByteBuffer.allocate(run.size());
                    run.copyTo(copy);
                    bytes.writeBytes(copy.array());
                    count[0]++;
                }, java.time.Duration.ofMillis(640));
                runs.add(count[0]);
            }
            assertEquals(List.of(11, 10, 10, 10, 10, 9), runs);
            assertEquals(6 * 640_000_000L, playback.now());
            assertArrayEquals(written, bytes.toByteArray());
        }
    }

    @Test
    void aBlockOfAKindThatIsNotKnownIsPassedOverAndSaid() throws IOException {
        write(file(), true);
        byte[] whole = Files.readAllBytes(file());
        int first = blocks(whole).get(0);
        for (int field : new int[] {Format.Block.KIND, Format.Block.CODING}) {
            byte[] strange = whole.clone();
            strange[first + field] = 99;
            java.util.zip.CRC32C check = new java.util.zip.CRC32C();
            check.update(strange, first, Format.Block.CHECK);
            ByteBuffer.wrap(strange).order(ByteOrder.LITTLE_ENDIAN).putInt(first + Format.Block.CHECK,
                    (int) check.getValue());
            Files.write(file(), strange);
            try (RecordingReader reader = RecordingReader.open(file())) {
                reader.readAll((feed, run) -> { });
                assertTrue(reader.events() > 0 && reader.events() < (long) RUNS * EVENTS);
                assertTrue(reader.problems().contains("blocks of a kind that this reader does not know: 1, passed over"),
                        reader.problems().toString());
            }
        }
    }

    @Test
    void refusesWhatIsNoRecording() throws IOException {
        Files.writeString(file(), "not at all a recording of anything");
        String text = assertThrows(RecordingException.class, () -> RecordingReader.open(file())).getMessage();
        assertTrue(text.endsWith("this is no recording of irqscope"), text);
        assertFalse(RecordingReader.isRecording(file()));
        Files.delete(file());
        assertTrue(assertThrows(RecordingException.class, () -> RecordingReader.open(file())).getMessage()
                .endsWith("there is no such file"));
    }

    @Test
    void aTallyCountsWhatTheRunsSay() throws IOException {
        Random random = new Random(2);
        Tally tally = new Tally(header());
        long outside = 0;
        long events = 0;
        EventRun view = new EventRun();
        for (int i = 0; i < 50; i++) {
            ByteBuffer run = run(random, i, 100);
            view.read(run, 0);
            events += 100;
            boolean granted = view.group() == 0 && view.number() < 2;
            while (view.next()) {
                outside += view.target() == 0 && !granted ? 1 : 0;
            }
            view.rewind();
            tally.run(0, view);
        }
        assertEquals(events, tally.events());
        assertEquals(outside, tally.targets().get(0).outside());
        assertEquals(outside, tally.sum().outside());
        assertEquals(events, tally.sum().count());
        long onFirst = tally.row(new Processor(0, 0)).count();
        tally.reset();
        assertEquals(0, tally.events());
        assertTrue(onFirst > 0 && tally.rows().isEmpty());
    }

    @Test
    void addingARunAllocatesNothing() throws IOException {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory
                .getThreadMXBean();
        EventRun view = new EventRun();
        view.read(run(new Random(3), 1, EVENTS), 0);
        try (RecordingWriter writer = new RecordingWriter(file(), header())) {
            Tally tally = new Tally(header());
            writer.add(0, view);
            view.rewind();
            tally.run(0, view);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1000; i++) {
                writer.add(0, view);
                view.rewind();
                tally.run(0, view);
            }
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(bytes < 100_000, bytes + " bytes for 1,000,000 events");
        }
    }

    /** Every number that the page gives is the one that the program uses. */
    @Test
    void theDocumentHasTheProgramsNumbers() throws IOException, ReflectiveOperationException {
        String page = Files.readString(root().resolve("docs/recording.md"));
        Matcher row = Pattern.compile("\\| (\\d+) \\| `(\\w+)\\.(\\w+)` \\|").matcher(page);
        int rows = 0;
        while (row.find()) {
            Class<?> type = Class.forName("io.github.irqscope.recording.Format$" + row.group(2));
            java.lang.reflect.Field field = type.getDeclaredField(row.group(3));
            assertEquals(field.getInt(null), Integer.parseInt(row.group(1)), row.group());
            rows++;
        }
        assertEquals(6 + 14 + 7, rows);
        Matcher constant = Pattern.compile("\\| (\\d+) \\| `(\\w+)` \\|").matcher(page);
        int constants = 0;
        while (constant.find()) {
            assertEquals(Format.class.getDeclaredField(constant.group(2)).getInt(null),
                    Integer.parseInt(constant.group(1)), constant.group());
            constants++;
        }
        assertEquals(16, constants);
    }

    private static Path root() {
        String property = System.getProperty("irqscope.root");
        return property != null ? Path.of(property) : Path.of("").toAbsolutePath().resolve("../..").normalize();
    }
}
