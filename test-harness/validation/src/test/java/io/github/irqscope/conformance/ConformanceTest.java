package io.github.irqscope.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.irqscope.suite.bed.Beds;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both kernels are asked again; each answer is the one of docs/conformance.md, and each difference has its reason. */
class ConformanceTest {
    private static Conformance.Answers sim;
    private static Conformance.Answers wine;
    private static String simMissing;
    private static String wineMissing;

    private static Conformance kept() throws IOException {
        return Conformance.read(Beds.root());
    }

    static List<String> areas() throws IOException {
        return kept().areaNames();
    }

    private static boolean chosen(String bed) {
        return Beds.demanded().isEmpty() || Beds.demanded().contains(bed);
    }

    /** Skips where the bed is left out or not here, and fails where it is demanded and not here. */
    private static void require(String bed, String missing) {
        assumeTrue(chosen(bed), "-Dbeds names others");
        assertFalse(missing != null && Beds.demanded().contains(bed), bed + " is demanded: " + missing);
        if (missing != null) {
            abort(bed + " is not here: " + missing);
        }
    }

    private static void compare(Conformance.Answers measured, String bed, String area) throws IOException {
        List<String> wrong = new ArrayList<>(kept().compare(bed, measured, area + "/"));
        if (!wrong.isEmpty() && !measured.version().isEmpty() && !measured.version().equals(kept().keptVersion())) {
            wrong.add("measured: " + measured.version() + ", kept: " + kept().keptVersion());
        }
        assertEquals("", String.join("\n", wrong));
    }

    @ParameterizedTest(name = "{0} [sim]")
    @MethodSource("areas")
    void theSimulatedKernelAnswersAsKept(String area) throws Exception {
        synchronized (ConformanceTest.class) {
            if (sim == null && simMissing == null && chosen("sim")) {
                try {
                    sim = Conformance.measureSim(Beds.root());
                } catch (Conformance.Missing missing) {
                    simMissing = missing.getMessage();
                }
            }
        }
        require("sim", simMissing);
        compare(sim, "sim", area);
    }

    /* The first one waits for all: a prefix is made, the driver installed, every question asked. */
    @ParameterizedTest(name = "{0} [wine]")
    @MethodSource("areas")
    @Timeout(value = 330, unit = TimeUnit.SECONDS)
    void wineAnswersAsKept(String area) throws Exception {
        synchronized (ConformanceTest.class) {
            if (wine == null && wineMissing == null && chosen("wine")) {
                try {
                    wine = Conformance.measureWine(Beds.root());
                } catch (Conformance.Missing missing) {
                    wineMissing = missing.getMessage();
                }
            }
        }
        require("wine", wineMissing);
        compare(wine, "wine", area);
    }

    @Test
    void everyDifferenceHasAReasonAndEveryReasonADifference() throws IOException {
        assertEquals("", String.join("\n", kept().unexplained()));
    }

    @Test
    void bothDocumentsAreWhatTheRowsMakeOfThem() throws IOException {
        assertEquals("", String.join("\n", kept().unwritten()));
    }
}
