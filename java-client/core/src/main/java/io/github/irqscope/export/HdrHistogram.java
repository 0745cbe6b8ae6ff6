package io.github.irqscope.export;

import java.util.zip.Deflater;

/**
 * Counts of nanoseconds at three significant digits, and their form in an HdrHistogram log: version 2 of the encoding,
 * compressed. Rows of counts are there once something falls into them, so that a histogram of one machine's times needs
 * some kilobytes.
 */
final class HdrHistogram {
    private static final int ENCODED = 0x1C849313;
    private static final int COMPRESSED = 0x1C849314;
    private static final int DIGITS = 3;
    /** 2,048 linear steps keep three digits; each row above the first has half of them, twice as wide as the row before. */
    private static final int STEPS_MAGNITUDE = 11;
    private static final int HALF = 1 << STEPS_MAGNITUDE - 1;

    private final int[][] rows = new int[Long.SIZE - STEPS_MAGNITUDE + 2][];
    private final long limit;
    private long count;
    private long highest;

    /** For values up to a limit; what exceeds it counts as that. */
    HdrHistogram(long limit) {
        this.limit = limit;
    }

    void add(long nanoseconds) {
        long value = Math.min(Math.max(0, nanoseconds), limit);
        int index = index(value);
        int[] row = rows[index >> STEPS_MAGNITUDE - 1];
        if (row == null) {
            row = new int[HALF];
            rows[index >> STEPS_MAGNITUDE - 1] = row;
        }
        row[index & HALF - 1]++;
        count++;
        highest = Math.max(highest, value);
    }

    private static int index(long value) {
        int bucket = Long.SIZE - STEPS_MAGNITUDE - Long.numberOfLeadingZeros(value | (1 << STEPS_MAGNITUDE) - 1);
        return (bucket + 1 << STEPS_MAGNITUDE - 1) + (int) (value >>> bucket) - HALF;
    }

    long count() {
        return count;
    }

    long highest() {
        return highest;
    }

    /** Forgets everything counted, and keeps the room. */
    void clear() {
        for (int[] row : rows) {
            if (row != null) {
                java.util.Arrays.fill(row, 0);
            }
        }
        count = 0;
        highest = 0;
    }

    /** The compressed form; the deflater and the buffers are used again and again. */
    void encode(Bytes plain, Deflater deflater, Bytes to) {
        plain.clear();
        plain.int32(ENCODED).int32(0).int32(0).int32(DIGITS).int64(1).int64(limit)
                .int64(Double.doubleToLongBits(1.0));
        int begin = plain.size();
        putCounts(plain);
        plain.replaceInt32(Integer.BYTES, plain.size() - begin);
        deflater.reset();
        deflater.setInput(plain.array(), 0, plain.size());
        deflater.finish();
        to.clear();
        to.int32(COMPRESSED).int32(0);
        byte[] piece = new byte[1024];
        while (!deflater.finished()) {
            to.put(piece, 0, deflater.deflate(piece));
        }
        to.replaceInt32(Integer.BYTES, to.size() - 2 * Integer.BYTES);
    }

    /** Counts as zigzag numbers, many zeros as one negative number. */
    private void putCounts(Bytes to) {
        int last = index(highest);
        long zeros = 0;
        for (int index = 0; index <= last; index++) {
            int[] row = rows[index >> STEPS_MAGNITUDE - 1];
            long here = row == null ? 0 : Integer.toUnsignedLong(row[index & HALF - 1]);
            if (here == 0) {
                zeros++;
                continue;
            }
            if (zeros > 0) {
                zigzag(to, zeros == 1 ? 0 : -zeros);
                zeros = 0;
            }
            zigzag(to, here);
        }
        if (zeros > 0) {
            zigzag(to, zeros == 1 ? 0 : -zeros);
        }
    }

    private static void zigzag(Bytes to, long value) {
        to.varint(value << 1 ^ value >> Long.SIZE - 1);
    }
}
