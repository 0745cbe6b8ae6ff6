package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class ValuesTest {
    private final Values values = new Values(Verb.VALIDATE);

    private static String refusal(Executable check) {
        return assertThrows(UsageException.class, check).getMessage();
    }

    private long count(String text) {
        return values.number(Option.COUNT, text, 1, 1000);
    }

    @Test
    void countsAreWholeNumbersWithinLimits() {
        assertEquals(1, count("1"));
        assertEquals(1000, count("1000"));
        assertEquals("--count 0: at least 1", refusal(() -> count("0")));
        assertEquals("--count 1001: at most 1000", refusal(() -> count("1001")));
        assertEquals("--count 99999999999999999999999: at most 1000", refusal(() -> count("99999999999999999999999")));
        assertEquals("--count 12x: column 3: 'x' is not a digit (a whole number from 1 to 1000)",
                refusal(() -> count("12x")));
        assertEquals("--count -1: column 1: '-' is not a digit (a whole number from 1 to 1000)",
                refusal(() -> count("-1")));
        assertEquals("--count \"\": column 1: a number is missing", refusal(() -> count("")));
    }

    @Test
    void aLimitOfOneDigitHolds() {
        assertEquals(5, values.number(Option.COUNT, "5", 0, 5));
        assertEquals("--count 6: at most 5", refusal(() -> values.number(Option.COUNT, "6", 0, 5)));
    }

    @Test
    void seedsAreDecimalOrHexadecimal() {
        assertEquals(7, values.seed("7"));
        assertEquals(255, values.seed("0xFf"));
        assertEquals("--seed 0xfg: column 4: 'g' is not a hexadecimal digit", refusal(() -> values.seed("0xfg")));
        assertEquals("--seed 0xffffffffffffffffff: at most 0x7fffffffffffffff",
                refusal(() -> values.seed("0xffffffffffffffffff")));
    }

    @Test
    void seedsReachTheSameLimitInBothNotations() {
        assertEquals(Long.MAX_VALUE, values.seed("0x7fffffffffffffff"));
        assertEquals(Long.MAX_VALUE, values.seed("9223372036854775807"));
        assertEquals("--seed 9223372036854775808: at most 9223372036854775807",
                refusal(() -> values.seed("9223372036854775808")));
        assertEquals("--seed 0x8000000000000000: at most 0x7fffffffffffffff",
                refusal(() -> values.seed("0x8000000000000000")));
    }

    @Test
    void ratesAreTriggersASecond() {
        assertEquals(1000, values.rate("1000/s"));
        assertEquals(1000, values.rate("1000"));
        assertEquals("--rate 5/ms: column 2: a rate is N or N/s, triggers a second",
                refusal(() -> values.rate("5/ms")));
        assertEquals("--rate /s: column 1: a number is missing", refusal(() -> values.rate("/s")));
        assertEquals("--rate 0/s: at least 1", refusal(() -> values.rate("0/s")));
    }

    @Test
    void listsNameTheColumnOfAHole() {
        assertEquals(List.of("edu0", "igb0", "uart0"), values.list(Option.DEVICE, List.of("edu0,igb0", "uart0,edu0")));
        assertEquals("--device edu0,,igb0: column 6: a name is missing",
                refusal(() -> values.list(Option.DEVICE, List.of("edu0,,igb0"))));
        assertEquals("--device edu0,: column 6: a name is missing",
                refusal(() -> values.list(Option.DEVICE, List.of("edu0,"))));
    }

    @Test
    void resourcesAreLinesOrMessages() {
        assertEquals(List.of("line:0", "message:12"), values.resources(List.of("line:0,message:12")));
        assertEquals("--resource irq:3: a resource is line:N or message:N",
                refusal(() -> values.resources(List.of("irq:3"))));
        assertEquals("--resource message:x: column 9: 'x' is not a digit (a whole number from 0 to 2047)",
                refusal(() -> values.resources(List.of("message:x"))));
    }

    @Test
    void groupsAreNumbersWithOrWithoutTheLetter() {
        assertEquals(List.of(0, 2), values.groups(List.of("0,g2")));
        assertEquals("--group gx: column 2: 'x' is not a digit (a whole number from 0 to 65534)",
                refusal(() -> values.groups(List.of("gx"))));
    }

    @Test
    void faultsHaveANameAndKnownKeys() {
        assertEquals("lost", values.fault("lost"));
        assertEquals("lost device=edu0 after=3 count=1", values.fault("lost,device=edu0,after=3,count=1"));
        assertEquals("--fault los: one of lost, late, spurious, stuck, storm, gone, retarget, wrong-group, "
                + "outside-mask, fall-back, never-fires and refused; did you mean 'lost'?",
                refusal(() -> values.fault("los")));
        assertEquals("--fault lost,devise=edu0: column 6: behind the name come device=NAME, after=N, count=N, "
                + "every=N (of fall-back also messages=1, of spurious neighbour=1); did you mean 'device'?", refusal(() -> values.fault("lost,devise=edu0")));
        assertEquals("--fault lost,after=x: column 12: 'x' is not a digit (a whole number from 0 to 2147483647)",
                refusal(() -> values.fault("lost,after=x")));
        assertEquals("--fault lost,device=: column 13: a name is missing", refusal(() -> values.fault("lost,device=")));
    }

    @Test
    void choicesNameWhatThereIs() {
        assertEquals("win10", values.choice(Option.PROFILE, "win10", Values.PROFILES));
        assertEquals("--profile win11: one of nt52, win7, win10 and server2022; did you mean 'win10'?",
                refusal(() -> values.choice(Option.PROFILE, "win11", Values.PROFILES)));
    }

    @Test
    void refusalsAreOfTheVerb() {
        assertEquals(Verb.VALIDATE, assertThrows(UsageException.class, () -> count("x")).verb());
    }
}
