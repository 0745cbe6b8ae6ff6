package io.github.irqscope.report;

import io.github.irqscope.validation.ValidationReport;

import java.util.Locale;

/** Numbers as people read them. */
final class Text {
    private Text() {
    }

    /** 1,234,567. */
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** 1,234,567 events, 1 event. */
    static String count(long count, String what) {
        return count(count) + " " + what + (count == 1 ? "" : "s");
    }

    /** 12.3/s, 1,000,000/s. */
    static String rate(double rate) {
        return String.format(Locale.ROOT, rate < 100 ? "%.1f/s" : "%,.0f/s", rate);
    }

    /** 12.5 %. */
    static String percent(double part) {
        double value = 100 * part;
        return String.format(Locale.ROOT, value != 0 && Math.abs(value) < 0.1 ? "%.2g %%" : "%.1f %%", value);
    }

    /** 950 ns, 12.3 us, 4.56 ms, 1.2 s. */
    static String time(long nanoseconds) {
        return ValidationReport.nanoseconds(nanoseconds);
    }

    /** 10 MHz, 3.58 MHz, 1 GHz. */
    static String hertz(long frequency) {
        String unit = frequency >= 1_000_000_000 ? "GHz" : frequency >= 1_000_000 ? "MHz" : frequency >= 1000 ? "kHz" : "Hz";
        double scale = frequency >= 1_000_000_000 ? 1e9 : frequency >= 1_000_000 ? 1e6 : frequency >= 1000 ? 1e3 : 1;
        String value = String.format(Locale.ROOT, "%.3f", frequency / scale);
        return value.replaceAll("\\.?0+$", "") + " " + unit;
    }
}
