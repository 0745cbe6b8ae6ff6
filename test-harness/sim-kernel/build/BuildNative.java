import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Builds the C side through CMake's presets and puts the simulator's library where JNA looks for it on the class path.
 * Run by Maven from its source, so that it works wherever a JDK does:
 *
 * <pre>java BuildNative.java build|test ROOT CLASSES all|sim</pre>
 *
 * The simulator is always built. The Windows images are built where mingw-w64 is installed; where it is not, a line
 * says so. What the tools print goes to a log; a failure shows its end.
 */
public final class BuildNative {
    private static final List<String> FLAVOURS = List.of("irqscope.sys", "irqscope-audio.sys", "irqscope-wine.sys",
            "irqscope-wine-audio.sys");
    private static final int SHOWN_LINES = 60;

    private final Path root;
    private final Path classes;
    private final PrintStream out = System.out;

    private BuildNative(Path root, Path classes) {
        this.root = root;
        this.classes = classes;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 4) {
            fail("usage: java BuildNative.java build|test ROOT CLASSES all|sim");
        }
        BuildNative builder = new BuildNative(Path.of(arguments[1]), Path.of(arguments[2]));
        switch (arguments[0]) {
            case "build" -> builder.build(arguments[3].equals("all"));
            case "test" -> builder.test();
            default -> fail("neither build nor test: " + arguments[0]);
        }
    }

    private void build(boolean windows) throws IOException, InterruptedException {
        require("cmake", "CMake 3.21 or later", "cmake");
        if (find("cc") == null && find("gcc") == null && find("clang") == null) {
            fail("no C compiler (cc, gcc or clang) is on the PATH; on Debian: apt-get install gcc");
        }
        if (find("ninja") == null && find("make") == null) {
            fail("neither ninja nor make is on the PATH; on Debian: apt-get install ninja-build");
        }
        buildPreset("sim", "irqscope-sim", "conformance");
        run("sim", List.of("cmake", "--install", nativeFolder("sim").toString(), "--strip", "--prefix",
                classes.resolve(hostPrefix()).toString()), true);
        if (!windows) {
            return;
        }
        if (find("x86_64-w64-mingw32-gcc") != null) {
            buildPreset("windows-x64", "all");
            copyLibrary("windows-x64", "irqscope-sim.dll", "win32-x86-64");
            copyDriver("windows-x64", "x64");
        } else {
            out.println("native: no Windows x64 images: x86_64-w64-mingw32-gcc is not here (Debian: gcc-mingw-w64-x86-64)");
        }
        if (find("i686-w64-mingw32-gcc") != null) {
            buildPreset("windows-x86", "all");
            copyDriver("windows-x86", "x86");
        } else {
            out.println("native: no Windows x86 image: i686-w64-mingw32-gcc is not here (Debian: gcc-mingw-w64-i686)");
        }
    }

    private void buildPreset(String preset, String... targets) throws IOException, InterruptedException {
        List<String> configure = new ArrayList<>(List.of("cmake", "--preset", preset));
        if (find("ninja") != null && !Files.exists(nativeFolder(preset).resolve("CMakeCache.txt"))) {
            configure.addAll(List.of("-G", "Ninja"));
        }
        Path log = run(preset, configure, false);
        List<String> build = new ArrayList<>(List.of("cmake", "--build", "--preset", preset, "-j", jobs(), "--target"));
        build.addAll(List.of(targets));
        run(preset, build, true);
        out.println("native: built " + preset + " (log: " + root.relativize(log) + ")");
    }

    private void test() throws IOException, InterruptedException {
        run("sim", List.of("cmake", "--build", "--preset", "sim", "-j", jobs()), true);
        Path log = run("sim", List.of("ctest", "--preset", "sim", "-j", jobs(), "--no-tests=error"), true);
        for (String line : Files.readAllLines(log)) {
            if (line.contains("tests passed") || line.contains("(Skipped)") || line.contains("***Skipped")) {
                out.println("native: " + line.strip());
            }
        }
        Path record = root.resolve("driver-src/tests/record-path.sh");
        if (Files.exists(record)) {
            runAndShow(List.of("sh", record.toString(), nativeFolder("sim").resolve("record-path").toString()));
        }
    }

    private Path nativeFolder(String preset) {
        return root.resolve("target").resolve("native").resolve(preset);
    }

    private static String jobs() {
        return Integer.toString(Runtime.getRuntime().availableProcessors());
    }

    /** Runs a tool in the root; what it prints goes to the preset's log, whose end is shown when the tool fails. */
    private Path run(String preset, List<String> command, boolean append) throws IOException, InterruptedException {
        Path log = root.resolve("target").resolve("native").resolve(preset + ".log");
        Files.createDirectories(log.getParent());
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.redirectOutput(append ? ProcessBuilder.Redirect.appendTo(log.toFile())
                : ProcessBuilder.Redirect.to(log.toFile()));
        int code = builder.start().waitFor();
        if (code != 0) {
            List<String> lines = Files.readAllLines(log);
            for (String line : lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size())) {
                out.println(line);
            }
            fail(String.join(" ", command) + " failed with " + code + "; the whole log: " + log);
        }
        return log;
    }

    private void runAndShow(List<String> command) throws IOException, InterruptedException {
        int code = new ProcessBuilder(command).directory(root.toFile()).inheritIO().start().waitFor();
        if (code != 0 && code != 77) {
            fail(String.join(" ", command) + " failed with " + code);
        }
    }

    private void copyLibrary(String preset, String name, String prefix) throws IOException {
        Path target = classes.resolve(prefix).resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(nativeFolder(preset).resolve(name), target, StandardCopyOption.REPLACE_EXISTING);
    }

    private void copyDriver(String preset, String machine) throws IOException {
        Path folder = root.resolve("target").resolve("driver").resolve(machine);
        Files.createDirectories(folder);
        for (String flavour : FLAVOURS) {
            Path driver = folder.resolve(flavour);
            if (!Files.exists(nativeFolder(preset).resolve(flavour))) {
                continue; /* Wine's is for x64 alone */
            }
            Files.copy(nativeFolder(preset).resolve(flavour), driver, StandardCopyOption.REPLACE_EXISTING);
            out.println("native: " + root.relativize(driver) + ", " + Files.size(driver) + " bytes");
        }
    }

    /** The folder that JNA calls this machine's, and the name that its loader gives a library there. */
    private static String hostPrefix() {
        String machine = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86-64";
            case "aarch64" -> "aarch64";
            default -> throw new IllegalStateException("the simulator is not built for " + System.getProperty("os.arch"));
        };
        return (isWindows() ? "win32-" : "linux-") + machine;
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    }

    private static void require(String program, String what, String debianPackage) {
        if (find(program) == null) {
            fail(what + " is not on the PATH (no " + program + "); on Debian: apt-get install " + debianPackage);
        }
    }

    private static Path find(String program) {
        for (String folder : System.getenv("PATH").split(java.io.File.pathSeparator)) {
            for (String suffix : isWindows() ? List.of(".exe", ".cmd", "") : List.of("")) {
                Path candidate = Path.of(folder, program + suffix);
                if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    private static void fail(String message) {
        System.err.println("native: " + message);
        System.exit(1);
    }
}
