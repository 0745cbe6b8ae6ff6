package io.github.irqscope.suite.bed;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the JVM for Windows is started under Wine: by {@code test-harness/beds/wine/run.sh}, with this class path. */
final class WindowsJvm {
    private static final Duration LIMIT = Duration.ofSeconds(115);

    private final Path root;
    private final String script;

    WindowsJvm(Path root) {
        this.root = root;
        this.script = root.resolve("test-harness/beds/wine/run.sh").toString();
    }

    /** What the script says is not here; empty when all is. */
    Optional<String> missing() {
        try {
            Process check = new ProcessBuilder("sh", script, "check").redirectErrorStream(true).start();
            check.getOutputStream().close();
            String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return check.waitFor() == 0 ? Optional.empty() : Optional.of(said);
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** With the driver that has a machine in it, or with the plain one. */
    OtherJvm prepared(boolean machine) {
        Path folder = Path.of(System.getProperty(WineBed.FOLDER, root.resolve("target/wine").toString()))
                .resolve(machine ? "machine" : "plain");
        return new OtherJvm("the JVM under Wine", List.of("sh", script, machine ? "machine" : "java",
                folder.toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Xmx512m", "-Dfile.encoding=UTF-8", "-Duser.language=en",
                "-Duser.country=US", "-Dbeds=wine", "-D" + WineBed.HAS_MACHINE + "=" + machine,
                "-D" + WineBed.FOLDER + "=" + windowsPath(folder.toString()),
                "-Dirqscope.root=" + windowsPath(root.toString()),
                "-Djunit.jupiter.execution.timeout.default=100 s", "-cp", classPath(), InnerSuite.class.getName()),
                folder.resolve("jvm.log"), LIMIT);
    }

    private static String classPath() {
        return List.of(Beds.classPath().split(File.pathSeparator)).stream().filter(each -> !each.isEmpty())
                .map(each -> windowsPath(Path.of(each).toAbsolutePath().toString())).collect(Collectors.joining(";"));
    }

    /* Wine shows this system's root as drive Z. */
    private static String windowsPath(String path) {
        return "Z:" + path.replace('/', '\\');
    }
}
