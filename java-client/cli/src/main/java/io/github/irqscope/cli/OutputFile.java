package io.github.irqscope.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The file of --output: whole or not at all. It is written beside its place and moved there at the end; what is
 * not a plain file (a device, a pipe) is written directly.
 */
public final class OutputFile implements AutoCloseable {
    private final String name;
    private final Path place;
    private final Path temporary;
    private final Remembering bytes;
    private final PrintStream stream;
    private boolean kept;

    private OutputFile(String name, Path place, Path temporary, OutputStream bytes) {
        this.name = name;
        this.place = place;
        this.temporary = temporary;
        this.bytes = new Remembering(bytes);
        this.stream = new PrintStream(new BufferedOutputStream(this.bytes, 1 << 16), false, StandardCharsets.UTF_8);
    }

    /** Opened before the work begins, so that a bad place is known before anything is done. */
    public static OutputFile open(String name) {
        try {
            Path place = Path.of(name);
            if (Files.isSymbolicLink(place)) {
                place = place.toRealPath();
            }
            if (Files.isDirectory(place)) {
                throw new OutputException(name, "it is a folder");
            }
            if (Files.exists(place) && !Files.isRegularFile(place)) {
                return new OutputFile(name, place, null, Files.newOutputStream(place, StandardOpenOption.WRITE));
            }
            if (Files.exists(place) && !Files.isWritable(place)) {
                throw new OutputException(name, "it must not be written");
            }
            Path temporary = place.resolveSibling(
                    "." + place.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            return new OutputFile(name, place, temporary,
                    Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (InvalidPathException e) {
            throw new OutputException(name, e.getReason());
        } catch (IOException e) {
            throw new OutputException(name, reason(e));
        }
    }

    /** Where to write. */
    public PrintStream stream() {
        return stream;
    }

    /** The work is done: the file comes to its place. */
    public void keep() {
        stream.close();
        IOException failure = bytes.failure();
        if (failure != null) {
            throw new OutputException(name, reason(failure));
        }
        if (temporary == null) {
            kept = true;
            return;
        }
        try {
            try {
                Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, place, StandardCopyOption.REPLACE_EXISTING);
            }
            kept = true;
        } catch (IOException e) {
            throw new OutputException(name, reason(e));
        }
    }

    /** Leaves nothing behind unless it was kept. */
    @Override
    public void close() {
        stream.close();
        if (!kept && temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                // The folder went away or is read-only by now: there is nothing more that could be done about it.
                kept = false;
            }
        }
    }

    /** Why a file could not be written, in words where the system has only a name for it. */
    public static String reason(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "its folder does not exist";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "the unfinished file of another run is in the way: " + failure.getMessage();
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
