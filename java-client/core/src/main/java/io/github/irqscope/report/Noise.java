package io.github.irqscope.report;

/**
 * How far two runs differ by chance alone, estimated from how far the parts of each differ from one another. Student's
 * distribution takes care of there being few parts.
 */
final class Noise {
    /** The fewest parts of a run that say anything about its scatter. */
    static final int LEAST = 5;

    private static final int STEPS = 300;

    private Noise() {
    }

    /**
     * The half width of the band around no difference in which the difference of two runs lies but for a chance.
     *
     * @param a       values of the first run's parts
     * @param b       values of the other's
     * @param extreme whether a run's value is one of its parts' rather than their mean
     * @param chance  of a difference outside of the band where there is none
     * @return NaN when there are too few parts
     */
    static double band(double[] a, double[] b, boolean extreme, double chance) {
        if (a.length < LEAST || b.length < LEAST) {
            return Double.NaN;
        }
        double one = variance(a) / (extreme ? 1 : a.length);
        double other = variance(b) / (extreme ? 1 : b.length);
        if (one + other == 0) {
            return 0;
        }
        /* Welch and Satterthwaite: the runs need not scatter alike. */
        double freedom = (one + other) * (one + other)
                / (one * one / (a.length - 1) + other * other / (b.length - 1));
        return student(chance / 2, freedom) * Math.sqrt(one + other);
    }

    /** The same of differences of pairs. */
    static double band(double[] differences, boolean extreme, double chance) {
        int count = differences.length;
        return count < LEAST ? Double.NaN
                : student(chance / 2, count - 1) * Math.sqrt(variance(differences) / (extreme ? 1 : count));
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    static double variance(double[] values) {
        double mean = mean(values);
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return sum / (values.length - 1);
    }

    /** The value that Student's distribution exceeds with that chance; from the tail's integral, by bisection. */
    static double student(double chance, double freedom) {
        /* With t = sqrt(freedom) tan(angle) the density is a power of the cosine, whose integral is smooth. */
        double all = 2 * integral(0, freedom - 1);
        double low = 0;
        double high = Math.PI / 2;
        while (high - low > 1e-8) {
            double middle = (low + high) / 2;
            if (integral(middle, freedom - 1) > chance * all) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.sqrt(freedom) * Math.tan((low + high) / 2);
    }

    /* Of a power of the cosine, from an angle to a right angle, by Simpson's rule. */
    private static double integral(double from, double power) {
        double width = (Math.PI / 2 - from) / STEPS;
        double sum = 0;
        for (int i = 0; i <= STEPS; i++) {
            double weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.pow(Math.max(0, Math.cos(from + i * width)), power);
        }
        return sum * width / 3;
    }
}
