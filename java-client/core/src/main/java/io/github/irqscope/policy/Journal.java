package io.github.irqscope.policy;

import io.github.irqscope.Bed;
import io.github.irqscope.Device;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.RestartResult;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The old policies of devices whose policies are about to be changed, on the disk before the first change is made. While
 * its writer lives, a lock on it says so; when the writer died, the next start finds it unlocked and puts everything
 * back. One journal a folder: two sweeps in one place would each take the other's policies for old ones.
 *
 * <pre>
 *   no file --begin--> locked file, whole --finish--> no file
 *                          |
 *                          +-- the writer dies --> unlocked file --recover--> no file
 * </pre>
 */
public final class Journal {
    /** The file's name within its folder. */
    public static final String NAME = "journal.json";

    private static final int MOST_TRIES = 16;
    private static final int MOST_BYTES = 1 << 24;

    /* Behind everything that is ever read: Windows does not let others read what is locked. */
    private static final long LOCK_AT = Long.MAX_VALUE - 1;

    /* Of this process: closing any handle of a file gives up its locks on POSIX systems, so ours are not opened twice. */
    private static final Set<Path> MINE = new HashSet<>();

    private final Path path;
    private final FileChannel channel;

    private Journal(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** What a start found in a folder. */
    public enum State {
        /** No journal. */
        NONE,
        /** A journal whose writer lives; nothing was done. */
        LIVING,
        /** A journal of a writer that died: the old policies are back, and the journal is gone. */
        RESTORED,
        /** The same, but not everything could be done; the text says what. */
        PARTLY,
        /** A file that is no journal, or was cut before anything was changed; it was put aside. */
        UNREADABLE
    }

    /**
     * What a start found, and what it did.
     *
     * @param state what
     * @param path  of the journal
     * @param text  for people: one sentence, empty when there was no journal
     */
    public record Recovery(State state, Path path, String text) {
    }

    /**
     * Where the journals of real machines are: a folder of the user's own.
     *
     * @param environment as {@link System#getenv()}
     */
    public static Path userFolder(Map<String, String> environment) {
        String local = environment.get("LOCALAPPDATA");
        if (local != null && !local.isEmpty()) {
            return Path.of(local, "irqscope");
        }
        String state = environment.get("XDG_STATE_HOME");
        return state != null && !state.isEmpty() ? Path.of(state, "irqscope")
                : Path.of(System.getProperty("user.home"), ".local", "state", "irqscope");
    }

    /**
     * Writes the journal, and returns when the disk has it.
     *
     * @param folder made when it is not there
     * @throws IrqscopeException when another process is changing policies, or left a journal that is not recovered yet
     */
    public static Journal begin(Path folder, PolicyBackup backup) {
        Path path = place(folder);
        try {
            Files.createDirectories(path.getParent());
            synchronized (MINE) {
                if (MINE.contains(path)) {
                    throw busy(path);
                }
                FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ, StandardOpenOption.WRITE);
                boolean done = false;
                try {
                    if (lock(channel) == null || !Files.exists(path)) {
                        throw busy(path); /* between its making and its lock, somebody took it for an empty one */
                    }
                    backup.writeTo(channel);
                    PolicyBackup.syncFolder(path);
                    MINE.add(path);
                    done = true;
                } finally {
                    if (!done) {
                        channel.close();
                    }
                }
                return new Journal(path, channel);
            }
        } catch (FileAlreadyExistsException e) {
            throw busy(path);
        } catch (IOException e) {
            throw failed(path, "be written", e);
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Everything is as it was: the journal goes. */
    public void finish() {
        try {
            /* Empty first: who waits for the lock must not take the content for something to be restored. */
            channel.truncate(0);
            channel.force(true);
            Files.delete(path);
            PolicyBackup.syncFolder(path);
        } catch (IOException e) {
            throw failed(path, "be removed", e);
        } finally {
            release();
        }
    }

    /** Not everything could be put back: the journal stays, for the next start. */
    public void leave() {
        release();
    }

    private void release() {
        synchronized (MINE) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                MINE.remove(path);
            }
        }
    }

    /** Looks for a journal, and puts back what the writer of one that died did not. */
    public static Recovery recover(Bed bed, Path folder) {
        Path path = place(folder);
        synchronized (MINE) {
            if (MINE.contains(path)) {
                return living(path, "this process");
            }
            for (int tries = 0; tries < MOST_TRIES; tries++) {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    if (lock(channel) == null) {
                        return living(path, writer(channel));
                    }
                    if (channel.size() == 0) {
                        Files.deleteIfExists(path); /* its writer died before it wrote, or has just finished */
                        continue;
                    }
                    return recover(bed, path, channel);
                } catch (NoSuchFileException e) {
                    return new Recovery(State.NONE, path, "");
                } catch (IOException e) {
                    throw failed(path, "be read", e);
                }
            }
            return new Recovery(State.NONE, path, "");
        }
    }

    private static Recovery recover(Bed bed, Path path, FileChannel channel) throws IOException {
        PolicyBackup backup;
        try {
            backup = PolicyBackup.parse(read(channel));
        } catch (IllegalArgumentException e) {
            Path aside = path.resolveSibling(NAME + ".unreadable");
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
            return new Recovery(State.UNREADABLE, path, "the journal " + path + " is not whole (" + e.getMessage()
                    + "): it was cut before any policy was changed, or damaged later; it was put aside as " + aside);
        }
        List<String> restored = new ArrayList<>();
        List<String> trouble = new ArrayList<>();
        boolean whole = true;
        for (PolicySnapshot snapshot : backup.devices()) {
            try {
                whole &= restore(bed, snapshot, restored, trouble);
            } catch (IrqscopeException e) {
                whole = false;
                trouble.add(e.getMessage());
            }
        }
        String text = "\"" + backup.command() + "\" of process " + backup.process() + " ended on " + backup.written()
                + " or later without putting its policies back: " + (restored.isEmpty() ? "nothing was left to restore"
                : "restored " + String.join(", ", restored)) + " from " + path;
        if (whole) {
            channel.truncate(0);
            channel.force(true);
            Files.delete(path);
            PolicyBackup.syncFolder(path);
        }
        return trouble.isEmpty() ? new Recovery(State.RESTORED, path, text)
                : new Recovery(State.PARTLY, path, text + "; " + String.join("; ", trouble)
                + (whole ? "" : "; the journal stays until that can be done"));
    }

    /* False: the snapshot must be kept. */
    private static boolean restore(Bed bed, PolicySnapshot snapshot, List<String> restored, List<String> trouble) {
        for (Device device : bed.devices()) {
            if (device.instanceId().equalsIgnoreCase(snapshot.instance())) {
                if (snapshot.restore(device)) {
                    restored.add(device.name());
                    if (device.restart() == RestartResult.VETOED) {
                        trouble.add(device + " is in use and keeps the interrupts of the swept policy until it is"
                                + " restarted");
                    }
                }
                return true;
            }
        }
        trouble.add("the device " + snapshot.device() + " (" + snapshot.instance() + ") is not there now");
        return false;
    }

    private static Path place(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            absolute = absolute.toRealPath();
        } catch (IOException e) {
            /* It is not there yet: nobody can have another name for it. */
        }
        return absolute.resolve(NAME);
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCK_AT, 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), MOST_BYTES));
        int at = 0;
        while (bytes.hasRemaining()) {
            int count = channel.read(bytes, at);
            if (count < 0) {
                break;
            }
            at += count;
        }
        return new String(bytes.array(), 0, at, StandardCharsets.UTF_8);
    }

    /* The lock is the writer's; what it wrote may still be on its way. */
    private static String writer(FileChannel channel) throws IOException {
        try {
            PolicyBackup backup = PolicyBackup.parse(read(channel));
            return "\"" + backup.command() + "\", process " + backup.process();
        } catch (IllegalArgumentException e) {
            return "another process";
        }
    }

    private static Recovery living(Path path, String who) {
        return new Recovery(State.LIVING, path, "policies are being changed right now by " + who + " (journal " + path
                + "): what is shown here may be in the middle of that");
    }

    private static IrqscopeException busy(Path path) {
        return new IrqscopeException("begin journal", java.util.OptionalInt.empty(), 0, path + " is another process's,"
                + " which is changing policies here or was killed while it was: wait for it, or let any other verb"
                + " restore from it first");
    }

    private static IrqscopeException failed(Path path, String what, IOException e) {
        return new IrqscopeException(String.format(Locale.ROOT, "journal %s cannot %s", path, what),
                java.util.OptionalInt.empty(), 0, String.valueOf(e.getMessage()), e);
    }
}
