package io.github.irqscope.inf;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A system that a models section is for, as {@code [Manufacturer]} decorates it:
 * {@code NT[processor][.[major][.[minor][.[product][.[suite][.build]]]]]}.
 *
 * @param processor in lower case; empty where none is named
 */
record Target(String decoration, String processor, int major, int minor, int build) implements Comparable<Target> {
    /** Windows 10 1709, the first that runs drivers from the driver store (DIRID 13). */
    static final Target DRIVER_STORE = new Target("", "", 10, 0, 16299);
    /** Windows 10 1809, where {@code InfVerif /w} begins unless {@code /wbuild} says otherwise. */
    static final Target ISOLATION = new Target("", "", 10, 0, 17763);
    /** The first build that reads build numbers. */
    static final int FIRST_BUILD = 14310;

    private static final Pattern FORM = Pattern.compile(
            "NT(x86|ia64|amd64|arm|arm64)?(?:\\.(\\d*)(?:\\.(\\d*)(?:\\.(?:\\w*)(?:\\.(?:\\w*)(?:\\.(\\d+))?)?)?)?)?",
            Pattern.CASE_INSENSITIVE);

    /** Null where the text is no decoration. */
    static Target parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String processor = matcher.group(1) == null ? "" : matcher.group(1).toLowerCase(Locale.ROOT);
        return new Target(text, processor, number(matcher.group(2)), number(matcher.group(3)), number(matcher.group(4)));
    }

    private static int number(String digits) {
        return digits == null || digits.isEmpty() ? 0 : Integer.parseInt(digits.substring(0, Math.min(9, digits.length())));
    }

    @Override
    public int compareTo(Target other) {
        int order = Integer.compare(major, other.major);
        order = order != 0 ? order : Integer.compare(minor, other.minor);
        return order != 0 ? order : Integer.compare(build, other.build);
    }
}
