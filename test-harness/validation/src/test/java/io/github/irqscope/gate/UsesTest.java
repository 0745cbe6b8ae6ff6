package io.github.irqscope.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** uses.txt: what people type, through pipes and in a terminal, one after the other in the same folder. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the start script is for a POSIX shell")
final class UsesTest {
    private static final Path ROOT = Path.of(System.getProperty("irqscope.root"));
    private static final long PATIENCE = 60_000;

    @TempDir
    private Path folder;

    /** A command, and the lines that say what must come of it. */
    private record Use(boolean inTerminal, String words, List<String> wanted) {
    }

    private static List<Use> uses() throws IOException {
        List<Use> uses = new ArrayList<>();
        try (InputStream text = UsesTest.class.getResourceAsStream("uses.txt")) {
            for (String line : new String(text.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (line.startsWith("$ ") || line.startsWith("% ")) {
                    uses.add(new Use(line.startsWith("%"), line.substring(2), new ArrayList<>()));
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    uses.get(uses.size() - 1).wanted().add(line);
                }
            }
        }
        return uses;
    }

    @TestFactory
    Stream<DynamicTest> uses(@TempDir Path lab) throws IOException {
        List<Use> uses = uses();
        assertTrue(uses.size() >= 20, uses.size() + " uses");
        assertTrue(uses.stream().allMatch(use -> !use.wanted().isEmpty()), "each use says what must come of it");
        folder = lab;
        return uses.stream().map(use -> DynamicTest.dynamicTest((use.inTerminal() ? "terminal: " : "pipe: ") + use.words(),
                () -> {
                    if (use.inTerminal()) {
                        type(use);
                    } else {
                        run(use);
                    }
                }));
    }

    private static String launcher() {
        return ROOT.resolve("irqscope").toString();
    }

    private void run(Use use) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher()));
        command.addAll(List.of(use.words().split(" ")));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Path errors = folder.resolve("errors");
        Process process = builder.redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(PATIENCE, TimeUnit.MILLISECONDS));
        String err = Files.readString(errors);
        for (String line : use.wanted()) {
            String text = line.substring(line.indexOf(' ') + 1);
            switch (line.substring(0, line.indexOf(' '))) {
                case "exit" -> assertEquals(Integer.parseInt(text), process.exitValue(), out + err);
                case "out" -> assertTrue(out.contains(text), () -> "no \"" + text + "\" in\n" + out);
                case "err" -> assertTrue(err.contains(text), () -> "no \"" + text + "\" in\n" + err);
                case "file" -> assertTrue(Files.size(folder.resolve(text)) > 100, text);
                default -> throw new IllegalArgumentException(line);
            }
        }
    }

    private void type(Use use) throws IOException, InterruptedException {
        assumeTrue(Stream.of("/usr/bin/tmux", "/usr/local/bin/tmux").anyMatch(path -> Files.isExecutable(Path.of(path))),
                "no tmux is here (Debian: apt-get install tmux)");
        String socket = folder.resolve("tmux").toString();
        tmux(socket, "-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "40", "-c", folder.toString(),
                "JAVA_HOME='" + System.getProperty("java.home") + "' '" + launcher() + "' " + use.words()
                + "; echo it ended with $?; exec sleep 600");
        try {
            for (String line : use.wanted()) {
                String text = line.substring(line.indexOf(' ') + 1);
                switch (line.substring(0, line.indexOf(' '))) {
                    case "screen" -> awaitScreen(socket, text);
                    case "keys" -> tmux(socket, "send-keys", text);
                    default -> throw new IllegalArgumentException(line);
                }
            }
            awaitScreen(socket, "it ended with 0");
        } finally {
            tmux(socket, "kill-server");
        }
    }

    private static void awaitScreen(String socket, String text) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE);
        String screen = tmux(socket, "capture-pane", "-p");
        while (!screen.contains(text)) {
            assertTrue(System.nanoTime() < end, "no \"" + text + "\" on\n" + screen);
            screen = tmux(socket, "capture-pane", "-p");
        }
    }

    private static String tmux(String socket, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket));
        command.addAll(List.of(words));
        Process tmux = new ProcessBuilder(command).redirectErrorStream(true).start();
        tmux.getOutputStream().close();
        String said = new String(tmux.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(tmux.waitFor(PATIENCE, TimeUnit.MILLISECONDS));
        return said;
    }
}
