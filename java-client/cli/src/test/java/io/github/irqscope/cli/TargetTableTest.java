package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Way;
import io.github.irqscope.validation.Expectation;
import io.github.irqscope.validation.TargetResult;
import io.github.irqscope.validation.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TargetTableTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Printer printer(boolean colors) {
        return new Printer(new PrintStream(bytes, true, StandardCharsets.UTF_8), colors, true, 100);
    }

    private List<String> print(boolean withObserved, boolean compact, List<TargetResult> targets) {
        TargetTable table = new TargetTable(printer(false), withObserved, compact);
        targets.forEach(table::add);
        table.flush();
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> print(TargetResult... targets) {
        return print(true, true, List.of(targets));
    }

    @Test
    void showsRequestedGrantedObservedAndVerdict() {
        assertEquals(List.of("", "edu0",
                " RESOURCE   WAY                    REQUESTED  GRANTED  OBSERVED     VERDICT",
                " message:0  fully-specified-group  g1:0-15    g1:0-15  100 on g1:0  LANDED",
                " message:0  io-connect-interrupt   g1:0-15    REFUSED as expected: STATUS_NOT_SUPPORTED"),
                print(Targets.landed("edu0", "message:0", Way.FULLY_SPECIFIED_GROUP, "g1:0-15"),
                        Targets.refused("edu0", "message:0", Way.IO_CONNECT_INTERRUPT, "g1:0-15")));
    }

    @Test
    void messagesThatSayTheSameShareALine() {
        List<TargetResult> targets = new ArrayList<>();
        for (int message = 0; message < 8; message++) {
            targets.add(Targets.landed("igb0", "message:" + message, Way.MESSAGE_BASED, "g0:0-63"));
        }
        List<String> lines = print(true, true, targets);
        assertEquals(" message:0-7  message-based  g0:0-63    g0:0-63  800 on g0:0  LANDED", lines.get(3));
        assertEquals(4, lines.size());
    }

    @Test
    void everyTargetHasItsLineWhenAsked() {
        List<TargetResult> targets = new ArrayList<>();
        for (int message = 0; message < 8; message++) {
            targets.add(Targets.landed("igb0", "message:" + message, Way.MESSAGE_BASED, "g0:0-63"));
        }
        assertEquals(3 + 8, print(true, false, targets).size());
    }

    @Test
    void aMessageThatDiffersHasItsOwnLine() {
        List<String> lines = print(Targets.landed("igb0", "message:0", Way.MESSAGE_BASED, "g0:0-63"),
                Targets.landed("igb0", "message:1", Way.MESSAGE_BASED, "g0:0-63", "g0:5",
                        new Expectation(Verdict.LANDED, List.of(0))),
                Targets.landed("igb0", "message:2", Way.MESSAGE_BASED, "g0:0-63"));
        assertEquals(3 + 3, lines.size());
        assertTrue(lines.get(4).contains("message:1  message-based  g0:0-63    g0:5 "), lines.get(4));
    }

    @Test
    void fewGroupsStandEachForThemselvesAndManyShareLines() {
        assertEquals(3 + 2 * 2, print(true, true, groups(2)).size());
        bytes.reset();
        List<String> lines = print(true, true, groups(32));
        // Group 0 says something else; groups 1 to 31 say the same.
        assertEquals(3 + 2 * 2, lines.size());
        assertEquals(" message:0  io-connect-interrupt   g1 to g31  REFUSED as expected: STATUS_NOT_SUPPORTED",
                lines.get(5));
        assertEquals(" message:0  fully-specified-group  g1 to g31  = asked  3100 on 31 processors  LANDED",
                lines.get(6));
        for (String line : lines) {
            assertTrue(line.length() <= 100, line);
        }
    }

    @Test
    void processorsOfManyGroupsShareALineAndTheOneThatDiffersHasItsOwn() {
        List<TargetResult> targets = new ArrayList<>();
        for (int group = 0; group < 5; group++) {
            for (int number = 0; number < 8; number++) {
                String asked = "g" + group + ":" + number;
                targets.add(Targets.landed("edu0", "message:0", Way.FULLY_SPECIFIED_GROUP, asked,
                        group == 3 && number == 2 ? "g0:7" : asked, new Expectation(Verdict.LANDED, List.of(0))));
            }
        }
        List<String> lines = print(true, true, targets);
        assertEquals(3 + 3, lines.size(), lines.toString());
        assertTrue(lines.get(3).contains(" 4 groups "), lines.get(3));
        assertTrue(lines.get(3).contains(" 3200 on "), lines.get(3));
        assertTrue(lines.get(4).matches(" message:0  fully-specified-group  g3:0-1,3-7 .* 700 on .*"), lines.get(4));
        assertTrue(lines.get(5).matches(" message:0  fully-specified-group  g3:2 +g0:7 .*, expected LANDED"), lines.get(5));
        bytes.reset();
        assertEquals(3 + 40, print(true, false, targets).size());
    }

    private static List<TargetResult> groups(int count) {
        List<TargetResult> targets = new ArrayList<>();
        for (int group = 0; group < count; group++) {
            String asked = "g" + group + ":0-63";
            targets.add(group == 0 ? Targets.landed("edu0", "message:0", Way.IO_CONNECT_INTERRUPT, asked)
                    : Targets.refused("edu0", "message:0", Way.IO_CONNECT_INTERRUPT, asked));
            targets.add(Targets.landed("edu0", "message:0", Way.FULLY_SPECIFIED_GROUP, asked));
        }
        return targets;
    }

    @Test
    void saysWhatWasExpectedWhenItDidNotCome() {
        Expectation lands = new Expectation(Verdict.LANDED, List.of(0));
        Expectation refuses = new Expectation(Verdict.REFUSED, List.of(0xC0000010, 0xC000000D));
        List<String> lines = print(
                Targets.refused("edu0", "message:0", Way.FULLY_SPECIFIED, "g0:0", lands),
                Targets.refused("edu0", "message:0", Way.LINE_BASED, "g0:0", refuses),
                Targets.landed("edu0", "message:0", Way.MESSAGE_BASED, "g0:0", "g0:0", refuses),
                Targets.landed("edu0", "message:0", Way.FULLY_SPECIFIED_GROUP, "g0:0", "g1:0", lands));
        assertTrue(lines.get(3).endsWith("REFUSED: STATUS_NOT_SUPPORTED, expected LANDED"), lines.get(3));
        assertTrue(lines.get(4).endsWith(
                "REFUSED: STATUS_NOT_SUPPORTED, expected STATUS_INVALID_DEVICE_REQUEST or STATUS_INVALID_PARAMETER"),
                lines.get(4));
        assertTrue(lines.get(5).endsWith(
                "LANDED, expected REFUSED STATUS_INVALID_DEVICE_REQUEST or STATUS_INVALID_PARAMETER"), lines.get(5));
        assertTrue(lines.get(6).endsWith("WRONG_GROUP, expected LANDED"), lines.get(6));
    }

    @Test
    void coloursOnlyTheVerdict() {
        TargetTable table = new TargetTable(printer(true), true, true);
        table.add(Targets.landed("edu0", "message:0", Way.FULLY_SPECIFIED_GROUP, "g1:0", "g0:0",
                new Expectation(Verdict.LANDED, List.of(0))));
        table.flush();
        assertTrue(bytes.toString(StandardCharsets.UTF_8)
                .endsWith("100 on g0:0  \u001b[1;31mWRONG_GROUP, expected LANDED\u001b[0m\n"));
    }

    @Test
    void affinityTellsWhereTheGrantWasRead() {
        List<String> lines = print(false, true,
                List.of(Targets.landed("edu0", "message:0", Way.FULLY_SPECIFIED_GROUP, "g1:0-15")));
        assertTrue(lines.get(2).endsWith("GRANTED  FROM              VERDICT"), lines.get(2));
        assertTrue(lines.get(3).endsWith("g1:0-15  interrupt-object  LANDED"), lines.get(3));
    }
}
