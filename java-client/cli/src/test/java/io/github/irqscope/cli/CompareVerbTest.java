package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("CompareVerbTest [sim]")
final class CompareVerbTest {
    private final Command command = new Command();

    @TempDir
    private Path folder;

    private String place(String name) {
        return folder.resolve(name).toString();
    }

    private void run(int code, String... words) {
        assertEquals(code, command.run(words), () -> command.out() + command.err());
    }

    private String record(String name, String... more) {
        List<String> words = new java.util.ArrayList<>(List.of("record", "--device", "igb0", "--load", "50000",
                "--duration", "500ms", "-o", place(name)));
        words.addAll(List.of(more));
        run(0, words.toArray(String[]::new));
        return place(name);
    }

    @Test
    void twoSeedsOfOneMachineAreTheSame() {
        run(0, "compare", record("a"), record("b", "--seed", "2"));
        assertTrue(command.out().contains("\nThe same: no difference beyond noise and the tolerance of 5 %"),
                command.out());
        assertTrue(command.out().contains("Note: simulated machine differs"), command.out());
    }

    @Test
    void interruptsInAnotherGroupAreWorse() {
        run(1, "compare", record("a"), record("b", "--fault", "wrong-group,device=igb0"));
        assertTrue(command.outLines().get(command.outLines().size() - 1).startsWith("Worse: outside is "), command.out());
        run(0, "compare", place("b"), place("a"));
        assertTrue(command.out().contains("\nBetter: outside is 0.0 % and was "), command.out());
    }

    @Test
    void aRunInWhichNothingRanIsNeverTheSame() {
        run(1, "compare", record("a"), record("b", "--fault", "never-fires,device=igb0"));
        assertTrue(command.out().contains("\nWorse: rate is 0.0/s and was "), command.out());
        run(7, "compare", place("b"), place("b"));
        assertTrue(command.out().contains("\nUnknown: nothing that both runs have can be compared."), command.out());
    }

    @Test
    void aCutRecordingIsComparedAsFarAsItGoesAndNamed() throws IOException {
        record("a");
        byte[] whole = Files.readAllBytes(Path.of(place("a")));
        Files.write(Path.of(place("cut")), Arrays.copyOf(whole, whole.length - 100));
        run(7, "compare", place("a"), place("cut"));
        assertTrue(command.err().contains("cut: it was cut at byte"), command.err());
        assertTrue(command.out().contains("\nThe same: "), command.out());
    }

    @Test
    void resultsOfValidateAreHeldAgainstEachOther() {
        run(0, "validate", "--device", "edu0", "--json", "-o", place("a.json"));
        run(1, "validate", "--device", "edu0", "--fault", "lost,device=edu0,after=20", "--json", "-o", place("b.json"));
        run(1, "compare", place("a.json"), place("b.json"), "--json");
        Map<String, Object> document = JsonReader.readObject(command.out());
        assertEquals("worse", document.get("verdict"));
        assertTrue(((List<?>) document.get("targets")).size() >= 1, command.out());
        run(0, "compare", place("a.json"), place("a.json"), "--tolerance", "0");
    }

    @Test
    void namesMistakes() {
        run(0, "validate", "--device", "edu0", "--json", "-o", place("a.json"));
        run(2, "compare", place("a.json"));
        assertTrue(command.err().contains("compare needs A B"), command.err());
        run(2, "compare", record("a"), place("a.json"));
        assertTrue(command.err().contains("two of a kind"), command.err());
        run(7, "compare", place("a"), place("none"));
        assertTrue(command.err().contains("none: there is no such file"), command.err());
        for (String bad : List.of("-1", "many", "1001", "5%%", "")) {
            run(2, "compare", place("a"), place("a"), "--tolerance=" + bad);
            assertTrue(command.err().contains("a percentage from 0 to 1000"), command.err());
        }
    }
}
