package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.json.JsonReader;
import io.github.irqscope.validation.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each verdict is brought about by a fault of the simulated machine, and explained in one sentence on the screen. The
 * sentence is held against the fields of the document of the same run.
 */
@DisplayName("VerdictsTest [sim]")
final class VerdictsTest {
    private final Command command = new Command();

    /** A fault, the verdict that it brings about, and the sentence; in it %name stands for a field of the target. */
    private enum Case {
        LANDED(Verdict.LANDED, "edu0", null, ""),
        REFUSED(Verdict.REFUSED, "edu0", "refused", "the connect was refused with %statusName (%status)"),
        NEVER_FIRED(Verdict.NEVER_FIRED, "edu0", "never-fires", "%sent interrupts were sent, and none arrived"),
        STORM(Verdict.STORM_MASKED, "edu0", "storm", "the device interrupted again and again after %sent sent, and the"
                + " storm guard masked it after %arrived"),
        STUCK(Verdict.STORM_MASKED, "edu1", "stuck", "the device interrupted again and again after %sent sent, and the"
                + " storm guard masked it after %arrived"),
        WRONG_GROUP(Verdict.WRONG_GROUP, "edu0", "wrong-group", "requested in group 1, granted in group 2"),
        OUTSIDE_MASK(Verdict.OUTSIDE_MASK, "edu0", "outside-mask",
                "ISRs ran on g1:8-15, outside of what was granted, %granted"),
        RETARGETED(Verdict.RETARGETED, "edu0", "retarget,after=30", "the system restarted the device unasked, and what had"
                + " been granted on %previousGranted is granted on %granted since"),
        LOST(Verdict.LOST, "edu0", "lost", "%lost of %sent triggers had no ISR within the limit"),
        LATE(Verdict.LOST, "edu0", "late", "%lost of %sent triggers had no ISR within the limit"),
        GONE(Verdict.LOST, "edu0", "gone,after=30", "%lost of %sent triggers had no ISR within the limit"),
        SPURIOUS(Verdict.SPURIOUS, "edu0", "spurious", "%spurious ISR calls came that nobody had asked for (%sent sent,"
                + " %arrived arrived)"),
        FELL_BACK(Verdict.FELL_BACK, "edu0", "fall-back", "a line is connected where 1 message was asked for"),
        FEWER(Verdict.FELL_BACK, "igb0", "fall-back,messages=1", "1 of 8 messages were assigned");

        private final Verdict verdict;
        private final String device;
        private final String fault;
        private final String sentence;

        Case(Verdict verdict, String device, String fault, String sentence) {
            this.verdict = verdict;
            this.device = device;
            this.fault = fault;
            this.sentence = sentence;
        }

        String[] words(String... more) {
            String way = this == FEWER ? "message-based" : device.equals("edu1") ? "line-based" : "fully-specified-group";
            List<String> words = new ArrayList<>(List.of("validate", "--device", device, "--way", way,
                    "--group", "1"));
            if (fault != null) {
                words.addAll(List.of("--fault", fault.replaceFirst("(,|$)", ",device=" + device + "$1")));
            }
            words.addAll(List.of(more));
            return words.toArray(String[]::new);
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void aFaultIsSeenAndExplained(Case what) {
        int code = what.verdict == Verdict.LANDED ? ExitCode.FINE : ExitCode.NOT_AS_EXPECTED;
        assertEquals(code, command.run(what.words("--json")), command.err());
        Map<String, Object> document = JsonReader.readObject(command.out());
        assertEquals(what.verdict.toString(), document.get("verdict"));
        Map<?, ?> target = (Map<?, ?>) ((List<?>) document.get("targets")).get(0);
        assertEquals(what.verdict.toString(), target.get("verdict"));
        assertEquals(code, command.run(what.words()), command.err());
        String screen = command.out();
        if (what.verdict == Verdict.LANDED) {
            assertTrue(screen.contains("LANDED: 1 target on 1 device in 1 group is as expected"), screen);
            return;
        }
        String sentence = what.sentence;
        for (Object name : target.keySet()) {
            sentence = sentence.replaceAll("%" + Pattern.quote((String) name) + "\\b",
                    String.valueOf(target.get(name)).replace("\\", "\\\\"));
        }
        String whole = what.verdict + (what == Case.REFUSED ? ": " + target.get("statusName") : "")
                + ", expected LANDED: " + sentence + ".";
        List<String> lines = screen.lines().filter(line -> line.startsWith("Not as expected: " + what.device)).toList();
        assertEquals(1, lines.size(), screen);
        assertTrue(lines.get(0).endsWith(whole), lines.get(0) + "\n is not \n" + whole);
        assertTrue(screen.lines().anyMatch(line -> line.startsWith(what.verdict + ": 1 of 1 target")), screen);
    }

    @Test
    void whatArrivedAndWhereAgreeAlsoOfADeviceThatWentAway() {
        assertEquals(ExitCode.NOT_AS_EXPECTED, command.run(Case.GONE.words("--json")), command.err());
        Map<?, ?> target = (Map<?, ?>) ((List<?>) JsonReader.readObject(command.out()).get("targets")).get(0);
        long heard = ((Map<?, ?>) target.get("observed")).values().stream().mapToLong(count -> (Long) count).sum();
        assertEquals(30L, heard);
        assertEquals(30L, target.get("arrived"));
        assertEquals(31L, target.get("sent"));
        assertEquals(1L, target.get("lost"));
    }

    @Test
    void everyVerdictHasACase() {
        Set<Verdict> covered = EnumSet.noneOf(Verdict.class);
        for (Case what : Case.values()) {
            covered.add(what.verdict);
        }
        assertEquals(EnumSet.allOf(Verdict.class), covered);
    }
}
