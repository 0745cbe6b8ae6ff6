package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Ability;
import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.Connection;
import io.github.irqscope.Device;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Kind;
import io.github.irqscope.Machine;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Resource;
import io.github.irqscope.Session;
import io.github.irqscope.Way;
import io.github.irqscope.suite.bed.Beds;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.Need;
import io.github.irqscope.suite.bed.OnBeds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/** The tables of docs/simulated-kernel.md against the simulator: what the document says is there, and nothing else. */
class DocumentsTest {
    private static final Path ROOT = Beds.root();
    private static final Path MACHINE = ROOT.resolve("test-harness/sim-kernel/machine");

    /** The rows of the first table behind a heading, without its header; marks of code are taken off. */
    private static List<List<String>> table(String heading, String firstColumn) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean in = false;
        boolean began = false;
        for (String line : Files.readAllLines(ROOT.resolve("docs/simulated-kernel.md"))) {
            if (line.startsWith("## ")) {
                in = line.equals("## " + heading);
            } else if (in && line.startsWith("| " + firstColumn + " |")) {
                began = true;
            } else if (in && began && line.startsWith("|") && !line.startsWith("|---")) {
                List<String> cells = new ArrayList<>();
                for (String cell : line.substring(1, line.length() - 1).split("\\|")) {
                    cells.add(cell.replace("`", "").strip());
                }
                rows.add(cells);
            } else if (began && !line.startsWith("|")) {
                break;
            }
        }
        assertFalse(rows.isEmpty(), "no table of " + firstColumn + " in " + heading);
        return rows;
    }

    private static List<String> column(List<List<String>> rows, int index) {
        return rows.stream().map(row -> row.get(index)).toList();
    }

    @OnBeds
    void presetsHaveTheGroupsAndProcessorsTheyAreSaidToHave(Lab lab) throws IOException {
        List<List<String>> rows = table("Machines", "preset");
        assertEquals(PlacementTest.layouts(), column(rows, 0), "the presets that are tested");
        for (List<String> row : rows) {
            Bed bed = lab.open(row.get(0));
            Machine machine = PlacementTest.machine(bed);
            assertEquals(row.get(1), Integer.toString(machine.groups().size()), row.get(0));
            assertEquals(row.get(2), Integer.toString(machine.active().size()), row.get(0));
            assertEquals(machine.groups().size(), machine.nodes().size(), "each group of a preset is one node");
        }
    }

    @OnBeds
    void everyMachineHasTheDevicesOfTheTable(Lab lab) throws IOException {
        List<List<String>> rows = table("Machines", "device");
        Bed bed = lab.open("2x64");
        assertEquals(new TreeSet<>(column(rows, 0)),
                bed.devices().stream().map(Device::name).collect(Collectors.toCollection(TreeSet::new)));
        for (List<String> row : rows) {
            String model = Lab.say(bed, "model " + row.get(0));
            assertTrue(row.get(1).equals("root") || model.contains("model " + row.get(1) + "\n"), model);
            try (Session session = bed.device(row.get(0)).open()) {
                List<Resource> resources = session.resources();
                long messages = resources.stream().filter(resource -> resource.kind() == Kind.MESSAGE).count();
                assertEquals(row.get(2), Long.toString(messages), row.get(0));
                for (Resource resource : resources) {
                    if (resource.kind() == Kind.LINE) {
                        assertEquals(row.get(3).startsWith("shared"), resource.shared(), row.get(0));
                        assertEquals(row.get(3).startsWith("latched"), resource.latched(), row.get(0));
                    }
                }
            }
        }
    }

    @OnBeds
    void theMachineFileOfTheDocumentIsOne(Lab lab, @TempDir Path folder) throws IOException {
        String text = Files.readString(ROOT.resolve("docs/simulated-kernel.md"));
        Matcher block = Pattern.compile("```\n(group .*?)```", Pattern.DOTALL).matcher(text);
        assertTrue(block.find(), "the document shows a machine file");
        Path file = Files.writeString(folder.resolve("shown.machine"), block.group(1));
        Machine machine = PlacementTest.machine(lab.open(file.toString()));
        assertEquals("g0:0-15,24-31 g1:0-7", machine.active().toString());
        assertEquals(32, machine.groups().get(0).maximum());
        assertEquals(3, machine.nodes().size());
    }

    @OnBeds
    void profilesAreWhatTheTableSays(Lab lab) throws IOException {
        String source = Files.readString(MACHINE.resolve("profile.c"));
        List<List<String>> rows = table("Profiles", "profile");
        assertEquals(count(source, "\\.Name = \""), rows.size(), "a row for every profile");
        for (List<String> row : rows) {
            String profile = row.get(0);
            Bed bed = lab.open(BedOptions.sim().withMachine("1x8").withProfile(profile));
            try (Session session = bed.device("edu0").open()) {
                assertEquals(row.get(1), session.version().kernel());
                assertEquals(row.get(2), Long.toString(session.version().frequency()));
                assertEquals(row.get(6).equals("yes"), session.version().can(Ability.CONNECT_EX));
                assertEquals(row.get(7).equals("yes"), session.version().can(Ability.AFFINITY));
            }
            checkLimits(lab, profile, Integer.parseInt(row.get(3)), Integer.parseInt(row.get(4)));
            Matcher entry = Pattern.compile("\\.Name = \"" + profile + "\".*?\\},", Pattern.DOTALL).matcher(source);
            assertTrue(entry.find(), profile);
            assertTrue(entry.group().contains(".MaximumMessages = " + row.get(5) + ","), entry::group);
            assertEquals(row.get(8).equals("yes"), entry.group().contains(".HasPool2"), entry::group);
        }
    }

    /* As many groups and processors as the table says are had; more are refused, and the refusal names the limit. */
    private static void checkLimits(Lab lab, String profile, int groups, int processors) {
        Bed most = lab.open(BedOptions.sim().withProfile(profile).withMachine(groups + "x" + processors / groups));
        lab.close(most);
        BedOptions one = BedOptions.sim().withProfile(profile).withMachine(groups + 1 + "x1");
        String refusal = assertThrows(IllegalArgumentException.class, () -> lab.open(one)).getMessage();
        assertTrue(groups == 32 || refusal.contains("at most " + groups), refusal);
        if (processors < 64 * groups) {
            BedOptions full = BedOptions.sim().withProfile(profile).withMachine(groups + "x64");
            String tooMany = assertThrows(IllegalArgumentException.class, () -> lab.open(full)).getMessage();
            assertTrue(tooMany.contains("at most " + processors), tooMany);
        }
    }

    @OnBeds
    void faultsAreThoseOfTheTableWithTheirVerdicts(Lab lab) throws IOException {
        List<List<String>> rows = table("Faults", "fault");
        assertEquals(FaultTest.faults(), rows.stream().map(row -> List.of(row.get(0), row.get(3))).toList());
        String source = Files.readString(MACHINE.resolve("fault.c"));
        for (List<String> row : rows) {
            Matcher entry = Pattern.compile("\"" + row.get(0) + "\", (\\d+), (\\d+)").matcher(source);
            assertTrue(entry.find(), row.get(0));
            String often = !entry.group(2).equals("0") ? "once" : entry.group(1).equals("1") ? "each time"
                    : "every " + entry.group(1) + "rd";
            assertEquals(often, row.get(2), row.get(0));
        }
        assertTrue(source.contains("#define LATE_DELAY 20000000ull"), "20 ms late");
    }

    @OnBeds(needs = {Need.MACHINE, Need.EVERY_WORD})
    void controlWordsAreThoseOfTheTable(Lab lab) throws IOException {
        Bed bed = lab.open("2x64");
        Set<String> documented = new TreeSet<>();
        for (List<String> row : table("Control words", "words")) {
            documented.add(row.get(0).split(" ")[0]);
            String words = row.get(0).replaceAll(" ?\\[.*?]", "").replace("RATE", "0").replaceAll("\\bNS\\b", "1")
                    .replace("gG:N", "g1:3").replace("PATH!NAME", "Irqscope!Other").replace("TYPE:VALUE", "dword:7")
                    .replaceAll("\\bN\\b", "1000000").replace("NAME", "lost")
                    .replaceAll("\\bD\\b", row.get(0).startsWith("foreign") ? "edu1" : "edu0");
            if (words.startsWith("foreign")) {
                connectFor(bed, words);
            } else if (!words.equals("kill")) {
                Lab.say(bed, words);
            }
        }
        Lab.say(bed, "fault off");
        Lab.say(bed, "fail off");
        Lab.say(bed, "kill");
        IrqscopeException unknown = assertThrows(IrqscopeException.class, () -> Lab.say(bed, "no-such-word"));
        assertTrue(unknown.getMessage().contains("there is no word"), unknown.getMessage());
        assertEquals(documented, new TreeSet<>(wordsOfTheSources()));
    }

    /* An interrupt on a line waits until somebody is connected, which would not be rest. */
    private static void connectFor(Bed bed, String words) {
        try (Session session = bed.device("edu1").open();
                Connection connection = session.connect(
                        ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)))) {
            Lab.say(bed, words);
            assertEquals(1, connection.counters().get(0).notClaimed());
        }
    }

    private static Set<String> wordsOfTheSources() throws IOException {
        Set<String> words = new TreeSet<>(Set.of("kill"));
        for (Path source : List.of(MACHINE.resolve("control.c"), MACHINE.resolveSibling("pnp").resolve("control.c"))) {
            Matcher word = Pattern.compile("\\{ \"([a-z-]+)\", [A-Z]").matcher(Files.readString(source));
            while (word.find()) {
                words.add(word.group(1));
            }
        }
        return words;
    }

    @OnBeds
    void costsAreThoseOfTheSources() throws IOException {
        List<String> costs = new ArrayList<>();
        for (String file : List.of("vector.c", "dpc.c")) {
            Matcher cost = Pattern.compile("TimeCost\\([^()]*, (\\d+), (\\d+)\\)")
                    .matcher(Files.readString(MACHINE.resolve(file)));
            while (cost.find()) {
                costs.add(cost.group(1) + " to " + cost.group(2));
            }
        }
        assertEquals(costs, table("Time", "cost").stream().map(row -> row.get(1) + " to " + row.get(2)).toList());
    }

    @OnBeds
    void modesAnswerAsTheTableSaysWhereAClientCanAsk(Lab lab) throws IOException {
        List<List<String>> rows = table("Modes", "what");
        for (int mode = 1; mode <= 2; mode++) {
            Bed bed = lab.open(BedOptions.sim().withMachine("2x64").withMode(mode == 1 ? "documented" : "observed"));
            try (Session messages = bed.device("edu0").open(); Session line = bed.device("edu1").open();
                    Session root = bed.device("root0").open()) {
                ConnectRequest one = ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, line.resources().get(0));
                assertEquals(cell(rows, "the mask names no active processor", mode), ask(line, one.withMask(0)));
                assertEquals(cell(rows, "line-based: the device has messages", mode),
                        ask(messages, ConnectRequest.of(Way.LINE_BASED)));
                assertEquals(cell(rows, "line-based: the device has no interrupts", mode),
                        ask(root, ConnectRequest.of(Way.LINE_BASED)));
                assertEquals(cell(rows, "without fallback: the device has a line", mode),
                        ask(line, ConnectRequest.of(Way.MESSAGE_BASED)));
                String narrow = ask(line, one.withMask(1));
                String differs = cell(rows, "differ from the assigned", mode).split(" ")[0];
                assertEquals(mode == 1 ? "STATUS_SUCCESS" : differs, narrow);
            }
        }
    }

    private static String cell(List<List<String>> rows, String what, int column) {
        return rows.stream().filter(row -> row.get(0).contains(what)).findFirst().orElseThrow().get(column);
    }

    private static String ask(Session session, ConnectRequest request) {
        var result = session.tryConnect(request);
        result.connection().ifPresent(Connection::close);
        return NtStatus.name(result.status());
    }

    private static int count(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        int count = 0;
        while (matcher.find()) {
            count++;
        }
        return count;
    }
}
