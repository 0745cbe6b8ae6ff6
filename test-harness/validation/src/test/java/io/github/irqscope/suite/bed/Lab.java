package io.github.irqscope.suite.bed;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.transport.Controls;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.HostOptions;
import io.github.irqscope.transport.TransportException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What one test works with: it opens beds, and after the test each of them must be at rest. The test closes its
 * sessions itself; beds it may leave to the lab.
 */
public final class Lab {
    private static final Path LOGS = Path.of("target", "bed-logs");

    private final BedUnderTest bed;
    private final Deque<Opened> open = new ArrayDeque<>();

    /** Something to be looked at and ended after the test: how to talk to it, and how to end it. */
    private record Opened(Object what, UnaryOperator<String> control, Runnable end) {
    }

    Lab(BedUnderTest bed) {
        this.bed = bed;
    }

    /** Opens the bed; on one that simulates, the machine that the options say. */
    public Bed open(BedOptions options) {
        Bed opened = bed.open(options);
        open.push(new Opened(opened, words -> opened.simulation().map(simulation -> simulation.control(words))
                .orElse("ok"), opened::close));
        return opened;
    }

    /** The bed as it is; on one that simulates, with the machine that it has unless told otherwise. */
    public Bed open() {
        return open(BedOptions.auto());
    }

    /** A machine of this layout, everything else as usual. */
    public Bed open(String machine) {
        return open(BedOptions.sim().withMachine(machine));
    }

    /** The bed's name. */
    public String bed() {
        return bed.name();
    }

    /** What a command line must be told to work on a machine of these options. */
    public List<String> words(BedOptions options) {
        return bed.words(options);
    }

    /** A machine below the library. */
    public Host host(HostOptions options) throws TransportException {
        Host host = bed.host(options);
        open.push(new Opened(host, words -> host.controls().map(controls -> controls.control(words).text())
                .orElse("ok"), () -> host.end().ifPresent(report -> {
                    throw new AssertionError(report);
                })));
        return host;
    }

    /** Says a line to the machine of a bed of this lab. */
    public static String say(Bed machine, String words) {
        return machine.simulation().orElseThrow().control(words);
    }

    /** Says a line to a machine below the library. */
    public static String say(Host machine, String words) {
        Controls.Answer answer = machine.controls().orElseThrow().control(words);
        if (!answer.done()) {
            throw new AssertionError(words + ": " + answer.text());
        }
        return answer.text();
    }

    /** Ends a bed within the test: it must be at rest. */
    public void close(Bed machine) {
        Opened opened = open.stream().filter(each -> each.what() == machine).findFirst().orElseThrow();
        open.remove(opened);
        checkRest(opened);
        opened.end().run();
    }

    /** Gives a bed back that the test has ended itself, or broken on purpose. */
    public void forget(Bed machine) {
        open.removeIf(each -> each.what() == machine);
    }

    /* After a failed test the logs are kept, and what is not at rest is nobody's news. */
    void end(String name, boolean failed) throws IOException {
        Throwable trouble = null;
        StringBuilder logs = new StringBuilder();
        while (!open.isEmpty()) {
            Opened last = open.pop();
            String log = failed ? log(last) : "";
            try {
                if (!failed) {
                    checkRest(last);
                }
                last.end().run();
            } catch (RuntimeException | AssertionError e) {
                log = (log.isEmpty() ? log(last) : log) + e.getMessage() + "\n";
                trouble = trouble == null ? e : trouble;
            }
            logs.append(log);
        }
        if (!logs.isEmpty()) {
            keep(name, logs.toString());
        }
        if (trouble != null && !failed) {
            throw new AssertionError(trouble.getMessage(), trouble);
        }
    }

    private static void checkRest(Opened opened) {
        String rest = opened.control().apply("rest").strip();
        if (!rest.equals("ok")) {
            throw new AssertionError("the driver is not at rest: " + rest);
        }
    }

    private static String log(Opened opened) {
        try {
            return opened.control().apply("log") + "\n";
        } catch (IrqscopeException | IllegalStateException e) {
            return "no log: " + e.getMessage() + "\n";
        }
    }

    private static void keep(String name, String log) throws IOException {
        Files.createDirectories(LOGS);
        Path file = LOGS.resolve(name.replaceAll("[^A-Za-z0-9._-]+", "-") + ".log");
        Files.writeString(file, log);
        System.err.println("the machine's log: " + file);
    }
}
