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
    /** Every word of the simulated kernel's table, {@code kill} among them. */
    EVERY_WORD("every control word of the simulated kernel"),
    /** A driver that another process can open, too. */
    OTHER_PROCESSES("a driver that other processes share"),
    /** A system on which drivers are installed and removed. */
    INSTALLING("a system that installs drivers"),
    /** Requests and restarts that cost microseconds; a bed that lacks it runs the few of many like cases. */
    PACE("all of many like cases");

    private final String text;

    Need(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
