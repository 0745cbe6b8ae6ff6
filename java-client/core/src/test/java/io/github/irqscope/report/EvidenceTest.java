package io.github.irqscope.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.validation.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvidenceTest {
    @TempDir
    private Path folder;

    private Fabricated events() {
        return new Fabricated(folder.resolve("run.irqrec"));
    }

    @Test
    void everythingInsideIsLanded() {
        Evidence evidence = events().steady(40).evidence();
        assertEquals(Verdict.LANDED, evidence.verdict());
        assertEquals(Evidence.Tone.GOOD, evidence.tone());
        assertEquals("LANDED: all 4,000 ISR runs of 1 target were inside what was granted and requested, on 4 "
                + "processors.", evidence.sentence());
        assertEquals(4000, evidence.all().isrToDpc().count());
        assertEquals(4000, Arrays.stream(evidence.all().isrToDpc().counts()).sum());
        assertNull(evidence.all().triggerToIsr());
        assertTrue(evidence.all().isrToDpc().p50() >= 3900 && evidence.all().isrToDpc().p50() <= 4100,
                evidence.all().isrToDpc().toString());
    }

    @Test
    void oneIsrOutsideOfTheMaskIsSeen() {
        Evidence evidence = events().steady(40).run("g0:5", 100, 1, 1).evidence();
        assertEquals(Verdict.OUTSIDE_MASK, evidence.verdict());
        assertFalse(evidence.asExpected());
        assertEquals(Evidence.Tone.BAD, evidence.tone());
        assertEquals(1, evidence.outside());
        assertTrue(evidence.sentence().contains("edu0 message:0: 1 ISR ran on g0:5, outside of what was granted"),
                evidence.sentence());
    }

    @Test
    void anIsrInAnotherGroupIsTheWorse() {
        Evidence evidence = events().steady(40).run("g1:1", 100, 2, 1).evidence();
        assertEquals(Verdict.WRONG_GROUP, evidence.verdict());
        assertTrue(evidence.sentence().contains("requested in group 0, granted in group 0, ran in groups 0, 1"),
                evidence.sentence());
    }

    @Test
    void aGrantOutsideOfTheRequestIsSeenWithoutAnyEvent() {
        assertEquals(Verdict.OUTSIDE_MASK, events().granted("g0:0-9").evidence().verdict());
    }

    @Test
    void nothingIsNoVerdict() {
        Evidence evidence = events().evidence();
        assertNull(evidence.verdict());
        assertTrue(evidence.asExpected());
        assertEquals(Evidence.Tone.WARNING, evidence.tone());
        assertEquals("Nothing ran: no ISR of 1 target was recorded.", evidence.sentence());
    }

    @Test
    void lossMakesItIncompleteAndIsSaid() {
        Evidence evidence = events().run("g0:1", 0, 2, 10, 9, event -> 3).evidence();
        assertEquals(9, evidence.lost());
        assertEquals(Evidence.Tone.WARNING, evidence.tone());
        assertTrue(evidence.sentence().contains("the stream lost 9 events"), evidence.sentence());
    }

    @Test
    void aGrantThatIsNotKnownIsJudgedByTheRequest() {
        Evidence evidence = events().granted(null).run("g0:7", 0, 1, 1).evidence();
        assertEquals(Verdict.LANDED, evidence.verdict());
        assertTrue(evidence.targets().get(0).explanation().startsWith("what was granted is not known"));
    }

    @Test
    void whatIsWrongWithAFileIsKept() throws IOException {
        Path whole = events().steady(40).write();
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(folder.resolve("cut.irqrec"), Arrays.copyOf(bytes, bytes.length - 40));
        try (RecordingReader reader = RecordingReader.open(cut)) {
            Evidence evidence = Evidence.of("cut.irqrec", reader, all -> true);
            assertTrue(evidence.notes().get(0).contains("it was cut at byte"), evidence.notes().toString());
        }
    }

    @Test
    void whatWasReadUntilItWasInterruptedIsKept() {
        Fabricated events = events();
        for (int run = 0; run < 200; run++) {
            events.run("g0:0", run * 10_000L, 1000, 10);
        }
        try (RecordingReader reader = RecordingReader.open(events.write())) {
            Evidence evidence = Evidence.of("run.irqrec", reader, all -> false);
            assertTrue(evidence.events() > 0 && evidence.events() < 200_000, evidence.events() + " events");
            assertTrue(evidence.notes().get(0).contains("only: interrupted"), evidence.notes().toString());
        }
    }
}
