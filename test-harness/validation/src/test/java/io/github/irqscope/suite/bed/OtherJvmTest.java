package io.github.irqscope.suite.bed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What becomes here of a test that passes, fails, is skipped, crashes or hangs in another JVM. No Wine is needed. */
class OtherJvmTest {
    private static final String PLANTED = "irqscope.planted";

    /** Tests that are run in the other JVM only. */
    @EnabledIfSystemProperty(named = PLANTED, matches = "yes")
    static class Planted {
        @Test
        void passes() {
            assertEquals("yes", System.getProperty(PLANTED));
        }

        @Test
        void fails() {
            IllegalStateException cause = new IllegalStateException("the cause, with ü");
            throw new AssertionError("planted " + "x".repeat(70000), cause);
        }

        @Test
        void givesUp() {
            Assumptions.abort("not today");
        }

        @Test
        void crashes() {
            System.out.println("the last words");
            Runtime.getRuntime().halt(3);
        }

        @Test
        @Timeout(value = 600)
        void hangs() throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    private static OtherJvm jvm(Path folder, Duration limit) {
        return new OtherJvm("the other JVM", List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-D" + PLANTED + "=yes", "-cp", Beds.classPath(),
                InnerSuite.class.getName()), folder.resolve("jvm.log"), limit);
    }

    private static String planted(String method) {
        return "[engine:junit-jupiter]/[class:" + Planted.class.getName() + "]/[method:" + method + "()]";
    }

    @Test
    void aPassAFailureAndASkipComeBackAsWhatTheyAre(@TempDir Path folder) throws Throwable {
        try (OtherJvm jvm = jvm(folder, Duration.ofSeconds(60))) {
            jvm.run(planted("passes"));
            Throwable thrown = assertThrows(AssertionError.class, () -> jvm.run(planted("fails")));
            assertEquals("planted " + "x".repeat(70000), thrown.getMessage());
            assertTrue(thrown.toString().startsWith("java.lang.AssertionError: planted"), thrown::toString);
            assertTrue(Arrays.stream(thrown.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("fails")
                    && frame.getClassName().endsWith("Planted") && frame.getLineNumber() > 0));
            assertEquals("the cause, with ü", thrown.getCause().getMessage());
            Throwable skipped = assertThrows(AssertionError.class, () -> jvm.run(planted("givesUp")));
            assertTrue(skipped.toString().contains("not today"), skipped::toString);
            Throwable absent = assertThrows(AssertionError.class, () -> jvm.run(planted("isNotThere")));
            assertTrue(absent.toString().contains("isNotThere"), absent::toString);
            jvm.run(planted("passes"));
        }
    }

    @Test
    void aCrashIsAFailureWithTheEndOfTheLogAndTheNextTestGetsAnotherJvm(@TempDir Path folder) throws Throwable {
        try (OtherJvm jvm = jvm(folder, Duration.ofSeconds(60))) {
            jvm.run(planted("passes"));
            AssertionError crash = assertThrows(AssertionError.class, () -> jvm.run(planted("crashes")));
            assertTrue(crash.getMessage().contains("died"), crash::getMessage);
            assertTrue(crash.getMessage().contains("ended with 3"), crash::getMessage);
            assertTrue(crash.getMessage().contains("the last words"), crash::getMessage);
            jvm.run(planted("passes"));
        }
    }

    @Test
    void aHangIsAFailureWithWhatEveryThreadWasDoing(@TempDir Path folder) throws Throwable {
        try (OtherJvm jvm = jvm(folder, Duration.ofSeconds(3))) {
            jvm.run(planted("passes"));
            AssertionError hang = assertThrows(AssertionError.class, () -> jvm.run(planted("hangs")));
            assertTrue(hang.getMessage().contains("did not answer within 3 s"), hang::getMessage);
            assertTrue(hang.getMessage().contains("Planted.hangs"), hang::getMessage);
            jvm.run(planted("passes"));
        }
    }

    @Test
    void oneThatCannotBeStartedFailsEveryTestAtOnce(@TempDir Path folder) {
        OtherJvm jvm = new OtherJvm("the other JVM", List.of("sh", "-c", "echo no such thing; exit 9"),
                folder.resolve("jvm.log"), Duration.ofSeconds(1));
        for (int round = 0; round < 2; round++) {
            AssertionError failure = assertThrows(AssertionError.class, () -> jvm.run(planted("passes")));
            assertTrue(failure.getMessage().contains("ended with 9"), failure::getMessage);
            assertTrue(failure.getMessage().contains("no such thing"), failure::getMessage);
        }
    }
}
