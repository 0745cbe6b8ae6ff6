package io.github.irqscope.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Kind;
import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ResourceId;
import io.github.irqscope.SimulatedMachine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ResultReaderTest {
    private static final Machine MACHINE = new Machine(List.of(
            new Machine.Group(0, ProcessorSet.parse("g0:0-63"), 64),
            new Machine.Group(1, ProcessorSet.parse("g1:0-15"), 16)), List.of());

    /** With everything in it that a document can hold. */
    private static ValidationReport everything() {
        TargetResultTest.Fields moved = new TargetResultTest.Fields();
        moved.previousGranted = "g1:0-3";
        moved.restartedBy = TargetResult.SYSTEM;
        TargetResultTest.Fields refused = new TargetResultTest.Fields();
        refused.granted = null;
        refused.status = 0xC00000BB;
        refused.expected = Expectation.refused(0xC00000BB, 0xC000000D);
        refused.observed = Map.of();
        refused.arrived = 0;
        TargetResultTest.Fields line = new TargetResultTest.Fields();
        line.resource = "line:0";
        line.connectedAs = Kind.LINE;
        line.lost = 3;
        TargetResult slow = line.result().withLimits(List.of(new Limit("latency.p99", 50, 61),
                new Limit(Limit.LOST, 1, -1)));
        Stop stop = new Stop(50_000, 61_000, "edu0", ResourceId.parse("message:0"), Processor.parse("g1:3"),
                List.of(new Stop.Before(5, Processor.parse("g1:3"), 0, -1, true),
                        new Stop.Before(3, Processor.parse("g1:3"), 1, 7, false)),
                List.of(new Stop.Before(4, Processor.parse("g1:2"), 0, 9, true)), new HostNoise(1, 2, 3));
        Move move = new Move(7, "edu0", ResourceId.parse("message:0"), null, ProcessorSet.parse("g1:0-3"));
        return new ValidationReport("sim", new SimulatedMachine("64/16", "server2022", 1, "documented"), MACHINE,
                List.of(moved.result(), refused.result(), slow), true, List.of("a \"note\""), stop, List.of(move),
                "10.0.20348");
    }

    @Test
    void readsEverythingThatIsWritten() {
        String document = everything().toJson();
        assertEquals(document, ValidationReport.parse(document).toJson());
        assertEquals(everything().sentence(), ValidationReport.parse(document).sentence());
    }

    @Test
    void aStopOfBeforeOtherProcessorsWereToldIsRead() {
        String old = everything().toJson().replace(",\"processor\":\"g1:3\",\"target\"", ",\"target\"")
                .replaceAll("\"elsewhere\":\\[[^]]*\\],", "");
        assertTrue(old.contains("\"before\":[{\"ago\":5,\"target\":0") && !old.contains("elsewhere"), old);
        Stop stop = ValidationReport.parse(old).stop();
        assertEquals(everything().stop().before(), stop.before());
        assertEquals(List.of(), stop.elsewhere());
    }

    @Test
    void aRealMachineWasNotMade() {
        ValidationReport real = new ValidationReport("metal", null, MACHINE,
                List.of(new TargetResultTest.Fields().result()), false, List.of());
        assertEquals(real.toJson(), ValidationReport.parse(real.toJson()).toJson());
    }

    @Test
    void fieldsThatItDoesNotKnowArePassedOver() {
        String document = everything().toJson();
        String later = document.replace("{\"schema\":1,", "{\"schema\":1,\"weather\":\"fine\",").replace("{\"device\":",
                "{\"colour\":[1,{}],\"device\":");
        assertEquals(document, ValidationReport.parse(later).toJson());
    }

    @Test
    void theVerdictIsComputedAgain() {
        String lie = everything().toJson().replace("\"verdict\":\"RETARGETED\"", "\"verdict\":\"LANDED\"");
        assertEquals(Verdict.RETARGETED, ValidationReport.parse(lie).targets().get(0).verdict());
    }

    @Test
    void namesWhatIsMissing() {
        String document = everything().toJson();
        refuse("the number \"sent\" is missing", document.replaceFirst("\"sent\":100", "\"sand\":100"));
        refuse("target 2: there is no verdict NONE", document.replace("\"expected\":\"REFUSED\"", "\"expected\":\"NONE\""));
        refuse("it has schema 2, and this reader knows 1", document.replace("{\"schema\":1", "{\"schema\":2"));
        refuse("the number \"schema\" is missing", document.replace("{\"schema\":1,", "{"));
        refuse("\"0x12\" is no NTSTATUS", document.replace("0xC00000BB", "0x12"));
        refuse("it has no targets", "{\"schema\":1,\"bed\":\"sim\",\"machine\":{\"groups\":[]},\"targets\":[]}");
        refuse("the document is no object", "[]");
    }

    private static void refuse(String why, String document) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> ValidationReport.parse(document));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }
}
