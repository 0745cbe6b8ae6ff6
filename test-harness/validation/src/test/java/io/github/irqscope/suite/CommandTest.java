package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.Need;
import io.github.irqscope.suite.bed.OnBeds;
import io.github.irqscope.suite.judge.Json;
import io.github.irqscope.suite.judge.Judge;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a process of its own: what it prints first and last, its exit codes, its JSON. */
class CommandTest {
    /** What a process said and how it ended. */
    private record Ended(int code, String out, String err) {
        String firstLine() {
            return out.lines().findFirst().orElse("");
        }

        String lastLine() {
            List<String> lines = out.lines().filter(line -> !line.isBlank()).toList();
            return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        }
    }

    /* On a machine of these options, whoever makes it. */
    private static Ended irqscope(Lab lab, BedOptions options, String... words) throws IOException,
            InterruptedException {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(lab.words(options));
        return irqscope(all.toArray(String[]::new));
    }

    private static Ended irqscope(String... words) throws IOException, InterruptedException {
        List<String> command = JavaProcess.command("io.github.irqscope.cli.Main", words);
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        String out = text(process.getInputStream());
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end");
        }
        return new Ended(process.exitValue(), out, err.join());
    }

    private static String text(InputStream stream) {
        /* Buffered: reading all of a bare FileInputStream asks for its length, which Wine 8.0 refuses for a pipe. */
        try (InputStream buffered = new BufferedInputStream(stream)) {
            return new String(buffered.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @OnBeds
    void validateSaysFirstThatTheMachineIsSimulatedAndLastASentence(Lab lab) throws Exception {
        Ended ended = irqscope(lab, BedOptions.sim(), "validate", "--count", "10");
        assertEquals(0, ended.code(), ended::err);
        assertTrue(ended.firstLine().toLowerCase(Locale.ROOT).contains("simulated"), ended.firstLine());
        assertTrue(ended.firstLine().contains("64/16/64"), ended.firstLine());
        assertTrue(ended.firstLine().contains("server2022"), ended.firstLine());
        assertTrue(ended.lastLine().startsWith("LANDED"), ended.lastLine());
        assertEquals("", ended.err());
    }

    @OnBeds
    void validateAsJsonIsOneDocumentThatCanBeJudged(Lab lab, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.json");
        Ended ended = irqscope(lab, BedOptions.sim().withMode("observed").withSeed(99), "validate", "--json", "-o",
                file.toString(), "--count", "10");
        assertEquals(0, ended.code(), ended::err);
        assertEquals("", ended.out());
        Map<String, Object> report = Judge.check(Files.readString(file));
        assertEquals(lab.bed(), report.get("bed"));
        assertEquals("LANDED", report.get("verdict"));
        @SuppressWarnings("unchecked")
        Map<String, Object> machine = (Map<String, Object>) report.get("machine");
        assertEquals("64/16/64", machine.get("preset"));
        assertEquals("server2022", machine.get("profile"));
        assertEquals(99L, machine.get("seed"));
        assertEquals(3, ((List<?>) machine.get("groups")).size());
    }

    /** One machine, and a seed. */
    private record Made(String machine, String profile, String mode, long seed, List<String> devices) {
        BedOptions options() {
            return BedOptions.sim().withMachine(machine).withProfile(profile).withMode(mode).withSeed(seed);
        }

        @Override
        public String toString() {
            return machine + " " + profile + " " + mode + " seed " + seed;
        }
    }

    static List<Made> made() {
        return List.of(new Made("64/16/64", "server2022", "documented", 1,
                List.of("--device", "edu0")),
                new Made("2x64", "win10", "observed", 23,
                List.of("--device", "igb0")), new Made("1x8", "nt52", "documented", 4,
                List.of()));
    }

    @OnBeds(cases = "made")
    void validateSaysTheSameOnEveryBed(Lab lab, Made made) throws Exception {
        List<String> validate = new ArrayList<>(List.of("validate", "--json", "--count", "10"));
        validate.addAll(made.devices());
        Ended here = irqscope(lab, made.options(), validate.toArray(String[]::new));
        assertEquals(0, here.code(), here::err);
        validate.addAll(List.of("--bed", "sim", "--machine", made.machine(), "--profile", made.profile(), "--mode",
                made.mode(), "--seed", Long.toString(made.seed())));
        Ended simulated = irqscope(validate.toArray(String[]::new));
        assertEquals(0, simulated.code(), simulated::err);
        assertEquals(lab.bed(), Json.object(here.out()).get("bed"));
        assertEquals("sim", Json.object(simulated.out()).get("bed"));
        assertEquals(withoutTimes(simulated.out()), withoutTimes(here.out()));
        assertFalse(withoutTimes(here.out()).equals(withoutTimes(here.out().replaceFirst("\"LANDED\"", "\"LOST\""))),
                "the comparison sees a verdict");
    }

    /* What two beds may say differently: their names, and times. */
    private static Object withoutTimes(String json) {
        return without(Json.object(json), Set.of("bed", "latency"));
    }

    private static Object without(Object value, Set<String> names) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> left = new TreeMap<>();
            map.forEach((name, each) -> {
                if (!names.contains(name)) {
                    left.put(name, each == null ? "null" : without(each, names));
                }
            });
            return left;
        }
        return value instanceof List<?> list ? list.stream().map(each -> each == null ? "null" : without(each, names))
                .toList() : value;
    }

    @OnBeds(needs = {Need.MACHINE, Need.PACE})
    void validateOfTwoThousandProcessorsJudgesEveryGroupInTime(Lab lab) throws Exception {
        long began = System.nanoTime();
        Ended ended = irqscope(lab, BedOptions.sim().withMachine("32x64"), "validate", "--json");
        long seconds = (System.nanoTime() - began) / 1_000_000_000L;
        assertEquals(0, ended.code(), ended::err);
        Map<String, Object> report = Judge.check(ended.out());
        long groups = Judge.targets(report).stream().map(target -> ((String) target.get("requested")).split(":")[0])
                .distinct().count();
        assertEquals(32, groups);
        assertTrue(seconds < 20, () -> "it took " + seconds + " s");
    }

    @OnBeds
    void aFaultEndsWithOne(Lab lab) throws Exception {
        Ended ended = irqscope(lab, BedOptions.sim().withMachine("2x64")
                .withFaults(List.of("never-fires device=edu0")),
                "validate", "--count", "5");
        assertEquals(1, ended.code(), ended::err);
        assertTrue(ended.lastLine().startsWith("NEVER_FIRED"), ended.lastLine());
    }

    @OnBeds
    void mistakesEndWithTwoAndSayWhere() throws Exception {
        for (List<String> words : List.of(List.of("validate", "--machine", "0x9"), List.of("validate", "--nonsense"),
                List.of("validate", "--processors", "g9:1"), List.of("validate", "--fault", "no-such"),
                List.of("validate", "--profile", "nt52"), List.of("no-such-verb"))) {
            Ended ended = irqscope(words.toArray(String[]::new));
            assertEquals(2, ended.code(), () -> words + ": " + ended.err());
            assertEquals("", ended.out(), words::toString);
            assertEquals(1, ended.err().lines().count(), ended::err);
        }
    }

    @OnBeds
    void anUnknownDeviceEndsWithThreeAndNamesTheNearest(Lab lab) throws Exception {
        Ended ended = irqscope(lab, BedOptions.sim(), "trigger", "--device", "edo0", "--count", "1");
        assertEquals(3, ended.code(), ended::err);
        assertTrue(ended.err().contains("edu0"), ended.err());
    }

    @OnBeds
    void theOtherVerbsAnswer(Lab lab) throws Exception {
        Ended devices = irqscope(lab, BedOptions.sim(), "devices", "--json");
        assertEquals(0, devices.code(), devices::err);
        assertEquals(7, ((List<?>) Json.object(devices.out()).get("devices")).size());
        Ended machine = irqscope(lab, BedOptions.sim().withMachine("40/40"), "machine", "--json");
        assertEquals(0, machine.code(), machine::err);
        assertEquals(lab.bed(), Json.object(machine.out()).get("bed"));
        Ended affinity = irqscope(lab, BedOptions.sim(), "affinity", "--device", "edu0", "--way",
                "fully-specified-group", "--processors", "g1:0-3", "--json");
        assertEquals(0, affinity.code(), affinity::err);
        assertTrue(affinity.out().contains("\"granted\":\"g1:0-3\""), affinity.out());
        Ended trigger = irqscope(lab, BedOptions.sim(), "trigger", "--device", "igb0", "--count", "50");
        assertEquals(0, trigger.code(), trigger::err);
        assertTrue(trigger.out().contains("50"), trigger.out());
        Ended masked = irqscope(lab, BedOptions.sim(), "trigger", "--device", "edu0", "--masked", "--count", "5");
        assertEquals(0, masked.code(), () -> masked.out() + masked.err());
    }

    @OnBeds(needs = {Need.MACHINE, Need.STATE_FOLDER})
    void aPolicyInAFolderIsFoundAndPutBackByTheNextProcess(Lab lab, @TempDir Path state) throws Exception {
        BedOptions options = BedOptions.sim().withState(state);
        Policy policy = Policy.specified(ProcessorSet.parse("g1:2-3"));
        Bed bed = lab.open(options);
        bed.device("edu0").policy(policy);
        lab.close(bed);
        Ended affinity = irqscope("affinity", "--state", state.toString(), "--device", "edu0", "--way",
                "fully-specified-group", "--json");
        assertEquals(0, affinity.code(), affinity::err);
        assertTrue(affinity.out().contains("\"granted\":\"g1:2-3\""), affinity.out());
        Ended validate = irqscope("validate", "--state", state.toString(), "--device", "edu0", "--count", "2");
        assertEquals(0, validate.code(), validate::err);
        assertEquals(Optional.of(policy), lab.open(options).device("edu0").policy());
    }
}
