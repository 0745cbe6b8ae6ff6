package io.github.irqscope.validation;

import io.github.irqscope.Processor;
import io.github.irqscope.ResourceId;
import io.github.irqscope.json.JsonWriter;

import java.util.List;

/**
 * Why a run ended at a threshold.
 *
 * @param threshold nanoseconds
 * @param latency   of the trigger that crossed it, nanoseconds
 * @param device    whose
 * @param resource  which interrupt
 * @param processor where its ISR ran
 * @param before    the last events of the same connection on that processor, the oldest first
 * @param elsewhere the last ones before it on the other processors, at most 16, the oldest first
 * @param noise     of the host; null when it was not measured
 */
public record Stop(long threshold, long latency, String device, ResourceId resource, Processor processor,
        List<Before> before, List<Before> elsewhere, HostNoise noise) {
    /**
     * One event.
     *
     * @param ago       how long before the ISR that was late, nanoseconds
     * @param processor where its ISR ran
     * @param target    of the connection
     * @param latency   from its trigger, nanoseconds; -1 when it was not measured
     * @param claimed   whether the device said that it interrupted
     */
    public record Before(long ago, Processor processor, int target, long latency, boolean claimed) {
    }

    /** Takes copies. */
    public Stop {
        before = List.copyOf(before);
        elsewhere = List.copyOf(elsewhere);
    }

    Stop withNoise(HostNoise value) {
        return new Stop(threshold, latency, device, resource, processor, before, elsewhere, value);
    }

    /** As an object of the document. */
    public void writeTo(JsonWriter json) {
        json.beginObject().field("threshold", threshold).field("latency", latency).field("device", device)
                .field("resource", resource.toString()).field("processor", processor.toString());
        write(json.name("before"), before);
        write(json.name("elsewhere"), elsewhere);
        json.name("host");
        if (noise == null) {
            json.nullValue();
        } else {
            noise.writeTo(json);
        }
        json.endObject();
    }

    private static void write(JsonWriter json, List<Before> events) {
        json.beginArray();
        for (Before event : events) {
            json.beginObject().field("ago", event.ago).field("processor", event.processor.toString())
                    .field("target", event.target).name("latency");
            if (event.latency < 0) {
                json.nullValue();
            } else {
                json.value(event.latency);
            }
            json.field("claimed", event.claimed).endObject();
        }
        json.endArray();
    }
}
