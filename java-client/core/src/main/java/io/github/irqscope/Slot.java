package io.github.irqscope;

/**
 * What ran on one processor at one SynchronizeIrql within a connection.
 *
 * @param number        of the slot
 * @param stray         the connection's one slot for processors without their own; it has no histograms
 * @param inexact       interrupts kept changing it while it was copied
 * @param processor     whose it is; of a stray slot: of its last run
 * @param irql          SynchronizeIrql
 * @param claimed       ISR runs whose device said: it was me
 * @param notClaimed    ISR runs whose device did not
 * @param dpcs          runs of this slot's DPC
 * @param dpcsElsewhere those on another processor than the slot's
 * @param eventsLost    events that found the ring full
 * @param lastTime      ticks at the last claimed run
 */
public record Slot(int number, boolean stray, boolean inexact, Processor processor, int irql, long claimed,
        long notClaimed, long dpcs, long dpcsElsewhere, long eventsLost, long lastTime) {
}
