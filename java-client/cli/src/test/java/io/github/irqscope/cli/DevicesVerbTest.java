package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.Device;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.RegistryValue;
import io.github.irqscope.json.JsonReader;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("DevicesVerbTest [sim]")
final class DevicesVerbTest {
    private final Command command = new Command();

    private Map<?, ?> device(String name, Consumer<Bed> before) {
        command.opening(() -> {
            Bed bed = Bed.open(BedOptions.sim());
            before.accept(bed);
            return bed;
        });
        assertEquals(0, command.run("devices", "--device", name, "--json"), command::err);
        return (Map<?, ?>) ((List<?>) JsonReader.readObject(command.out()).get("devices")).get(0);
    }

    @Test
    void tellsDriverGroupAndMask() {
        assertEquals(0, command.run("devices", "--device", "edu0", "--machine", "4x2"));
        assertTrue(command.out().contains("\n  driver: contract 1."), command.out());
        assertTrue(command.out().contains("; can connect-ex, affinity, groups"), command.out());
        assertTrue(command.out().contains("RESOURCE   VECTOR  IRQL  GROUP  MASK  PROCESSORS"), command.out());
        assertTrue(command.out().contains("0x3   g0:0-1"), command.out());
        assertFalse(command.out().contains("not usable"), command.out());
    }

    @Test
    void saysWhyADeviceIsNotUsable() {
        assertEquals("it has no interrupt", device("root0", bed -> { }).get("problem"));
        assertEquals(null, device("edu0", bed -> { }).get("problem"));
        assertEquals("it is not in D0, and cannot interrupt before it is",
                device("edu0", bed -> bed.simulation().orElseThrow().control("power edu0 3")).get("problem"));
        command.run("devices", "--device", "edu0");
        assertTrue(command.out().contains("\n  not usable: it is not in D0"), command.out());
    }

    @Test
    void saysWhereTheRequestComesFrom() {
        assertEquals("translated-resource", device("edu0", bed -> { }).get("asksBy"));
        assertEquals("policy-key", device("edu0", bed -> bed.device("edu0").policy(
                Policy.specified(ProcessorSet.parse("g1:4-7")))).get("asksBy"));
        assertEquals("system-key", device("edu0", bed -> {
            Device edu = bed.device("edu0");
            edu.parameters("Interrupt Management\\Affinity Policy", List.of(RegistryValue.dword("DevicePolicy", 4)));
        }).get("asksBy"));
    }

    @Test
    void affinitySaysWhereBothComeFrom() {
        assertEquals(0, command.run("affinity", "--device", "edu0", "--processors", "g1:4-7"));
        assertTrue(command.out().contains("edu0 asks by: policy key (Device Parameters\\Irqscope), written for this run"),
                command.out());
        assertTrue(command.out().contains("interrupt-object is IoGetAffinityInterrupt's answer"), command.out());
        assertEquals(0, command.run("affinity", "--device", "edu0"));
        assertTrue(command.out().contains("edu0 asks by: translated resource (no policy is set, the system chose)"),
                command.out());
    }

    @Test
    void affinitysDocumentSaysWhereTheRequestComesFrom() {
        assertEquals(Map.of("device", "edu0", "asksBy", "policy-key", "written", true),
                asks("--processors", "g1:4-7"));
        assertEquals(Map.of("device", "edu0", "asksBy", "translated-resource", "written", false), asks());
        assertEquals(Map.of("device", "edu0", "asksBy", "connect", "written", false),
                asks("--profile", "nt52", "--machine", "1x8", "--processors", "g0:2-3"), "no groups, so no policy");
        assertEquals(0, command.run("affinity", "--device", "edu0", "--profile", "nt52", "--machine", "1x8", "--way",
                "io-connect-interrupt,fully-specified", "--processors", "g0:2-3"), command::out);
        assertTrue(command.out().contains("g0:2-3     g0:2-3   compatibility  LANDED"), command.out());
        command.opening(() -> {
            Bed bed = Bed.open(BedOptions.sim());
            bed.device("edu0").parameters("Interrupt Management\\Affinity Policy",
                    List.of(RegistryValue.dword("DevicePolicy", 4)));
            return bed;
        });
        assertEquals(Map.of("device", "edu0", "asksBy", "system-key", "written", false), asks());
    }

    private Object asks(String... more) {
        String[] words = Stream.concat(Stream.of("affinity", "--device", "edu0", "--json"), Stream.of(more))
                .toArray(String[]::new);
        int code = command.run(words);
        assertTrue(code == 0 || code == 1, command::err);
        List<?> asks = (List<?>) JsonReader.readObject(command.out()).get("asks");
        assertEquals(1, asks.size());
        return asks.get(0);
    }
}
