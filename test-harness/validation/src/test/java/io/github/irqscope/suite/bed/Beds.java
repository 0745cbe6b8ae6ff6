package io.github.irqscope.suite.bed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which beds a run of the suite is about: those that the system property {@code beds} names (a list parted by commas;
 * one of them that is not here fails its tests), or, when it is empty, all that are here, the others named as skipped.
 */
public final class Beds {
    private static final List<BedUnderTest> ALL = List.of(new SimBed(), new WineBed());
    private static final Map<String, Optional<String>> MISSING = new TreeMap<>();

    private Beds() {
    }

    /** The root of the source tree. */
    public static Path root() {
        String known = System.getProperty("irqscope.root");
        Path folder = Path.of(known == null ? "" : known).toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/simulated-kernel.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** In a JVM that has a driver of its own: the program and the files that it was installed from. */
    public static Path driverFolder() {
        return Path.of(System.getProperty(WineBed.FOLDER)).resolve("driver");
    }

    /** The class path of the tests, which may stand in a manifest of surefire's. */
    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Every bed that the suite knows. */
    static List<BedUnderTest> all() {
        return ALL;
    }

    /** Every bed that a test has a place for: demanded ones, or all. */
    static List<BedUnderTest> chosen() {
        List<String> demanded = demanded();
        return demanded.isEmpty() ? ALL : ALL.stream().filter(bed -> demanded.contains(bed.name())).toList();
    }

    /** The names that the property demands. */
    public static List<String> demanded() {
        List<String> names = new ArrayList<>();
        for (String name : System.getProperty("beds", "").split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }

    /** The names of the beds that the suite knows. */
    public static List<String> known() {
        return ALL.stream().map(BedUnderTest::name).toList();
    }

    /** Why a bed is not here, asked once. */
    static synchronized Optional<String> missing(BedUnderTest bed) {
        return MISSING.computeIfAbsent(bed.name(), name -> bed.missing());
    }
}
