package io.github.irqscope.cli.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Maven's version is the one that others are held against: here the client's; the images' and the INFs' by PeGateTest. */
final class VersionTest {
    private static final Path ROOT = Path.of(System.getProperty("irqscope.root"));

    private static String only(String file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(ROOT.resolve(file)));
        assertTrue(matcher.find(), file + " has no " + pattern);
        return matcher.group(1);
    }

    private static String version() throws IOException {
        return only("pom.xml", "<artifactId>irqscope-parent</artifactId>\\s*<version>([0-9.]+)</version>");
    }

    /** Windows' versions have four numbers. */
    @Test
    void anInfThatIsWrittenForADeviceHasTheBuildsVersion() throws IOException {
        assertEquals(version() + ".0", Places.VERSION);
    }

    @Test
    void whatPeopleReadNamesTheBuildsVersion() throws IOException {
        assertEquals(version(), only("CHANGELOG.md", "(?m)^## ([0-9.]+)$"));
        assertEquals(version(), only("README.md", "target/irqscope-([0-9.]+)\\.zip"));
    }
}
