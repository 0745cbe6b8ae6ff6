package io.github.irqscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

class HistogramTest {
    private static final long FREQUENCY = 10_000_000;

    @Test
    void everyBucketHoldsExactlyItsOwnValues() {
        long next = 0;
        for (int bucket = 0; bucket < Histogram.BUCKETS; bucket++) {
            assertEquals(next, Histogram.lowest(bucket), "bucket " + bucket);
            assertEquals(bucket, Histogram.bucketOf(Histogram.lowest(bucket)));
            assertEquals(bucket, Histogram.bucketOf(Histogram.highest(bucket)));
            next = Histogram.highest(bucket) + 1;
        }
        assertEquals(Histogram.HIGHEST + 1, next);
    }

    @Test
    void noBucketIsWiderThanItsPrecision() {
        for (int bucket = 0; bucket < Histogram.BUCKETS; bucket++) {
            long width = Histogram.highest(bucket) - Histogram.lowest(bucket) + 1;
            assertTrue(width == 1 || width * 32 <= Histogram.lowest(bucket), "bucket " + bucket + " is " + width);
        }
    }

    @Test
    void valuesBeyondTheHighestGoIntoTheLastBucket() {
        assertEquals(Histogram.BUCKETS - 1, Histogram.bucketOf(Long.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> Histogram.bucketOf(-1));
    }

    @Test
    void percentilesAreThoseOfTheSortedValues() {
        Random random = new Random(7);
        long[] values = random.doubles(10_000).mapToLong(d -> (long) Math.exp(d * 20)).sorted().toArray();
        Histogram histogram = of(values);
        for (double percent : new double[] {0, 1, 25, 50, 90, 99, 99.9, 100}) {
            long exact = values[(int) Math.max(0, Math.ceil(percent / 100 * values.length) - 1)];
            assertEquals(Histogram.highest(Histogram.bucketOf(exact)), histogram.percentile(percent), percent + " %");
        }
        assertEquals(Histogram.lowest(Histogram.bucketOf(values[0])), histogram.minimum());
        assertEquals(Histogram.highest(Histogram.bucketOf(values[values.length - 1])), histogram.maximum());
        assertEquals(values.length, histogram.total());
    }

    @Test
    void anEmptyHistogramHasNoValues() {
        Histogram empty = of();
        assertEquals(0, empty.percentile(50));
        assertEquals(0, empty.minimum());
        assertEquals(0, empty.maximum());
    }

    @Test
    void histogramsOfOneKindAndClockAreAdded() {
        assertEquals(of(5, 5, 100, 7000).percentile(75), of(5, 100).plus(of(5, 7000)).percentile(75));
        assertThrows(IllegalArgumentException.class, () -> of(5).plus(
                new Histogram(HistogramKind.ISR_DURATION, FREQUENCY, new long[Histogram.BUCKETS])));
        assertThrows(IllegalArgumentException.class, () -> of(5).plus(
                new Histogram(HistogramKind.ISR_TO_DPC, 1, new long[Histogram.BUCKETS])));
    }

    @Test
    void ticksBecomeNanosecondsWithoutOverflow() {
        assertEquals(429_496_729_400L, of().nanoseconds(Histogram.HIGHEST));
        assertEquals(279, Version.nanoseconds(1, 3_579_545));
        assertEquals(9_000_000_000_000_000_000L, Version.nanoseconds(9_000_000_000_000_000_000L, 1_000_000_000L));
    }

    /* What the driver counted loses nothing of its stated precision on its way into HdrHistogram: recorded at each
     * bucket's highest value with two significant digits or more, every value is found again within 1/32 of itself. */
    @Test
    void loadsIntoHdrHistogramWithoutLossOfPrecision() {
        Random random = new Random(11);
        long[] values = random.doubles(50_000).mapToLong(d -> (long) Math.exp(d * 22)).sorted().toArray();
        Histogram histogram = of(values);
        org.HdrHistogram.Histogram hdr = new org.HdrHistogram.Histogram(1, Histogram.HIGHEST, 3);
        for (int bucket = 0; bucket < Histogram.BUCKETS; bucket++) {
            if (histogram.count(bucket) != 0) {
                hdr.recordValueWithCount(Histogram.highest(bucket), histogram.count(bucket));
            }
        }
        assertEquals(histogram.total(), hdr.getTotalCount());
        for (double percent = 0.5; percent <= 100; percent += 0.5) {
            long exact = values[(int) Math.ceil(percent / 100 * values.length) - 1];
            long found = hdr.getValueAtPercentile(percent);
            long step = hdr.sizeOfEquivalentValueRange(found);
            assertTrue(found + step > exact && found - exact <= exact / 32.0 + step,
                    percent + " %: " + exact + " became " + found);
            assertTrue(hdr.valuesAreEquivalent(found, histogram.percentile(percent)), percent + " %");
        }
    }

    private static Histogram of(long... values) {
        long[] counts = new long[Histogram.BUCKETS];
        Arrays.stream(values).forEach(value -> counts[Histogram.bucketOf(value)]++);
        return new Histogram(HistogramKind.ISR_TO_DPC, FREQUENCY, counts);
    }
}
