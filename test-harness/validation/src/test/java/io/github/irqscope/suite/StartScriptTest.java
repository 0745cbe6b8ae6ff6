package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.BedOptions;
import io.github.irqscope.suite.bed.Beds;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.Need;
import io.github.irqscope.suite.bed.OnBeds;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.io.TempDir;

/** irqscope.cmd, run by the command processor of the system that has one. */
class StartScriptTest {
    /* A command, and what came of it. */
    private record Ended(int code, String out, String err) {
    }

    @OnBeds(needs = {Need.INSTALLING, Need.MACHINE})
    void theScriptOfADistributionFindsItsJarsAndHandsOnWordsAndExitCodes(Lab lab, @TempDir Path temporary)
            throws Exception {
        lab.words(BedOptions.sim().withMachine("2x8"));
        Path folder = Files.createDirectory(temporary.resolve("my lab (x86)"));
        Files.copy(Beds.root().resolve("irqscope.cmd"), folder.resolve("irqscope.cmd"));
        Path jars = Files.createDirectory(folder.resolve("lib"));
        jar(jars.resolve("irqscope-cli-0.jar"), System.getProperty("java.class.path"));
        jar(jars.resolve("irqscope-sim-0.jar"), "");
        jar(jars.resolve("jna-0.jar"), "");

        Ended first = irqscope(folder, Map.of(), "--version");
        assertEquals(0, first.code(), first::toString);
        assertTrue(first.out().startsWith("irqscope"), first::toString);
        assertTrue(first.err().contains("first use: making an archive of class data"), first::toString);
        Ended devices = irqscope(folder, Map.of(), "devices", "--device", "edu0,igb0");
        assertEquals(0, devices.code(), devices::toString);
        assertTrue(devices.out().startsWith("Bed wine, simulated machine 2x8"), devices::toString);
        assertTrue(devices.out().contains("\nigb0  "), devices::toString);
        assertFalse(devices.err().contains("first use"), devices::toString);
        Ended unknown = irqscope(folder, Map.of("IRQSCOPE_JAVA_OPTIONS", "-Xmx100m"), "trigger", "--device", "edo0");
        assertEquals(3, unknown.code(), unknown::toString);
        assertTrue(unknown.err().contains("did you mean edu0?"), unknown::toString);

        Ended elsewhere = irqscope(folder, Map.of("JAVA_HOME", folder.toString()), "--version");
        assertEquals(7, elsewhere.code(), elsewhere::toString);
        assertTrue(elsewhere.err().contains("but there is no bin\\java.exe in it"), elsewhere::toString);
        Files.delete(jars.resolve("jna-0.jar"));
        Ended broken = irqscope(folder, Map.of(), "--version");
        assertEquals(7, broken.code(), broken::toString);
        assertTrue(broken.err().contains("a jar is missing in \"" + jars + "\""), broken::toString);
    }

    /* A jar with nothing in it, which brings a class path along. */
    private static void jar(Path file, String classPath) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        List<String> places = new ArrayList<>();
        for (String each : classPath.split(File.pathSeparator)) {
            if (!each.isEmpty()) {
                places.add(Path.of(each).toAbsolutePath().toUri().toString());
            }
        }
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", places));
        try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
    }

    private static Ended irqscope(Path folder, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("cmd", "/c", "irqscope.cmd"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), command::toString);
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
