package io.github.irqscope.cli;

import io.github.irqscope.Ability;
import io.github.irqscope.DeviceState;
import io.github.irqscope.Resource;
import io.github.irqscope.Version;
import io.github.irqscope.json.JsonWriter;
import java.util.List;

/** `devices`: what the driver is bound to, and what the PnP manager assigned. */
final class DevicesVerb implements Runner {
    private final Work work;

    DevicesVerb(Work work) {
        this.work = work;
    }

    @Override
    public int run() {
        List<Snapshot> devices = Snapshot.all(work, work.deviceNames());
        work.introduce();
        if (work.json()) {
            work.document(json -> write(json, devices));
            return ExitCode.FINE;
        }
        Printer out = work.out();
        for (Snapshot device : devices) {
            out.line();
            print(out, device);
        }
        return ExitCode.FINE;
    }

    private static void print(Printer out, Snapshot device) {
        DeviceState state = device.state();
        Printer.Tone tone = state == null || !state.started() ? Printer.Tone.WARNING : Printer.Tone.GOOD;
        out.line(out.paint(Printer.Tone.STRONG, device.device().name()) + "  " + device.device().hardwareId() + "  "
                + out.paint(tone, device.condition()));
        out.line("  " + device.device().instanceId());
        if (device.version() != null) {
            out.line("  driver: " + driver(device.version()));
        }
        if (device.problem() != null) {
            out.line(Printer.Tone.WARNING, "  not usable: " + device.problem());
        }
        Asking asking = Asking.of(device.device());
        if (!device.resources().isEmpty()) {
            out.line("  asks by: " + asking.text());
        }
        if (device.resources().isEmpty()) {
            return;
        }
        Table table = new Table("  ", "RESOURCE", "VECTOR", "IRQL", "GROUP", "MASK", "PROCESSORS", "WHAT IT IS");
        for (Resource resource : device.resources()) {
            table.row(resource.id().toString(), "0x" + Long.toHexString(resource.vector()),
                    Integer.toString(resource.irql()), Integer.toString(resource.group()),
                    "0x" + Long.toHexString(resource.mask()), resource.processors().toString(), kind(resource));
        }
        table.print(out);
    }

    private static String driver(Version version) {
        StringBuilder abilities = new StringBuilder();
        for (Ability ability : version.abilities()) {
            abilities.append(abilities.length() == 0 ? "; can " : ", ").append(ability.text());
        }
        return "contract " + version.major() + "." + version.minor() + ", kernel " + version.kernel() + abilities;
    }

    private static String kind(Resource resource) {
        return (resource.latched() ? "latched" : "level") + (resource.shared() ? ", shared" : "")
                + (resource.policy() ? ", by policy" : "") + (resource.connection() != 0 ? ", connected" : "");
    }

    private static void write(JsonWriter json, List<Snapshot> devices) {
        json.name("devices").beginArray();
        for (Snapshot device : devices) {
            DeviceState state = device.state();
            json.beginObject();
            json.name("device").value(device.device().name());
            json.name("hardwareId").value(device.device().hardwareId());
            json.name("instanceId").value(device.device().instanceId());
            json.name("path").value(device.device().path());
            json.field("problem", device.problem());
            if (state == null) {
                json.name("failure").value(device.failure().getMessage());
            } else {
                write(json, device.version());
                json.field("asksBy", Asking.of(device.device()).word());
                write(json, state);
            }
            json.endObject();
        }
        json.endArray();
    }

    private static void write(JsonWriter json, Version version) {
        json.name("driver").beginObject().field("contract", version.major() + "." + version.minor())
                .field("kernel", version.kernel()).name("abilities").beginArray();
        version.abilities().forEach(ability -> json.value(ability.text()));
        json.endArray().endObject();
    }

    private static void write(JsonWriter json, DeviceState state) {
        json.name("model").value(state.model().text());
        json.name("started").value(state.started());
        json.name("powered").value(state.powered());
        json.name("owned").value(state.owned());
        json.name("masked").value(state.masked());
        json.name("stormMasked").value(state.stormMasked());
        json.name("starts").value(state.starts());
        json.name("messagesAsked").value(state.messagesAsked());
        json.name("resources").beginArray();
        for (Resource resource : state.resources()) {
            json.beginObject();
            json.name("resource").value(resource.id().toString());
            json.name("latched").value(resource.latched());
            json.name("shared").value(resource.shared());
            json.name("policy").value(resource.policy());
            json.name("connected").value(resource.connection() != 0);
            json.name("vector").value(resource.vector());
            json.name("irql").value(resource.irql());
            json.name("processors").value(resource.processors().toString());
            json.endObject();
        }
        json.endArray();
    }
}
