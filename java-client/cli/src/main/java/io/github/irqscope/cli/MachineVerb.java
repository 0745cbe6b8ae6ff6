package io.github.irqscope.cli;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.Topology;
import io.github.irqscope.json.JsonWriter;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** `machine`: groups, nodes, packages and cores, as the driver and as user mode sees them; where interrupts went. */
final class MachineVerb implements Runner {
    private static final int GROUP_SIZE = 64;
    private static final int WIDE = 90;
    private static final int LABEL = 7;

    private final Work work;

    MachineVerb(Work work) {
        this.work = work;
    }

    @Override
    public int run() {
        List<Snapshot> devices = Snapshot.all(work, List.of());
        Machine machine = work.machine();
        Optional<Topology> topology = work.bed().topology();
        work.introduce();
        if (work.json()) {
            work.document(json -> write(json, topology));
            return ExitCode.FINE;
        }
        Printer out = work.out();
        int processors = machine.active().size();
        out.line(count(machine.groups().size(), "group") + ", " + count(processors, "processor") + ", "
                + count(machine.nodes().size(), "NUMA node")
                + topology.filter(seen -> !work.bed().isSimulated()).map(MachineVerb::cores).orElse(""));
        out.line();
        printGrid(out, machine, devices);
        out.line();
        printNodes(out, machine.nodes());
        out.line();
        topology.ifPresentOrElse(seen -> printViews(out, seen, machine), () -> out.line(Printer.Tone.FAINT,
                "The driver's view. A simulated machine has no user mode: packages and cores are not known."));
        if (topology.isPresent() && work.bed().isSimulated()) {
            out.line(Printer.Tone.FAINT, "User mode sees this computer; the driver's processors are simulated.");
        }
        return ExitCode.FINE;
    }

    private static String cores(Topology topology) {
        return ", " + count(topology.packages().size(), "package") + ", " + count(topology.cores().size(), "core");
    }

    /** One line a group, so that 2,048 processors still fit on a screen; two where the screen is narrow. */
    private static void printGrid(Printer out, Machine machine, List<Snapshot> devices) {
        int perLine = 0;
        for (Machine.Group group : machine.groups()) {
            perLine = Math.max(perLine, (places(group) + 7) / 8 * 8);
        }
        perLine = Math.min(perLine, out.columns() >= WIDE ? GROUP_SIZE : GROUP_SIZE / 2);
        boolean narrow = machine.groups().stream().mapToInt(MachineVerb::places).max().orElse(0) > perLine;
        StringBuilder ruler = new StringBuilder(" ".repeat(LABEL));
        for (int number = 0; number < perLine; number += 8) {
            String text = (narrow ? "+" : "") + number;
            ruler.append(text).append(" ".repeat(9 - text.length()));
        }
        out.line(Printer.Tone.FAINT, ruler.toString().stripTrailing());
        for (Machine.Group group : machine.groups()) {
            int places = places(group);
            for (int first = 0; first < places; first += perLine) {
                String name = "g" + group.number() + (narrow ? ":" + first : "");
                StringBuilder line = new StringBuilder(out.paint(first == 0 ? Printer.Tone.STRONG : Printer.Tone.FAINT,
                        name)).append(" ".repeat(Math.max(1, LABEL - name.length())));
                for (int number = first; number < first + perLine; number++) {
                    line.append(number == first || number % 8 != 0 ? "" : gap(out, machine, group, number));
                    line.append(cell(out, group, number, devices));
                }
                out.line(line + (first == 0 ? "  " + summary(machine, group) : ""));
            }
        }
        out.line();
        out.line("A cell is a processor and counts the interrupts assigned to it: " + free(out)
                + " none, a-z 10 to 35, + more, - off.");
    }

    /** Up to the highest processor that it has or may get. */
    private static int places(Machine.Group group) {
        int places = group.maximum();
        for (Processor processor : group.active()) {
            places = Math.max(places, processor.number() + 1);
        }
        return places;
    }

    /** What stands between two eights: a bar where another NUMA node begins. */
    private static String gap(Printer out, Machine machine, Machine.Group group, int number) {
        int before = node(machine, new Processor(group.number(), number - 1));
        int behind = node(machine, new Processor(group.number(), number));
        return before >= 0 && behind >= 0 && before != behind ? out.paint(Printer.Tone.WARNING, out.symbol("\u2502", "|"))
                : " ";
    }

    private static int node(Machine machine, Processor processor) {
        for (Machine.Node node : machine.nodes()) {
            if (node.processors().contains(processor)) {
                return node.number();
            }
        }
        return -1;
    }

    private static String cell(Printer out, Machine.Group group, int number, List<Snapshot> devices) {
        Processor processor = new Processor(group.number(), number);
        if (!group.active().contains(processor)) {
            return number < group.maximum() ? "-" : " ";
        }
        int interrupts = interrupts(devices, processor);
        return interrupts == 0 ? out.paint(Printer.Tone.FAINT, free(out))
                : out.paint(Printer.Tone.GOOD, interrupts < 36 ? Character.toString(Character.forDigit(interrupts, 36))
                : "+");
    }

    private static String free(Printer out) {
        return out.symbol("\u00b7", ".");
    }

    /** 64, node 0; 16 of 64, nodes 1, 2. */
    private static String summary(Machine machine, Machine.Group group) {
        StringBuilder text = new StringBuilder().append(group.active().size());
        if (group.maximum() != group.active().size()) {
            text.append(" of ").append(group.maximum());
        }
        StringBuilder nodes = new StringBuilder();
        int count = 0;
        for (Machine.Node node : machine.nodes()) {
            if (node.processors().mask(group.number()) != 0) {
                nodes.append(count++ == 0 ? " " : ", ").append(node.number());
            }
        }
        return count == 0 ? text.toString() : text + (count == 1 ? ", node" : ", nodes") + nodes;
    }

    private static int interrupts(List<Snapshot> devices, Processor processor) {
        int count = 0;
        for (Snapshot device : devices) {
            for (Resource resource : device.resources()) {
                count += resource.processors().contains(processor) ? 1 : 0;
            }
        }
        return count;
    }

    private static void printNodes(Printer out, List<Machine.Node> nodes) {
        int width = 0;
        for (Machine.Node node : nodes) {
            width = Math.max(width, text(node).length());
        }
        StringBuilder line = new StringBuilder();
        for (Machine.Node node : nodes) {
            if (line.length() + width > out.columns()) {
                out.line(line.toString().stripTrailing());
                line.setLength(0);
            }
            String text = text(node);
            line.append(text).append(" ".repeat(width + 3 - text.length()));
        }
        out.line(line.toString().stripTrailing());
    }

    private static String text(Machine.Node node) {
        ProcessorSet processors = node.processors();
        return "node " + node.number() + ": " + (processors.isEmpty() ? "no processor" : processors.toString());
    }

    // ---- The two views -------------------------------------------------------------------------------------------

    /** User mode and the driver side by side, then packages and the kinds of cores, which user mode alone tells. */
    static void printViews(Printer out, Topology topology, Machine driver) {
        Table table = new Table("", "", "USER MODE", "DRIVER");
        int groups = Math.max(topology.groups().size(), driver.groups().size());
        table.row("groups", Integer.toString(topology.groups().size()), Integer.toString(driver.groups().size()));
        for (int i = 0; i < groups; i++) {
            String user = i < topology.groups().size() ? text(topology.groups().get(i)) : "-";
            String kernel = i < driver.groups().size() ? text(driver.groups().get(i)) : "-";
            table.row(user.equals(kernel) ? Printer.Tone.PLAIN : Printer.Tone.WARNING, "group " + i, user, kernel);
        }
        table.row("NUMA nodes", Integer.toString(topology.nodes().size()), Integer.toString(driver.nodes().size()));
        table.print(out);
        out.line();
        List<String> differences = topology.differences(driver);
        for (String difference : differences) {
            out.line(Printer.Tone.WARNING, "Differs: " + difference + ".");
        }
        if (differences.isEmpty()) {
            out.line(Printer.Tone.GOOD, "User mode and the driver see the same groups and nodes.");
        }
        for (int i = 0; i < topology.packages().size(); i++) {
            out.line("package " + i + ": " + topology.packages().get(i));
        }
        kinds(topology).forEach((efficiency, processors) -> out.line("cores of efficiency class " + efficiency + ": "
                + processors + (kinds(topology).size() > 1 && efficiency == 0 ? " (the slowest)" : "")));
    }

    private static String text(Machine.Group group) {
        return group.active() + " of " + group.maximum();
    }

    private static SortedMap<Integer, ProcessorSet> kinds(Topology topology) {
        SortedMap<Integer, ProcessorSet> kinds = new TreeMap<>();
        for (Topology.Core core : topology.cores()) {
            kinds.merge(core.efficiency(), core.processors(), ProcessorSet::plus);
        }
        return kinds;
    }

    static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private void write(JsonWriter json, Optional<Topology> topology) {
        json.name("nodes");
        write(json, work.machine().nodes());
        json.name("userMode");
        if (topology.isEmpty()) {
            json.nullValue();
        } else {
            write(json, topology.get());
        }
        json.name("differences").beginArray();
        topology.ifPresent(seen -> seen.differences(work.machine()).forEach(json::value));
        json.endArray();
    }

    private static void write(JsonWriter json, List<Machine.Node> nodes) {
        json.beginArray();
        for (Machine.Node node : nodes) {
            json.beginObject().field("node", node.number()).field("processors", node.processors().toString())
                    .endObject();
        }
        json.endArray();
    }

    static void write(JsonWriter json, Topology topology) {
        json.beginObject().name("groups").beginArray();
        for (Machine.Group group : topology.groups()) {
            json.beginObject().field("group", group.number()).field("active", group.active().toString())
                    .field("maximum", group.maximum()).endObject();
        }
        json.endArray().name("nodes");
        write(json, topology.nodes());
        json.name("packages").beginArray();
        topology.packages().forEach(one -> json.value(one.toString()));
        json.endArray().name("cores").beginArray();
        for (Topology.Core core : topology.cores()) {
            json.beginObject().field("processors", core.processors().toString())
                    .field("efficiency", core.efficiency()).endObject();
        }
        json.endArray().endObject();
    }
}
