package io.github.irqscope.validation;

import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ResourceId;
import io.github.irqscope.json.JsonWriter;

/**
 * A restart by the system that was seen while drift was looked for.
 *
 * @param time     when it was noticed, nanoseconds since the beginning
 * @param device   whose
 * @param resource which interrupt
 * @param from     what was granted before; null when the connect had been refused
 * @param to       what is granted since; null when the connect is refused
 */
public record Move(long time, String device, ResourceId resource, ProcessorSet from, ProcessorSet to) {
    /** Whether the grant differs. */
    public boolean isMove() {
        return from == null ? to != null : !from.equals(to);
    }

    /** As an object of the document. */
    public void writeTo(JsonWriter json) {
        json.beginObject().field("time", time).field("device", device).field("resource", resource.toString())
                .field("from", from == null ? null : from.toString()).field("to", to == null ? null : to.toString())
                .endObject();
    }
}
