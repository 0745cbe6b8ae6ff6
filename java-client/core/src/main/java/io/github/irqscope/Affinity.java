package io.github.irqscope;

/**
 * What was granted to one interrupt object, as IoGetAffinityInterrupt tells it, or where the answer came from instead.
 *
 * @param status         of IoGetAffinityInterrupt; STATUS_SUCCESS where it was not asked
 * @param grantedBy      where the answer was read
 * @param group          GROUP_AFFINITY, untouched
 * @param mask           GROUP_AFFINITY, untouched
 * @param reserved       GROUP_AFFINITY's three reserved words, untouched, the first in the lowest bits: expected to be
 *                       0
 * @param way            of the connection
 * @param connectedAs    a line, also by fallback, or messages
 * @param targets        of the connection
 * @param resource       behind this target
 * @param vector         as the message table says for a message, else as connected
 * @param irql           of the vector
 * @param requestedGroup that the connect asked for
 * @param requestedMask  that the connect asked for
 */
public record Affinity(int status, GrantedBy grantedBy, int group, long mask, long reserved, Way way, Kind connectedAs,
        int targets, ResourceId resource, long vector, int irql, int requestedGroup, long requestedMask) {
    /** Whether the kernel answered. */
    public boolean isKnown() {
        return NtStatus.isSuccess(status);
    }

    /** The processors that were granted. */
    public ProcessorSet processors() {
        return ProcessorSet.of(group, mask);
    }

    /** The processors that the connect asked for. */
    public ProcessorSet requested() {
        return ProcessorSet.of(requestedGroup, requestedMask);
    }
}
