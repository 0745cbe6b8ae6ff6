package io.github.irqscope;

import java.util.OptionalLong;

/**
 * What to connect, and how.
 *
 * @param way        how
 * @param resource   which one; null for line-based and message-based, which take every one of the device
 * @param mask       processors to ask for, a part of the resource's own; empty: all of them. 0 is handed to the kernel
 * @param fallback   message-based only: connect a line when there are no messages
 * @param sharedLock message-based only: one lock and one IRQL for all messages
 * @param events     events that a processor's ring holds, a power of two; 0: the driver's own choice
 * @param stormRate  interrupts a second above which the driver masks the device; 0: no guard
 * @param syncMode   portcls only: what its object does with service routines; {@link SyncMode#NORMAL} elsewhere
 */
public record ConnectRequest(Way way, ResourceId resource, OptionalLong mask, boolean fallback, boolean sharedLock,
        int events, int stormRate, SyncMode syncMode) {
    /** Refuses no way; everything else is for the driver to refuse. */
    public ConnectRequest {
        if (way == null) {
            throw new IllegalArgumentException("a connect needs a way");
        }
        if (syncMode == null) {
            throw new IllegalArgumentException("a connect needs a mode, if only the normal one");
        }
    }

    /** Connects one resource. */
    public static ConnectRequest of(Way way, ResourceId resource) {
        return new ConnectRequest(way, resource, OptionalLong.empty(), false, false, 0, 0, SyncMode.NORMAL);
    }

    /** Connects one resource. */
    public static ConnectRequest of(Way way, Resource resource) {
        return of(way, resource.id());
    }

    /** Connects everything of the device: line-based or message-based. */
    public static ConnectRequest of(Way way) {
        return of(way, (ResourceId) null);
    }

    /** The same for these processors of the resource's group. */
    public ConnectRequest withMask(long processors) {
        return new ConnectRequest(way, resource, OptionalLong.of(processors), fallback, sharedLock, events, stormRate,
                syncMode);
    }

    /** The same, content with a line where there are no messages. */
    public ConnectRequest withFallback() {
        return new ConnectRequest(way, resource, mask, true, sharedLock, events, stormRate,
                syncMode);
    }

    /** The same with one lock for all messages. */
    public ConnectRequest withSharedLock() {
        return new ConnectRequest(way, resource, mask, fallback, true, events, stormRate,
                syncMode);
    }

    /** The same with rings of this many events. */
    public ConnectRequest withEvents(int count) {
        return new ConnectRequest(way, resource, mask, fallback, sharedLock, count, stormRate, syncMode);
    }

    /** The same with a storm guard at this rate. */
    public ConnectRequest withStormRate(int perSecond) {
        return new ConnectRequest(way, resource, mask, fallback, sharedLock, events, perSecond, syncMode);
    }

    /** The same in this mode of the port class's object. */
    public ConnectRequest withSyncMode(SyncMode mode) {
        return new ConnectRequest(way, resource, mask, fallback, sharedLock, events, stormRate, mode);
    }

    @Override
    public String toString() {
        return way + (resource == null ? "" : " " + resource)
                + (mask.isPresent() ? " mask 0x" + Long.toHexString(mask.getAsLong()) : "")
                + (fallback ? " with fallback" : "") + (sharedLock ? " with one lock" : "")
                + (syncMode != SyncMode.NORMAL ? " in mode " + syncMode : "");
    }
}
