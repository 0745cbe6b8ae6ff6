package io.github.irqscope;

/**
 * One interrupt that the PnP manager assigned to a device, translated and raw.
 *
 * @param id         its name
 * @param latched    edge-triggered, as every message is; otherwise level-sensitive
 * @param shared     other devices may interrupt through it
 * @param policy     the requirement carried a policy
 * @param connection the connection that it is in, 0 when in none
 * @param vector     translated
 * @param irql       translated level
 * @param group      translated group
 * @param mask       translated affinity
 * @param rawGroup   the raw descriptor's group
 * @param rawVector  the raw descriptor's vector
 * @param rawLevel   the raw descriptor's level of a line; the number of messages behind the descriptor of a message
 * @param rawMask    the raw descriptor's affinity
 */
public record Resource(ResourceId id, boolean latched, boolean shared, boolean policy, long connection, long vector,
        int irql, int group, long mask, int rawGroup, long rawVector, long rawLevel, long rawMask) {
    /** A line or a message. */
    public Kind kind() {
        return id.kind();
    }

    /** From 0 within the kind. */
    public int number() {
        return id.number();
    }

    /** The processors that the resource was assigned to. */
    public ProcessorSet processors() {
        return ProcessorSet.of(group, mask);
    }
}
