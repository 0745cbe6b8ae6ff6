package io.github.irqscope;

import java.time.Duration;

/** What can be said to a simulated machine, and to no other. */
public interface Simulation {
    /** The preset, or the path of the machine's file. */
    String preset();

    /** Which kernel it is: nt52, win7, win10, server2022. */
    String profile();

    /** The seed of everything random in it. */
    long seed();

    /** Whether it follows the documentation or what shipping kernels do, where they differ: documented, observed. */
    String mode();

    /**
     * Says one line of words to the machine.
     *
     * @return what it answers
     * @throws IrqscopeException with the machine's reason, when it did not do that
     */
    String control(String words);

    /** Lets time pass. */
    void advance(Duration duration);
}
