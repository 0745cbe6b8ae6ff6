package io.github.irqscope.cli;

import io.github.irqscope.BedOptions;
import io.github.irqscope.policy.PolicyPlan;
import io.github.irqscope.validation.Drift;
import io.github.irqscope.validation.ValidationOptions;

/**
 * What the values of options may be, and what holds without one: verbs check by it, and help prints it. Help loads no
 * class of the library: what stands here of it are constants that the compiler copies.
 */
public final class Ranges {
    /** Whole numbers, both ends included. */
    public record Range(long least, long most) {
        @Override
        public String toString() {
            return least + " to " + most;
        }
    }

    /** Triggers for each target of `trigger`. */
    public static final Range TRIGGERS = new Range(1, 100_000_000);
    /** Triggers for each target of `validate`, which keeps what it heard. */
    public static final Range VALIDATIONS = new Range(1, 1_000_000);
    public static final Range RATE = new Range(1, 1_000_000);
    public static final Range BURST = new Range(1, 1024);
    /** Of a resource or a message. */
    public static final Range NUMBER = new Range(0, 2047);
    public static final Range GROUP = new Range(0, 65534);
    public static final Range MESSAGES = new Range(1, PolicyPlan.MOST_MESSAGES);
    public static final Range MINUTES = new Range(1, 10_080);
    public static final Range LOAD = new Range(0, 10_000_000);
    public static final Range SEED = new Range(0, Long.MAX_VALUE);
    /** Latencies that can stop a run, in nanoseconds: `validate` waits for a trigger no longer, which a test compares. */
    public static final Range LATENCY = new Range(1, 5_000_000);
    public static final int MOST_DAYS = 366;
    public static final int MOST_PERCENT = 1000;
    public static final double SLOWEST = 0.01;
    public static final int FASTEST = 1000;

    public static final long DEFAULT_COUNT = ValidationOptions.DEFAULT_COUNT;
    public static final long DEFAULT_LOAD = 1000;
    public static final String DEFAULT_RECORDING = "2s";
    public static final String DEFAULT_TOLERANCE = "5";
    public static final String DEFAULT_BED = "auto";
    public static final String DEFAULT_COLOR = "auto";

    private Ranges() {
    }

    /** Of one verb's option what its value may be, and what it is unless given; empty where there is nothing to tell. */
    static String text(Verb verb, Option option) {
        String allowed = allowed(verb, option);
        String otherwise = otherwise(verb, option);
        if (allowed.isEmpty() && otherwise.isEmpty()) {
            return "";
        }
        return "(" + allowed + (allowed.isEmpty() || otherwise.isEmpty() ? "" : "; ")
                + (otherwise.isEmpty() ? "" : "default " + otherwise) + ")";
    }

    private static String allowed(Verb verb, Option option) {
        return switch (option) {
            case COUNT -> (verb == Verb.TRIGGER ? TRIGGERS : VALIDATIONS).toString();
            case RATE -> RATE.toString();
            case BURST -> BURST.toString();
            case MESSAGE, RESOURCE -> "N is " + NUMBER;
            case GROUP -> GROUP.toString();
            case MESSAGES -> MESSAGES.toString();
            case DRIFT -> MINUTES.toString();
            case STOP_AT -> LATENCY.least() + "ns to " + LATENCY.most() / 1_000_000 + "ms";
            case DURATION, AT -> "at most " + MOST_DAYS + " days";
            case LOAD -> LOAD.toString();
            case SPEED -> SLOWEST + " to " + FASTEST;
            case TOLERANCE -> "0 to " + MOST_PERCENT;
            case SEED -> SEED.toString();
            case OUTPUT -> verb.writesItsFile() ? "needed; readable wherever it is cut" : "whole or not at all";
            case WAY -> String.join(", ", Values.WAYS);
            case FAULT -> String.join(", ", Values.FAULTS);
            case PROFILE -> String.join(", ", Values.PROFILES);
            case POLICY -> String.join(", ", Values.POLICIES);
            case PRIORITY -> String.join(", ", Values.PRIORITIES);
            default -> "";
        };
    }

    private static String otherwise(Verb verb, Option option) {
        return switch (option) {
            case COUNT -> DEFAULT_COUNT + (verb.takes(Option.DRIFT) ? ", with --drift " + Drift.DEFAULT_COUNT : "");
            case DURATION -> verb == Verb.RECORD ? DEFAULT_RECORDING : "";
            case LOAD -> Long.toString(DEFAULT_LOAD);
            case TOLERANCE -> DEFAULT_TOLERANCE;
            case BED -> DEFAULT_BED;
            case COLOR -> DEFAULT_COLOR;
            case MACHINE -> BedOptions.DEFAULT_MACHINE;
            case PROFILE -> BedOptions.DEFAULT_PROFILE;
            case MODE -> BedOptions.DEFAULT_MODE;
            case SEED -> Long.toString(BedOptions.DEFAULT_SEED);
            default -> "";
        };
    }
}
