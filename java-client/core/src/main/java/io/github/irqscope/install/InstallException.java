package io.github.irqscope.install;

import io.github.irqscope.IrqscopeException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.OptionalInt;

/**
 * Something could not be installed, removed or looked at. The message names the operation, Windows' code where there is
 * one, the cause and the cure. What was done before it has been undone; what could not be is said.
 */
public final class InstallException extends IrqscopeException {
    private static final long serialVersionUID = 1L;

    private final Trouble trouble;

    /**
     * A refusal or failure.
     *
     * @param trouble   which
     * @param operation what was asked, of what
     * @param win32     the last error, 0 when there is none
     * @param detail    what is so here, instead of the general cause; may be empty
     * @param thrown    what threw it, or null
     */
    InstallException(Trouble trouble, String operation, int win32, String detail, Throwable thrown) {
        super(operation, OptionalInt.empty(), win32,
                (detail.isEmpty() ? trouble.cause() : detail) + ". " + sentence(trouble.cure()), thrown);
        this.trouble = trouble;
    }

    InstallException(Trouble trouble, String operation, String detail) {
        this(trouble, operation, 0, detail, null);
    }

    private InstallException(Trouble trouble, String text, Throwable thrown) {
        super(text, OptionalInt.empty(), 0, "", thrown);
        this.trouble = trouble;
    }

    /** Asked for what must not be done; the reason says what to do instead. */
    static InstallException refused(String operation, String reason) {
        return new InstallException(Trouble.REFUSED, operation + ": " + reason, (Throwable) null);
    }

    static InstallException of(String operation, SetupException e) {
        return new InstallException(Trouble.of(e.win32()), operation + ": " + e.getMessage(), e.win32(), "", e);
    }

    static InstallException of(String operation, IOException e) {
        Trouble trouble = e instanceof NoSuchFileException ? Trouble.FILE_MISSING
                : e instanceof AccessDeniedException || isSharing(e) ? Trouble.FILE_LOCKED : Trouble.OTHER;
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new InstallException(trouble, operation, 0,
                trouble == Trouble.OTHER ? text : trouble.cause() + " (" + text + ")", e);
    }

    /* Java gives a sharing violation no class of its own: the file's exception that is none of the known ones, with the
     * system's text as its reason. */
    private static boolean isSharing(IOException e) {
        return e.getClass() == FileSystemException.class && ((FileSystemException) e).getReason() != null;
    }

    /** The same, and that not everything could be undone. */
    InstallException butNotTakenBack(String rest) {
        return new InstallException(trouble, getMessage() + ". What was done before could not be taken back wholly ("
                + rest + "); irqscope driver remove takes the rest away", this);
    }

    /** Which trouble it is; its {@link Trouble#ending} tells how to end. */
    public Trouble trouble() {
        return trouble;
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
