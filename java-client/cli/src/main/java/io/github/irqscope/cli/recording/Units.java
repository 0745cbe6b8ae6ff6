package io.github.irqscope.cli.recording;

import java.util.Locale;

/** Numbers as people read them. Data has nanoseconds and plain numbers instead. */
public final class Units {
    private Units() {
    }

    /** 1,234,567. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** 1,234,567 events, 1 event. */
    public static String count(long count, String what) {
        return count(count) + " " + what + (count == 1 ? "" : "s");
    }

    /** 850 ns, 1.2 us, 35 ms, 2.0 s. */
    public static String time(long nanoseconds) {
        if (nanoseconds < 1000) {
            return nanoseconds + " ns";
        }
        if (nanoseconds < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f us", nanoseconds / 1e3);
        }
        if (nanoseconds < 1_000_000_000) {
            return String.format(Locale.ROOT, "%.1f ms", nanoseconds / 1e6);
        }
        return String.format(Locale.ROOT, "%.1f s", nanoseconds / 1e9);
    }

    /** 12.3/s, 1,000,000/s. */
    public static String rate(double rate) {
        return String.format(Locale.ROOT, rate < 100 ? "%.1f/s" : "%,.0f/s", rate);
    }

    /** 15.6 KiB, 253.9 MiB. */
    public static String bytes(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " bytes";
        }
        double value = bytes / 1024.0;
        String unit = "KiB";
        if (value >= 1024) {
            value /= 1024;
            unit = "MiB";
        }
        if (value >= 1024) {
            value /= 1024;
            unit = "GiB";
        }
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
    }

    /** 12.5 %. */
    public static String share(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }
}
