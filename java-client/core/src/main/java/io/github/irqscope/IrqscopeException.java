package io.github.irqscope;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request that was refused or failed. The message names the operation, the NTSTATUS and the Win32 code with their
 * names, and says what it means where that is known.
 */
public class IrqscopeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final Integer ntStatus;
    private final int win32;

    /**
     * A failure.
     *
     * @param operation what was asked, of what
     * @param ntStatus  the NTSTATUS, where one is known
     * @param win32     the last error, 0 when there is none
     * @param meaning   what that means, may be empty
     */
    public IrqscopeException(String operation, OptionalInt ntStatus, int win32, String meaning) {
        this(operation, ntStatus, win32, meaning, null);
    }

    /** The same, with what was thrown below it; may be null. */
    public IrqscopeException(String operation, OptionalInt ntStatus, int win32, String meaning, Throwable cause) {
        super(text(operation, ntStatus, win32, meaning), cause);
        this.operation = operation;
        this.ntStatus = ntStatus.isPresent() ? ntStatus.getAsInt() : null;
        this.win32 = win32;
    }

    /** What was asked, of what: {@code edu0: connect fully-specified line:0}. */
    public final String operation() {
        return operation;
    }

    /** The NTSTATUS, where one is known. */
    public final OptionalInt ntStatus() {
        return ntStatus == null ? OptionalInt.empty() : OptionalInt.of(ntStatus);
    }

    /** The name of the NTSTATUS, where one is known. */
    public final Optional<String> ntStatusName() {
        return Optional.ofNullable(ntStatus).map(NtStatus::name);
    }

    /** The last error, 0 when there is none. */
    public final int win32() {
        return win32;
    }

    /** The name of the last error, where there is one. */
    public final Optional<String> win32Name() {
        return win32 == 0 ? Optional.empty() : Optional.of(Win32Error.name(win32));
    }

    private static String text(String operation, OptionalInt ntStatus, int win32, String meaning) {
        StringBuilder text = new StringBuilder(operation);
        String separator = ": ";
        if (ntStatus.isPresent()) {
            text.append(separator).append(NtStatus.describe(ntStatus.getAsInt()));
            separator = ", ";
        }
        if (win32 != 0) {
            text.append(separator).append(Win32Error.describe(win32));
        }
        if (!meaning.isEmpty()) {
            text.append(": ").append(meaning);
        }
        return text.toString();
    }
}
