package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Way;
import io.github.irqscope.policy.Meaning;
import io.github.irqscope.validation.ValidationOptions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class HelpTest {
    private final Command command = new Command();

    @Test
    void namesEveryVerbAndEveryExitCode() {
        command.run("--help");
        for (Verb verb : Verb.values()) {
            assertTrue(command.out().contains("\n  " + verb.word() + " "), verb.word());
        }
        assertEquals(1, command.outLines().stream().filter(line -> line.startsWith("  ") && Verb.find(line.strip().split(" ")[0])
                != null).mapToInt(line -> line.indexOf(line.strip().replaceFirst("\\S+ +", ""))).distinct().count(), "one column");
        for (int code : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 130, 141}) {
            assertTrue(command.out().contains("\n  " + code + " "), "exit code " + code);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsEveryOptionOfAVerbAndNoOther(Verb verb) {
        command.run(verb.word(), "--help");
        String text = command.out();
        for (Option option : Option.values()) {
            boolean told = text.contains(" " + option.spelling() + " ") && text.contains(option.purpose());
            boolean wanted = verb.takes(option) || option == Option.HELP && verb != Verb.HELP;
            assertEquals(wanted, told, option.spelling());
        }
        assertTrue(text.contains("Examples:"));
        for (String line : text.lines().toList()) {
            assertTrue(line.length() <= 100, line);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyExampleIsUnderstood(Verb verb) {
        command.run(verb.word(), "--help");
        List<String> examples = command.outLines().stream().filter(line -> line.startsWith("  irqscope ")).toList();
        assertFalse(examples.isEmpty());
        for (String example : examples) {
            String[] words = example.strip().substring("irqscope ".length()).replace("\"", "").split(" ");
            assertEquals(verb, CommandLine.parse(words).verb(), example);
        }
    }

    @Test
    void knowsTheWordsAndLimitsThatTheLibraryKnows() {
        String[] ways = Arrays.stream(Way.values()).map(Way::text).toArray(String[]::new);
        assertArrayEquals(ways, Values.WAYS);
        assertEquals(Meaning.POLICIES, List.of(Values.POLICIES));
        assertEquals(Meaning.PRIORITIES, List.of(Values.PRIORITIES));
        assertEquals(ValidationOptions.everything().limit().toNanos(), Ranges.LATENCY.most());
    }

    @Test
    void saysOfARecordingThatItIsWrittenPieceByPiece() {
        command.run("record", "--help");
        assertTrue(command.out().contains("-o, --output FILE               write the data there (needed; readable wherever it is"),
                command.out());
        command.run("report", "--help");
        assertTrue(command.out().contains("write the data there (whole or not at all)\n"), command.out());
    }

    @Test
    void helpHasNoColoursOutsideATerminalAndColoursInOne() {
        command.run("--help");
        assertFalse(command.out().contains("\u001b["));
        command.onTerminal().run("--help");
        assertTrue(command.out().contains("\u001b["));
        command.run("--help", "--color=never");
        assertFalse(command.out().contains("\u001b["));
        command.withoutColors().run("--help");
        assertFalse(command.out().contains("\u001b["), "NO_COLOR");
        command.run("--help", "--color", "always");
        assertTrue(command.out().contains("\u001b["), "asked for");
    }
}
