package io.github.irqscope.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.GrantedBy;
import io.github.irqscope.Kind;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Way;
import io.github.irqscope.json.JsonWriter;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

class TargetResultTest {
    private static final int NOT_SUPPORTED = 0xC00000BB;

    @Test
    void aTargetThatIsRightInEveryWayLanded() {
        assertEquals(Verdict.LANDED, new Fields().result().verdict());
    }

    @Test
    void refusedIsAConnectWithoutAGrant() {
        Fields fields = new Fields();
        fields.granted = null;
        fields.status = NOT_SUPPORTED;
        fields.observed = Map.of();
        fields.sent = 0;
        fields.arrived = 0;
        assertEquals(Verdict.REFUSED, fields.result().verdict());
    }

    @Test
    void neverFiredIsSentAndNothingArrived() {
        Fields fields = new Fields();
        fields.observed = Map.of();
        fields.arrived = 0;
        fields.lost = 100;
        assertEquals(Verdict.NEVER_FIRED, fields.result().verdict());
        fields.sent = 0;
        fields.lost = 0;
        assertEquals(Verdict.LANDED, fields.result().verdict());
    }

    @Test
    void stormMaskedIsWhatTheGuardDid() {
        Fields fields = new Fields();
        fields.storm = true;
        assertEquals(Verdict.STORM_MASKED, fields.result().verdict());
    }

    @Test
    void wrongGroupIsAGrantOrAnIsrElsewhere() {
        Fields granted = new Fields();
        granted.granted = "g2:0-15";
        granted.observed = Map.of("g2:3", 100L);
        assertEquals(Verdict.WRONG_GROUP, granted.result().verdict());
        Fields observed = new Fields();
        observed.observed = Map.of("g0:3", 1L, "g1:3", 99L);
        assertEquals(Verdict.WRONG_GROUP, observed.result().verdict());
    }

    @Test
    void outsideMaskIsAnIsrOutsideTheGrantOrAGrantOutsideTheRequest() {
        Fields observed = new Fields();
        observed.granted = "g1:0-3";
        observed.observed = Map.of("g1:3", 99L, "g1:4", 1L);
        assertEquals(Verdict.OUTSIDE_MASK, observed.result().verdict());
        assertEquals("g1:4", observed.result().outside().toString());
        Fields granted = new Fields();
        granted.granted = "g1:0-16";
        assertEquals(Verdict.OUTSIDE_MASK, granted.result().verdict());
    }

    @Test
    void retargetedIsAnotherGrantAfterARestartThatWeDidNotAskFor() {
        Fields fields = new Fields();
        fields.previousGranted = "g1:0-3";
        fields.restartedBy = "system";
        assertEquals(Verdict.RETARGETED, fields.result().verdict());
        fields.previousGranted = fields.granted;
        assertEquals(Verdict.LANDED, fields.result().verdict());
        fields.previousGranted = "g1:0-3";
        fields.restartedBy = "us";
        assertEquals(Verdict.LANDED, fields.result().verdict());
        fields.restartedBy = null;
        assertEquals(Verdict.LANDED, fields.result().verdict());
    }

    @Test
    void lostIsAPacedTriggerWithoutAnIsr() {
        Fields fields = new Fields();
        fields.arrived = 99;
        fields.lost = 1;
        assertEquals(Verdict.LOST, fields.result().verdict());
    }

    @Test
    void spuriousIsMoreThanWasSentOrNotClaimed() {
        Fields fields = new Fields();
        fields.spurious = 1;
        assertEquals(Verdict.SPURIOUS, fields.result().verdict());
    }

    @Test
    void fellBackIsALineInsteadOfMessagesOrFewerMessages() {
        Fields byWay = new Fields();
        byWay.way = Way.MESSAGE_BASED;
        byWay.connectedAs = Kind.LINE;
        byWay.messagesAsked = 0;
        byWay.messagesGranted = 0;
        assertEquals(Verdict.FELL_BACK, byWay.result().verdict());
        Fields byAssignment = new Fields();
        byAssignment.connectedAs = Kind.LINE;
        byAssignment.messagesAsked = 5;
        byAssignment.messagesGranted = 0;
        assertEquals(Verdict.FELL_BACK, byAssignment.result().verdict());
        Fields fewer = new Fields();
        fewer.messagesAsked = 5;
        assertEquals(Verdict.FELL_BACK, fewer.result().verdict());
        Fields line = new Fields();
        line.connectedAs = Kind.LINE;
        line.messagesAsked = 0;
        line.messagesGranted = 0;
        assertEquals(Verdict.LANDED, line.result().verdict());
    }

    @Test
    void whatIsLegalIsShownAndNotJudged() {
        Fields fields = new Fields();
        fields.foreign = 5;
        fields.coalesced = 7;
        fields.eventsLost = 9;
        fields.observed = Map.of("g1:0", 10L, "g1:15", 90L);
        assertEquals(Verdict.LANDED, fields.result().verdict());
    }

    /* Every cause at once, then one taken away after the other: the order of the definition. */
    @Test
    void theFirstMatchWins() {
        Fields fields = new Fields();
        fields.granted = null;
        fields.sent = 100;
        fields.arrived = 0;
        fields.lost = 5;
        fields.storm = true;
        fields.observed = Map.of("g0:0", 1L);
        fields.previousGranted = "g1:0";
        fields.restartedBy = "system";
        fields.spurious = 1;
        fields.messagesAsked = 5;
        assertEquals(Verdict.REFUSED, fields.result().verdict());
        fields.granted = "g1:0-63";
        assertEquals(Verdict.NEVER_FIRED, fields.result().verdict());
        fields.arrived = 95;
        assertEquals(Verdict.STORM_MASKED, fields.result().verdict());
        fields.storm = false;
        assertEquals(Verdict.WRONG_GROUP, fields.result().verdict());
        fields.observed = Map.of("g1:3", 95L);
        assertEquals(Verdict.OUTSIDE_MASK, fields.result().verdict());
        fields.granted = "g1:0-15";
        assertEquals(Verdict.RETARGETED, fields.result().verdict());
        fields.restartedBy = "us";
        assertEquals(Verdict.LOST, fields.result().verdict());
        fields.lost = 0;
        assertEquals(Verdict.SPURIOUS, fields.result().verdict());
        fields.spurious = 0;
        assertEquals(Verdict.FELL_BACK, fields.result().verdict());
        fields.messagesAsked = 1;
        assertEquals(Verdict.LANDED, fields.result().verdict());
    }

    @Test
    void theWorseVerdictIsTheEarlierOneOfTheDefinition() {
        List<Verdict> definition = List.of(Verdict.REFUSED, Verdict.NEVER_FIRED, Verdict.STORM_MASKED,
                Verdict.WRONG_GROUP, Verdict.OUTSIDE_MASK, Verdict.RETARGETED, Verdict.LOST, Verdict.SPURIOUS,
                Verdict.FELL_BACK, Verdict.LANDED);
        assertEquals(Verdict.values().length, definition.size());
        for (int i = 1; i < definition.size(); i++) {
            assertEquals(definition.get(i - 1), definition.get(i).worse(definition.get(i - 1)));
            assertEquals(definition.get(i - 1), definition.get(i - 1).worse(definition.get(i)));
        }
    }

    @Test
    void aRefusalPassesOnlyWithAStatusThatIsExpected() {
        Fields fields = new Fields();
        fields.granted = null;
        fields.status = NOT_SUPPORTED;
        assertFalse(fields.result().asExpected());
        fields.expected = Expectation.refused(NOT_SUPPORTED, 0xC000000D);
        assertTrue(fields.result().asExpected());
        fields.status = 0xC000009A;
        assertFalse(fields.result().asExpected());
    }

    /* These names are what other people's programs read: fields may be added at the end, never renamed or moved. */
    @Test
    void theDocumentsFieldsAreNeverRenamed() {
        Fields fields = new Fields();
        JsonWriter json = new JsonWriter();
        fields.result().writeTo(json);
        assertEquals("{\"device\":\"edu0\",\"resource\":\"message:0\",\"way\":\"fully-specified-group\",\"message\":0,"
                + "\"requested\":\"g1:0-15\",\"granted\":\"g1:0-15\",\"grantedBy\":\"interrupt-object\","
                + "\"status\":\"0x00000000\",\"observed\":{\"g1:3\":100},\"sent\":100,\"arrived\":100,\"lost\":0,"
                + "\"spurious\":0,\"foreign\":0,\"coalesced\":0,\"eventsLost\":0,\"expected\":\"LANDED\","
                + "\"verdict\":\"LANDED\",\"previousGranted\":null,\"restartedBy\":null,\"stormMasked\":false,"
                + "\"connectedAs\":\"message\",\"messagesAsked\":1,\"messagesGranted\":1,\"shared\":false,"
                + "\"paced\":true,\"expectedStatus\":[\"0x00000000\"],\"statusName\":\"STATUS_SUCCESS\","
                + "\"asExpected\":true,"
                + "\"latency\":null,\"limits\":[]}", json.toString());
        fields.granted = null;
        fields.status = NOT_SUPPORTED;
        fields.observed = Map.of();
        fields.sent = 0;
        fields.arrived = 0;
        fields.expected = Expectation.refused(NOT_SUPPORTED);
        json = new JsonWriter();
        fields.result().writeTo(json);
        assertTrue(json.toString().contains("\"granted\":null,\"grantedBy\":null,\"status\":\"0xC00000BB\","
                + "\"observed\":{},\"sent\":0,"), json.toString());
        assertTrue(json.toString().contains("\"expected\":\"REFUSED\",\"verdict\":\"REFUSED\","), json.toString());
        assertTrue(json.toString().contains("\"connectedAs\":null,"), json.toString());
    }

    @Test
    void aLineHasNoMessageNumber() {
        Fields fields = new Fields();
        fields.resource = "line:0";
        JsonWriter json = new JsonWriter();
        fields.result().writeTo(json);
        assertTrue(json.toString().contains("\"resource\":\"line:0\",\"way\":\"fully-specified-group\","
                + "\"message\":null,"));
    }

    /** A target that landed, to be changed in one way or another. */
    static final class Fields {
        Way way = Way.FULLY_SPECIFIED_GROUP;
        String resource = "message:0";
        String requested = "g1:0-15";
        String granted = "g1:0-15";
        int status;
        Map<String, Long> observed = Map.of("g1:3", 100L);
        long sent = 100;
        long arrived = 100;
        long lost;
        long spurious;
        long foreign;
        long coalesced;
        long eventsLost;
        Expectation expected = Expectation.success(Verdict.LANDED);
        String previousGranted;
        String restartedBy;
        boolean storm;
        Kind connectedAs = Kind.MESSAGE;
        int messagesAsked = 1;
        int messagesGranted = 1;

        TargetResult result() {
            SortedMap<Processor, Long> ran = new TreeMap<>();
            observed.forEach((processor, count) -> ran.put(Processor.parse(processor), count));
            ResourceId id = ResourceId.parse(resource);
            return new TargetResult("edu0", id, way, id.kind() == Kind.MESSAGE ? id.number() : -1,
                    ProcessorSet.parse(requested), set(granted), granted == null ? null : GrantedBy.INTERRUPT_OBJECT,
                    status, ran, sent, arrived, lost, spurious, foreign, coalesced, eventsLost, expected,
                    set(previousGranted), restartedBy, storm, granted == null ? null : connectedAs, messagesAsked,
                    messagesGranted, false, true);
        }

        private static ProcessorSet set(String text) {
            return text == null ? null : ProcessorSet.parse(text);
        }
    }
}
