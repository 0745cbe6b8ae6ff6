package io.github.irqscope.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.irqscope.Machine;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.recording.RecordingHeader;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static String subject(String bed, SimulatedMachine made) {
        return Meter.subject(new RecordingHeader("irqscope test", List.of("watch"), Instant.EPOCH, bed, made,
                new Machine(Sights.groups(8), List.of()), 0,
                List.of(new RecordingHeader.Feed("edu0", "PCI\\VEN_1234", "PCI\\1", "10.0.20348", 10_000_000,
                        List.of()))));
    }

    @Test
    void saysOnWhatItIsSeen() {
        SimulatedMachine made = new SimulatedMachine("1x8", "win10", 7, "observed");
        assertEquals("simulated machine 1x8, win10, seed 7", subject("sim", made));
        assertEquals("bed wine, simulated machine 1x8, win10, seed 7", subject("wine", made));
        assertEquals("bed vm, kernel 10.0.20348", subject("vm", null));
    }
}
