package io.github.irqscope.validation;

import static io.github.irqscope.json.JsonFields.number;
import static io.github.irqscope.json.JsonFields.object;
import static io.github.irqscope.json.JsonFields.objects;
import static io.github.irqscope.json.JsonFields.text;

import io.github.irqscope.GrantedBy;
import io.github.irqscope.Kind;
import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ResourceId;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.Way;
import io.github.irqscope.json.JsonReader;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads validate's JSON. Names that are not known are passed over: fields may be added, never renamed. */
final class ResultReader {
    private static final int GROUP_SIZE = 64;

    private ResultReader() {
    }

    static ValidationReport read(String document) {
        Map<String, Object> json = JsonReader.readObject(document);
        Object schema = json.get("schema");
        if (!Long.valueOf(ValidationReport.SCHEMA).equals(schema)) {
            throw new IllegalArgumentException(schema == null ? "the number \"schema\" is missing"
                    : "it has schema " + schema + ", and this reader knows " + ValidationReport.SCHEMA);
        }
        Map<String, Object> machine = object(json, "machine");
        SimulatedMachine made = machine.get("preset") == null ? null : new SimulatedMachine(
                text(machine, "preset"), text(machine, "profile"), number(machine, "seed"),
                machine.get("mode") == null ? "documented" : text(machine, "mode"));
        List<Machine.Group> groups = new ArrayList<>();
        for (Map<String, Object> group : objects(machine, "groups")) {
            groups.add(new Machine.Group((int) number(group, "group"), set(group, "active"), GROUP_SIZE));
        }
        List<TargetResult> targets = new ArrayList<>();
        for (Map<String, Object> target : objects(json, "targets")) {
            try {
                targets.add(target(target));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("target " + (targets.size() + 1) + ": " + e.getMessage(), e);
            }
        }
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("it has no targets");
        }
        List<String> notes = new ArrayList<>();
        if (json.get("notes") instanceof List<?> list) {
            list.forEach(note -> notes.add(String.valueOf(note)));
        }
        List<Move> moves = new ArrayList<>();
        if (json.get("moves") instanceof List<?>) {
            for (Map<String, Object> move : objects(json, "moves")) {
                moves.add(new Move(number(move, "time"), text(move, "device"), ResourceId.parse(text(move, "resource")),
                        set(move, "from"), set(move, "to")));
            }
        }
        Stop stop = json.get("stop") == null ? null : stop(object(json, "stop"));
        return new ValidationReport(text(json, "bed"), made, new Machine(groups, List.of()), targets,
                Boolean.TRUE.equals(json.get("interrupted")), notes, stop, moves,
                machine.get("kernel") == null ? null : text(machine, "kernel"));
    }

    private static TargetResult target(Map<String, Object> json) {
        SortedMap<Processor, Long> observed = new TreeMap<>();
        Map<String, Object> told = object(json, "observed");
        for (String processor : told.keySet()) {
            observed.put(Processor.parse(processor), number(told, processor));
        }
        int status = status(text(json, "status"));
        Verdict wanted = verdict(text(json, "expected"));
        List<Integer> statuses = new ArrayList<>();
        if (json.get("expectedStatus") instanceof List<?> list) {
            list.forEach(one -> statuses.add(status(String.valueOf(one))));
        } else {
            statuses.add(wanted == Verdict.REFUSED ? status : 0);
        }
        List<Limit> limits = new ArrayList<>();
        if (json.get("limits") instanceof List<?>) {
            for (Map<String, Object> limit : objects(json, "limits")) {
                limits.add(new Limit(text(limit, "limit"), number(limit, "allowed"),
                        limit.get("measured") == null ? -1 : number(limit, "measured")));
            }
        }
        Object message = json.get("message");
        return new TargetResult(text(json, "device"), ResourceId.parse(text(json, "resource")),
                Way.parse(text(json, "way")), message == null ? -1 : (int) number(json, "message"),
                ProcessorSet.parse(text(json, "requested")), set(json, "granted"), grantedBy(json), status, observed,
                number(json, "sent"), number(json, "arrived"), number(json, "lost"), number(json, "spurious"),
                number(json, "foreign"), number(json, "coalesced"), number(json, "eventsLost"),
                new Expectation(wanted, statuses), set(json, "previousGranted"),
                json.get("restartedBy") instanceof String by ? by : null, truth(json, "stormMasked"), kind(json),
                (int) number(json, "messagesAsked"), (int) number(json, "messagesGranted"), truth(json, "shared"),
                truth(json, "paced"), latency(json), limits);
    }

    private static Latency latency(Map<String, Object> json) {
        if (json.get("latency") == null) {
            return null;
        }
        Map<String, Object> latency = object(json, "latency");
        return new Latency(number(latency, "count"), number(latency, "p50"), number(latency, "p99"),
                number(latency, "max"), number(latency, "resolution"));
    }

    private static Stop stop(Map<String, Object> json) {
        HostNoise noise = null;
        if (json.get("host") != null) {
            Map<String, Object> host = object(json, "host");
            noise = new HostNoise(number(host, "watched"), number(host, "longestGap"), (int) number(host, "gaps"));
        }
        Processor processor = Processor.parse(text(json, "processor"));
        return new Stop(number(json, "threshold"), number(json, "latency"), text(json, "device"),
                ResourceId.parse(text(json, "resource")), processor, events(objects(json, "before"), processor),
                json.get("elsewhere") == null ? List.of() : events(objects(json, "elsewhere"), processor), noise);
    }

    /* Older documents tell of one processor only, and do not name it again. */
    private static List<Stop.Before> events(List<Map<String, Object>> events, Processor otherwise) {
        List<Stop.Before> before = new ArrayList<>();
        for (Map<String, Object> event : events) {
            before.add(new Stop.Before(number(event, "ago"), event.get("processor") == null ? otherwise
                    : Processor.parse(text(event, "processor")), (int) number(event, "target"),
                    event.get("latency") == null ? -1 : number(event, "latency"), truth(event, "claimed")));
        }
        return before;
    }

    private static Verdict verdict(String word) {
        for (Verdict verdict : Verdict.values()) {
            if (verdict.toString().equals(word)) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("there is no verdict " + word);
    }

    private static GrantedBy grantedBy(Map<String, Object> json) {
        for (GrantedBy source : GrantedBy.values()) {
            if (source.text().equals(json.get("grantedBy"))) {
                return source;
            }
        }
        return null;
    }

    private static Kind kind(Map<String, Object> json) {
        for (Kind kind : Kind.values()) {
            if (kind.text().equals(json.get("connectedAs"))) {
                return kind;
            }
        }
        return null;
    }

    private static int status(String text) {
        if (!text.matches("0x[0-9A-Fa-f]{8}")) {
            throw new IllegalArgumentException("\"" + text + "\" is no NTSTATUS");
        }
        return Integer.parseUnsignedInt(text.substring(2), 16);
    }

    private static ProcessorSet set(Map<String, Object> json, String name) {
        Object value = json.get(name);
        return value == null ? null : ProcessorSet.parse(String.valueOf(value));
    }

    private static boolean truth(Map<String, Object> json, String name) {
        return Boolean.TRUE.equals(json.get(name));
    }
}
