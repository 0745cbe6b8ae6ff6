package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandLineTest {
    private static CommandLine parse(String... words) {
        return CommandLine.parse(words);
    }

    private static String refusal(String... words) {
        return assertThrows(UsageException.class, () -> CommandLine.parse(words)).getMessage();
    }

    @Test
    void takesValuesBehindABlankAndBehindAnEqualsSign() {
        assertEquals("7", parse("validate", "--seed", "7").text(Option.SEED, ""));
        assertEquals("7", parse("validate", "--seed=7").text(Option.SEED, ""));
        assertEquals("a=b", parse("validate", "--output=a=b").text(Option.OUTPUT, ""));
        assertEquals("", parse("validate", "--output=").text(Option.OUTPUT, "x"));
    }

    @Test
    void takesOptionsBeforeTheVerb() {
        CommandLine line = parse("--json", "--seed", "7", "validate", "-v");
        assertEquals(Verb.VALIDATE, line.verb());
        assertTrue(line.has(Option.JSON));
        assertTrue(line.has(Option.VERBOSE));
    }

    @Test
    void takesLettersInARow() {
        assertEquals("f", parse("validate", "-vo", "f").text(Option.OUTPUT, ""));
        assertEquals("f", parse("validate", "-vof").text(Option.OUTPUT, ""));
        assertEquals("f", parse("validate", "-o=f").text(Option.OUTPUT, ""));
        assertEquals("-", parse("validate", "-o", "-").text(Option.OUTPUT, ""));
    }

    @Test
    void keepsEveryValueOfARepeatedOptionAndTheLastOneAsTheValue() {
        CommandLine line = parse("validate", "--fault", "lost", "--fault=late", "--seed", "1", "--seed", "2");
        assertEquals(List.of("lost", "late"), line.all(Option.FAULT));
        assertEquals("2", line.text(Option.SEED, ""));
        assertEquals(List.of(), line.all(Option.DEVICE));
        assertFalse(line.has(Option.DEVICE));
    }

    @Test
    void endsOptionsAtTwoDashes() {
        assertEquals(Verb.MACHINE, parse("--", "machine").verb());
        assertEquals("unknown verb '--json'", refusal("--", "--json"));
    }

    @Test
    void namesTheNearestVerbs() {
        assertEquals("unknown verb 'valdiate'; did you mean 'validate'?", refusal("valdiate"));
        assertEquals("unknown verb 'dev'; did you mean 'devices'?", refusal("dev"));
        assertEquals("unknown verb 'gaze'", refusal("gaze"));
        assertEquals("help: unknown verb 'triger'; did you mean 'trigger'?", refusal("help", "triger"));
    }

    @Test
    void namesTheNearestOptions() {
        assertEquals("unknown option --sead; did you mean '--seed'?", refusal("validate", "--sead=1"));
        assertEquals("unknown option --proc; did you mean '--processors'?", refusal("validate", "--proc", "g0:0"));
        assertEquals("unknown option -x", refusal("validate", "-x"));
        assertEquals("unknown option -j in -json; did you mean '--json'?", refusal("validate", "-json"));
    }

    @Test
    void refusesAnOptionThatTheVerbHasNotAndSaysWhichHas() {
        assertEquals("machine has no option --count (it belongs to trigger, validate)",
                refusal("machine", "--count", "1"));
    }

    @Test
    void refusesAForgottenValue() {
        assertEquals("--seed needs a value: N", refusal("validate", "--seed"));
        assertEquals("--seed needs a value: N, not the option --json", refusal("validate", "--seed", "--json"));
        assertEquals("-o needs a value: FILE", refusal("validate", "-o"));
    }

    @Test
    void refusesAValueOfASwitch() {
        assertEquals("--json takes no value", refusal("validate", "--json=yes"));
    }

    @Test
    void refusesWordsThatNoOptionTakes() {
        assertEquals("validate does not know what 'edu0' is for; values follow an option, as in --device edu0",
                refusal("validate", "edu0"));
        assertEquals("the verb is empty", refusal(""));
    }

    @Test
    void knowsWhatHelpIsAskedAbout() {
        assertEquals(Verb.TRIGGER, parse("trigger", "--help").topic());
        assertEquals(Verb.TRIGGER, parse("help", "trigger").topic());
        assertNull(parse("help").topic());
        assertNull(parse("--help").topic());
        assertNull(parse().verb());
    }

    @Test
    void refusalsRememberTheVerb() {
        assertEquals(Verb.VALIDATE, assertThrows(UsageException.class, () -> parse("validate", "--x")).verb());
        assertNull(assertThrows(UsageException.class, () -> parse("x")).verb());
    }
}
