package io.github.irqscope.cli.policy;

import io.github.irqscope.Device;
import io.github.irqscope.Policy;
import io.github.irqscope.RegistryValue;
import io.github.irqscope.Resource;
import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.Printer;
import io.github.irqscope.cli.Snapshot;
import io.github.irqscope.cli.Work;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.policy.Meaning;
import io.github.irqscope.policy.PolicySnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** `policy show`: every value of every key, what it means, and what the device has now. */
final class PolicyShow {
    private static final int NAME_WIDTH = 22;
    private static final int TYPE_WIDTH = 11;

    private final Work work;

    /* A device, its registry, and what it has. */
    private record Shown(Snapshot device, PolicySnapshot registry, Optional<Policy> policy, String nonsense) {
    }

    PolicyShow(Work work) {
        this.work = work;
    }

    int run(List<Device> devices) {
        List<Snapshot> snapshots = Snapshot.all(work, devices.stream().map(Device::name).toList());
        List<Shown> all = snapshots.stream().map(PolicyShow::look).toList();
        work.introduce();
        if (work.json()) {
            work.document(json -> {
                json.field("action", "show").name("devices").beginArray();
                all.forEach(one -> write(json, one));
                json.endArray();
            });
        } else {
            all.forEach(this::print);
        }
        return ExitCode.FINE;
    }

    private static Shown look(Snapshot snapshot) {
        PolicySnapshot registry = PolicySnapshot.of(snapshot.device());
        try {
            return new Shown(snapshot, registry, snapshot.device().policy(), "");
        } catch (IllegalArgumentException e) {
            return new Shown(snapshot, registry, Optional.empty(), e.getMessage());
        }
    }

    private void print(Shown shown) {
        Printer out = work.out();
        Device device = shown.device.device();
        out.line(out.paint(Printer.Tone.STRONG, device.name()) + "  " + device.instanceId());
        out.line("  asks for  " + asks(shown));
        StringBuilder has = new StringBuilder();
        for (Resource resource : shown.device.resources()) {
            has.append(has.length() == 0 ? "" : ", ").append(resource.id()).append(" on ").append(resource.processors());
        }
        out.line("  has       " + (has.length() == 0 ? "no interrupt" : has) + pending(shown));
        for (PolicySnapshot.Key key : shown.registry.keys()) {
            if (key.path().equals(PolicySnapshot.MANAGEMENT) && (!key.exists() || key.values().isEmpty())) {
                continue; /* only the parent of the two that follow */
            }
            out.line("  Device Parameters\\" + key.path() + (!key.exists() ? out.paint(Printer.Tone.FAINT,
                    "  (not there)") : key.values().isEmpty() ? out.paint(Printer.Tone.FAINT, "  (empty)") : ""));
            for (RegistryValue value : sorted(key)) {
                String meaning = Meaning.of(key.path(), value);
                String note = !Meaning.isDocumented(key.path(), value.name())
                        ? "on no page of Microsoft's; shown and kept, never written" : meaning;
                out.line("    " + padded(value.name(), NAME_WIDTH) + padded(value.typeName(), TYPE_WIDTH)
                        + ValueText.of(value) + (note.isEmpty() ? "" : out.paint(Printer.Tone.FAINT, "  " + note)));
            }
        }
    }

    private static String asks(Shown shown) {
        if (!shown.nonsense.isEmpty()) {
            return "nothing that makes sense: " + shown.nonsense;
        }
        boolean system = shown.registry.keys().stream().anyMatch(key -> key.path().equals(PolicySnapshot.AFFINITY)
                && key.exists() && !key.values().isEmpty());
        if (shown.policy.isPresent()) {
            return Meaning.of(shown.policy.get()) + (system ? ", which the driver puts over Windows' own policy" : "");
        }
        return system ? "what Windows' own policy below says" : "nothing: the machine's default";
    }

    /* A policy is read when the device starts. */
    private static String pending(Shown shown) {
        if (shown.policy.isEmpty() || shown.policy.get().policy() != Policy.SPECIFIED_PROCESSORS
                || shown.device.resources().isEmpty()) {
            return "";
        }
        boolean there = shown.device.resources().stream()
                .allMatch(resource -> shown.policy.get().set().containsAll(resource.processors()));
        return there ? "" : "; what is asked for takes effect when the device is next started";
    }

    /* A registry has no order that means anything. */
    private static List<RegistryValue> sorted(PolicySnapshot.Key key) {
        return !key.exists() ? List.of() : key.values().stream()
                .sorted(Comparator.comparing(RegistryValue::name, String.CASE_INSENSITIVE_ORDER)).toList();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static void write(JsonWriter json, Shown shown) {
        Device device = shown.device.device();
        json.beginObject().field("device", device.name()).field("instanceId", device.instanceId()).name("policy");
        if (shown.policy.isEmpty()) {
            json.nullValue();
        } else {
            Policy policy = shown.policy.get();
            json.beginObject().field("policy", policy.policy()).field("name", Meaning.POLICIES.get(policy.policy()));
            json.field("priority", policy.priority().isPresent() ? Meaning.PRIORITIES.get(policy.priority().getAsInt())
                    : null);
            json.field("processors", policy.set().isEmpty() ? null : policy.set().toString()).endObject();
        }
        json.name("assigned").beginArray();
        for (Resource resource : shown.device.resources()) {
            json.beginObject().field("resource", resource.id().toString())
                    .field("processors", resource.processors().toString()).endObject();
        }
        json.endArray().name("keys").beginArray();
        for (PolicySnapshot.Key key : shown.registry.keys()) {
            json.beginObject().field("key", key.path()).field("exists", key.exists()).name("values").beginArray();
            for (RegistryValue value : sorted(key)) {
                ValueText.write(json, key.path(), value);
            }
            json.endArray().endObject();
        }
        json.endArray().endObject();
    }
}
