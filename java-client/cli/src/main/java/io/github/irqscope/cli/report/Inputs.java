package io.github.irqscope.cli.report;

import io.github.irqscope.cli.InputException;
import io.github.irqscope.cli.Progress;
import io.github.irqscope.cli.Work;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.validation.ValidationReport;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The files that a verb reads: recordings, and results of validate. */
final class Inputs {
    private static final long LARGEST_RESULT = 512L << 20;

    private Inputs() {
    }

    static Path path(String name) {
        try {
            Path path = Path.of(name);
            if (!Files.exists(path)) {
                throw new InputException(name + ": there is no such file", null);
            }
            return path;
        } catch (InvalidPathException e) {
            throw new InputException(name + ": " + e.getReason(), e);
        }
    }

    /**
     * The result of validate that a file holds.
     *
     * @throws InputException naming what is wrong with it
     */
    static ValidationReport result(Path path) {
        try {
            if (Files.size(path) > LARGEST_RESULT) {
                throw new InputException(path + ": it is neither a recording nor a result of validate", null);
            }
            String text = Files.readString(path);
            if (!text.stripLeading().startsWith("{")) {
                throw new InputException(path + ": it is neither a recording nor a result of validate", null);
            }
            return ValidationReport.parse(text);
        } catch (MalformedInputException e) {
            throw new InputException(path + ": it is neither a recording nor a result of validate", e);
        } catch (NoSuchFileException e) {
            throw new InputException(path + ": there is no such file", e);
        } catch (IOException e) {
            throw new InputException(path + ": it cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new InputException(path + ": it is no result of validate: " + e.getMessage(), e);
        }
    }

    /** Shows how far a recording has been read, and says no when the user wants it to end. */
    static Predicate<RecordingReader> progress(Work work, Progress progress, String verb) {
        return reader -> {
            progress.show(verb, reader.position(), reader.size(), reader.path().getFileName() + ", "
                    + reader.position() * 100 / Math.max(1, reader.size()) + " %");
            return !work.interruption().isRaised();
        };
    }
}
