package io.github.irqscope.report;

import io.github.irqscope.Processor;
import io.github.irqscope.json.JsonWriter;

import java.util.List;
import java.util.Map;

/** What a report rests on, as a document of schema 1. Times are nanoseconds. */
public final class EvidenceJson {
    private static final int SCHEMA = 1;

    private EvidenceJson() {
    }

    /** The document. */
    public static String of(List<Evidence> parts) {
        Evidence first = HtmlReport.loudest(parts);
        JsonWriter json = new JsonWriter();
        json.beginObject().field("schema", SCHEMA).field("verdict", verdict(first)).field("asExpected",
                parts.stream().allMatch(Evidence::asExpected)).field("sentence", first.sentence()).name("parts")
                .beginArray();
        parts.forEach(part -> part(json, part));
        return json.endArray().endObject().toString();
    }

    private static String verdict(Evidence part) {
        return part.verdict() == null ? null : part.verdict().toString();
    }

    private static void part(JsonWriter json, Evidence part) {
        json.beginObject().field("file", part.name()).field("kind", part.kind().text()).field("bed", part.bed())
                .field("verdict", verdict(part)).field("asExpected", part.asExpected())
                .field("sentence", part.sentence()).field("events", part.events()).field("eventsLost", part.lost())
                .field("outside", part.outside()).name("nanoseconds");
        if (part.nanoseconds() == 0) {
            json.nullValue();
        } else {
            json.value(part.nanoseconds());
        }
        json.name("targets").beginArray();
        part.targets().forEach(target -> target(json, target));
        json.endArray().name("processors").beginArray();
        for (Evidence.At at : part.processors()) {
            json.beginObject().field("processor", at.processor().toString());
            times(json, at);
        }
        json.endArray().name("sum").beginObject();
        times(json, part.all());
        json.name("timeline");
        timeline(json, part.timeline());
        json.name("environment").beginObject();
        part.environment().forEach(fact -> json.field(fact.name(), fact.value()));
        json.endObject().name("moves").beginArray();
        part.moves().forEach(move -> move.writeTo(json));
        json.endArray().name("notes").beginArray();
        part.notes().forEach(json::value);
        json.endArray().endObject();
    }

    private static void target(JsonWriter json, Evidence.Target target) {
        json.beginObject().field("device", target.device()).field("resource", target.resource())
                .field("way", target.way()).field("requested", target.requested().toString())
                .field("granted", target.granted() == null ? null : target.granted().toString())
                .field("grantedBy", target.grantedBy()).name("observed").beginObject();
        for (Map.Entry<Processor, Long> entry : target.observed().entrySet()) {
            json.field(entry.getKey().toString(), entry.getValue());
        }
        json.endObject().field("arrived", target.arrived()).field("outside", target.outside())
                .field("verdict", target.verdict() == null ? null : target.verdict().toString())
                .field("asExpected", target.asExpected()).field("explanation", target.explanation()).endObject();
    }

    private static void times(JsonWriter json, Evidence.At at) {
        json.field("events", at.count()).field("outside", at.outside()).field("eventsLost", at.lost());
        curve(json, "triggerToIsr", at.triggerToIsr());
        curve(json, "isrToDpc", at.isrToDpc());
        json.endObject();
    }

    private static void curve(JsonWriter json, String name, Curve curve) {
        json.name(name);
        if (curve == null) {
            json.nullValue();
        } else {
            curve.writeTo(json);
        }
    }

    private static void timeline(JsonWriter json, Timeline timeline) {
        if (timeline == null) {
            json.nullValue();
            return;
        }
        json.beginObject().field("slice", timeline.sliceNanoseconds()).name("outside").beginArray();
        for (int slice = 0; slice < timeline.slices(); slice++) {
            json.value(timeline.outside(slice));
        }
        json.endArray().name("lost").beginArray();
        for (int slice = 0; slice < timeline.slices(); slice++) {
            json.value(timeline.lost(slice));
        }
        json.endArray().endObject();
    }
}
