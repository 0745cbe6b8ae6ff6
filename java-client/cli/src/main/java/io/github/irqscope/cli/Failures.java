package io.github.irqscope.cli;

import io.github.irqscope.AccessDeniedException;
import io.github.irqscope.ContractMismatchException;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.RestartNeededException;
import io.github.irqscope.install.InstallException;
import io.github.irqscope.recording.RecordingException;
import java.io.PrintStream;

/** The one place that turns an exception into a line on standard error and an exit code. */
final class Failures {
    private Failures() {
    }

    static int report(Throwable failure, Printer talk, PrintStream err, boolean verbose) {
        if (failure instanceof OutputException output && output.isQuiet()) {
            return ExitCode.READER_GONE;
        }
        talk.line(talk.paint(Printer.Tone.BAD, "irqscope: ") + oneLine(text(failure)));
        if (failure instanceof UsageException usage && usage.picture() != null) {
            usage.picture().lines().forEach(talk::line);
        }
        if (verbose && !(failure instanceof UsageException)) {
            failure.printStackTrace(err);
        }
        return code(failure);
    }

    static int code(Throwable failure) {
        if (failure instanceof UsageException) {
            return ExitCode.USAGE;
        }
        if (failure instanceof OutputException) {
            return ExitCode.FAILURE;
        }
        if (failure instanceof InstallException install) {
            return switch (install.trouble().ending()) {
                case FINE -> ExitCode.FINE;
                case REFUSED -> ExitCode.USAGE;
                case MISSING -> ExitCode.NO_DEVICE;
                case DENIED -> ExitCode.ACCESS_DENIED;
                case REBOOT -> ExitCode.RESTART_NEEDED;
                case FAILED -> ExitCode.FAILURE;
            };
        }
        if (failure instanceof NoDriverException || failure instanceof MissingException) {
            return ExitCode.NO_DEVICE;
        }
        if (failure instanceof AccessDeniedException) {
            return ExitCode.ACCESS_DENIED;
        }
        if (failure instanceof ContractMismatchException) {
            return ExitCode.CONTRACT_MISMATCH;
        }
        if (failure instanceof RestartNeededException) {
            return ExitCode.RESTART_NEEDED;
        }
        return ExitCode.FAILURE;
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof UsageException usage) {
            Verb verb = usage.verb();
            return message + " (irqscope " + (verb == null ? "" : verb.word() + " ") + "--help tells more)";
        }
        if (failure instanceof OutputException || failure instanceof MissingException
                || failure instanceof InputException
                || failure instanceof RecordingException
                || failure instanceof IrqscopeException) {
            return message;
        }
        if (failure instanceof OutOfMemoryError) {
            return "out of memory: " + message + "; IRQSCOPE_JAVA_OPTIONS=-Xmx1g gives the launcher's JVM more";
        }
        return "internal error: " + failure.getClass().getSimpleName() + (message == null ? "" : ": " + message)
                + " (-v tells where)";
    }

    private static String oneLine(String text) {
        return text.replace("\r\n", "\n").strip().replace("\n", "; ");
    }
}
