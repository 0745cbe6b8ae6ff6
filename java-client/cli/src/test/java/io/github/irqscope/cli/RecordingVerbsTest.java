package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RecordingVerbsTest [sim]")
final class RecordingVerbsTest {
    private final Command command = new Command();

    @TempDir
    private Path folder;

    private String file() {
        return folder.resolve("run.irqrec").toString();
    }

    private Map<String, Object> run(int code, String... words) {
        assertEquals(code, command.run(words), () -> command.out() + command.err());
        return command.out().startsWith("{") ? JsonReader.readObject(command.out().lines().findFirst().orElseThrow())
                : Map.of();
    }

    @Test
    void aMillionASecondIsRecordedWithoutLoss() {
        Map<String, Object> recorded = run(0, "record", "--device", "igb0", "--load", "1000000/s", "--duration",
                "300ms", "--json", "-o", file());
        long events = (Long) recorded.get("events");
        assertTrue(events > 290_000 && events < 310_000, events + " events");
        assertEquals(0L, recorded.get("lost"));
        Map<String, Object> replayed = run(0, "replay", file(), "--json");
        assertEquals(events, replayed.get("events"));
        assertEquals(0L, replayed.get("lost"));
        assertEquals(List.of(), replayed.get("problems"));
        long sum = 0;
        for (Object processor : (List<?>) replayed.get("processors")) {
            sum += (Long) ((Map<?, ?>) processor).get("events");
        }
        assertEquals(events, sum);
    }

    /** What a longer recording allocates more than a shorter one; the smallest object would have 16 bytes. */
    @Test
    void recordingTakesNoMemoryPerEvent() {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long[] events = new long[3];
        long[] bytes = new long[3];
        String[] durations = {"20ms", "20ms", "420ms"};
        for (int i = 0; i < durations.length; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            events[i] = (Long) run(0, "record", "--device", "igb0", "--load", "1000000/s", "--duration",
                    durations[i], "--json", "-o", file()).get("events");
            bytes[i] = threads.getCurrentThreadAllocatedBytes() - before;
        }
        double each = (double) (bytes[2] - bytes[1]) / (events[2] - events[1]);
        assertTrue(events[2] - events[1] > 390_000 && each < 4, each + " bytes an event");
    }

    @Test
    void sequencesOfEveryProcessorHaveNoGap() {
        run(0, "record", "--device", "igb0", "--duration", "100ms", "--load", "50000", "-o", file());
        run(0, "replay", file(), "--export", "jsonl");
        Map<String, Long> next = new java.util.HashMap<>();
        for (String line : command.outLines()) {
            Map<String, Object> event = JsonReader.readObject(line);
            if (!"event".equals(event.get("kind"))) {
                continue;
            }
            String stream = event.get("processor") + "/" + event.get("irql");
            assertEquals(next.getOrDefault(stream, 0L), event.get("sequence"), line);
            next.put(stream, (Long) event.get("sequence") + 1);
        }
        assertTrue(command.outLines().size() > 4900, command.outLines().size() + " events");
    }

    @Test
    void saysOnWhatItIsAndHowMuchLoadThereIs() {
        run(0, "record", "--duration", "50ms", "-o", file());
        assertTrue(command.out().startsWith("Simulated machine 64/16/64"), command.out());
        assertTrue(command.err().contains("1,000/s"), command.err());
        assertTrue(command.out().contains("none lost."), command.out());
    }

    @Test
    void replayShowsACutFileAndSaysSo() throws IOException {
        run(0, "record", "--device", "igb0", "--load", "100000", "--duration", "1s", "-o", file());
        byte[] whole = Files.readAllBytes(Path.of(file()));
        Files.write(Path.of(file()), java.util.Arrays.copyOf(whole, whole.length * 3 / 4));
        run(7, "replay", file());
        assertTrue(command.err().contains("it was cut at byte"), command.err());
        assertTrue(command.out().contains("igb0 message:7"), command.out());
    }

    @Test
    void aPartOfARecordingIsShown() {
        run(0, "record", "--device", "igb0", "--load", "100000", "--duration", "1s", "-o", file());
        long all = (Long) run(0, "replay", file(), "--json").get("events");
        long part = (Long) run(0, "replay", file(), "--at", "300ms", "--duration", "200ms", "--json").get("events");
        assertTrue(part > 19_900 && part < 20_100, part + " of " + all);
        long before = (Long) run(0, "replay", file(), "--duration", "300ms", "--json").get("events");
        long after = (Long) run(0, "replay", file(), "--at", "500ms", "--json").get("events");
        assertEquals(all, before + part + after);
        run(0, "replay", file(), "--at", "300ms", "--duration", "200ms");
        assertTrue(command.out().contains("shown from 300.0 ms to 500.0 ms"), command.out());
    }

    @Test
    void aRecordingIsPlayedAsWatchShowsALiveDevice() {
        run(0, "record", "--device", "igb0", "--load", "10000", "--duration", "3s", "-o", file());
        long all = (Long) run(0, "replay", file(), "--json").get("events");
        run(0, "replay", file(), "--speed", "1000", "--json");
        List<Map<String, Object>> seconds = command.outLines().stream().map(JsonReader::readObject).toList();
        assertTrue(seconds.size() >= 3 && seconds.size() <= 4, seconds.size() + " lines");
        long before = 0;
        for (Map<String, Object> second : seconds.subList(0, 3)) {
            long events = (Long) second.get("events");
            assertTrue(events - before > 9000 && events - before < 11_000, events + " after " + before);
            before = events;
        }
        assertEquals(all, seconds.get(seconds.size() - 1).get("events"));
        run(0, "replay", file(), "--speed", "1000");
        assertTrue(command.out().contains("on 64 processors"), command.out());
        assertEquals(2, command.run("replay", file(), "--speed", "fast"));
        assertTrue(command.err().contains("--speed fast: column 1"), command.err());
        assertEquals(2, command.run("replay", file(), "--speed", "0"));
        assertEquals(2, command.run("replay", file(), "--speed", "1", "--export", "hdr"));
    }

    @Test
    void theGridShowsWhereItRan() {
        run(0, "record", "--machine", "4x2", "--device", "edu0", "--load", "10000", "--duration", "200ms", "-o", file());
        run(0, "replay", file());
        assertTrue(command.outLines().stream().anyMatch(text -> text.contains(" granted   ")), command.out());
        assertTrue(command.outLines().stream().anyMatch(text -> text.startsWith("g3")), command.out());
    }

    @Test
    void eachFormIsExportedIntoAFile() throws IOException {
        run(0, "record", "--device", "igb0", "--load", "20000", "--duration", "100ms", "-o", file());
        Map<String, String> begins = Map.of("jsonl", "{\"kind\":\"header\"", "hdr", "#[irqscope: recorded", "perfetto",
                "\n");
        for (Map.Entry<String, String> form : begins.entrySet()) {
            Path place = folder.resolve("run." + form.getKey());
            run(0, "replay", file(), "--export", form.getKey(), "-o", place.toString());
            assertEquals("", command.out());
            byte[] bytes = Files.readAllBytes(place);
            String start = new String(bytes, 0, form.getValue().length(), java.nio.charset.StandardCharsets.UTF_8);
            assertEquals(form.getValue(), start);
            assertTrue(bytes.length > 1000, form.getKey() + ": " + bytes.length + " bytes");
        }
        assertEquals(2, command.run("replay", file(), "--export", "csv"));
        assertTrue(command.err().contains("--export csv: "), command.err());
    }

    @Test
    void saysWhatADeviceFoldedBecauseTheSameInterruptWasStillWaiting() {
        Map<String, Object> recorded = run(0, "record", "--device", "edu0", "--load", "1000000", "--duration",
                "100ms", "--json", "-o", file());
        assertEquals(0L, recorded.get("lost"));
        long sum = (Long) recorded.get("events") + (Long) recorded.get("loadMissing");
        assertTrue((Long) recorded.get("loadMissing") > 10_000 && sum > 99_000 && sum < 101_000, recorded.toString());
    }

    @Test
    void aDeviceThatGoesAwayOrIsMovedEndsTheRecordingWithWhatThereIs() {
        for (String fault : List.of("gone", "retarget")) {
            Map<String, Object> recorded = run(3, "record", "--device", "edu0", "--fault", fault
                    + ",device=edu0,after=50", "--duration", "10s", "--json", "-o", file());
            assertEquals("device", recorded.get("ended"));
            assertEquals(0L, recorded.get("loadMissing"));
            assertTrue(recorded.get("problems").toString().contains("the events of edu0 ended: "), fault);
            Map<String, Object> replayed = run(0, "replay", file(), "--json");
            assertEquals(recorded.get("events"), replayed.get("events"));
            assertTrue((Long) replayed.get("events") >= 49, replayed.get("events") + " events");
        }
    }

    @Test
    void namesMistakes() throws IOException {
        assertEquals(2, command.run("record"));
        assertTrue(command.err().contains("record needs a file: -o FILE"), command.err());
        assertEquals(2, command.run("record", "--duration", "2parsecs", "-o", file()));
        assertTrue(command.err().contains("--duration 2parsecs: column 2"), command.err());
        assertEquals(2, command.run("replay"));
        assertTrue(command.err().contains("replay needs FILE"), command.err());
        Path precious = Files.writeString(folder.resolve("thesis.txt"), "years of work");
        assertEquals(7, command.run("record", "-o", precious.toString()));
        assertEquals("years of work", Files.readString(precious));
        assertEquals(7, command.run("record", "-o", folder.resolve("nowhere/run.irqrec").toString()));
        assertTrue(command.err().contains("run.irqrec: its folder does not exist"), command.err());
        assertEquals("", command.out(), "said before anything is begun");
        assertEquals(7, command.run("replay", precious.toString()));
        assertTrue(command.err().contains("this is no recording of irqscope"), command.err());
        assertFalse(command.err().contains("internal"), command.err());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsAClearError() {
        assertEquals(7, command.run("record", "--duration", "50ms", "-o", "/dev/full"));
        assertTrue(command.err().contains("cannot write /dev/full: No space left on device"), command.err());
    }

    private Map<?, ?> onlyTarget(Map<String, Object> recorded, String way) {
        Map<?, ?> feed = (Map<?, ?>) ((List<?>) ((Map<?, ?>) recorded.get("header")).get("feeds")).get(0);
        List<?> connections = (List<?>) feed.get("connections");
        assertEquals(1, connections.size());
        assertEquals(way, ((Map<?, ?>) connections.get(0)).get("way"));
        List<?> targets = (List<?>) ((Map<?, ?>) connections.get(0)).get("targets");
        assertEquals(1, targets.size());
        return (Map<?, ?>) targets.get(0);
    }

    @Test
    void recordsTheInterruptTheWayAndTheProcessorsThatWereAskedFor() {
        Map<String, Object> recorded = run(0, "record", "--device", "igb0", "--resource", "message:3", "--duration",
                "20ms", "--processors", "g1:4-7", "--json", "-o", file());
        Map<?, ?> target = onlyTarget(recorded, "fully-specified-group");
        assertEquals("message:3", target.get("resource"));
        assertEquals("g1:4-7", target.get("requested"));
        assertTrue(command.err().contains("The policy of igb0 asks for g1:4-7 until this is done."), command.err());
        assertTrue((Long) recorded.get("events") > 0);
        for (Object row : (List<?>) run(0, "replay", file(), "--json").get("processors")) {
            assertTrue(((Map<?, ?>) row).get("processor").toString().matches("g1:[4-7]"), row.toString());
        }
        recorded = run(0, "record", "--device", "edu1", "--way", "line-based", "--duration", "20ms", "--json", "-o",
                file());
        assertEquals("line:0", onlyTarget(recorded, "line-based").get("resource"));
    }

    /** As on a real bed, where no policy is written unasked. */
    @Test
    void whereNoPolicyIsWrittenTheConnectAsksForTheProcessors() {
        String[] nt52 = {"record", "--machine", "1x8", "--profile", "nt52", "--device", "edu1", "--duration", "20ms",
            "--processors", "g0:2-3", "--json", "-o", file()};
        Map<?, ?> target = onlyTarget(run(0, nt52), "io-connect-interrupt");
        assertEquals("g0:2-3", target.get("requested"));
        assertEquals("g0:2-3", target.get("granted"));
        assertFalse(command.err().contains("policy"), command.err());
        String[] portcls = java.util.Arrays.copyOf(nt52, nt52.length + 2);
        portcls[nt52.length] = "--way";
        portcls[nt52.length + 1] = "portcls";
        run(2, portcls);
        assertTrue(command.err().contains("--processors g0:2-3: portcls hands no processors to the kernel; only a policy"),
                command.err());
    }

    @Test
    void refusesWhatCannotBeConnectedAndSaysWhy() throws IOException {
        refuses(2, "record takes one", "--way", "line-based,message-based");
        refuses(2, "--resource message:3: message-based connects every interrupt of igb0", "--device", "igb0", "--way",
                "message-based", "--resource", "message:3");
        refuses(2, "a device has processors of one group", "--processors", "g0:0 g1:0");
        refuses(3, "igb0 has no message:77; it has message:0, message:1", "--device", "igb0", "--resource",
                "message:77");
        refuses(3, "no device here has message:77", "--resource", "message:77");
        assertFalse(Files.exists(Path.of(file())), "a file, though nothing was connected");
    }

    private void refuses(int code, String why, String... words) {
        List<String> all = new java.util.ArrayList<>(List.of("record", "-o", file()));
        all.addAll(List.of(words));
        run(code, all.toArray(String[]::new));
        assertTrue(command.err().contains(why), command.err());
    }
}
