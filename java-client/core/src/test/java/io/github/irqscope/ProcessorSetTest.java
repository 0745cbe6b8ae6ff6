package io.github.irqscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessorSetTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "g0:0", "g0:0-3,8 g1:4-7", "g1:0-1", "g0:63", "g0:0-63", "g31:0-63 g65534:5",
        "g0:0,2,4,6", "g2:62-63"})
    void canonicalTextComesBackAsItWas(String text) {
        assertEquals(text, ProcessorSet.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "g1:4-7  g0:8,0-3 | g0:0-3,8 g1:4-7",
        "g0:1,0 | g0:0-1",
        "g0:0 g0:1 g0:2 | g0:0-2",
        "G0:5-5 | g0:5",
        "g0:0-3,2-6 | g0:0-6",
        "g007:01 | g7:1"})
    void otherTextsBecomeCanonical(String text, String canonical) {
        assertEquals(canonical, ProcessorSet.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0-3 | 1 | a group such as g0:",
        "g:0 | 2 | a group's number",
        "g0 | 3 | a colon",
        "g0: | 4 | a processor's number",
        "g0:x | 4 | a processor's number",
        "g0:64 | 4 | a processor's number is 0 to 63",
        "g0:0-64 | 6 | a processor's number is 0 to 63",
        "g0:7-3 | 4 | runs backwards",
        "g0:1, | 6 | a processor's number",
        "g0:1;2 | 5 | a comma or a blank",
        "g0:0 1 | 6 | a group such as g0:",
        "g65535:0 | 2 | a group's number is 0 to 65534",
        "g99999999999999:0 | 2 | a group's number is 0 to 65534",
        "g0:99999999999999999999 | 4 | a processor's number is 0 to 63"})
    void refusesNonsenseNamingTheColumn(String text, int column, String why) {
        String message = assertThrows(IllegalArgumentException.class, () -> ProcessorSet.parse(text)).getMessage();
        assertTrue(message.contains("column " + column + ":"), message);
        assertTrue(message.contains(why), message);
    }

    private static final Machine MACHINE = new Machine(List.of(
            new Machine.Group(0, ProcessorSet.parse("g0:0-7"), 8), new Machine.Group(1, ProcessorSet.parse("g1:0-3"), 8)),
            List.of(new Machine.Node(0, ProcessorSet.parse("g0:0-3")), new Machine.Node(1, ProcessorSet.parse("g0:4-7")),
                    new Machine.Node(2, ProcessorSet.parse("g1:0-3"))));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "g0:0xff | g0:0-7",
        "g1:0x00f0,0 | g1:0,4-7",
        "g2:0X8000000000000001 | g2:0,63",
        "node:1 | g0:4-7",
        "node:0,2 g0:6 | g0:0-3,6 g1:0-3",
        "node:0-1 | g0:0-7",
        "group:1 | g1:0-3",
        "ALL | g0:0-7 g1:0-3"})
    void masksNodesGroupsAndAllBecomeCanonical(String text, String canonical) {
        assertEquals(canonical, ProcessorSet.parse(text, MACHINE).toString());
        assertEquals(text.matches("(?i).*(node|group:|all).*"), ProcessorSet.needsMachine(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "node:3 | 6 | this machine has no node 3; it has the nodes 0 to 2",
        "g0:1 group:2 | 12 | no group 2",
        "node: | 6 | a node's number",
        "allx | 4 | a blank",
        "g0:0x | 6 | a hexadecimal digit",
        "g0:0x0 | 6 | names no processor",
        "g0:0x12345678901234567 | 22 | 16 hexadecimal digits"})
    void refusesWhatThisMachineDoesNotHave(String text, int column, String why) {
        ProcessorSyntaxException refused = assertThrows(ProcessorSyntaxException.class,
                () -> ProcessorSet.parse(text, MACHINE));
        assertEquals(column, refused.column(), refused.getMessage());
        assertTrue(refused.reason().contains(why), refused.getMessage());
    }

    @Test
    void aNodeNeedsAMachine() {
        assertTrue(assertThrows(ProcessorSyntaxException.class, () -> ProcessorSet.parse("g0:1 node:0")).reason()
                .contains("only a machine"));
    }

    @Test
    void randomSetsSurviveTheirText() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            ProcessorSet set = ProcessorSet.empty();
            for (int group = random.nextInt(3); group < 32; group += 1 + random.nextInt(12)) {
                set = set.plus(ProcessorSet.of(group, random.nextLong() & random.nextLong()));
            }
            assertEquals(set, ProcessorSet.parse(set.toString()));
        }
    }

    @Test
    void walksItsProcessorsInOrder() {
        List<Processor> walked = new ArrayList<>();
        ProcessorSet.parse("g1:0,63 g0:5").forEach(walked::add);
        assertEquals(List.of(new Processor(0, 5), new Processor(1, 0), new Processor(1, 63)), walked);
        assertEquals(ProcessorSet.parse("g1:0,63 g0:5"), ProcessorSet.of(walked));
    }

    @Test
    void containsIsByGroupAndByUnsignedMask() {
        ProcessorSet all = ProcessorSet.of(1, -1L);
        assertTrue(all.contains(new Processor(1, 63)));
        assertFalse(all.contains(new Processor(0, 63)));
        assertTrue(all.containsAll(ProcessorSet.parse("g1:63")));
        assertFalse(all.containsAll(ProcessorSet.parse("g0:0 g1:63")));
        assertTrue(all.containsAll(ProcessorSet.empty()));
        assertEquals(64, all.size());
    }

    @Test
    void oneGroupIsToldAndSeveralAreRefused() {
        assertEquals(3, ProcessorSet.parse("g3:1").group());
        assertFalse(ProcessorSet.empty().oneGroup());
        assertThrows(IllegalStateException.class, () -> ProcessorSet.parse("g0:0 g1:0").group());
        assertThrows(IllegalStateException.class, () -> ProcessorSet.empty().group());
    }

    @Test
    void setsAreAddedSubtractedAndIntersected() {
        ProcessorSet one = ProcessorSet.parse("g0:0-3 g1:0");
        ProcessorSet other = ProcessorSet.parse("g0:2-5 g2:0");
        assertEquals("g0:0-5 g1:0 g2:0", one.plus(other).toString());
        assertEquals("g0:0-1 g1:0", one.minus(other).toString());
        assertEquals("g0:2-3", one.intersect(other).toString());
        assertEquals(ProcessorSet.empty(), one.minus(one));
        assertEquals("g1:0", one.inGroup(1).toString());
    }

    @Test
    void masksCannotBeChangedFromOutside() {
        assertThrows(UnsupportedOperationException.class, () -> ProcessorSet.of(0, 1).masks().put(1, 1L));
    }

    @Test
    void aProcessorIsParsedAlone() {
        assertEquals(new Processor(1, 7), Processor.parse("g1:7"));
        assertEquals("g1:7", new Processor(1, 7).toString());
        assertThrows(IllegalArgumentException.class, () -> Processor.parse("g1:7-8"));
        assertThrows(IllegalArgumentException.class, () -> new Processor(0, 64));
    }

    @Test
    void resourcesAndWaysAreParsedByTheirNames() {
        assertEquals(new ResourceId(Kind.MESSAGE, 3), ResourceId.parse("message:3"));
        assertEquals("line:0", ResourceId.parse("line:0").toString());
        for (String wrong : List.of("line", "line:", "line:-1", "msg:0", "line:1x", "message:99999999")) {
            assertThrows(IllegalArgumentException.class, () -> ResourceId.parse(wrong), wrong);
        }
        for (Way way : Way.values()) {
            assertEquals(way, Way.parse(way.text()));
        }
        String message = assertThrows(IllegalArgumentException.class, () -> Way.parse("fully")).getMessage();
        assertTrue(message.contains("fully-specified-group"), message);
    }
}
