package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.AccessDeniedException;
import io.github.irqscope.Bed;
import io.github.irqscope.ContractMismatchException;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.RestartNeededException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One line on standard error and one code for each way to fail. Verdicts (0 and 1) are in the tests of the verbs. */
final class ExitCodeTest {
    private final Command command = new Command();

    /** The library alone makes these; its constructors are its own. */
    private static RuntimeException make(Class<? extends RuntimeException> type, Object... values) {
        try {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == values.length) {
                    constructor.setAccessible(true);
                    return (RuntimeException) constructor.newInstance(values);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException(type + " has no such constructor");
    }

    private static Supplier<Bed> failing(RuntimeException failure) {
        return () -> {
            throw failure;
        };
    }

    private void check(int code, String line, RuntimeException failure) {
        assertEquals(code, command.opening(failing(failure)).run("devices"));
        assertEquals("irqscope: " + line + "\n", command.err());
        assertEquals("", command.out());
    }

    @Test
    void noDriverIs3() {
        check(3, "open: no device here has it",
                make(NoDriverException.class, "open", 0, "no device here has it", null));
        check(3, "edu0 has no message:7", new MissingException("edu0 has no message:7"));
    }

    @Test
    void aRealBedOnAnotherSystemIs3() {
        assertEquals(3, command.run("devices", "--bed", "windows"));
        assertTrue(command.err().startsWith("irqscope: ") && command.err().contains("--bed sim"), command.err());
    }

    @Test
    void accessDeniedIs4() {
        check(4, "edu0: open: ERROR_ACCESS_DENIED (5): only administrators may",
                make(AccessDeniedException.class, "edu0: open", 5, "only administrators may", null));
    }

    @Test
    void anotherContractIs5() {
        RuntimeException failure = make(ContractMismatchException.class, "edu0: version", 2, 1);
        check(5, failure.getMessage(), failure);
    }

    @Test
    void aRestartThatIsNeededIs6() {
        check(6, "edu0: restart: it is held open", new RestartNeededException("edu0: restart", "it is held open"));
    }

    @Test
    void aFailedRequestIs7() {
        check(7, "edu0: trigger: ERROR_IO_DEVICE (1117): it stopped; KeStallExecutionProcessor",
                new IrqscopeException("edu0: trigger", OptionalInt.empty(), 1117,
                        "it stopped\n KeStallExecutionProcessor".replace("\n ", "\n")));
    }

    @Test
    void aMistakeOfOurOwnIs7AndTellsWhereWhenAsked() {
        check(7, "internal error: IllegalStateException: oops (-v tells where)", new IllegalStateException("oops"));
        assertEquals(7, command.run("devices", "-v"));
        assertTrue(command.err().contains("\tat "), command.err());
    }

    @Test
    void usageIs2AndNamesTheHelp() {
        assertEquals(2, command.run("validate", "--seed", "x"));
        assertEquals("irqscope: --seed x: column 1: 'x' is not a digit (a whole number from 0 to 9223372036854775807) "
                + "(irqscope validate --help tells more)\n", command.err());
        assertEquals(2, command.run("validte"));
        assertEquals("irqscope: unknown verb 'validte'; did you mean 'validate'? (irqscope --help tells more)\n",
                command.err());
        assertEquals(2, command.run("--color", "never"), "options and no verb");
        assertTrue(command.err().contains("Usage: irqscope VERB"), command.err());
        assertEquals("", command.out());
    }

    @Test
    void aBedThatMakesNoSenseIs2() {
        assertEquals(2, command.opening(failing(new IllegalArgumentException("line 3, column 7: no such group")))
                .run("devices"));
        assertEquals("irqscope: line 3, column 7: no such group (irqscope devices --help tells more)\n",
                command.err());
    }

    @Test
    void optionsOfASimulatedMachineWithARealBedAre2() {
        for (String[] option : new String[][] {{"--machine", "1x8"}, {"--profile", "win7"}, {"--mode", "observed"},
            {"--seed", "7"}, {"--fault", "lost"}, {"--state", "x"}}) {
            assertEquals(2, new Command().run("devices", "--bed", "windows", option[0], option[1]), option[0]);
            Command windows = new Command().onWindows();
            assertEquals(2, windows.run("devices", option[0], option[1]), option[0]);
            assertTrue(windows.err().contains(option[0]) && windows.err().contains("--bed sim"), windows.err());
        }
        assertEquals(2, command.run("devices", "--bed-name", "vm"));
    }

    @Test
    void interruptedIs130WhateverElseHappened() {
        Supplier<Bed> interrupted = () -> {
            command.interruption().raise();
            throw new IllegalStateException("in the middle");
        };
        assertEquals(130, command.opening(interrupted).run("devices"));
    }

    @Test
    void aFullDiskIs7WithItsReason() {
        assertEquals(7, command.run(new FullDisk("No space left on device"), "--help"));
        assertEquals("irqscope: cannot write standard output: No space left on device\n", command.err());
    }

    @Test
    void aClosedPipeEndsWithoutAWordAsSigpipeWould() {
        assertEquals(128 + 13, command.run(new FullDisk("Broken pipe"), "--help"));
        assertEquals("", command.err());
    }

    @Test
    void aPlaceThatCannotBeWrittenIs7BeforeTheBedIsOpened(@TempDir Path folder) {
        Supplier<Bed> never = () -> {
            throw new AssertionError("the bed was opened");
        };
        String place = folder.resolve("none").resolve("file").toString();
        assertEquals(7, command.opening(never).run("devices", "-o", place));
        assertEquals("irqscope: cannot write " + place + ": its folder does not exist\n", command.err());
    }

    @Test
    void aFailureLeavesNoFile(@TempDir Path folder) {
        Path place = folder.resolve("file");
        assertEquals(7, command.opening(failing(new IllegalStateException("oops"))).run("devices", "-o",
                place.toString()));
        assertFalse(Files.exists(place));
        assertEquals(0, folder.toFile().list().length);
    }

    @Test
    void helpAndVersionAre0() {
        assertEquals(0, command.run("--help"));
        assertEquals(0, command.run("help", "validate"));
        assertEquals(0, command.run("trigger", "-h"));
        assertEquals(0, command.run("--version"));
        assertTrue(command.out().startsWith("irqscope "), command.out());
        assertEquals("", command.err());
    }

    /** A stream that takes nothing. */
    private static final class FullDisk extends OutputStream {
        private final String reason;

        FullDisk(String reason) {
            this.reason = reason;
        }

        @Override
        public void write(int value) throws IOException {
            throw new IOException(reason);
        }

        @Override
        public String toString() {
            return "";
        }
    }
}
