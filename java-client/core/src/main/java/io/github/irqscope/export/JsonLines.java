package io.github.irqscope.export;

import io.github.irqscope.EventRun;
import io.github.irqscope.Version;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.recording.RecordingHeader;
import io.github.irqscope.recording.RecordingReader;

import java.io.OutputStream;

/** An object a line. The kind of each stands first in it. No object per event. */
final class JsonLines implements Export {
    private static final byte[] TRUE = Bytes.utf8("true");
    private static final byte[] FALSE = Bytes.utf8("false");
    private static final byte[] NULL = Bytes.utf8("null");
    private static final byte[] SEQUENCE = Bytes.utf8(",\"sequence\":");
    private static final byte[] TIME = Bytes.utf8(",\"time\":");
    private static final byte[] TARGET = Bytes.utf8(",\"target\":");
    private static final byte[] RESOURCE = Bytes.utf8(",\"resource\":");
    private static final byte[] TRIGGER = Bytes.utf8(",\"triggerToIsr\":");
    private static final byte[] DPC = Bytes.utf8(",\"isrToDpc\":");
    private static final byte[] CLAIMED = Bytes.utf8(",\"claimed\":");
    private static final byte[] OUTSIDE = Bytes.utf8(",\"outside\":");
    private static final byte[] END = Bytes.utf8("}\n");

    private final RecordingHeader header;
    private final Names names;
    private final Bytes out;
    private byte[][] resources = new byte[64][];

    JsonLines(RecordingHeader header, OutputStream stream) {
        this.header = header;
        this.names = new Names(header);
        this.out = new Bytes(stream);
        JsonWriter json = new JsonWriter();
        json.beginObject().field("kind", "header").field("schema", 1).name("recording");
        header.writeTo(json);
        out.put(json.endObject().toString()).put('\n');
    }

    @Override
    public void run(int feed, EventRun run) {
        RecordingHeader.Feed of = header.feeds().get(feed);
        String whose = new JsonWriter().beginObject().field("device", of.device())
                .field("connection", run.connection()).field("processor", "g" + run.group() + ":" + run.number())
                .field("irql", run.irql()).endObject().toString();
        whose = "," + whose.substring(1, whose.length() - 1);
        if (run.lost() > 0) {
            out.put("{\"kind\":\"loss\"" + whose + ",\"time\":" + Version.nanoseconds(run.base(), of.frequency())
                    + ",\"lost\":" + run.lost() + "}\n");
        }
        byte[] start = Bytes.utf8("{\"kind\":\"event\"" + whose);
        long sequence = run.sequence();
        while (run.next()) {
            Names.Target target = names.target(feed, run.connection(), run.target());
            out.put(start).put(SEQUENCE).unsigned(sequence++);
            out.put(TIME).decimal(Version.nanoseconds(run.time(), of.frequency()));
            out.put(TARGET).decimal(run.target()).put(RESOURCE).put(resource(target));
            ticks(TRIGGER, run.triggerToIsr(), of.frequency());
            ticks(DPC, run.isrToDpc(), of.frequency());
            out.put(CLAIMED).put(run.claimed() ? TRUE : FALSE);
            out.put(OUTSIDE).put(target.isOutside(run.group(), run.number()) ? TRUE : FALSE).put(END);
        }
    }

    private void ticks(byte[] name, long ticks, long frequency) {
        out.put(name);
        if (ticks < 0) {
            out.put(NULL);
        } else {
            out.decimal(Version.nanoseconds(ticks, frequency));
        }
    }

    private byte[] resource(Names.Target target) {
        if (target.number >= resources.length) {
            resources = java.util.Arrays.copyOf(resources, target.number * 2);
        }
        if (resources[target.number] == null) {
            resources[target.number] = target.resource == null ? NULL
                    : Bytes.utf8(new JsonWriter().value(target.resource).toString());
        }
        return resources[target.number];
    }

    @Override
    public void end(RecordingReader from) {
        JsonWriter json = new JsonWriter();
        json.beginObject().field("kind", "end").field("ended", from.reason().orElse(null))
                .field("events", from.events()).field("lost", from.lost()).name("problems").beginArray();
        from.problems().forEach(json::value);
        out.put(json.endArray().endObject().toString()).put('\n').flush();
    }
}
