package io.github.irqscope.validation;

import io.github.irqscope.NtStatus;
import io.github.irqscope.SimulatedMachine;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Results as JUnit XML, the form that build servers read: a suite for each device, a case for each target, a failure for
 * each that is not as expected. docs/junit.xsd is its schema.
 */
public final class JUnitReport {
    private final StringBuilder xml = new StringBuilder();

    private JUnitReport() {
    }

    /**
     * The document.
     *
     * @param bed     sim, wine, vm, metal or windows
     * @param machine of what the machine is, for people: its preset, profile and seed, or empty
     * @param targets the results
     * @param notes   what was not tried
     * @param time    of the run
     */
    public static String of(String bed, String machine, List<TargetResult> targets, List<String> notes, Instant time) {
        return new JUnitReport().write(bed, machine, targets, notes, time);
    }

    /** The document of a validation. */
    public static String of(ValidationReport report, Instant time) {
        SimulatedMachine made = report.made();
        return of(report.bed(), made == null ? "" : made.preset() + " " + made.profile() + " seed " + made.seed() + " "
                + made.mode(), report.targets(), report.notes(), time);
    }

    private String write(String bed, String machine, List<TargetResult> targets, List<String> notes, Instant time) {
        Map<String, List<TargetResult>> devices = new LinkedHashMap<>();
        for (TargetResult target : targets) {
            devices.computeIfAbsent(target.device(), name -> new ArrayList<>()).add(target);
        }
        xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"irqscope\" tests=\"")
                .append(targets.size()).append("\" failures=\"").append(failures(targets))
                .append("\" errors=\"0\" time=\"0\">\n");
        for (Map.Entry<String, List<TargetResult>> device : devices.entrySet()) {
            suite(bed, machine, device.getKey(), device.getValue(), notes, time);
        }
        return xml.append("</testsuites>\n").toString();
    }

    private void suite(String bed, String machine, String device, List<TargetResult> targets, List<String> notes,
            Instant time) {
        xml.append("  <testsuite");
        attribute("name", "irqscope." + bed + "." + device);
        attribute("tests", Integer.toString(targets.size()));
        attribute("failures", Integer.toString(failures(targets)));
        xml.append(" errors=\"0\" skipped=\"0\" time=\"0\"");
        attribute("timestamp", time.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ""));
        xml.append(">\n    <properties>\n");
        property("bed", bed);
        if (!machine.isEmpty()) {
            property("machine", machine);
        }
        xml.append("    </properties>\n");
        for (TargetResult target : targets) {
            testCase(bed, target);
        }
        if (!notes.isEmpty()) {
            element("system-out", String.join("\n", notes), "    ");
        }
        xml.append("  </testsuite>\n");
    }

    private void property(String name, String value) {
        xml.append("      <property");
        attribute("name", name);
        attribute("value", value);
        xml.append("/>\n");
    }

    private void testCase(String bed, TargetResult target) {
        xml.append("    <testcase");
        attribute("name", target.resource() + " " + target.way() + " requested " + target.requested());
        attribute("classname", "irqscope." + bed + "." + target.device());
        xml.append(" time=\"0\">\n");
        if (!target.asExpected()) {
            String limits = target.brokenLimits();
            xml.append("      <failure");
            attribute("type", target.verdict().toString());
            attribute("message", target.verdict() + " where " + target.expected() + " is expected: "
                    + target.explanation() + (limits.isEmpty() ? "" : "; " + limits));
            xml.append("/>\n");
        }
        element("system-out", "requested " + target.requested() + "\ngranted   " + (target.granted() == null
                ? "nothing: " + NtStatus.describe(target.status()) : target.granted() + " (" + target.grantedBy() + ")")
                + "\nobserved  " + target.observed() + "\nsent " + target.sent() + ", arrived " + target.arrived()
                + ", lost " + target.lost() + ", spurious " + target.spurious() + "\nverdict   " + target.verdict()
                + ": " + target.explanation(), "      ");
        xml.append("    </testcase>\n");
    }

    private static int failures(List<TargetResult> targets) {
        return (int) targets.stream().filter(target -> !target.asExpected()).count();
    }

    private void element(String name, String text, String indent) {
        xml.append(indent).append('<').append(name).append('>');
        escape(text);
        xml.append("</").append(name).append(">\n");
    }

    private void attribute(String name, String value) {
        xml.append(' ').append(name).append("=\"");
        escape(value);
        xml.append('"');
    }

    /* What XML 1.0 cannot hold at all becomes the replacement character. */
    private void escape(String text) {
        text.codePoints().forEach(letter -> {
            switch (letter) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                default -> {
                    boolean allowed = letter == '\t' || letter == '\n' || letter == '\r'
                            || letter >= 0x20 && letter <= 0xD7FF || letter >= 0xE000 && letter <= 0xFFFD
                            || letter >= 0x10000;
                    xml.appendCodePoint(allowed ? letter : 0xFFFD);
                }
            }
        });
    }
}
