package io.github.irqscope.cli;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.json.JsonWriter;
import java.util.List;

/** `machine`: groups, nodes, and where interrupts were assigned. */
final class MachineVerb implements Runner {
    private static final int GROUP_SIZE = 64;

    private final Work work;

    MachineVerb(Work work) {
        this.work = work;
    }

    @Override
    public int run() {
        List<Snapshot> devices = Snapshot.all(work, List.of());
        Machine machine = work.machine();
        work.introduce();
        if (work.json()) {
            work.document(this::write);
            return ExitCode.FINE;
        }
        Printer out = work.out();
        int processors = machine.active().size();
        out.line(count(machine.groups().size(), "group") + ", " + count(processors, "processor") + ", "
                + count(machine.nodes().size(), "NUMA node"));
        out.line();
        printGrid(out, machine, devices);
        out.line();
        printNodes(out, machine.nodes());
        return ExitCode.FINE;
    }

    /** One line a group, so that 2,048 processors still fit on a screen. */
    private static void printGrid(Printer out, Machine machine, List<Snapshot> devices) {
        StringBuilder ruler = new StringBuilder("      ");
        for (int number = 0; number < GROUP_SIZE; number += 8) {
            String text = Integer.toString(number);
            ruler.append(text).append(" ".repeat(9 - text.length()));
        }
        out.line(Printer.Tone.FAINT, ruler.toString().stripTrailing());
        String free = out.symbol("\u00b7", ".");
        for (Machine.Group group : machine.groups()) {
            String name = "g" + group.number();
            StringBuilder line = new StringBuilder(name).append(" ".repeat(Math.max(1, 6 - name.length())));
            for (int number = 0; number < GROUP_SIZE; number++) {
                line.append(number > 0 && number % 8 == 0 ? " " : "");
                if (!group.active().contains(new Processor(group.number(), number))) {
                    line.append(number < group.maximum() ? "-" : " ");
                    continue;
                }
                int interrupts = interrupts(devices, new Processor(group.number(), number));
                line.append(interrupts == 0 ? out.paint(Printer.Tone.FAINT, free)
                        : interrupts < 36 ? Character.toString(Character.forDigit(interrupts, 36)) : "+");
            }
            line.append("  ").append(group.active().size());
            if (group.maximum() != group.active().size()) {
                line.append(" of ").append(group.maximum());
            }
            out.line(line.toString());
        }
        out.line();
        out.line("A cell is a processor and counts the interrupts assigned to it: " + free
                + " none, a-z 10 to 35, + more, - off.");
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

    static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private void write(JsonWriter json) {
        json.name("nodes").beginArray();
        for (Machine.Node node : work.machine().nodes()) {
            json.beginObject();
            json.name("node").value(node.number());
            json.name("processors").value(node.processors().toString());
            json.endObject();
        }
        json.endArray();
    }
}
