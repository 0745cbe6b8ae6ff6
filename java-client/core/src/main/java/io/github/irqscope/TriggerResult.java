package io.github.irqscope;

/**
 * What came of a trigger, summed over all requests that it took.
 *
 * @param status  STATUS_SUCCESS when all were sent, else why not
 * @param sent    written to the device
 * @param arrived paced: whose ISR ran in time
 * @param lost    paced: whose ISR did not
 */
public record TriggerResult(int status, long sent, long arrived, long lost) {
}
