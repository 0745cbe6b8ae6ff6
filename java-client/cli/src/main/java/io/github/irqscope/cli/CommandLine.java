package io.github.irqscope.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of the caller, sorted: a verb, and the options with their values as text. Written by hand, because help
 * and version must start quickly. Says what is wrong with words and spellings; values are checked by {@link Values}.
 */
public final class CommandLine {
    private final List<String>[] given = newLists(Option.values().length);
    private List<String> words = List.of();
    private Verb verb;
    private Verb topic;
    private final List<String> operands = new ArrayList<>(2);

    private CommandLine() {
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
    private static List<String>[] newLists(int count) {
        return new List[count];
    }

    static CommandLine parse(String[] words) {
        CommandLine line = new CommandLine();
        line.words = List.of(words);
        boolean optionsEnded = false;
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            if (optionsEnded || word.length() < 2 || word.charAt(0) != '-') {
                line.takePlain(word);
            } else if (word.equals("--")) {
                optionsEnded = true;
            } else if (word.charAt(1) == '-') {
                i = line.takeLong(words, i);
            } else {
                i = line.takeLetters(words, i);
            }
        }
        line.checkOptions();
        line.checkOperands();
        return line;
    }

    private void takePlain(String word) {
        if (verb == null) {
            verb = Verb.find(word);
            if (verb == null) {
                throw new UsageException(null, word.isEmpty() ? "the verb is empty"
                        : "unknown verb '" + word + "'" + NearMatches.hint(word, Verb.words()));
            }
        } else if (verb == Verb.HELP && topic == null) {
            topic = Verb.find(word);
            if (topic == null) {
                throw new UsageException(null,
                        "help: unknown verb '" + word + "'" + NearMatches.hint(word, Verb.words()));
            }
        } else if (verb != Verb.HELP && operands.size() < verb.operands().most()) {
            operands.add(word);
        } else {
            throw new UsageException(verb, verb.word() + " does not know what '" + word
                    + "' is for; values follow an option, as in --device " + (word.isEmpty() ? "edu0" : word));
        }
    }

    private int takeLong(String[] words, int at) {
        String word = words[at];
        int equals = word.indexOf('=');
        String spelling = equals < 0 ? word : word.substring(0, equals);
        Option option = Option.find(spelling);
        if (option == null) {
            throw new UsageException(verb, "unknown option " + spelling + NearMatches.hint(spelling, spellings()));
        }
        if (option.value() == null) {
            if (equals >= 0) {
                throw new UsageException(verb, spelling + " takes no value");
            }
            add(option, "");
            return at;
        }
        if (equals >= 0) {
            add(option, word.substring(equals + 1));
            return at;
        }
        return takeNext(option, spelling, words, at);
    }

    /** -v, -vo FILE, -oFILE. */
    private int takeLetters(String[] words, int at) {
        String word = words[at];
        for (int i = 1; i < word.length(); i++) {
            Option option = Option.find(word.charAt(i));
            if (option == null) {
                throw new UsageException(verb, "unknown option -" + word.charAt(i)
                        + (word.length() > 2 ? " in " + word + NearMatches.hint("-" + word, spellings()) : ""));
            }
            if (option.value() != null) {
                if (i + 1 < word.length()) {
                    add(option, word.substring(word.charAt(i + 1) == '=' ? i + 2 : i + 1));
                    return at;
                }
                return takeNext(option, "-" + word.charAt(i), words, at);
            }
            add(option, "");
        }
        return at;
    }

    private int takeNext(Option option, String spelling, String[] words, int at) {
        if (at + 1 == words.length) {
            throw new UsageException(verb, spelling + " needs a value: " + option.value());
        }
        String next = words[at + 1];
        // A value that looks like an option was forgotten far more often than it was meant; '=' says that it is meant.
        if (next.length() > 2 && next.startsWith("--")) {
            throw new UsageException(verb, spelling + " needs a value: " + option.value() + ", not the option " + next);
        }
        add(option, next);
        return at + 1;
    }

    private void add(Option option, String value) {
        List<String> values = given[option.ordinal()];
        if (values == null) {
            values = new ArrayList<>(2);
            given[option.ordinal()] = values;
        }
        values.add(value);
    }

    private void checkOptions() {
        if (verb == null || has(Option.HELP) || has(Option.VERSION)) {
            return;
        }
        for (Option option : Option.values()) {
            if (has(option) && !verb.takes(option)) {
                throw new UsageException(verb, verb.word() + " has no option " + option.spelling() + owners(option));
            }
        }
    }

    private void checkOperands() {
        if (verb != null && operands.size() < verb.operands().least() && !has(Option.HELP) && !has(Option.VERSION)) {
            throw new UsageException(verb, verb.word() + " needs " + verb.operands().shown());
        }
    }

    private static String owners(Option option) {
        StringBuilder owners = new StringBuilder();
        for (Verb verb : Verb.values()) {
            if (verb.takes(option)) {
                owners.append(owners.length() == 0 ? " (it belongs to " : ", ").append(verb.word());
            }
        }
        return owners.length() == 0 ? "" : owners.append(')').toString();
    }

    private static String[] spellings() {
        Option[] options = Option.values();
        String[] spellings = new String[options.length];
        for (int i = 0; i < options.length; i++) {
            spellings[i] = options[i].spelling();
        }
        return spellings;
    }

    /** As they were given. */
    public List<String> words() {
        return words;
    }

    /** Null when there was none. */
    public Verb verb() {
        return verb;
    }

    /** The verb that help was asked about, or null. */
    public Verb topic() {
        return verb == Verb.HELP && (topic != null || !has(Option.HELP)) ? topic : verb;
    }

    /** The plain words behind the verb, as many as it takes. */
    public List<String> operands() {
        return operands;
    }

    public boolean has(Option option) {
        return given[option.ordinal()] != null;
    }

    /** The value given last, or the default. */
    public String text(Option option, String otherwise) {
        List<String> values = given[option.ordinal()];
        return values == null ? otherwise : values.get(values.size() - 1);
    }

    /** Every value given, in order. */
    public List<String> all(Option option) {
        List<String> values = given[option.ordinal()];
        return values == null ? List.of() : values;
    }
}
