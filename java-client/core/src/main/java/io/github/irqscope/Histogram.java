package io.github.irqscope;

import io.github.irqscope.contract.Contract;

/**
 * Counts of times in log-linear buckets: a value below 32 has its own; each power of two above is cut into 32 equal
 * ones, so a bucket is never wider than 1/32 (3.2 %) of its lowest value. Values are ticks of the performance counter.
 */
public final class Histogram {
    /** How many buckets every histogram has. */
    public static final int BUCKETS = Contract.HISTOGRAM_BUCKETS;
    /** The highest value; larger ones were counted as this one. */
    public static final long HIGHEST = 0xFFFFFFFEL;

    private static final int BITS = Contract.HISTOGRAM_PRECISION_BITS;
    private static final int HALF = 1 << BITS;

    private final HistogramKind kind;
    private final long frequency;
    private final long[] counts;
    private final long total;

    Histogram(HistogramKind kind, long frequency, long[] counts) {
        if (counts.length != BUCKETS) {
            throw new IllegalArgumentException("a histogram has " + BUCKETS + " buckets, not " + counts.length);
        }
        this.kind = kind;
        this.frequency = frequency;
        this.counts = counts.clone();
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        this.total = sum;
    }

    /** The bucket of a value from 0 to {@link #HIGHEST}; larger values go where that one goes. */
    public static int bucketOf(long ticks) {
        long value = Math.min(ticks, HIGHEST);
        if (value < 0) {
            throw new IllegalArgumentException("a time is not negative: " + ticks);
        }
        if (value < HALF) {
            return (int) value;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(value);
        return (exponent - BITS + 1) * HALF + (int) (value >>> exponent - BITS) - HALF;
    }

    /** The lowest value of a bucket, in ticks. */
    public static long lowest(int bucket) {
        check(bucket);
        return bucket < HALF ? bucket : (long) (HALF + bucket % HALF) << shift(bucket);
    }

    /** The highest value of a bucket, in ticks. */
    public static long highest(int bucket) {
        check(bucket);
        return bucket < HALF ? bucket : Math.min(lowest(bucket) + (1L << shift(bucket)) - 1, HIGHEST);
    }

    /** What is counted. */
    public HistogramKind kind() {
        return kind;
    }

    /** Ticks a second. */
    public long frequency() {
        return frequency;
    }

    /** How many values a bucket holds. */
    public long count(int bucket) {
        return counts[bucket];
    }

    /** How many values there are. */
    public long total() {
        return total;
    }

    /** The lowest value that the first bucket in use can hold, in ticks; 0 when there is none. */
    public long minimum() {
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            if (counts[bucket] != 0) {
                return lowest(bucket);
            }
        }
        return 0;
    }

    /** The highest value that the last bucket in use can hold, in ticks; 0 when there is none. */
    public long maximum() {
        for (int bucket = BUCKETS - 1; bucket >= 0; bucket--) {
            if (counts[bucket] != 0) {
                return highest(bucket);
            }
        }
        return 0;
    }

    /**
     * The highest value of the bucket that holds the value which so many percent of all values do not exceed, in
     * ticks; 0 when there are no values.
     *
     * @param percent 0 to 100
     */
    public long percentile(double percent) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("a percentile is 0 to 100, not " + percent);
        }
        long wanted = Math.max(1, (long) Math.ceil(percent / 100 * total));
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            seen += counts[bucket];
            if (seen >= wanted) {
                return highest(bucket);
            }
        }
        return 0;
    }

    /** The same in nanoseconds. */
    public long percentileNanoseconds(double percent) {
        return nanoseconds(percentile(percent));
    }

    /** Ticks of this histogram as nanoseconds. */
    public long nanoseconds(long ticks) {
        return Version.nanoseconds(ticks, frequency);
    }

    /** The sum of two histograms of one kind and one clock. */
    public Histogram plus(Histogram other) {
        if (other.kind != kind || other.frequency != frequency) {
            throw new IllegalArgumentException("a histogram of " + other.kind + " at " + other.frequency
                    + " Hz cannot be added to one of " + kind + " at " + frequency + " Hz");
        }
        long[] sum = counts.clone();
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            sum[bucket] += other.counts[bucket];
        }
        return new Histogram(kind, frequency, sum);
    }

    private static int shift(int bucket) {
        return bucket / HALF - 1;
    }

    private static void check(int bucket) {
        if (bucket < 0 || bucket >= BUCKETS) {
            throw new IndexOutOfBoundsException("a bucket is 0 to " + (BUCKETS - 1) + ", not " + bucket);
        }
    }
}
