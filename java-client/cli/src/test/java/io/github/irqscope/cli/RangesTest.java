package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.cli.recording.Units;
import io.github.irqscope.json.JsonReader;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the help pages say of values is what the verbs do: the pages are read, and the values tried. */
@DisplayName("RangesTest [sim]")
final class RangesTest {
    private final Command command = new Command();

    @TempDir
    private Path folder;

    /** The words in brackets behind an option on a verb's page; empty where there are none. */
    private String told(Verb verb, Option option) {
        command.run(verb.word(), "--help");
        StringBuilder text = new StringBuilder();
        boolean mine = false;
        for (String line : command.outLines()) {
            boolean isOption = line.matches(" {2,6}(-., )?--.*");
            mine = isOption ? line.contains(option.spelling() + " ") : mine && line.startsWith(" ".repeat(34));
            text.append(mine ? " " + line.strip() : "");
        }
        assertTrue(text.toString().contains(option.purpose()), verb + " " + option + ": " + text);
        String behind = text.substring(text.indexOf(option.purpose()) + option.purpose().length()).strip();
        assertTrue(behind.isEmpty() || behind.startsWith("(") && behind.endsWith(")"), behind);
        return behind;
    }

    private String told(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), pattern + " in " + text);
        return matcher.group(1);
    }

    /** Exit code 7 and this error: the value was taken, and the bed was to be opened. */
    private boolean isTaken(String words, String value) {
        Command other = new Command().opening(() -> {
            throw new IllegalStateException("the value was taken");
        });
        int code = other.run(words.replace("#", value).replace("OUT", folder.resolve("run").toString()).split(" "));
        assertTrue(code == 2 || code == 7 && other.err().contains("the value was taken"), code + ": " + other.err());
        assertEquals(code == 2, other.err().contains("at most ") || other.err().contains("at least "), other.err());
        return code == 7;
    }

    @ParameterizedTest
    @CsvSource({"trigger,COUNT,trigger --count #", "validate,COUNT,validate --count #",
        "trigger,RATE,trigger --rate #/s", "trigger,BURST,trigger --burst #", "trigger,MESSAGE,trigger --message #",
        "trigger,RESOURCE,trigger --resource message:#", "validate,RESOURCE,validate --resource line:#",
        "record,RESOURCE,record -o OUT --resource line:#", "validate,GROUP,validate --group #",
        "affinity,GROUP,affinity --group g#", "validate,DRIFT,validate --drift #", "watch,LOAD,watch --load #",
        "record,LOAD,record -o OUT --load #/s", "devices,SEED,devices --seed #",
        "policy,MESSAGES,policy set --device edu0 --system-keys --messages #"})
    void bothEndsOfARangeAreTakenAndTheNextNumbersRefused(String verb, Option option, String words) {
        String range = told(Verb.find(verb), option);
        BigInteger least = new BigInteger(told(range, "([0-9]+) to [0-9]+"));
        BigInteger most = new BigInteger(told(range, "[0-9]+ to ([0-9]+)"));
        assertTrue(isTaken(words, least.toString()), range);
        assertTrue(isTaken(words, most.toString()), range);
        assertTrue(least.signum() == 0 || !isTaken(words, least.subtract(BigInteger.ONE).toString()), range);
        assertFalse(isTaken(words, most.add(BigInteger.ONE).toString()), range);
    }

    @Test
    void latenciesDurationsAndPartsHaveTheEndsThatThePagesTell() {
        String most = told(told(Verb.VALIDATE, Option.STOP_AT), "^\\(1ns to ([0-9]+)ms\\)$");
        assertTrue(isTaken("validate --stop-at #", "1ns") && isTaken("validate --stop-at #", most + "ms"));
        assertFalse(isTaken("validate --stop-at #", "0us") || isTaken("validate --stop-at #", most + "000001ns"));
        assertEquals("(at most 366 days; default 2s)", told(Verb.RECORD, Option.DURATION));
        assertTrue(isTaken("record -o OUT --duration #", "8784h"));
        assertFalse(isTaken("record -o OUT --duration #", "8785h") || isTaken("watch --duration #", "8785h"));
        assertEquals("(0.01 to 1000)", told(Verb.REPLAY, Option.SPEED));
        assertEquals(1000, new Values(Verb.REPLAY).speed("1000"));
        assertEquals(0.01, new Values(Verb.REPLAY).speed("0.01"));
        assertEquals(2, command.run("replay", "none", "--speed", "0.009"));
        assertTrue(command.err().contains("0.01 to 1000"), command.err());
        assertEquals("(0 to 1000; default 5)", told(Verb.COMPARE, Option.TOLERANCE));
        assertEquals(2, command.run("compare", "a", "b", "--tolerance", "1001"));
        assertTrue(command.err().contains("from 0 to 1000"), command.err());
    }

    /** Words to choose from are all told, be it by what the value is called. */
    @ParameterizedTest
    @EnumSource
    void everyWordThatAValueMayBeIsOnThePage(Verb verb) {
        for (Option option : Option.values()) {
            if (verb.takes(option) && option != Option.MACHINE) {
                TreeSet<String> told = new TreeSet<>(List.of((told(verb, option) + " " + option.value())
                        .split("[^a-z0-9-]+")));
                assertTrue(told.containsAll(List.of(Completion.words(option))), option + ": " + told);
            }
        }
    }

    private Map<String, Object> json(String... words) {
        int code = command.run(words);
        assertTrue(code == 0 || code == 1, () -> code + command.err());
        return command.out().isEmpty() ? Map.of() : JsonReader.readObject(command.out());
    }

    private String otherwise(Verb verb, Option option) {
        return told(told(verb, option), "default ([^,)]+)");
    }

    @Test
    void theMachineUnlessSaidIsTheOneThatThePageNames() {
        Map<?, ?> machine = (Map<?, ?>) json("devices", "--json").get("machine");
        for (Option option : List.of(Option.MACHINE, Option.PROFILE, Option.MODE, Option.SEED)) {
            String name = option == Option.MACHINE ? "preset" : option.spelling().substring(2);
            assertEquals(otherwise(Verb.DEVICES, option), machine.get(name).toString(), name);
        }
        Map<?, ?> same = (Map<?, ?>) json("devices", "--json", "--bed", otherwise(Verb.DEVICES, Option.BED), "--color",
                otherwise(Verb.DEVICES, Option.COLOR)).get("machine");
        assertEquals(machine, same);
    }

    @Test
    void countsUnlessSaidAreThoseThatThePagesName() {
        List<Object> sent = new ArrayList<>();
        sent.add(json("trigger", "--device", "edu0", "--json"));
        sent.add(json("validate", "--device", "edu0", "--way", "message-based", "--machine", "1x8", "--json"));
        sent.add(json("validate", "--device", "edu0", "--drift", "1", "--way", "message-based", "--json"));
        List<String> counts = new ArrayList<>();
        for (Object document : sent) {
            counts.add(((Map<?, ?>) ((List<?>) ((Map<?, ?>) document).get("targets")).get(0)).get("sent").toString());
        }
        assertEquals(otherwise(Verb.TRIGGER, Option.COUNT), counts.get(0));
        assertEquals(otherwise(Verb.VALIDATE, Option.COUNT), counts.get(1));
        long each = Long.parseLong(told(told(Verb.VALIDATE, Option.COUNT), "with --drift ([0-9]+)"));
        assertTrue(Long.parseLong(counts.get(2)) % each == 0 && each != 100, counts.get(2) + " in rounds of " + each);
    }

    @Test
    void aRecordingUnlessSaidIsAsLongAndAsBusyAsThePageSays() {
        Map<String, Object> recorded = json("record", "--device", "edu0", "--json", "-o",
                folder.resolve("run").toString());
        assertEquals(otherwise(Verb.RECORD, Option.LOAD), ((Map<?, ?>) recorded.get("header")).get("load").toString());
        long duration = new Values(Verb.RECORD).duration(Option.DURATION, otherwise(Verb.RECORD, Option.DURATION));
        long took = (Long) recorded.get("nanoseconds");
        assertTrue(took >= duration && took < duration + 500_000_000L, took + " ns");
        command.run("watch", "--device", "edu0", "--duration", "1s");
        String said = command.err();
        assertTrue(said.contains("Each device interrupts "
                + Units.rate(Long.parseLong(otherwise(Verb.WATCH, Option.LOAD)))), said);
        String run = folder.resolve("run").toString();
        Map<String, Object> compared = json("compare", run, run, "--json");
        assertEquals(Double.parseDouble(otherwise(Verb.COMPARE, Option.TOLERANCE)) / 100, compared.get("tolerance"));
    }
}
