package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** `watch` as somebody at a terminal has it. */
@DisplayName("WatchScreenTest [sim]")
final class WatchScreenTest {
    private static final Pattern ISRS = Pattern.compile("([0-9,]+) ISRs");

    @TempDir
    private Path folder;

    @BeforeEach
    void needsTmux() {
        assumeTrue(Tmux.isHere(), "tmux is not here, so no terminal can be looked at (Debian: apt-get install tmux)");
    }

    private static long isrs(String screen) {
        Matcher matcher = ISRS.matcher(screen);
        return matcher.find() ? Long.parseLong(matcher.group(1).replace(",", "")) : 0;
    }

    @Test
    void obeysItsKeysFitsItsTerminalAndGivesItBack() throws Exception {
        try (Tmux tmux = Tmux.start(folder, 100, 30, "C.UTF-8", "watch", "--device", "edu0", "--processors", "g1:4-7")) {
            String screen = tmux.await("events", text -> isrs(text) > 500);
            assertEquals("1", tmux.tell("#{alternate_on}"));
            assertEquals("0", tmux.tell("#{cursor_flag}"));
            assertTrue(screen.startsWith("irqscope watch  simulated machine 64/16/64, server2022, seed 1"), screen);
            assertTrue(screen.contains("all where granted") && screen.contains("granted g1:4-7"), screen);
            assertTrue(screen.contains("\u2502"), "borders");
            for (String processor : new String[] {"g1:4 ", "g1:5 ", "g1:6 ", "g1:7 "}) {
                assertTrue(screen.contains("\n" + processor), screen);
            }
            assertTrue(screen.contains("sort: processor"), screen);

            tmux.type("s");
            tmux.await("sorted by rate", text -> text.contains("sort: rate") && text.contains("RATE\u2193"));
            tmux.type("h");
            tmux.await("no idle groups", text -> text.contains("g2      idle: nothing granted, nothing ran"));
            tmux.type("g", "g");
            tmux.await("group 1 alone", text -> text.contains("group: g1") && !text.contains("\ng0:"));
            tmux.type("Escape");
            tmux.await("all groups", text -> text.contains("group: all"));
            tmux.type("z");
            tmux.await("large", text -> text.contains("size: large") && text.contains("\u250c\u2500\u2500\u252c"));
            tmux.type("?");
            tmux.await("help", text -> text.contains("the picture stands still, counting goes on"));
            tmux.type("?");

            tmux.type("p");
            screen = tmux.await("paused", text -> text.contains("PAUSED") && text.contains("go on"));
            long paused = isrs(screen);
            tmux.type("p");
            tmux.await("going on", text -> !text.contains("PAUSED") && isrs(text) > paused);
            tmux.type("r");
            tmux.await("counted anew", text -> isrs(text) < paused);

            tmux.resize(60, 20);
            screen = tmux.await("60 columns", text -> text.contains("q quit  p pause  s sort"));
            assertTrue(screen.lines().allMatch(line -> line.length() <= 60), screen);
            tmux.resize(40, 8);
            tmux.await("too small", text -> text.contains("The terminal is 40x8;"));
            tmux.resize(140, 40);
            tmux.await("large again", text -> text.contains("show idle"));

            tmux.type("q");
            screen = tmux.await("the end", text -> text.contains("code "));
            assertTrue(screen.strip().startsWith("before\n"), screen);
            assertFalse(screen.contains("jline"), screen);
            assertTrue(screen.contains("none outside what was granted"), screen);
            assertTrue(screen.contains("code 0"), screen);
            assertEquals("0", tmux.tell("#{alternate_on}"));
            assertEquals("1", tmux.tell("#{cursor_flag}"));
        }
        assertEquals(read("stty-before"), read("stty-after"), "the terminal's settings");
    }

    @Test
    void ctrlCGivesTheTerminalBackToo() throws Exception {
        try (Tmux tmux = Tmux.start(folder, 80, 24, "C.UTF-8", "watch")) {
            tmux.await("events", text -> isrs(text) > 0);
            tmux.type("C-c");
            String screen = tmux.await("the end", text -> text.contains("code "));
            assertTrue(screen.contains("code 130"), screen);
            assertTrue(screen.contains("lost by the stream"), screen);
            assertEquals("0", tmux.tell("#{alternate_on}"));
            assertEquals("1", tmux.tell("#{cursor_flag}"));
        }
        assertEquals(read("stty-before"), read("stty-after"), "the terminal's settings");
    }

    @Test
    void isPlainWhereTheLocaleIs() throws Exception {
        try (Tmux tmux = Tmux.start(folder, 80, 24, "C", "watch", "--color", "never")) {
            String screen = tmux.await("events", text -> isrs(text) > 0 && text.contains("quit"));
            assertTrue(screen.chars().allMatch(sign -> sign < 127), screen);
            assertTrue(screen.contains("|") && screen.contains("@"), screen);
            tmux.type("q");
            tmux.await("the end", text -> text.contains("code 0"));
        }
    }

    @Test
    void whatRunsOutsideIsRedAndCounted() throws Exception {
        try (Tmux tmux = Tmux.start(folder, 100, 30, "C.UTF-8", "watch", "--device", "edu0", "--processors", "g0:4-11",
                "--fault", "outside-mask,device=edu0,after=50")) {
            String screen = tmux.await("something outside", text -> text.contains(" outside what was granted"));
            assertTrue(screen.contains("!"), screen);
            assertFalse(screen.contains("all where granted"), screen);
            tmux.type("q");
            tmux.await("the end", text -> text.contains("code 1"));
        }
    }

    private String read(String name) throws Exception {
        return java.nio.file.Files.readString(folder.resolve(name));
    }
}
