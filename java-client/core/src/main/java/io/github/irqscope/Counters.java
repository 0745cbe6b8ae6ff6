package io.github.irqscope;

/**
 * Counts of one interrupt object, a consistent copy.
 *
 * @param target     the interrupt object
 * @param storm      the storm guard masked the device because of it
 * @param sent       triggers written to the device
 * @param claimed    ISR runs whose device said: it was me
 * @param notClaimed ISR runs whose device did not
 * @param lost       paced triggers without an ISR within their limit
 * @param stray      ISR runs on a processor outside the mask connected for
 * @param firstTime  ticks at the first claimed run, 0 before one
 * @param lastTime   ticks at the last claimed run, 0 before one
 */
public record Counters(int target, boolean storm, long sent, long claimed, long notClaimed, long lost, long stray,
        long firstTime, long lastTime) {
}
