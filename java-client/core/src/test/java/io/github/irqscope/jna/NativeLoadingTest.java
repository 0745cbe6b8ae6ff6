package io.github.irqscope.jna;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.transport.Backend;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is loaded when, seen from Javas of their own that lack one native library or the other. */
@Timeout(60)
class NativeLoadingTest {
    @TempDir
    private Path empty;

    @Test
    void namingTheBackEndsLoadsNothingNative() throws Exception {
        assertEquals("[simulated, windows]", run("names", "-Djna.nounpack=true", "-Djna.boot.library.path=" + empty));
    }

    @Test
    void aMissingSimulatorNamesWhatToDo() throws Exception {
        String said = run("open", "-Djna.library.path=" + empty);
        assertTrue(said.contains(System.mapLibraryName("irqscope-sim")), said);
        assertTrue(said.contains("-Djna.library.path"), said);
        assertTrue(said.contains("irqscope-sim on the class path"), said);
    }

    @Test
    void aJnaThatCannotLoadItsOwnPartNamesWhatToDo() throws Exception {
        String said = run("open", "-Djna.nounpack=true", "-Djna.boot.library.path=" + empty);
        assertTrue(said.contains("-Djna.boot.library.path"), said);
    }

    /** What the Javas of their own run. */
    static final class Child {
        private Child() {
        }

        public static void main(String[] arguments) {
            if (arguments[0].equals("names")) {
                BedOptions.auto().withMachine("1x8");
                List<String> names = new ArrayList<>();
                ServiceLoader.load(Backend.class).forEach(backend -> names.add(backend.name()));
                System.out.println(names);
                return;
            }
            try (Bed bed = Bed.open(BedOptions.sim())) {
                System.out.println("opened " + bed.name());
            } catch (NoDriverException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /* On a class path of the library, its tests and JNA, so that nothing brings the simulator along. */
    private String run(String what, String... options) throws Exception {
        List<String> path = new ArrayList<>();
        for (Class<?> type : List.of(Bed.class, Child.class, Native.class)) {
            path.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp",
                String.join(File.pathSeparator, path), Child.class.getName(), what));
        Path output = empty.resolve("output.txt");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertTrue(process.waitFor(50, TimeUnit.SECONDS), "it did not end");
        return Files.readString(output, StandardCharsets.UTF_8).strip();
    }
}
