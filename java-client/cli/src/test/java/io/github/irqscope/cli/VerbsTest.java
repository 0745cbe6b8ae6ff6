package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every verb on a simulated machine, inside this process. */
@DisplayName("VerbsTest [sim]")
final class VerbsTest {
    private final Command command = new Command();

    private void run(int code, String... words) {
        assertEquals(code, command.run(words), () -> command.out() + command.err());
    }

    @SuppressWarnings("unchecked") // JSON has these types where the document says so
    private Map<String, Object> json() {
        return (Map<String, Object>) JsonReader.read(command.out());
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> list(String name) {
        return (List<Map<String, Object>>) json().get(name);
    }

    private static long number(Map<String, Object> object, String name) {
        return ((Number) object.get(name)).longValue();
    }

    private String line(String part) {
        return command.outLines().stream().filter(line -> line.contains(part)).findFirst()
                .orElseThrow(() -> new AssertionError("no line with " + part + " in\n" + command.out()));
    }

    // ---- The first line ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"devices", "machine", "affinity", "trigger", "validate"})
    void theFirstLineSaysWhichMachineIsSimulated(String verb) {
        if (verb.equals("machine")) {
            run(0, verb);
        } else {
            run(0, verb, "--device", "edu0");
        }
        String first = command.outLines().get(0);
        for (String word : List.of("Simulated", "64/16/64", "server2022", "seed 1")) {
            assertTrue(first.contains(word), first);
        }
        assertEquals("", command.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"devices", "machine", "affinity", "trigger", "validate"})
    void jsonIsOneDocumentAndTheFirstLineIsTalk(String verb) {
        run(0, verb, "--json", "--machine", "1x8", "--seed", "7");
        assertEquals(1, command.outLines().size());
        assertEquals(1, number(json(), "schema"));
        assertEquals("sim", json().get("bed"));
        assertTrue(command.out().contains("\"preset\":\"1x8\",\"profile\":\"server2022\",\"seed\":7"), command.out());
        assertTrue(command.err().startsWith("Simulated machine 1x8"), command.err());
    }

    // ---- devices, machine ----------------------------------------------------------------------------------------

    @Test
    void devicesTellsNamesIdsStatesAndInterrupts() {
        run(0, "devices");
        assertTrue(line("edu0 ").contains("PCI\\VEN_1234&DEV_11E8"));
        assertTrue(line("edu0 ").contains("started"));
        for (String name : List.of("edu1", "e1000e0", "e1000e1", "igb0", "uart0")) {
            line(name + " ");
        }
        assertTrue(line("message:7").contains("latched"));
        run(0, "devices", "--json", "--device", "igb0");
        assertEquals(1, list("devices").size());
        assertEquals(8, ((List<?>) list("devices").get(0).get("resources")).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x8", "64/16/64", "4x2", "32x64"})
    void machineFitsAScreen(String machine) {
        run(0, "machine", "--machine", machine);
        for (String line : command.outLines()) {
            assertTrue(line.length() <= 100, line);
        }
        assertTrue(command.outLines().size() <= 80, command.outLines().size() + " lines");
        line("g0 ");
        line("node 0: g0:0");
    }

    @Test
    void machineIsPlainAsciiWhereNothingElseCanBeShown() {
        command.withoutUnicode();
        run(0, "machine");
        assertTrue(command.out().chars().allMatch(letter -> letter == '\n' || letter >= ' ' && letter <= '~'));
        line("g1    ");
    }

    @Test
    void machineJsonHasGroupsAndNodes() {
        run(0, "machine", "--json");
        assertFalse(list("nodes").isEmpty());
        assertTrue(command.out().contains("{\"group\":1,\"active\":\"g1:0-15\""), command.out());
    }

    // ---- affinity ------------------------------------------------------------------------------------------------

    @Test
    void affinityAsksEachWayAndTriggersNothing() {
        run(0, "affinity", "--device", "edu0");
        assertTrue(line("fully-specified-group").endsWith("interrupt-object  LANDED"));
        assertTrue(line("io-connect-interrupt").endsWith("REFUSED as expected: STATUS_NOT_SUPPORTED"));
        run(0, "affinity", "--device", "edu0", "--json");
        for (Map<String, Object> target : list("targets")) {
            assertEquals(0, number(target, "sent"));
        }
    }

    @Test
    void affinityOfALineIsReadFromTheAssignedResource() {
        run(0, "affinity", "--device", "edu1", "--way", "line-based");
        line("assigned-resource");
    }

    @Test
    void affinityReachesAnotherGroup() {
        run(0, "affinity", "--device", "edu0", "--way", "fully-specified-group", "--group", "1");
        assertTrue(line("fully-specified-group").contains("g1:0-15    g1:0-15"), command.out());
        run(0, "affinity", "--device", "edu0", "--way", "fully-specified-group", "--processors", "g2:4-7");
        assertTrue(line("fully-specified-group").contains("g2:4-7     g2:4-7"), command.out());
    }

    // ---- trigger -------------------------------------------------------------------------------------------------

    @Test
    void triggerTellsSentArrivedLostSpuriousAndWhere() {
        run(0, "trigger", "--device", "edu0", "--count", "1000");
        line("LANDED: 1000 sent, 1000 arrived, 0 lost, 0 spurious.");
        line("ISRs on each processor");
        line("Trigger to ISR: median ");
        run(0, "trigger", "--device", "edu0", "--count", "1000", "--json");
        Map<String, Object> target = list("targets").get(0);
        long observed = 0;
        for (Object count : ((Map<?, ?>) target.get("observed")).values()) {
            observed += ((Number) count).longValue();
        }
        assertEquals(1000, observed);
        assertEquals(1000, number(target, "arrived"));
        assertEquals(0, number(target, "eventsLost"));
    }

    @Test
    void triggerOfAMaskedDeviceMustNotFire() {
        run(0, "trigger", "--device", "edu0", "--masked");
        line("NEVER_FIRED as expected");
        line("The masked device kept quiet: 100 sent, 0 arrived");
    }

    @ParameterizedTest
    @ValueSource(strings = {"edu0", "edu1", "e1000e0", "e1000e1", "igb0", "uart0"})
    void everyDeviceCanBeTriggeredAndMasked(String device) {
        run(0, "trigger", "--device", device, "--count", "10");
        run(0, "trigger", "--device", device, "--count", "10", "--masked");
    }

    @Test
    void triggerReachesEveryMessage() {
        run(0, "trigger", "--device", "igb0", "--message", "all", "--count", "20", "--json");
        assertEquals(8, list("targets").size());
        for (Map<String, Object> target : list("targets")) {
            assertEquals(20, number(target, "arrived"));
        }
        run(0, "trigger", "--device", "igb0", "--message", "3", "--count", "20", "--json");
        assertEquals("message:3", list("targets").get(0).get("resource"));
    }

    @Test
    void theNeighboursOfAMessageMustNotFire() {
        run(0, "trigger", "--device", "igb0", "--message", "3", "--neighbours", "--count", "50");
        line("LANDED: 50 sent, 50 arrived, 0 lost, 0 spurious; the 7 neighbours kept quiet.");
        run(1, "trigger", "--device", "igb0", "--message", "3", "--neighbours", "--count", "50", "--fault",
                "spurious,device=igb0,every=10,neighbour=1");
        line("Neighbour: message:2: SPURIOUS: 5 ISR calls came that nobody had asked for (0 sent, 5 arrived).");
        line("Neighbour: message:4: SPURIOUS: 5 ISR calls came");
        line("SPURIOUS: 50 sent, 50 arrived, 0 lost, 0 spurious; 2 of 7 neighbours fired unasked.");
        run(0, "trigger", "--device", "igb0", "--message", "3", "--count", "50", "--fault",
                "spurious,device=igb0,every=10,neighbour=1");
        run(0, "trigger", "--device", "igb0", "--masked", "--neighbours", "--count", "50");
        line("The masked device kept quiet: 50 sent, 0 arrived");
        run(3, "trigger", "--device", "edu0", "--neighbours");
        run(2, "trigger", "--device", "igb0", "--neighbours", "--message", "all");
        run(2, "trigger", "--device", "igb0", "--neighbours", "--way", "fully-specified-group");
        run(2, "trigger", "--device", "igb0", "--neighbours", "--resource", "line:0");
    }

    @Test
    void triggerCanBePacedByARateAndSentInBursts() {
        run(0, "trigger", "--device", "edu0", "--count", "50", "--rate", "1000/s");
        line("LANDED: 50 sent, 50 arrived");
        run(0, "trigger", "--device", "igb0", "--count", "64", "--burst", "16", "--rate", "1000/s", "--json");
        Map<String, Object> target = list("targets").get(0);
        assertEquals(64, number(target, "sent"));
        assertEquals(64, number(target, "arrived") + number(target, "coalesced"));
        assertEquals(false, target.get("paced"));
    }

    @Test
    void triggerReachesOtherProcessorsByAPolicyThatDoesNotStay(@TempDir Path state) {
        run(0, "trigger", "--device", "edu0", "--processors", "g1:4-7", "--state", state.toString());
        assertTrue(line("message:0").contains("g1:4-7     g1:4-7"), command.out());
        run(0, "devices", "--device", "edu0", "--state", state.toString());
        assertFalse(command.out().contains("g1:4-7"), command.out());
    }

    @Test
    void theTraceTellsWhatBecameOfATrigger() {
        run(0, "trigger", "--device", "edu0", "--count", "1", "-v");
        assertTrue(command.err().contains("edu0: trigger 1 of target 0, paced: sent 1, arrived 1, lost 0: STATUS_SUCCESS\n"),
                command.err());
        run(1, "trigger", "--device", "edu0", "--count", "1", "--fault", "never-fires", "-v");
        assertTrue(command.err().contains("paced: sent 1, arrived 0, lost 1: STATUS_SUCCESS\n"), command.err());
        run(0, "trigger", "--device", "edu0", "--count", "4", "--burst", "4", "-v");
        assertTrue(command.err().contains("edu0: trigger 4 of target 0: sent 4: STATUS_SUCCESS\n"), command.err());
    }

    @Test
    void triggerThatIsLostIs1() {
        run(1, "trigger", "--device", "edu0", "--fault", "lost,device=edu0");
        assertTrue(command.out().contains("LOST, expected LANDED") || command.out().contains("NEVER_FIRED, expected"),
                command.out());
    }

    @Test
    void triggerThatCannotConnectIs1() {
        run(1, "trigger", "--device", "edu0", "--way", "io-connect-interrupt");
        line("REFUSED: the connect ended with STATUS_NOT_SUPPORTED");
    }

    // ---- validate ------------------------------------------------------------------------------------------------

    @Test
    void validateShowsEveryGroupAndSaysOneSentence() {
        run(0, "validate", "--device", "edu0");
        List<String> lines = command.outLines();
        for (String asked : List.of("g0:0-63", "g1:0-15", "g2:0-63")) {
            assertTrue(lines.stream().anyMatch(line -> line.contains("fully-specified-group  " + asked)), asked);
        }
        assertTrue(lines.get(lines.size() - 1).startsWith("LANDED: 15 targets on 1 device in 3 groups"),
                lines.get(lines.size() - 1));
        for (String line : lines) {
            assertTrue(line.length() <= 100, line);
        }
    }

    @Test
    void validateOfWhatIsBrokenIs1AndSaysWhatWasExpected() {
        run(1, "validate", "--device", "edu0", "--fault", "wrong-group,device=edu0");
        line("WRONG_GROUP, expected LANDED");
        line("Not as expected: edu0 message:0 ");
        assertTrue(command.outLines().get(command.outLines().size() - 1).startsWith("WRONG_GROUP: "));
    }

    @Test
    void validateIsRepeatable() {
        run(0, "validate", "--device", "igb0", "--seed", "7", "--json");
        String first = command.out();
        run(0, "validate", "--device", "igb0", "--seed", "7", "--json");
        assertEquals(first, command.out());
    }

    @Test
    void verboseTellsEachRequestAndItsStatus() {
        run(0, "validate", "--device", "edu0", "--group", "1", "-v");
        assertTrue(command.err().lines().anyMatch(line -> line.contains("edu0: connect fully-specified-group")
                && line.contains("STATUS_SUCCESS")), command.err());
    }

    @Test
    void outputGoesToAFileWithoutColours(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.txt");
        command.onTerminal();
        run(0, "validate", "--device", "edu0", "--group", "0", "-o", file.toString());
        assertEquals("", command.out());
        String text = Files.readString(file);
        assertTrue(text.startsWith("Simulated machine"), text);
        assertFalse(text.contains("\u001b"), text);
        assertTrue(text.contains("LANDED: "), text);
    }

    @Test
    void coloursGoToATerminalOnlyUnlessAskedFor() {
        run(0, "validate", "--device", "edu0", "--group", "0");
        assertFalse(command.out().contains("\u001b"));
        run(0, "validate", "--device", "edu0", "--group", "0", "--color", "always");
        assertTrue(command.out().contains("\u001b[32mLANDED"));
        command.onTerminal();
        run(0, "validate", "--device", "edu0", "--group", "0");
        assertTrue(command.out().contains("\u001b[32mLANDED"));
        command.withoutColors();
        run(0, "validate", "--device", "edu0", "--group", "0");
        assertFalse(command.out().contains("\u001b"));
    }

    @Test
    void anInterruptionKeepsWhatThereIsAndPutsThePolicyBack(@TempDir Path state) {
        Watched target = new Watched(600, () -> command.interruption().raise());
        assertEquals(130, command.run(target, "validate", "--state", state.toString()), command.err());
        assertTrue(command.out().contains("edu0"), command.out());
        assertTrue(command.out().contains("nterrupted"), command.out());
        assertFalse(command.out().contains("uart0"), command.out());
        assertPolicyIsPutBack(state);
    }

    @Test
    void aReaderWhoGoesAwayEndsTheWorkAndPutsThePolicyBack(@TempDir Path state) {
        Watched target = new Watched(600, () -> {
            throw new IOException("Broken pipe");
        });
        assertEquals(ExitCode.READER_GONE, command.run(target, "validate", "--state", state.toString()));
        assertEquals("", command.err());
        assertPolicyIsPutBack(state);
    }

    private void assertPolicyIsPutBack(Path state) {
        run(0, "devices", "--state", state.toString());
        String after = command.out();
        run(0, "devices");
        assertEquals(command.out(), after);
    }

    /** Does something when so many bytes have been printed. */
    private static final class Watched extends OutputStream {
        interface Action {
            void run() throws IOException;
        }

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int limit;
        private final Action action;

        Watched(int limit, Action action) {
            this.limit = limit;
            this.action = action;
        }

        @Override
        public void write(int value) throws IOException {
            bytes.write(value);
            if (bytes.size() > limit) {
                action.run();
            }
        }

        @Override
        public String toString() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    // ---- What makes no sense -------------------------------------------------------------------------------------

    @Test
    void anUnknownDeviceIs3AndNamesTheNearest() {
        run(3, "validate", "--device", "ed0");
        assertTrue(command.err().contains("edu0"), command.err());
        run(3, "trigger", "--device", "uart0", "--message", "3");
        assertTrue(command.err().contains("uart0 has no message:3; it has line:0"), command.err());
        run(3, "validate", "--device", "edu0", "--resource", "message:9");
        assertTrue(command.err().contains("message:9"), command.err());
    }

    @Test
    void groupsAndProcessorsThatAreNotThereAre2() {
        run(2, "validate", "--group", "3");
        assertTrue(command.err().contains("--group 3: this machine has the groups 0 to 2"), command.err());
        run(2, "validate", "--processors", "g1:15-16");
        assertTrue(command.err().contains("this machine has no g1:16"), command.err());
        run(2, "affinity", "--processors", "g0:0-3,x");
        assertTrue(command.err().contains("column 8"), command.err());
        run(2, "trigger", "--processors", "g0:0 g1:0");
        run(2, "validate", "--processors", "g0:0", "--group", "0");
    }

    @Test
    void machinesThatMakeNoSenseAre2WithPlaceAndReason(@TempDir Path folder) throws IOException {
        run(2, "devices", "--machine", "65x65");
        run(2, "devices", "--machine", folder.resolve("none").toString());
        run(2, "devices", "--machine", "32x64", "--profile", "win7");
        assertTrue(command.err().length() > 40, command.err());
        Path file = Files.writeString(folder.resolve("machine"), "# mine\nnonsense\n");
        run(2, "devices", "--machine", file.toString());
        assertTrue(command.err().contains("line 2"), command.err());
    }
}
