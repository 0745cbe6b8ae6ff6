package io.github.irqscope.jna;

/**
 * The time of a simulated machine that several processes may use. It stands still until a client has nothing else to do
 * but wait; then it goes to what is due next, as in a machine that lives in the client's own process.
 */
interface MachineTime {
    /** A request was handed in ... */
    void begun();

    /** ... and its end was seen. */
    void ended();

    /**
     * Nobody here has anything to do before a request ends.
     *
     * @return for how many milliseconds to wait for it before this is called again
     */
    long step();
}
