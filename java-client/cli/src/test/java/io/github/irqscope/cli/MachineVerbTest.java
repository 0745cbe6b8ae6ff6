package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Machine;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Topology;
import io.github.irqscope.json.JsonReader;
import io.github.irqscope.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("MachineVerbTest [sim]")
final class MachineVerbTest {
    private static final Topology TWO_KINDS = new Topology(
            List.of(new Machine.Group(0, ProcessorSet.parse("g0:0-11"), 64)),
            List.of(new Machine.Node(0, ProcessorSet.parse("g0:0-11"))), List.of(ProcessorSet.parse("g0:0-11")),
            List.of(new Topology.Core(ProcessorSet.parse("g0:0-1"), 1), new Topology.Core(ProcessorSet.parse("g0:2-3"),
                    1), new Topology.Core(ProcessorSet.parse("g0:4"), 0)));

    private final Command command = new Command();

    private static String views(Machine driver) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MachineVerb.printViews(new Printer(new PrintStream(bytes, true, StandardCharsets.UTF_8), false, true, 100),
                TWO_KINDS, driver);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void twoViewsThatAgreeAreSaidToAgree() {
        String text = views(new Machine(TWO_KINDS.groups(), TWO_KINDS.nodes()));
        assertTrue(text.contains("User mode and the driver see the same groups and nodes."), text);
        assertTrue(text.contains("package 0: g0:0-11\n"), text);
        assertTrue(text.contains("cores of efficiency class 0: g0:4 (the slowest)\n"
                + "cores of efficiency class 1: g0:0-3\n"), text);
    }

    @Test
    void everyDifferenceIsNamed() {
        String text = views(new Machine(List.of(new Machine.Group(0, ProcessorSet.parse("g0:0-7"), 64),
                new Machine.Group(1, ProcessorSet.parse("g1:0-3"), 64)), TWO_KINDS.nodes()));
        assertTrue(text.contains("Differs: user mode sees 1 group, the driver 2.\n"), text);
        assertTrue(text.contains("Differs: group 0: user mode sees g0:0-11, the driver g0:0-7.\n"), text);
        assertTrue(text.contains("g0:0-11 of 64  g0:0-7 of 64"), text);
        assertFalse(text.contains("see the same"), text);
    }

    @Test
    void theDocumentHasTheTopology() {
        JsonWriter json = new JsonWriter();
        MachineVerb.write(json, TWO_KINDS);
        Map<String, Object> document = JsonReader.readObject(json.toString());
        assertEquals(List.of("g0:0-11"), document.get("packages"));
        assertEquals(List.of(Map.of("processors", "g0:0-1", "efficiency", 1L), Map.of("processors", "g0:2-3",
                "efficiency", 1L), Map.of("processors", "g0:4", "efficiency", 0L)), document.get("cores"));
    }

    @Test
    void twoThousandProcessorsAreALineAGroup() {
        assertEquals(0, command.run("machine", "--machine", "32x64"));
        List<String> lines = command.outLines();
        assertEquals(32, lines.stream().filter(line -> line.matches("g[0-9]+ .*  64, node [0-9]+")).count());
        assertEquals(31 * 64, command.out().lines().filter(line -> line.startsWith("g")).mapToLong(
                line -> line.chars().filter(sign -> sign == '\u00b7').count()).sum());
        assertTrue(lines.stream().allMatch(line -> line.length() <= 100), command.out());
    }

    @Test
    void whereANodeBeginsStandsABar(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("nodes.txt"), "group 0-15\n"
                + "node group=0 processors=0-7\nnode group=0 processors=8-15\ndevice edu messages=1 node=1\n");
        int code = command.run("machine", "--machine", file.toString());
        assertEquals(0, code, command::err);
        assertTrue(command.outLines().stream().anyMatch(line -> line.matches("g0 {5}.{8}\u2502.{8} .*nodes 0, 1")),
                command.out());
    }

    @Test
    void saysThatASimulatedMachineHasNoUserMode() {
        assertEquals(0, command.run("machine", "--machine", "1x8"));
        assertTrue(command.out().contains("A simulated machine has no user mode"), command.out());
    }
}
