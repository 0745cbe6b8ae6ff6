package io.github.irqscope.validation;

import io.github.irqscope.GrantedBy;
import io.github.irqscope.Kind;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Way;
import io.github.irqscope.json.JsonWriter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One target: what was requested, granted and observed. The verdict is a pure function of these fields, so that anybody
 * can recompute it from the JSON.
 *
 * @param device          the device's name
 * @param resource        behind the target; of a refused connect of every resource, the first
 * @param way             how it was connected
 * @param message         the message's number, -1 for a line
 * @param requested       the processors that were asked for
 * @param granted         the processors that were granted; null when the connect was refused
 * @param grantedBy       where that was read; null when the connect was refused
 * @param status          the NTSTATUS of the connect, or of asking for its affinity
 * @param observed        processor to ISR runs that the device claimed, since the last connect
 * @param sent            triggers written to the device
 * @param arrived         ISR runs that the device claimed
 * @param lost            paced triggers without an ISR within the limit
 * @param spurious        more claimed than sent, and calls not claimed on a resource that is not shared
 * @param foreign         calls not claimed on a shared resource: of the line's other devices
 * @param coalesced       equal messages that were folded into one, which is legal
 * @param eventsLost      events that the stream lost; above 0 observed is not complete
 * @param expected        what a correct driver on a correct kernel answers
 * @param previousGranted what was granted before a restart in the middle; null without one
 * @param restartedBy     who last restarted the device: us, system; null when nobody did
 * @param stormMasked     the storm guard masked the device
 * @param connectedAs     what came back: a line, also by fallback, or messages; null when the connect was refused
 * @param messagesAsked   messages in the device's requirements
 * @param messagesGranted messages assigned to the device
 * @param shared          other devices may interrupt through the resource
 * @param paced           each trigger waited for the ISR of the one before
 * @param latency         from trigger to ISR; null when none was measured
 * @param limits          of an expectation file, with what was measured
 */
public record TargetResult(String device, ResourceId resource, Way way, int message, ProcessorSet requested,
        ProcessorSet granted, GrantedBy grantedBy, int status, SortedMap<Processor, Long> observed, long sent,
        long arrived, long lost, long spurious, long foreign, long coalesced, long eventsLost, Expectation expected,
        ProcessorSet previousGranted, String restartedBy, boolean stormMasked, Kind connectedAs, int messagesAsked,
        int messagesGranted, boolean shared, boolean paced, Latency latency, List<Limit> limits) {
    /** The PnP manager restarted the device because we asked. */
    public static final String US = "us";
    /** The PnP manager restarted the device unasked. */
    public static final String SYSTEM = "system";

    /** Takes a copy of what was observed. */
    public TargetResult {
        observed = Collections.unmodifiableSortedMap(new TreeMap<>(observed));
        limits = List.copyOf(limits);
    }

    /** A target whose latency was not measured and that no further limits are for. */
    public TargetResult(String device, ResourceId resource, Way way, int message, ProcessorSet requested,
            ProcessorSet granted, GrantedBy grantedBy, int status, SortedMap<Processor, Long> observed, long sent,
            long arrived, long lost, long spurious, long foreign, long coalesced, long eventsLost,
            Expectation expected, ProcessorSet previousGranted, String restartedBy, boolean stormMasked,
            Kind connectedAs, int messagesAsked, int messagesGranted, boolean shared, boolean paced) {
        this(device, resource, way, message, requested, granted, grantedBy, status, observed, sent, arrived, lost,
                spurious, foreign, coalesced, eventsLost, expected, previousGranted, restartedBy, stormMasked,
                connectedAs, messagesAsked, messagesGranted, shared, paced, null, List.of());
    }

    /** The same with these limits. */
    public TargetResult withLimits(List<Limit> value) {
        return new TargetResult(device, resource, way, message, requested, granted, grantedBy, status, observed, sent,
                arrived, lost, spurious, foreign, coalesced, eventsLost, expected, previousGranted, restartedBy,
                stormMasked, connectedAs, messagesAsked, messagesGranted, shared, paced, latency, value);
    }

    /** The first that holds, in the order of the words' definition. */
    public Verdict verdict() {
        if (granted == null) {
            return Verdict.REFUSED;
        }
        if (sent > 0 && arrived == 0) {
            return Verdict.NEVER_FIRED;
        }
        if (stormMasked) {
            return Verdict.STORM_MASKED;
        }
        ProcessorSet ran = ProcessorSet.of(observed.keySet());
        if (!requested.masks().keySet().containsAll(granted.plus(ran).masks().keySet())) {
            return Verdict.WRONG_GROUP;
        }
        if (!granted.containsAll(ran) || !requested.containsAll(granted)) {
            return Verdict.OUTSIDE_MASK;
        }
        if (SYSTEM.equals(restartedBy) && previousGranted != null && !previousGranted.equals(granted)) {
            return Verdict.RETARGETED;
        }
        if (lost > 0) {
            return Verdict.LOST;
        }
        if (spurious > 0) {
            return Verdict.SPURIOUS;
        }
        return fellBack() ? Verdict.FELL_BACK : Verdict.LANDED;
    }

    /**
     * Whether the verdict, and of a refusal its status, are as expected, and every limit is kept. LOST is as expected
     * where LANDED is and a limit allows that many to be lost.
     */
    public boolean asExpected() {
        for (Limit limit : limits) {
            if (!limit.isMet()) {
                return false;
            }
        }
        Verdict verdict = verdict();
        boolean allowed = verdict == Verdict.LOST
                && limits.stream().anyMatch(limit -> limit.name().equals(Limit.LOST) && limit.isMet());
        return expected.isMetBy(allowed ? Verdict.LANDED : verdict, status);
    }

    /** Why it has its verdict, in one sentence for people that begins with a small letter and ends without a dot. */
    public String explanation() {
        return Explanation.of(this);
    }

    /** Whether the verdict is as expected and a limit is not kept. */
    boolean breaksLimitsOnly() {
        return !asExpected() && expected.isMetBy(verdict(), status);
    }

    /** The limits that are not kept, for people; empty when all are. */
    public String brokenLimits() {
        List<String> texts = new ArrayList<>();
        for (Limit limit : limits) {
            if (!limit.isMet()) {
                texts.add(limit.toString());
            }
        }
        return String.join("; ", texts);
    }

    /** The processors on which an ISR ran outside what was granted. */
    public ProcessorSet outside() {
        ProcessorSet ran = ProcessorSet.of(observed.keySet());
        return granted == null ? ran : ran.minus(granted);
    }

    /** The target as an object of the document. */
    public void writeTo(JsonWriter json) {
        json.beginObject()
                .field("device", device)
                .field("resource", resource.toString())
                .field("way", way.text())
                .name("message");
        if (message < 0) {
            json.nullValue();
        } else {
            json.value(message);
        }
        json.field("requested", requested.toString())
                .field("granted", text(granted))
                .field("grantedBy", text(grantedBy))
                .field("status", NtStatus.hex(status))
                .name("observed").beginObject();
        for (Map.Entry<Processor, Long> entry : observed.entrySet()) {
            json.field(entry.getKey().toString(), entry.getValue());
        }
        json.endObject()
                .field("sent", sent)
                .field("arrived", arrived)
                .field("lost", lost)
                .field("spurious", spurious)
                .field("foreign", foreign)
                .field("coalesced", coalesced)
                .field("eventsLost", eventsLost)
                .field("expected", expected.verdict().toString())
                .field("verdict", verdict().toString())
                .field("previousGranted", text(previousGranted))
                .field("restartedBy", restartedBy)
                .field("stormMasked", stormMasked)
                .field("connectedAs", text(connectedAs))
                .field("messagesAsked", messagesAsked)
                .field("messagesGranted", messagesGranted)
                .field("shared", shared)
                .field("paced", paced)
                .name("expectedStatus").beginArray();
        for (int allowed : expected.statuses()) {
            json.value(NtStatus.hex(allowed));
        }
        json.endArray()
                .field("statusName", NtStatus.name(status))
                .field("asExpected", asExpected())
                .name("latency");
        if (latency == null) {
            json.nullValue();
        } else {
            latency.writeTo(json);
        }
        json.name("limits").beginArray();
        limits.forEach(limit -> limit.writeTo(json));
        json.endArray().endObject();
    }

    /* A device that asked for messages and has a line, or fewer; or a way that wants messages and got a line. */
    private boolean fellBack() {
        if (connectedAs == Kind.LINE) {
            return messagesAsked > 0 || way == Way.MESSAGE_BASED;
        }
        return messagesGranted < messagesAsked;
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }
}
