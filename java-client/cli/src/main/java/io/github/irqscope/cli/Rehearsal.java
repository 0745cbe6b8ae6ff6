package io.github.irqscope.cli;

import java.io.OutputStream;
import java.io.PrintStream;

/**
 * What a distribution runs once, while the JVM archives the classes that it sees: later starts of these verbs find them
 * ready. It is about what people type, not about what they get; nothing is printed, and only a simulated machine touched.
 */
final class Rehearsal {
    private static final String[] VERBS = {"devices", "machine", "affinity", "trigger", "policy show", "validate"};

    private Rehearsal() {
    }

    public static void main(String[] words) {
        Surroundings surroundings = Surroundings.ofProcess();
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Main.run(new String[] {"--help"}, nowhere, nowhere, surroundings);
        Main.run(new String[] {"doctor"}, nowhere, nowhere, surroundings);
        for (String verb : VERBS) {
            Main.run((verb + " --bed sim --machine 1x4").split(" "), nowhere, nowhere, surroundings);
            Main.run((verb + " --bed sim --machine 1x4 --json").split(" "), nowhere, nowhere, surroundings);
        }
    }
}
