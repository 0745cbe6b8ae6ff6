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
 * @param noise     of the host; null when it was not measured
 */
public record Stop(long threshold, long latency, String device, ResourceId resource, Processor processor,
        List<Before> before, HostNoise noise) {
    /**
     * One event.
     *
     * @param ago     how long before the ISR that was late, nanoseconds
     * @param target  of the connection
     * @param latency from its trigger, nanoseconds; -1 when it was not measured
     * @param claimed whether the device said that it interrupted
     */
    public record Before(long ago, int target, long latency, boolean claimed) {
    }

    /** Takes a copy. */
    public Stop {
        before = List.copyOf(before);
    }

    Stop withNoise(HostNoise value) {
        return new Stop(threshold, latency, device, resource, processor, before, value);
    }

    /** As an object of the document. */
    public void writeTo(JsonWriter json) {
        json.beginObject().field("threshold", threshold).field("latency", latency).field("device", device)
                .field("resource", resource.toString()).field("processor", processor.toString()).name("before")
                .beginArray();
        for (Before event : before) {
            json.beginObject().field("ago", event.ago).field("target", event.target).name("latency");
            if (event.latency < 0) {
                json.nullValue();
            } else {
                json.value(event.latency);
            }
            json.field("claimed", event.claimed).endObject();
        }
        json.endArray().name("host");
        if (noise == null) {
            json.nullValue();
        } else {
            noise.writeTo(json);
        }
        json.endObject();
    }
}
