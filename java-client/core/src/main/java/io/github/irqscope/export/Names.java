package io.github.irqscope.export;

import io.github.irqscope.ProcessorSet;
import io.github.irqscope.recording.RecordingHeader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks up what a run's numbers stand for in the header, once for each. */
final class Names {
    private final RecordingHeader header;
    private final List<Map<Long, Target[]>> feeds = new ArrayList<>();
    private int count;
    private int lastFeed = -1;
    private long lastConnection;
    private Target[] last;

    Names(RecordingHeader header) {
        this.header = header;
        header.feeds().forEach(feed -> feeds.add(new HashMap<>()));
        for (int feed = 0; feed < header.feeds().size(); feed++) {
            for (RecordingHeader.Link link : header.feeds().get(feed).links()) {
                Target[] targets = new Target[link.targets().size()];
                for (int i = 0; i < targets.length; i++) {
                    targets[i] = new Target(header.feeds().get(feed).device(), link.targets().get(i).resource(),
                            link.targets().get(i).granted(), count++);
                }
                feeds.get(feed).put(link.id(), targets);
            }
        }
    }

    /** One interrupt object. */
    static final class Target {
        final String device;
        /** Null when the header does not know it. */
        final String resource;
        private final long[] granted;
        /** Counts the targets of the recording. */
        final int number;

        private Target(String device, String resource, ProcessorSet granted, int number) {
            this.device = device;
            this.resource = resource;
            this.granted = granted == null ? null : masks(granted);
            this.number = number;
        }

        private static long[] masks(ProcessorSet set) {
            long[] masks = new long[set.isEmpty() ? 0 : set.masks().lastKey() + 1];
            set.masks().forEach((group, mask) -> masks[group] = mask);
            return masks;
        }

        /** edu0 message:0. */
        String text() {
            return device + " " + (resource == null ? "unknown" : resource);
        }

        boolean isOutside(int group, int number) {
            return granted != null && (group >= granted.length || (granted[group] >>> number & 1) == 0);
        }
    }

    /** The target of a connection; one without a resource when the header does not know it. */
    Target target(int feed, long connection, int target) {
        Target[] known = feed == lastFeed && connection == lastConnection ? last
                : feeds.get(feed).computeIfAbsent(connection, id -> new Target[0]);
        if (target >= known.length) {
            Target[] more = java.util.Arrays.copyOf(known, target + 1);
            for (int i = known.length; i <= target; i++) {
                more[i] = new Target(header.feeds().get(feed).device(), null, null, count++);
            }
            feeds.get(feed).put(connection, more);
            known = more;
        }
        lastFeed = feed;
        lastConnection = connection;
        last = known;
        return known[target];
    }

    /** One sentence: on what it was recorded. A simulated machine is called that. */
    static String origin(RecordingHeader header) {
        return "recorded " + header.started() + " by " + header.tool() + " on bed " + header.bed()
                + (header.made() == null ? "" : ", simulated machine " + header.made());
    }
}
