package io.github.irqscope.cli;

/** A verb at work: made with its {@link Work}, which it reads its options from, and run once. */
public interface Runner {
    /** Does it, and returns the exit code. */
    int run();
}
