package io.github.irqscope.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The rows of docs/conformance.md: what the simulated kernel and Wine answered to the questions of the conformance driver;
 * and what docs/simulated-kernel.md says of them. Measures, compares, rewrites. As a program it needs a JDK and a build:
 *
 * <pre>
 * java Conformance.java check          measures what is here and names each row that is not as kept
 * java Conformance.java write          measures what is here and rewrites both documents
 * </pre>
 *
 * Rows whose answers differ need a reason in why.txt, and a reason there needs rows that differ.
 */
final class Conformance {
    private static final String BEGIN = "<!-- conformance: begin; written by Conformance.java -->\n";
    private static final String END = "<!-- conformance: end -->\n";
    private static final String NOT_ASKED = "not asked";
    private static final List<String> WITNESSES = List.of("sim", "Wine", "either", "unknown");
    private static final Map<String, String> AREAS = areas();

    /** A question and what it was answered; {@code wine} is {@link #NOT_ASKED} where only the simulator was asked. */
    record Row(String id, String question, String source, String sim, String wine) {
        boolean differs() {
            return !sim.equals(wine);
        }

        String area() {
            return id.substring(0, id.indexOf('/'));
        }
    }

    /** Why rows differ; {@code right} names whom Windows agrees with. */
    record Why(List<String> ids, String right, String reason) {
    }

    /** What a run of the runner printed: a line for each row, parted by tabs. */
    record Answers(Map<String, List<String>> rows, String version) {
        static Answers of(List<String> lines, String version) {
            Map<String, List<String>> rows = new LinkedHashMap<>();
            for (String line : lines) {
                List<String> cells = List.of(line.split("\t", -1));
                if (cells.size() != 4 || rows.put(cells.get(0), cells) != null) {
                    throw new IllegalStateException("no row, or one that was there before: " + line);
                }
            }
            return new Answers(rows, version);
        }
    }

    /** What stops a measurement that nobody's change could: a part of the bed is not here. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        Missing(String reason) {
            super(reason);
        }
    }

    private final Path root;
    private final List<Row> rows;
    private final List<Why> whys;
    private final String version;

    Conformance(Path root, List<Row> rows, List<Why> whys, String version) {
        this.root = root;
        this.rows = rows;
        this.whys = whys;
        this.version = version;
    }

    /** The rows as they are kept. */
    static Conformance read(Path root) throws IOException {
        List<String> lines = Files.readAllLines(root.resolve("docs/conformance.md"));
        return new Conformance(root, rows(lines), whys(Files.readAllLines(whyFile(root))), version(lines));
    }

    private static Path whyFile(Path root) {
        return root.resolve("test-harness/conformance/why.txt");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean write = arguments.length == 1 && arguments[0].equals("write");
        if (!write && !(arguments.length == 1 && arguments[0].equals("check"))) {
            System.err.println("usage: java Conformance.java check|write");
            System.exit(2);
        }
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/simulated-kernel.md"))) {
            root = root.getParent();
        }
        List<String> wrong = new ArrayList<>();
        Conformance kept = read(root);
        try {
            Answers sim = measureSim(root);
            Answers wine = null;
            try {
                wine = measureWine(root);
            } catch (Missing missing) {
                System.out.println("Wine was not asked: " + missing.getMessage());
            }
            if (write) {
                kept = kept.with(sim, wine);
                kept.write();
            } else {
                wrong.addAll(kept.compare("sim", sim, ""));
                wrong.addAll(wine == null ? List.of() : kept.compare("wine", wine, ""));
                wrong.addAll(kept.unwritten());
            }
        } catch (Missing missing) {
            wrong.add(missing.getMessage());
        }
        wrong.addAll(kept.unexplained());
        wrong.forEach(System.out::println);
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    // ---- Measuring

    static Answers measureSim(Path root) throws IOException, InterruptedException, Missing {
        Path program = root.resolve("target/native/sim/conformance");
        if (!Files.isExecutable(program)) {
            throw new Missing(root.relativize(program) + " was not built: cmake --build --preset sim --target conformance");
        }
        Path output = Files.createDirectories(root.resolve("target/conformance")).resolve("sim.txt");
        run(root, List.of(program.toString(), "--all"), output);
        return Answers.of(Files.readAllLines(output), "");
    }

    static Answers measureWine(Path root) throws IOException, InterruptedException, Missing {
        Path output = Files.createDirectories(root.resolve("target/conformance")).resolve("wine.txt");
        Path said = output.resolveSibling("wine.log");
        run(root, List.of("sh", root.resolve("test-harness/conformance/wine.sh").toString(), output.toString()), said);
        List<String> lines = Files.readAllLines(said);
        return Answers.of(Files.readAllLines(output), lines.get(lines.size() - 1).strip());
    }

    /** What it says goes to the file. Exit 77 is its way to say that something is not here. */
    private static void run(Path root, List<String> command, Path output) throws IOException, InterruptedException, Missing {
        Process process = new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true)
                .redirectInput(new File("/dev/null")).redirectOutput(output.toFile()).start();
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException(command + " did not end; what it said is in " + output);
            }
        } finally {
            process.destroy();
        }
        if (process.exitValue() == 77) {
            throw new Missing(Files.readString(output).strip());
        }
        if (process.exitValue() != 0) {
            List<String> lines = Files.readAllLines(output, StandardCharsets.ISO_8859_1);
            throw new IllegalStateException(command + " ended with " + process.exitValue() + ": "
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size())));
        }
    }

    // ---- Comparing

    List<String> areaNames() {
        return rows.stream().map(Row::area).distinct().toList();
    }

    String keptVersion() {
        return version;
    }

    /** What of a column, {@code sim} or {@code wine}, is not as kept: a line a row. Only rows whose ids begin so. */
    List<String> compare(String column, Answers measured, String prefix) {
        List<String> wrong = new ArrayList<>();
        TreeSet<String> left = new TreeSet<>(measured.rows().keySet());
        for (Row row : rows) {
            List<String> cells = measured.rows().get(row.id());
            left.remove(row.id());
            if (!row.id().startsWith(prefix)) {
                continue;
            }
            String keptAnswer = column.equals("sim") ? row.sim() : row.wine();
            if (cells == null) {
                wrong.add(row.id() + ": kept, and not asked any more");
            } else if (!cells.get(3).equals(keptAnswer)) {
                wrong.add(row.id() + " (" + row.question() + "): kept: " + keptAnswer + "; measured: " + cells.get(3));
            } else if (!cells.get(1).equals(row.question()) || !cells.get(2).equals(row.source())) {
                wrong.add(row.id() + ": its question or source is not as kept");
            }
        }
        left.stream().filter(id -> id.startsWith(prefix)).forEach(id -> wrong.add(id + ": asked, and not kept"));
        return wrong;
    }

    /** Differences that why.txt says nothing about, and what it says about differences that are none. */
    List<String> unexplained() {
        List<String> wrong = new ArrayList<>();
        Map<String, Row> differ = new LinkedHashMap<>();
        rows.stream().filter(Row::differs).forEach(row -> differ.put(row.id(), row));
        for (Why why : whys) {
            for (String id : why.ids()) {
                if (differ.remove(id) == null) {
                    wrong.add(id + ": why.txt explains a difference that is not there, or explains it twice");
                }
            }
            if (!WITNESSES.contains(why.right()) || why.reason().isBlank()) {
                wrong.add(why.ids() + ": why.txt does not say whom Windows agrees with (" + WITNESSES + "), or not why");
            }
        }
        differ.values().forEach(row -> wrong.add(row.id() + ": the answers differ, and why.txt does not say why: sim: "
                + row.sim() + "; Wine: " + row.wine()));
        return wrong;
    }

    /** Documents that are not what the rows make of them. */
    List<String> unwritten() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<Path, String> document : documents().entrySet()) {
            if (!Files.readString(document.getKey()).equals(document.getValue())) {
                wrong.add(root.relativize(document.getKey()) + " is not what its rows make of it; Conformance.java write mends it");
            }
        }
        return wrong;
    }

    /** The rows as just measured; without Wine its answers are the kept ones. */
    Conformance with(Answers sim, Answers wine) {
        Map<String, String> known = new LinkedHashMap<>();
        rows.forEach(row -> known.put(row.id(), row.wine()));
        if (wine != null) {
            known.clear();
            wine.rows().forEach((id, cells) -> known.put(id, cells.get(3)));
        }
        List<Row> measured = new ArrayList<>();
        for (List<String> cells : sim.rows().values()) {
            String answer = known.getOrDefault(cells.get(0), NOT_ASKED);
            measured.add(new Row(cells.get(0), cells.get(1), cells.get(2), cells.get(3), answer));
        }
        return new Conformance(root, measured, whys, wine == null ? version : wine.version());
    }

    // ---- The documents

    private void write() throws IOException {
        for (Map.Entry<Path, String> document : documents().entrySet()) {
            Files.writeString(document.getKey(), document.getValue());
        }
    }

    private Map<Path, String> documents() throws IOException {
        Path summary = root.resolve("docs/simulated-kernel.md");
        String text = Files.readString(summary);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(summary + " has no place for the summary: " + BEGIN);
        }
        Map<Path, String> documents = new LinkedHashMap<>();
        documents.put(summary, text.substring(0, begin + BEGIN.length()) + summary() + text.substring(end));
        documents.put(root.resolve("docs/conformance.md"), table());
        return documents;
    }

    private String summary() {
        StringBuilder text = new StringBuilder();
        Map<String, Integer> right = new TreeMap<>();
        long differ = rows.stream().filter(Row::differs).count();
        text.append(rows.size()).append(" questions, asked of this kernel and of ").append(version).append(": ")
                .append(rows.size() - differ).append(" answers are alike, ").append(differ).append(" differ.\n\n")
                .append("| area | about | questions | alike | differ |\n|---|---|---|---|---|\n");
        for (String area : areaNames()) {
            List<Row> own = rows.stream().filter(row -> row.area().equals(area)).toList();
            long others = own.stream().filter(Row::differs).count();
            text.append("| ").append(area).append(" | ").append(AREAS.getOrDefault(area, "")).append(" | ").append(own.size())
                    .append(" | ").append(own.size() - others).append(" | ").append(others).append(" |\n");
        }
        whys.forEach(why -> right.merge(why.right(), why.ids().size(), Integer::sum));
        text.append("\nOf the answers that differ, Windows gives this kernel's in ").append(right.getOrDefault("sim", 0))
                .append(", Wine's in ").append(right.getOrDefault("Wine", 0)).append(", and may give either in ")
                .append(right.getOrDefault("either", 0)).append("; of ").append(right.getOrDefault("unknown", 0))
                .append(" no page says what it does.\n");
        for (Why why : whys) {
            text.append("\n- **").append(heading(why.right())).append("** ").append(why.reason()).append('\n');
            rows.stream().filter(row -> why.ids().contains(row.id())).forEach(row -> text.append("  - `").append(row.id())
                    .append("`, ").append(cell(row.question())).append(". sim: ").append(cell(row.sim())).append(". Wine: ")
                    .append(cell(row.wine())).append('\n'));
        }
        return text.toString();
    }

    private static String heading(String right) {
        return switch (right) {
            case "sim" -> "Windows as sim.";
            case "Wine" -> "Windows as Wine.";
            case "either" -> "Windows either way.";
            default -> "Windows not known.";
        };
    }

    private String table() {
        StringBuilder text = new StringBuilder("# What two kernels answered\n\nEvery question of the conformance driver, and what "
                + "the simulated kernel (sim) and Wine answered.\nWritten by `Conformance.java`; "
                + "[simulated-kernel.md](simulated-kernel.md#measured) says what differs and why.\n\nWine: ").append(version)
                .append("\n\n| id | question | sim | Wine | source |\n|---|---|---|---|---|\n");
        for (Row row : rows) {
            text.append("| `").append(row.id()).append("` | ").append(cell(row.question())).append(" | ")
                    .append(cell(row.sim())).append(" | ").append(row.differs() ? cell(row.wine()) : "the same").append(" | ")
                    .append(cell(row.source())).append(" |\n");
        }
        return text.toString();
    }

    private static String cell(String text) {
        return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "\\<").replace("*", "\\*");
    }

    static List<Row> rows(List<String> lines) {
        List<Row> rows = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("| `")) {
                List<String> cells = new ArrayList<>();
                for (String cell : line.substring(2, line.length() - 2).split(" (?<!\\\\)\\| ", -1)) {
                    cells.add(cell.replaceAll("\\\\(.)", "$1"));
                }
                String id = cells.get(0).substring(1, cells.get(0).length() - 1);
                String wine = cells.get(3).equals("the same") ? cells.get(2) : cells.get(3);
                rows.add(new Row(id, cells.get(1), cells.get(4), cells.get(2), wine));
            }
        }
        return rows;
    }

    private static String version(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("Wine: ")).map(line -> line.substring(6)).findFirst().orElse("");
    }

    /** Blocks of ids, one a line, and then a line "= WHO: reason", whoever Windows agrees with. */
    static List<Why> whys(List<String> lines) {
        List<Why> whys = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("= ")) {
                int colon = line.indexOf(": ");
                whys.add(new Why(List.copyOf(ids), line.substring(2, Math.max(2, colon)), line.substring(colon + 1).strip()));
                ids.clear();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                ids.add(line.strip());
            }
        }
        if (!ids.isEmpty()) {
            throw new IllegalStateException("why.txt says nothing about " + ids);
        }
        return whys;
    }

    private static Map<String, String> areas() {
        Map<String, String> areas = new LinkedHashMap<>();
        areas.put("transfer", "transfer methods, buffers, counts, what a completion gives back");
        areas.put("access", "what a handle's access lets through");
        areas.put("status", "the Win32 error of each status");
        areas.put("overlapped", "OVERLAPPED, events, GetOverlappedResult");
        areas.put("cancel", "CancelIoEx, CancelIo, CloseHandle, deaf drivers");
        areas.put("file", "CREATE, CLEANUP, CLOSE, names, disabled interfaces");
        areas.put("host", "events and waits of a process, device sets");
        areas.put("ke", "events, timers, DPCs, work items, IRQL");
        areas.put("zw", "the registry as a driver sees it");
        areas.put("rtl", "strings, memory, versions");
        areas.put("ex", "pool");
        areas.put("mm", "MDLs, routines by name");
        areas.put("io", "device objects, IRPs, remove locks, interfaces, properties");
        areas.put("pnp", "restart, surprise, return, removal with requests pending");
        return areas;
    }
}
