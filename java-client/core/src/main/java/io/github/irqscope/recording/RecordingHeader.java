package io.github.irqscope.recording;

import static io.github.irqscope.json.JsonFields.number;
import static io.github.irqscope.json.JsonFields.object;
import static io.github.irqscope.json.JsonFields.objects;
import static io.github.irqscope.json.JsonFields.text;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.json.JsonReader;
import io.github.irqscope.json.JsonWriter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a stream of events is of. A recording begins with it, so that the file explains itself.
 *
 * @param tool    name and version of what recorded
 * @param command its words
 * @param started by the calendar
 * @param bed     sim, wine, vm, metal or windows
 * @param made    of what a simulated machine was made; null on a real bed
 * @param machine groups and NUMA nodes
 * @param load    interrupts a second that were asked of each simulated device, 0 for none
 * @param feeds   the devices, at least one
 */
public record RecordingHeader(String tool, List<String> command, Instant started, String bed, SimulatedMachine made,
        Machine machine, long load, List<Feed> feeds) {
    private static final int SCHEMA = 1;

    /** Takes copies. */
    public RecordingHeader {
        command = List.copyOf(command);
        feeds = List.copyOf(feeds);
    }

    /**
     * One device whose events come.
     *
     * @param device     its name
     * @param hardwareId what it is
     * @param instanceId what the PnP manager calls it
     * @param kernel     that the driver runs on
     * @param frequency  of the clock of its events, ticks a second
     * @param links      its connections
     */
    public record Feed(String device, String hardwareId, String instanceId, String kernel, long frequency,
            List<Link> links) {
        /** Takes a copy. */
        public Feed {
            links = List.copyOf(links);
            if (frequency <= 0) {
                throw new IllegalArgumentException("a clock of " + frequency + " Hz");
            }
        }
    }

    /**
     * One connection.
     *
     * @param id      as runs name it
     * @param way     how it was connected
     * @param targets its interrupt objects, in their order
     */
    public record Link(long id, String way, List<Target> targets) {
        /** Takes a copy. */
        public Link {
            targets = List.copyOf(targets);
        }
    }

    /**
     * One interrupt object.
     *
     * @param resource  behind it
     * @param requested the processors that were asked for
     * @param granted   the processors that were granted; null when that is not known
     * @param grantedBy where that was read
     * @param status    of asking for it, as text
     */
    public record Target(String resource, ProcessorSet requested, ProcessorSet granted, String grantedBy,
            String status) {
    }

    /** The document. */
    public String toJson() {
        JsonWriter json = new JsonWriter();
        writeTo(json);
        return json.toString();
    }

    /** The document, as an object. */
    public void writeTo(JsonWriter json) {
        json.beginObject().field("schema", SCHEMA).field("tool", tool).name("command").beginArray();
        command.forEach(json::value);
        json.endArray().field("started", started.toString()).field("bed", bed).name("machine").beginObject();
        if (made != null) {
            json.field("preset", made.preset()).field("profile", made.profile()).field("seed", made.seed())
                    .field("mode", made.mode());
        }
        json.name("groups").beginArray();
        for (Machine.Group group : machine.groups()) {
            json.beginObject().field("group", group.number()).field("active", group.active().toString())
                    .field("maximum", group.maximum()).endObject();
        }
        json.endArray().name("nodes").beginArray();
        for (Machine.Node node : machine.nodes()) {
            json.beginObject().field("node", node.number()).field("processors", node.processors().toString())
                    .endObject();
        }
        json.endArray().endObject().field("load", load).name("feeds").beginArray();
        feeds.forEach(feed -> write(json, feed));
        json.endArray().endObject();
    }

    private static void write(JsonWriter json, Feed feed) {
        json.beginObject().field("device", feed.device()).field("hardwareId", feed.hardwareId())
                .field("instanceId", feed.instanceId()).field("kernel", feed.kernel())
                .field("frequency", feed.frequency()).name("connections").beginArray();
        for (Link link : feed.links()) {
            json.beginObject().field("connection", link.id()).field("way", link.way()).name("targets").beginArray();
            for (Target target : link.targets()) {
                json.beginObject().field("resource", target.resource())
                        .field("requested", target.requested().toString())
                        .field("granted", target.granted() == null ? null : target.granted().toString())
                        .field("grantedBy", target.grantedBy()).field("status", target.status()).endObject();
            }
            json.endArray().endObject();
        }
        json.endArray().endObject();
    }

    /**
     * The header that a document holds. Names that are not known are passed over.
     *
     * @throws IllegalArgumentException saying what is missing or makes no sense
     */
    public static RecordingHeader parse(String document) {
        Map<String, Object> json = JsonReader.readObject(document);
        Map<String, Object> machine = object(json, "machine");
        SimulatedMachine made = machine.containsKey("preset") ? new SimulatedMachine(text(machine, "preset"),
                text(machine, "profile"), number(machine, "seed"), text(machine, "mode")) : null;
        List<Machine.Group> groups = new ArrayList<>();
        for (Map<String, Object> group : objects(machine, "groups")) {
            groups.add(new Machine.Group((int) number(group, "group"), ProcessorSet.parse(text(group, "active")),
                    (int) number(group, "maximum")));
        }
        List<Machine.Node> nodes = new ArrayList<>();
        for (Map<String, Object> node : objects(machine, "nodes")) {
            nodes.add(new Machine.Node((int) number(node, "node"), ProcessorSet.parse(text(node, "processors"))));
        }
        List<Feed> feeds = new ArrayList<>();
        for (Map<String, Object> feed : objects(json, "feeds")) {
            feeds.add(feed(feed));
        }
        List<String> command = new ArrayList<>();
        if (json.get("command") instanceof List<?> words) {
            words.forEach(word -> command.add(String.valueOf(word)));
        }
        try {
            return new RecordingHeader(text(json, "tool"), command, Instant.parse(text(json, "started")),
                    text(json, "bed"), made, new Machine(groups, nodes), number(json, "load"), feeds);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("\"started\" is no time: " + text(json, "started"), e);
        }
    }

    private static Feed feed(Map<String, Object> feed) {
        List<Link> links = new ArrayList<>();
        for (Map<String, Object> link : objects(feed, "connections")) {
            List<Target> targets = new ArrayList<>();
            for (Map<String, Object> target : objects(link, "targets")) {
                Object granted = target.get("granted");
                targets.add(new Target(text(target, "resource"), ProcessorSet.parse(text(target, "requested")),
                        granted == null ? null : ProcessorSet.parse(granted.toString()),
                        text(target, "grantedBy"), text(target, "status")));
            }
            links.add(new Link(number(link, "connection"), text(link, "way"), targets));
        }
        return new Feed(text(feed, "device"), text(feed, "hardwareId"), text(feed, "instanceId"),
                text(feed, "kernel"), number(feed, "frequency"), links);
    }

    /** What one processor was granted to, over all targets; the union of their grants. */
    public ProcessorSet granted() {
        ProcessorSet all = ProcessorSet.empty();
        for (Feed feed : feeds) {
            for (Link link : feed.links()) {
                for (Target target : link.targets()) {
                    all = target.granted() == null ? all : all.plus(target.granted());
                }
            }
        }
        return all;
    }

    /** What was requested, over all targets. */
    public ProcessorSet requested() {
        ProcessorSet all = ProcessorSet.empty();
        for (Feed feed : feeds) {
            for (Link link : feed.links()) {
                for (Target target : link.targets()) {
                    all = all.plus(target.requested());
                }
            }
        }
        return all;
    }

    /** Whether the machine has that processor. */
    public boolean has(Processor processor) {
        return machine.active().contains(processor);
    }
}
