package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.json.JsonReader;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("WatchTest [sim]")
final class WatchTest {
    private final Command command = new Command();

    @Test
    void printsALineASecondWithoutATerminal() {
        assertEquals(0, command.run("watch", "--duration", "2s", "--load", "500"));
        List<String> lines = command.outLines();
        assertEquals(4, lines.size(), command.out());
        assertTrue(lines.get(0).startsWith("Simulated machine 64/16/64"), lines.get(0));
        assertTrue(lines.get(1).matches(" +1\\.0 s  [0-9]+/s on [0-9]+ processors, most on g0:.*, outside 0, lost 0"),
                lines.get(1));
        assertTrue(lines.get(2).startsWith("   2.0 s  5"), lines.get(2));
        assertTrue(lines.get(3).contains("none outside what was granted"), lines.get(3));
        assertTrue(command.err().contains("Each device interrupts 500/s (--load)."), command.err());
    }

    @Test
    void aSecondOfTheMachineTakesASecondHere() {
        long start = System.nanoTime();
        assertEquals(0, command.run("watch", "--duration", "1s"));
        assertTrue(System.nanoTime() - start > 900_000_000L, "it must be held back");
    }

    @Test
    void printsADocumentALine() {
        assertEquals(0, command.run("watch", "--duration", "2s", "--json", "--device", "igb0,edu0"));
        List<String> lines = command.outLines();
        assertEquals(2, lines.size(), command.out());
        Map<String, Object> document = JsonReader.readObject(lines.get(1));
        assertEquals(1L, document.get("schema"));
        assertEquals("sim", document.get("bed"));
        assertEquals(2, (Long) document.get("time") / 1_000_000_000L);
        assertEquals(0L, document.get("outside"));
        long events = 0;
        for (Object one : (List<?>) document.get("processors")) {
            events += (Long) ((Map<?, ?>) one).get("events");
        }
        assertEquals(document.get("events"), events);
        assertTrue(events > 3_000, events + " of two devices in two seconds");
    }

    @Test
    void whatRunsOutsideIsSaidAndIsExitCode1() {
        assertEquals(1, command.run("watch", "--duration", "1s", "--device", "edu0", "--processors", "g0:4-11",
                "--fault", "outside-mask,device=edu0,after=100", "--json"));
        Map<String, Object> document = JsonReader.readObject(command.outLines().get(0));
        assertTrue((Long) document.get("outside") > 0, command.out());
        for (Object one : (List<?>) document.get("processors")) {
            Map<?, ?> processor = (Map<?, ?>) one;
            boolean within = processor.get("processor").toString().matches("g0:([4-9]|1[01])");
            assertEquals(within, processor.get("granted"), processor.toString());
            assertEquals(within ? 0L : processor.get("events"), processor.get("outside"), processor.toString());
        }
    }

    @Test
    void looksAgainAtADeviceThatCameBack() {
        AtomicInteger reads = new AtomicInteger();
        pullOut("edu0", reads, true);
        assertEquals(0, command.run("watch", "--duration", "4s", "--device", "edu0"), command::err);
        assertTrue(command.err().contains("edu0 went away or was restarted; looking for it again"), command.err());
        assertTrue(reads.get() > 10, "it was looked at again: " + command.out() + command.err());
    }

    @Test
    void endsInTimeWhenTheDeviceStaysAway() {
        AtomicInteger reads = new AtomicInteger();
        pullOut("edu0", reads, false);
        assertEquals(0, command.run("watch", "--duration", "3s", "--device", "edu0"), command::err);
        assertTrue(command.err().contains("looking for it again"), command.err());
        assertEquals(5, reads.get());
        assertTrue(command.out().contains(" ISRs in "), command.out());
        assertFalse(command.out().contains("\n0 ISRs"), command.out());
    }

    /** Whatever ends the look at a device, nothing makes it interrupt when its handle is closed. */
    @Test
    void aDeviceThatTheSystemRestartedIsNotLeftUnderLoad() {
        AtomicReference<Bed> bed = new AtomicReference<>();
        List<String> closed = new ArrayList<>();
        command.opening(() -> {
            bed.set(Bed.open(BedOptions.sim().withFaults(List.of("retarget device=edu0 after=500")),
                    (device, request, status, win32) -> {
                        if (request.equals("close")) {
                            closed.add(rest(bed.get()));
                        }
                    }));
            return bed.get();
        });
        assertEquals(0, command.run("watch", "--duration", "4s", "--device", "edu0", "--load", "1000"), command::err);
        assertTrue(command.err().contains("edu0 went away or was restarted"), command.err());
        assertTrue(closed.size() >= 2, closed.toString());
        assertFalse(String.join("", closed).contains("under load"), closed.toString());
    }

    private static String rest(Bed bed) {
        try {
            return bed.simulation().orElseThrow().control("rest").strip();
        } catch (IrqscopeException e) {
            return e.getMessage();
        }
    }

    /** The device goes after its fifth read, and comes back, if it does, once its handle is closed. */
    private void pullOut(String name, AtomicInteger reads, boolean back) {
        AtomicReference<Bed> bed = new AtomicReference<>();
        command.opening(() -> {
            bed.set(Bed.open(BedOptions.sim(), (device, request, status, win32) -> {
                boolean isRead = request.startsWith("read events") && win32 == 0;
                if (isRead && reads.incrementAndGet() == 5) {
                    bed.get().simulation().orElseThrow().control("surprise " + name);
                } else if (back && request.equals("close") && reads.get() == 5) {
                    bed.get().simulation().orElseThrow().control("replug " + name);
                }
            }));
            return bed.get();
        });
    }

    @Test
    void putsThePolicyBack() {
        assertEquals(0, command.run("watch", "--duration", "1s", "--processors", "g1:4-7"));
        assertFalse(command.out().contains("g0:"), command.out());
        assertTrue(command.out().contains("on 4 processors, most on g1:"), command.out());
    }

    @Test
    void namesMistakes() {
        assertEquals(2, command.run("watch", "--way", "portcls,fully-specified"));
        assertTrue(command.err().contains("watch takes one"), command.err());
        assertEquals(2, command.run("watch", "--processors", "g0:1 g1:1"));
        assertTrue(command.err().contains("processors of one group"), command.err());
        assertEquals(2, command.run("watch", "--processors", "g1:60"));
        assertTrue(command.err().contains("this machine has no g1:60"), command.err());
        assertEquals(3, command.run("watch", "--device", "edu0", "--resource", "line:3"));
        assertTrue(command.err().contains("edu0 has no line:3"), command.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "devices --device edu0", "watch --duration 1s"})
    void withoutAScreenNothingOfJLineIsLoaded(String words) throws Exception {
        try (Child child = Child.start(List.of("-Xlog:class+load:stdout"), Map.of(), words.split(" "))) {
            String out = child.out();
            assertEquals(0, child.code(), child.err());
            assertTrue(out.contains("io.github.irqscope.cli.Main "), "classes are told");
            assertFalse(out.contains(" org.jline."), words);
        }
    }

    @Test
    void oneClassAloneKnowsJLine() throws Exception {
        Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> knowing = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".class")).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains("org/jline/")) {
                    knowing.add(file.getFileName().toString());
                }
            }
        }
        assertEquals(List.of("JLineScreen.class"), knowing);
    }

    @Test
    void endsQuietlyWhenTheReaderHasEnough() throws Exception {
        try (Child child = Child.start("watch", "--duration", "20s")) {
            BufferedReader out = new BufferedReader(new InputStreamReader(child.process().getInputStream()));
            assertTrue(out.readLine().startsWith("Simulated machine"), "the first line");
            out.close();
            assertEquals(ExitCode.READER_GONE, child.code());
            assertFalse(child.err().contains("irqscope:"), child.err());
        }
    }
}
