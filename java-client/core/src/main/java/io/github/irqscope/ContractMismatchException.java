package io.github.irqscope;

import java.util.OptionalInt;

/** The driver speaks another major version of the contract than this library. */
public final class ContractMismatchException extends IrqscopeException {
    private static final long serialVersionUID = 1L;

    private final int driverMajor;
    private final int libraryMajor;

    ContractMismatchException(String operation, int driverMajor, int libraryMajor) {
        super(operation, OptionalInt.of(NtStatus.REVISION_MISMATCH), 0, "the driver speaks version " + driverMajor
                + " of the contract, this library version " + libraryMajor + "; install the two of one release");
        this.driverMajor = driverMajor;
        this.libraryMajor = libraryMajor;
    }

    /** The major version that the driver speaks. */
    public int driverMajor() {
        return driverMajor;
    }

    /** The major version that this library speaks. */
    public int libraryMajor() {
        return libraryMajor;
    }
}
