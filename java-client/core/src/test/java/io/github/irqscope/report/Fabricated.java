package io.github.irqscope.report;

import io.github.irqscope.EventRun;
import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.contract.Contract;
import io.github.irqscope.recording.RecordingHeader;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.recording.RecordingWriter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** Recordings of which a test knows every event: one device with one message, a clock of 10 MHz. */
final class Fabricated {
    static final long FREQUENCY = 10_000_000;
    static final long START = 5_000_000_000L;

    private final Path file;
    private final List<ByteBuffer> runs = new ArrayList<>();
    private String device = "edu0";
    private String requested = "g0:0-7";
    private String granted = "g0:0-3";
    private int groups = 2;

    Fabricated(Path file) {
        this.file = file;
    }

    Fabricated device(String name) {
        device = name;
        return this;
    }

    Fabricated requested(String set) {
        requested = set;
        return this;
    }

    Fabricated granted(String set) {
        granted = set;
        return this;
    }

    Fabricated groups(int count) {
        groups = count;
        return this;
    }

    /** Events from a time on (microseconds since the start), so far apart, with a time from ISR to DPC each, in ticks. */
    Fabricated run(String processor, long from, int count, long apart, int lost, LongUnaryOperator ticks) {
        Processor at = Processor.parse(processor);
        ByteBuffer run = ByteBuffer.allocate(Contract.Run.SIZE + count * Contract.Event.SIZE)
                .order(ByteOrder.LITTLE_ENDIAN);
        run.putLong(Contract.Run.BASE, START + from * 10).putLong(Contract.Run.SEQUENCE, 0)
                .putInt(Contract.Run.CONNECTION, 16).putInt(Contract.Run.COUNT, count)
                .putInt(Contract.Run.LOST, lost).putShort(Contract.Run.GROUP, (short) at.group())
                .put(Contract.Run.NUMBER, (byte) at.number()).put(Contract.Run.IRQL, (byte) 5);
        for (int event = 0; event < count; event++) {
            int place = Contract.Run.SIZE + event * Contract.Event.SIZE;
            run.putInt(place + Contract.Event.TIME, (int) (event * apart * 10));
            run.putInt(place + Contract.Event.TRIGGER_TO_ISR, Contract.TIME_UNKNOWN);
            run.putInt(place + Contract.Event.ISR_TO_DPC, (int) ticks.applyAsLong(event));
            run.putShort(place + Contract.Event.TARGET, (short) 0);
            run.putShort(place + Contract.Event.FLAGS, (short) Contract.EVENT_CLAIMED);
        }
        runs.add(run);
        return this;
    }

    Fabricated run(String processor, long from, int count, long apart) {
        return run(processor, from, count, apart, 0, event -> 40);
    }

    /** A steady second on g0:0 to g0:3, 100 events each, times that scatter around so many ticks. */
    Fabricated steady(int ticks) {
        for (int block = 0; block < 100; block++) {
            int number = block;
            for (int processor = 0; processor < 4; processor++) {
                int its = processor;
                run("g0:" + processor, block * 10_000L, 10, 1000, 0,
                        event -> ticks + (number * 7 + event * 13 + its * 5) % 11 - 5);
            }
        }
        return this;
    }

    RecordingHeader header() {
        List<Machine.Group> all = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            all.add(new Machine.Group(group, ProcessorSet.of(group, -1L), 64));
        }
        ProcessorSet wanted = ProcessorSet.parse(requested);
        RecordingHeader.Target target = new RecordingHeader.Target("message:0", wanted,
                granted == null ? null : ProcessorSet.parse(granted), "interrupt-object", "0x00000000");
        return new RecordingHeader("irqscope test", List.of("record", "-o", "x"), Instant.parse("2026-01-02T03:04:05Z"),
                "sim", new SimulatedMachine("2x64", "server2022", 1, "documented"), new Machine(all, List.of()), 1000,
                List.of(new RecordingHeader.Feed(device, "PCI\\VEN_1234", "PCI\\1", "10.0.20348", FREQUENCY,
                        List.of(new RecordingHeader.Link(16, "message-based", List.of(target))))));
    }

    Path write() {
        EventRun view = new EventRun();
        try (RecordingWriter writer = new RecordingWriter(file, header())) {
            for (ByteBuffer run : runs) {
                view.read(run, 0);
                writer.add(0, view);
            }
            writer.finish("duration", Instant.EPOCH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    Evidence evidence() {
        try (RecordingReader reader = RecordingReader.open(write())) {
            return Evidence.of(file.getFileName().toString(), reader, all -> true);
        }
    }

    /** A timeline of the runs as they are, without a file. */
    Timeline timeline() {
        Timeline timeline = new Timeline(header());
        EventRun view = new EventRun();
        for (ByteBuffer run : runs) {
            view.read(run, 0);
            timeline.run(0, view);
        }
        return timeline;
    }
}
