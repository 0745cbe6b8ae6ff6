package io.github.irqscope.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Machine;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.json.JsonReader;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class ValidationReportTest {
    private static final Machine MACHINE = new Machine(List.of(
            new Machine.Group(0, ProcessorSet.of(0, -1), 64), new Machine.Group(1, ProcessorSet.parse("g1:0-15"), 16)),
            List.of());
    private static final SimulatedMachine MADE = new SimulatedMachine("64/16", "server2022", 1, "documented");

    @Test
    void everyTargetAsExpectedIsLanded() {
        TargetResultTest.Fields refusal = new TargetResultTest.Fields();
        refusal.granted = null;
        refusal.status = 0xC00000BB;
        refusal.expected = Expectation.refused(0xC00000BB);
        ValidationReport report = report(new TargetResultTest.Fields().result(), refusal.result());
        assertEquals(Verdict.LANDED, report.verdict());
        assertEquals(0, report.exitCode());
        assertEquals("LANDED: 2 targets on 1 device in 1 group are as expected (1 refused, 1 landed).",
                report.sentence());
    }

    @Test
    void theWorstOfTheUnexpectedIsTheWhole() {
        TargetResultTest.Fields lost = new TargetResultTest.Fields();
        lost.lost = 1;
        TargetResultTest.Fields storm = new TargetResultTest.Fields();
        storm.storm = true;
        TargetResultTest.Fields refusal = new TargetResultTest.Fields();
        refusal.granted = null;
        refusal.status = 0xC00000BB;
        refusal.expected = Expectation.refused(0xC00000BB);
        ValidationReport report = report(lost.result(), storm.result(), refusal.result());
        assertEquals(Verdict.STORM_MASKED, report.verdict());
        assertEquals(1, report.exitCode());
        assertEquals("STORM_MASKED: 2 of 3 targets on 1 device in 1 group are not as expected (1 storm masked, 1 lost);"
                + " the first is edu0 message:0 fully-specified-group in group 1.", report.sentence());
    }

    @Test
    void aRefusalThatDidNotComeIsNoSuccess() {
        TargetResultTest.Fields landed = new TargetResultTest.Fields();
        landed.expected = Expectation.refused(0xC00000BB);
        ValidationReport report = report(landed.result());
        assertEquals(Verdict.REFUSED, report.verdict());
        assertEquals(1, report.exitCode());
    }

    @Test
    void theDocumentHasItsShape() {
        String json = report(new TargetResultTest.Fields().result()).toJson();
        assertTrue(json.startsWith("{\"schema\":1,\"bed\":\"sim\",\"machine\":{\"preset\":\"64/16\","
                + "\"profile\":\"server2022\",\"seed\":1,\"groups\":[{\"group\":0,\"active\":\"g0:0-63\"},"
                + "{\"group\":1,\"active\":\"g1:0-15\"}],\"mode\":\"documented\",\"kernel\":null},\"verdict\":\"LANDED\","
                + "\"interrupted\":false,\"targets\":[{\"device\":\"edu0\",\"resource\":\"message:0\","), json);
        assertTrue(json.endsWith("}],\"sentence\":"
                + "\"LANDED: 1 target on 1 device in 1 group is as expected (1 landed).\","
                + "\"notes\":[\"root0 has no interrupts\"],\"stop\":null,\"moves\":[]}"), json);
        Map<String, Object> read = JsonReader.readObject(json);
        assertEquals(List.of("schema", "bed", "machine", "verdict", "interrupted", "targets", "sentence", "notes",
                "stop", "moves"),
                List.copyOf(read.keySet()));
    }

    @Test
    void anInterruptedRunSaysSoBesideItsVerdict() {
        ValidationReport report = new ValidationReport("sim", MADE, MACHINE,
                List.of(new TargetResultTest.Fields().result()), true, List.of());
        assertEquals("LANDED: 1 target on 1 device in 1 group, of those tried before the interruption, is as expected"
                + " (1 landed).", report.sentence());
        assertTrue(report.toJson().contains("\"verdict\":\"LANDED\",\"interrupted\":true,"), report.toJson());
    }

    @Test
    void aRealMachineWasNotMadeOfAnything() {
        ValidationReport report = new ValidationReport("metal", null, MACHINE,
                List.of(new TargetResultTest.Fields().result()), false, List.of());
        assertTrue(report.toJson().startsWith("{\"schema\":1,\"bed\":\"metal\",\"machine\":{\"preset\":null,"
                + "\"profile\":null,\"seed\":null,\"groups\":["), report.toJson());
    }

    private static ValidationReport report(TargetResult... targets) {
        return new ValidationReport("sim", MADE, MACHINE, Arrays.asList(targets), false, List.of("root0 has no interrupts"));
    }
}
