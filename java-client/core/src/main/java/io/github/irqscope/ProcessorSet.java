package io.github.irqscope;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An immutable set of processors of any number of groups. Its text is canonical: {@code g0:0-3,8 g1:4-7}, groups and
 * numbers ascending, two or more neighbours as a-b; the empty set is the empty text.
 */
public final class ProcessorSet implements Iterable<Processor> {
    static final int HIGHEST_GROUP = 0xFFFE; /* 0xFFFF is ALL_PROCESSOR_GROUPS */
    static final int HIGHEST_NUMBER = 63;

    private static final ProcessorSet EMPTY = new ProcessorSet(new TreeMap<>());

    /* Group to mask. A group without a processor has no entry, so that equal sets have equal maps. */
    private final TreeMap<Integer, Long> masks;

    private ProcessorSet(TreeMap<Integer, Long> masks) {
        this.masks = masks;
    }

    /** The set without a processor. */
    public static ProcessorSet empty() {
        return EMPTY;
    }

    /** The processors of one group whose bits are set. */
    public static ProcessorSet of(int group, long mask) {
        if (group < 0 || group > HIGHEST_GROUP) {
            throw new IllegalArgumentException("a group is 0 to " + HIGHEST_GROUP + ", not " + group);
        }
        if (mask == 0) {
            return EMPTY;
        }
        TreeMap<Integer, Long> masks = new TreeMap<>();
        masks.put(group, mask);
        return new ProcessorSet(masks);
    }

    /** The set of these processors; equal ones count once. */
    public static ProcessorSet of(Collection<Processor> processors) {
        TreeMap<Integer, Long> masks = new TreeMap<>();
        for (Processor processor : processors) {
            masks.merge(processor.group(), processor.bit(), (a, b) -> a | b);
        }
        return masks.isEmpty() ? EMPTY : new ProcessorSet(masks);
    }

    /**
     * The set that the text names, which no machine is needed for: groups parted by blanks, each {@code gN:} and
     * numbers, ranges or hexadecimal masks parted by commas.
     *
     * @throws ProcessorSyntaxException naming the column that makes no sense, and why
     */
    public static ProcessorSet parse(String text) {
        return new ProcessorParser(text, null).parse();
    }

    /**
     * The set that the text names on this machine: as {@link #parse(String)} has it, and {@code node:N} for the
     * processors of a NUMA node, {@code group:N} for the active ones of a group, {@code all} for every active one.
     *
     * @throws ProcessorSyntaxException naming the column that makes no sense, and why
     */
    public static ProcessorSet parse(String text, Machine machine) {
        return new ProcessorParser(text, Objects.requireNonNull(machine)).parse();
    }

    /**
     * Whether only a machine can say what the text names, because {@code node:N}, {@code group:N} or {@code all} is in it.
     *
     * @throws ProcessorSyntaxException naming the column that makes no sense on any machine, and why
     */
    public static boolean needsMachine(String text) {
        return new ProcessorParser(text, null).needsMachine();
    }

    /** The processors of both sets. */
    public ProcessorSet plus(ProcessorSet other) {
        TreeMap<Integer, Long> sum = new TreeMap<>(masks);
        other.masks.forEach((group, mask) -> sum.merge(group, mask, (a, b) -> a | b));
        return sum.isEmpty() ? EMPTY : new ProcessorSet(sum);
    }

    /** The processors that are in both sets. */
    public ProcessorSet intersect(ProcessorSet other) {
        TreeMap<Integer, Long> common = new TreeMap<>();
        masks.forEach((group, mask) -> {
            long both = mask & other.mask(group);
            if (both != 0) {
                common.put(group, both);
            }
        });
        return common.isEmpty() ? EMPTY : new ProcessorSet(common);
    }

    /** The processors of this set that are not in the other. */
    public ProcessorSet minus(ProcessorSet other) {
        TreeMap<Integer, Long> rest = new TreeMap<>();
        masks.forEach((group, mask) -> {
            long left = mask & ~other.mask(group);
            if (left != 0) {
                rest.put(group, left);
            }
        });
        return rest.isEmpty() ? EMPTY : new ProcessorSet(rest);
    }

    /** Group to mask, ascending, groups without a processor left out. Unmodifiable. */
    public SortedMap<Integer, Long> masks() {
        return Collections.unmodifiableSortedMap(masks);
    }

    /** The mask of one group, 0 when the set has no processor of it. */
    public long mask(int group) {
        return masks.getOrDefault(group, 0L);
    }

    /** The processors of one group only. */
    public ProcessorSet inGroup(int group) {
        return of(group, mask(group));
    }

    /** Whether the processor is in the set. */
    public boolean contains(Processor processor) {
        return (mask(processor.group()) & processor.bit()) != 0;
    }

    /** Whether every processor of the other set is in this one. */
    public boolean containsAll(ProcessorSet other) {
        for (var entry : other.masks.entrySet()) {
            if ((entry.getValue() & ~mask(entry.getKey())) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is no processor in the set. */
    public boolean isEmpty() {
        return masks.isEmpty();
    }

    /** How many processors are in the set. */
    public int size() {
        int size = 0;
        for (long mask : masks.values()) {
            size += Long.bitCount(mask);
        }
        return size;
    }

    /** Whether all processors, at least one, are of one group. */
    public boolean oneGroup() {
        return masks.size() == 1;
    }

    /**
     * The one group of the set.
     *
     * @throws IllegalStateException when the set has processors of no or of several groups
     */
    public int group() {
        if (!oneGroup()) {
            throw new IllegalStateException("\"" + this + "\" has processors of " + masks.size() + " groups, not one");
        }
        return masks.firstKey();
    }

    /** The processors, ascending. */
    @Override
    public Iterator<Processor> iterator() {
        return new Walk();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProcessorSet set && masks.equals(set.masks);
    }

    @Override
    public int hashCode() {
        return masks.hashCode();
    }

    /** The canonical text. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        masks.forEach((group, mask) -> {
            text.append(text.isEmpty() ? "g" : " g").append(group);
            char separator = ':';
            for (int first = 0; first <= HIGHEST_NUMBER; first++) {
                if ((mask >>> first & 1) == 0) {
                    continue;
                }
                int last = first;
                while (last < HIGHEST_NUMBER && (mask >>> last + 1 & 1) != 0) {
                    last++;
                }
                text.append(separator).append(first);
                if (last > first) {
                    text.append('-').append(last);
                }
                separator = ',';
                first = last;
            }
        });
        return text.toString();
    }

    private final class Walk implements Iterator<Processor> {
        private final Iterator<Integer> groups = masks.keySet().iterator();
        private int group;
        private long left;

        @Override
        public boolean hasNext() {
            return left != 0 || groups.hasNext();
        }

        @Override
        public Processor next() {
            if (left == 0) {
                if (!groups.hasNext()) {
                    throw new NoSuchElementException();
                }
                group = groups.next();
                left = masks.get(group);
            }
            int number = Long.numberOfTrailingZeros(left);
            left &= left - 1;
            return new Processor(group, number);
        }
    }
}
