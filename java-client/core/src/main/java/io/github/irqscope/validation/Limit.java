package io.github.irqscope.validation;

import io.github.irqscope.json.JsonWriter;

/**
 * What an expectation file allows beside the verdict, and what was measured.
 *
 * @param name     latency.p50, latency.p99, latency.max (nanoseconds) or lost (triggers)
 * @param allowed  the most that is as expected
 * @param measured -1 when nothing could be measured, which is not as expected
 */
public record Limit(String name, long allowed, long measured) {
    /** Of paced triggers without an ISR. */
    public static final String LOST = "lost";

    /** Whether what was measured is allowed. */
    public boolean isMet() {
        return measured >= 0 && measured <= allowed;
    }

    /** For people: latency.p99 is 61.0 us, at most 50.0 us are allowed. */
    @Override
    public String toString() {
        boolean time = !name.equals(LOST);
        String most = time ? ValidationReport.nanoseconds(allowed) : Long.toString(allowed);
        String is = measured < 0 ? "was not measured" : "is " + (time ? ValidationReport.nanoseconds(measured)
                : Long.toString(measured));
        return name + " " + is + ", at most " + most + " allowed";
    }

    /** As an object of the document. */
    public void writeTo(JsonWriter json) {
        json.beginObject().field("limit", name).field("allowed", allowed).name("measured");
        if (measured < 0) {
            json.nullValue();
        } else {
            json.value(measured);
        }
        json.field("met", isMet()).endObject();
    }
}
