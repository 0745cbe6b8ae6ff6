package io.github.irqscope.suite.judge;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Sets of processors as plain sets of "group:number" numbers, read without the program's code. */
final class Processors {
    private Processors() {
    }

    /** Each processor of "g0:0-3,8 g1:4-7" as group * 64 + number. */
    static Set<Integer> parse(String text) {
        Set<Integer> set = new TreeSet<>();
        for (String part : text.trim().isEmpty() ? new String[0] : text.trim().split(" +")) {
            String[] halves = part.substring(1).split(":");
            int group = Integer.parseInt(halves[0]);
            for (String range : halves[1].split(",")) {
                String[] ends = range.split("-");
                int last = Integer.parseInt(ends[ends.length - 1]);
                for (int number = Integer.parseInt(ends[0]); number <= last; number++) {
                    set.add(group * 64 + number);
                }
            }
        }
        return set;
    }

    /** The processors that a target's "observed" names. */
    static Set<Integer> observed(Map<String, Object> counts) {
        Set<Integer> set = new TreeSet<>();
        counts.forEach((processor, count) -> {
            if ((Long) count > 0) {
                set.addAll(parse(processor));
            }
        });
        return set;
    }

    static Set<Integer> groups(Set<Integer> processors) {
        Set<Integer> groups = new TreeSet<>();
        processors.forEach(processor -> groups.add(processor / 64));
        return groups;
    }
}
