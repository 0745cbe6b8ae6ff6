package io.github.irqscope.suite.bed;

/** What a test needs beyond a driver and its root-enumerated device. A bed says which it lacks. */
public enum Need {
    /** A machine of the test's choice, with devices that interrupt, its control words and its rest state. */
    MACHINE("a machine of its choice"),
    /** Several machines at once, in one process. */
    SEVERAL_MACHINES("several machines at once"),
    /** A registry that lives in a folder and outlives the machine. */
    STATE_FOLDER("a registry in a folder"),
    /** Time that runs by the clock. */
    REAL_TIME("a machine of real time"),
    /** Every fallible call can be made to fail, one after the other. */
    FAILING_CALLS("calls that can be made to fail"),
    /** The command line makes the machine itself, from its options. */
    OWN_COMMAND_LINE("a command line that makes its machine"),
    /** Every word of the simulated kernel's table. */
    EVERY_WORD("every control word of the simulated kernel"),
    /** A system on which drivers are installed and removed. */
    INSTALLING("a system that installs drivers"),
    /** Power IRPs come to the driver. */
    POWER("power requests");

    private final String text;

    Need(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
