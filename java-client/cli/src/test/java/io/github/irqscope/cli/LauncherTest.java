package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launch script in a clone whose build is a stand-in: where it looks, what it builds, what it says. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "irqscope is for a POSIX shell")
final class LauncherTest {
    @TempDir
    private Path folder;
    private Path clone;
    private String javaHome = System.getProperty("java.home");
    private String out;
    private String err;

    @BeforeEach
    void makeClone() throws Exception {
        clone = Files.createDirectories(folder.resolve("a b").resolve("clone"));
        copy(root().resolve("irqscope"), clone.resolve("irqscope"));
        Path jar = folder.resolve("main.jar");
        pack(jar);
        build("lib=java-client/cli/target/lib; mkdir -p $lib; cp '" + jar
                + "' java-client/cli/target/irqscope-cli-0.1.0.jar; "
                + "for name in irqscope-0.1.0 irqscope-sim-0.1.0 jna-5.18.1 jline-terminal-3.30.9 "
                + "jline-terminal-jni-3.30.9 jline-native-3.30.9; do cp '" + jar
                + "' $lib/$name.jar; done; echo built >> builds");
    }

    /** The command's own classes, which is enough for help and version. */
    private static void pack(Path jar) throws IOException, URISyntaxException {
        Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isRegularFile(classes)) {
            Files.copy(classes, jar);
            return;
        }
        try (JarOutputStream target = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes.resolve("io/github/irqscope/cli"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                target.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, target);
            }
        }
    }

    private static Path root() {
        String property = System.getProperty("irqscope.root");
        return property != null ? Path.of(property) : Path.of("").toAbsolutePath().resolve("../..").normalize();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.write(to, Files.readAllBytes(from));
        assertTrue(to.toFile().setExecutable(true));
    }

    /** What stands for ./mvnw. */
    private void build(String commands) throws IOException {
        Path script = clone.resolve("mvnw");
        Files.writeString(script, "#!/bin/sh\n" + commands + "\n");
        assertTrue(script.toFile().setExecutable(true));
    }

    private int run(Path launcher, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(launcher.toString()));
        all.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", javaHome);
        Path errors = folder.resolve("errors");
        Process process = builder.redirectError(errors.toFile()).start();
        try (OutputStream input = process.getOutputStream(); InputStream output = process.getInputStream()) {
            input.flush();
            out = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        err = Files.readString(errors);
        return process.exitValue();
    }

    @Test
    void buildsOnFirstUseOnlyAndRunsFromAnotherFolderThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), clone.resolve("irqscope"));
        Path other = Files.createSymbolicLink(folder.resolve("other"), Path.of("link"));
        assertEquals(0, run(other, "--version"), () -> err);
        assertTrue(out.startsWith("irqscope "), out);
        assertTrue(err.startsWith("irqscope: first use: building "), err);
        assertEquals(0, run(link, "--version"), () -> err);
        assertEquals("", err);
        assertEquals("built\n", Files.readString(clone.resolve("builds")));
        assertFalse(Files.exists(clone.resolve("target/first-use.lock")));
    }

    @Test
    void handsWordsAndExitCodeThrough() throws Exception {
        assertEquals(2, run(clone.resolve("irqscope"), "help", "a b*"));
        assertTrue(err.contains("unknown verb 'a b*'"), err);
    }

    @Test
    void aFailedBuildShowsTheEndOfItsLog() throws Exception {
        build("echo 'no cmake: apt-get install cmake'; exit 1");
        assertEquals(7, run(clone.resolve("irqscope"), "--version"));
        assertTrue(err.contains("the build failed; the end of "), err);
        assertTrue(err.endsWith("no cmake: apt-get install cmake\n"), err);
        assertEquals("", out);
    }

    @Test
    void aBuildThatLeavesNothingIsAFailure() throws Exception {
        build(":");
        assertEquals(7, run(clone.resolve("irqscope"), "--version"));
        assertTrue(err.contains("the build failed"), err);
    }

    @Test
    void aLockOfADeadBuildIsTakenOver() throws Exception {
        Path lock = Files.createDirectories(clone.resolve("target/first-use.lock"));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.writeString(lock.resolve("pid"), gone.pid() + "\n");
        assertEquals(0, run(clone.resolve("irqscope"), "--version"), () -> err);
    }

    @Test
    void saysWhereItLookedForJava() throws Exception {
        javaHome = folder.resolve("none").toString();
        assertEquals(7, run(clone.resolve("irqscope"), "--version"));
        assertTrue(err.contains("JAVA_HOME is " + javaHome), err);
    }

    @Test
    void refusesAnOldJavaAndOneThatCannotBuild() throws Exception {
        javaHome = Files.createDirectories(folder.resolve("jdk")).toString();
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        copy(Path.of("/bin/sh"), java);
        Files.writeString(folder.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        assertEquals(7, run(clone.resolve("irqscope"), "--version"));
        assertTrue(err.contains("Java 17 or later is needed; " + java + " is 11.0.2"), err);
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
        assertEquals(7, run(clone.resolve("irqscope"), "--version"));
        assertTrue(err.contains("has no javac"), err);
    }
}
