package io.github.irqscope.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Checks of option values. Each refusal names the option, the value, the column where it matters, and the reason. */
public final class Values {
    public static final String[] PROFILES = {"nt52", "win7", "win10", "server2022"};
    public static final String[] MODES = {"documented", "observed"};
    public static final String[] BEDS = {"auto", "sim", "windows"};
    public static final String[] BED_NAMES = {"vm", "metal"};
    public static final String[] COLORS = {"auto", "always", "never"};
    public static final String[] FAULTS = {"lost", "late", "spurious", "stuck", "storm", "gone", "retarget",
        "wrong-group", "outside-mask", "fall-back", "never-fires", "refused"};
    /** Tests compare these with the library's. */
    public static final String[] WAYS = {"io-connect-interrupt", "fully-specified", "fully-specified-group",
        "line-based", "message-based", "portcls"};
    public static final String[] POLICIES = {"machine-default", "all-close", "one-close", "all-in-machine", "specified",
        "spread-messages"};
    public static final String[] PRIORITIES = {"undefined", "low", "normal", "high"};
    private static final String[] TIMES = {"ns", "us", "ms", "s", "min", "h"};
    private static final long[] NANOSECONDS = {1, 1000, 1_000_000, 1_000_000_000, 60_000_000_000L,
        3_600_000_000_000L};
    private static final String[] FAULT_KEYS = {"device", "after", "count", "every", "messages", "neighbour"};

    private final Verb verb;

    public Values(Verb verb) {
        this.verb = verb;
    }

    private UsageException refuse(String option, String value, String reason) {
        return new UsageException(verb, option + " " + quote(value) + ": " + reason);
    }

    private static String quote(String value) {
        return value.isEmpty() || value.indexOf(' ') >= 0 ? '"' + value + '"' : value;
    }

    /** One of the words. */
    public String choice(Option option, String value, String... known) {
        for (String word : known) {
            if (word.equals(value)) {
                return value;
            }
        }
        throw refuse(option.spelling(), value, "one of " + join(known) + NearMatches.hint(value, known));
    }

    private static String join(String... words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.length; i++) {
            text.append(i == 0 ? "" : i == words.length - 1 ? " and " : ", ").append(words[i]);
        }
        return text.toString();
    }

    /** A whole number within limits. */
    public long number(Option option, String value, long least, long most) {
        return number(option, value, value, 0, least, most);
    }

    /** A whole number within limits. */
    public long number(Option option, String value, Ranges.Range range) {
        return number(option, value, range.least(), range.most());
    }

    /** The number that part, a piece of value from column start, is. */
    private long number(Option option, String value, String part, int start, long least,
            long most) {
        if (part.isEmpty()) {
            throw refuse(option.spelling(), value, "column " + (start + 1) + ": a number is missing");
        }
        long number = 0;
        boolean tooLarge = false;
        for (int i = 0; i < part.length(); i++) {
            char digit = part.charAt(i);
            if (digit < '0' || digit > '9') {
                throw refuse(option.spelling(), value, "column " + (start + i + 1) + ": '" + digit
                        + "' is not a digit (a whole number from " + least + " to " + most + ")");
            }
            tooLarge |= number > most / 10 || number * 10 > most - (digit - '0');
            number = tooLarge ? 0 : number * 10 + (digit - '0');
        }
        if (tooLarge || number < least) {
            throw refuse(option.spelling(), value, tooLarge ? "at most " + most : "at least " + least);
        }
        return number;
    }

    /** A seed: decimal, or hexadecimal behind 0x. */
    public long seed(String value) {
        if (value.length() < 3 || !value.startsWith("0x") && !value.startsWith("0X")) {
            return number(Option.SEED, value, Ranges.SEED);
        }
        long seed = 0;
        for (int i = 2; i < value.length(); i++) {
            int digit = Character.digit(value.charAt(i), 16);
            if (digit < 0) {
                throw refuse("--seed", value, "column " + (i + 1) + ": '" + value.charAt(i)
                        + "' is not a hexadecimal digit");
            }
            if (seed > Long.MAX_VALUE >> 4) {
                throw refuse("--seed", value, "at most 0x7fffffffffffffff");
            }
            seed = seed << 4 | digit;
        }
        return seed;
    }

    /** A time: a number and ns, us, ms, s, min or h; in nanoseconds. */
    public long duration(Option option, String value) {
        int end = 0;
        while (end < value.length() && value.charAt(end) >= '0' && value.charAt(end) <= '9') {
            end++;
        }
        String unit = value.substring(end);
        for (int i = 0; i < TIMES.length; i++) {
            if (TIMES[i].equals(unit)) {
                long most = (long) Ranges.MOST_DAYS * 24 * 3600 * 1_000_000_000L / NANOSECONDS[i];
                return number(option, value, value.substring(0, end), 0, 1, most) * NANOSECONDS[i];
            }
        }
        throw refuse(option.spelling(), value, "column " + (end + 1)
                + ": a time is a whole number and ns, us, ms, s, min or h");
    }

    /** A part of a hundred: a number with or without a fraction and a percent sign, 0 to 1000. */
    public double percent(Option option, String value) {
        String digits = value.endsWith("%") ? value.substring(0, value.length() - 1).strip() : value;
        if (!digits.matches("[0-9]{1,4}(\\.[0-9]{1,6})?") || Double.parseDouble(digits) > Ranges.MOST_PERCENT) {
            throw refuse(option.spelling(), value, "a percentage from 0 to " + Ranges.MOST_PERCENT + ", as in 5 or 2.5%");
        }
        return Double.parseDouble(digits);
    }

    /** Interrupts a second, written N or N/s; 0 is none. */
    public long load(String value) {
        String digits = value.endsWith("/s") ? value.substring(0, value.length() - 2) : value;
        return number(Option.LOAD, value, digits, 0, Ranges.LOAD.least(), Ranges.LOAD.most());
    }

    /** How many times as fast as it happened: 0.01 to 1000. */
    public double speed(String value) {
        for (int i = 0; i < value.length(); i++) {
            if ((value.charAt(i) < '0' || value.charAt(i) > '9') && value.charAt(i) != '.') {
                throw refuse(Option.SPEED.spelling(), value, "column " + (i + 1) + ": a number such as 10 or 0.5");
            }
        }
        double speed;
        try {
            speed = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw refuse(Option.SPEED.spelling(), value, "a number such as 10 or 0.5 is wanted");
        }
        if (speed < Ranges.SLOWEST || speed > Ranges.FASTEST) {
            throw refuse(Option.SPEED.spelling(), value, Ranges.SLOWEST + " to " + Ranges.FASTEST);
        }
        return speed;
    }

    /** Triggers a second, written N or N/s. */
    public long rate(String value) {
        int end = value.length();
        int slash = value.indexOf('/');
        if (slash >= 0) {
            if (!value.substring(slash).equals("/s")) {
                throw refuse("--rate", value, "column " + (slash + 1) + ": a rate is N or N/s, triggers a second");
            }
            end = slash;
        }
        return number(Option.RATE, value, value.substring(0, end), 0, Ranges.RATE.least(), Ranges.RATE.most());
    }

    /** A latency that a trigger can have, written 50us, 1.5ms, 800ns or 0.001s; in nanoseconds. */
    public long latency(Option option, String value) {
        String[] units = {"ns", "us", "ms", "s"};
        long length = 1;
        for (String unit : units) {
            if (value.endsWith(unit) && Character.isDigit(value.charAt(Math.max(0, value.length() - unit.length() - 1)))) {
                String digits = value.substring(0, value.length() - unit.length());
                if (!digits.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
                    break;
                }
                long time = new BigDecimal(digits).multiply(BigDecimal.valueOf(length)).longValue();
                if (time < Ranges.LATENCY.least() || time > Ranges.LATENCY.most()) {
                    throw refuse(option.spelling(), value, time == 0 ? "at least " + Ranges.LATENCY.least() + "ns"
                            : "at most " + Ranges.LATENCY.most() / 1_000_000 + "ms: a trigger is waited for no longer");
                }
                return time;
            }
            length *= 1000;
        }
        throw refuse(option.spelling(), value, "a time is a number and ns, us, ms or s, as in 50us");
    }

    /** The words of a list, commas between them, over all uses of its option. */
    public List<String> list(Option option, List<String> values) {
        List<String> words = new ArrayList<>();
        for (String value : values) {
            int start = 0;
            while (start <= value.length()) {
                int end = value.indexOf(',', start);
                end = end < 0 ? value.length() : end;
                if (end == start) {
                    throw refuse(option.spelling(), value, "column " + (start + 1) + ": a name is missing");
                }
                String word = value.substring(start, end);
                if (!words.contains(word)) {
                    words.add(word);
                }
                start = end + 1;
            }
        }
        return words;
    }

    /** Texts of resources: line:N or message:N. */
    public List<String> resources(List<String> values) {
        List<String> words = list(Option.RESOURCE, values);
        for (String word : words) {
            int digits = word.startsWith("line:") ? 5 : word.startsWith("message:") ? 8 : 0;
            if (digits == 0) {
                throw refuse("--resource", word, "a resource is line:N or message:N");
            }
            number(Option.RESOURCE, word, word.substring(digits), digits, Ranges.NUMBER.least(), Ranges.NUMBER.most());
        }
        return words;
    }

    public List<Integer> groups(List<String> values) {
        List<Integer> groups = new ArrayList<>();
        for (String word : list(Option.GROUP, values)) {
            groups.add((int) number(Option.GROUP, word, word.startsWith("g") ? word.substring(1) : word,
                    word.startsWith("g") ? 1 : 0, Ranges.GROUP.least(), Ranges.GROUP.most()));
        }
        return groups;
    }

    /** NAME[,device=D][,after=N][,count=N]: in the words that the simulated machine takes. */
    public String fault(String value) {
        StringBuilder words = new StringBuilder();
        int start = 0;
        while (start <= value.length()) {
            int end = value.indexOf(',', start);
            end = end < 0 ? value.length() : end;
            String part = value.substring(start, end);
            if (words.length() == 0) {
                choice(Option.FAULT, part, FAULTS);
            } else {
                checkFaultKey(value, part, start);
                words.append(' ');
            }
            words.append(part);
            start = end + 1;
        }
        return words.toString();
    }

    private void checkFaultKey(String value, String part, int start) {
        int equals = part.indexOf('=');
        String key = equals < 0 ? part : part.substring(0, equals);
        boolean known = false;
        for (String word : FAULT_KEYS) {
            known |= word.equals(key);
        }
        if (!known || equals < 0) {
            throw refuse("--fault", value, "column " + (start + 1) + ": behind the name come device=NAME, after=N, "
                    + "count=N, every=N (of fall-back also messages=1, of spurious neighbour=1)" + NearMatches.hint(key, FAULT_KEYS));
        }
        if (!key.equals("device")) {
            number(Option.FAULT, value, part.substring(equals + 1), start + equals + 1, 0, Integer.MAX_VALUE);
        } else if (equals + 1 == part.length()) {
            throw refuse("--fault", value, "column " + (start + equals + 2) + ": a name is missing");
        }
    }

    /** A refusal of a value that somebody else looked at. */
    public UsageException refuse(Option option, String value, String reason) {
        return refuse(option.spelling(), value, reason);
    }
}
