package io.github.irqscope;

import java.util.Set;

/**
 * What the driver said to the first request on a handle.
 *
 * @param major              of the contract; equal to the client's
 * @param minor              told, never compared
 * @param abilities          what this driver on this kernel can do
 * @param frequency          of the performance counter, ticks a second: the unit of every time the driver tells
 * @param kernelMajor        as RtlGetVersion says
 * @param kernelMinor        as RtlGetVersion says
 * @param kernelBuild        as RtlGetVersion says
 * @param maximumConnections at a time on one device
 * @param maximumReads       pending on one handle
 * @param maximumMemory      bytes of non-paged memory that a device may hold for connections
 */
public record Version(int major, int minor, Set<Ability> abilities, long frequency, int kernelMajor, int kernelMinor,
        int kernelBuild, int maximumConnections, int maximumReads, long maximumMemory) {
    private static final long SECOND = 1_000_000_000L;

    /** Whether this driver on this kernel can do that. */
    public boolean can(Ability ability) {
        return abilities.contains(ability);
    }

    /** Ticks as nanoseconds, rounded down. */
    public long nanoseconds(long ticks) {
        return nanoseconds(ticks, frequency);
    }

    /** The smallest difference that two times can have, in nanoseconds: shown beside every latency. */
    public double resolution() {
        return (double) SECOND / frequency;
    }

    /** {@code 10.0.20348}. */
    public String kernel() {
        return kernelMajor + "." + kernelMinor + "." + kernelBuild;
    }

    /** Ticks of a clock as nanoseconds, rounded down, right at any frequency below 9 GHz. */
    public static long nanoseconds(long ticks, long frequency) {
        return ticks / frequency * SECOND + ticks % frequency * SECOND / frequency;
    }
}
