package io.github.irqscope;

/**
 * A processor: its group and its number within that group, never a flat index. Written {@code g1:7}.
 *
 * @param group  0 or more
 * @param number 0 to 63
 */
public record Processor(int group, int number) implements Comparable<Processor> {
    /** Refuses what cannot be a processor of any machine. */
    public Processor {
        if (group < 0 || group > ProcessorSet.HIGHEST_GROUP) {
            throw new IllegalArgumentException("a group is 0 to " + ProcessorSet.HIGHEST_GROUP + ", not " + group);
        }
        if (number < 0 || number > ProcessorSet.HIGHEST_NUMBER) {
            throw new IllegalArgumentException("a processor's number is 0 to 63, not " + number);
        }
    }

    /**
     * The processor that the text names.
     *
     * @throws IllegalArgumentException naming the column that makes no sense
     */
    public static Processor parse(String text) {
        ProcessorSet set = ProcessorSet.parse(text);
        if (set.size() != 1) {
            throw new IllegalArgumentException("\"" + text + "\" names " + set.size() + " processors, not one");
        }
        return set.iterator().next();
    }

    /** The bit of this processor in its group's mask. */
    public long bit() {
        return 1L << number;
    }

    @Override
    public int compareTo(Processor other) {
        return group != other.group ? Integer.compare(group, other.group) : Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return "g" + group + ":" + number;
    }
}
