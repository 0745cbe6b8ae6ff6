package io.github.irqscope.suite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Another process of this JVM's kind, with the same class path. */
final class JavaProcess {
    private JavaProcess() {
    }

    static List<String> command(String main, String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "-Xmx192m", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path",
                System.getProperty("java.class.path")), main));
        command.addAll(Arrays.asList(words));
        return command;
    }

    /** Its errors go where ours go. */
    static Process start(Class<?> main, String... words) throws IOException {
        Process process = new ProcessBuilder(command(main.getName(), words))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        return process;
    }

    /** Its next line; null when it has ended. The rest of its output stays unread. */
    static String line(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }
}
