package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("ReportVerbTest [sim]")
final class ReportVerbTest {
    private final Command command = new Command();

    @TempDir
    private Path folder;

    private String place(String name) {
        return folder.resolve(name).toString();
    }

    private void run(int code, String... words) {
        assertEquals(code, command.run(words), () -> command.out() + command.err());
    }

    @BeforeEach
    void recordAndValidate() {
        run(0, "record", "--device", "igb0", "--load", "50000", "--duration", "100ms", "-o", place("run.irqrec"));
        run(0, "validate", "--device", "edu0", "--json", "-o", place("good.json"));
        run(1, "validate", "--device", "edu0", "--fault", "wrong-group", "--json", "-o", place("bad.json"));
    }

    @Test
    void aRecordingBecomesAPage() throws IOException {
        run(0, "report", place("run.irqrec"), "-o", place("run.html"));
        String page = Files.readString(folder.resolve("run.html"));
        assertTrue(page.startsWith("<!DOCTYPE html>"), page.substring(0, 100));
        assertTrue(page.contains("<h1>LANDED</h1>"));
        assertTrue(command.err().startsWith("LANDED: all 5,0"), command.err());
        assertEquals("", command.out());
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.copy(folder.resolve("run.irqrec"), elsewhere.resolve("run.irqrec"));
        run(0, "report", elsewhere.resolve("run.irqrec").toString(), "-o", place("copy.html"));
        assertEquals(page, Files.readString(folder.resolve("copy.html")), "the page depends on where the file lies");
    }

    @Test
    void aVerdictThatIsNotAsExpectedIsExitOneAndThePageIsThere() throws IOException {
        run(1, "report", place("good.json"), place("bad.json"), "-o", place("lab.html"));
        String page = Files.readString(folder.resolve("lab.html"));
        assertTrue(page.contains("<h1>WRONG_GROUP</h1>"));
        assertTrue(page.contains(">REFUSED as expected</b>: the connect was refused with "), "a refusal that the rules demand");
        assertTrue(page.indexOf("WRONG_GROUP") < page.indexOf(">LANDED<"));
        run(0, "report", place("good.json"), "-o", place("lab.html"));
        assertTrue(Files.readString(folder.resolve("lab.html")).contains(">10.0.20348<"), "the kernel, in the environment");
    }

    @Test
    void markdownByTheFilesNameOrByTheOption() throws IOException {
        run(1, "report", place("bad.json"), "-o", place("issue.md"));
        run(1, "report", place("bad.json"), "--markdown");
        assertEquals(Files.readString(folder.resolve("issue.md")), command.out());
        command.withoutUnicode();
        run(1, "report", place("bad.json"), "--markdown");
        assertTrue(command.out().startsWith("## \u274c "), "an issue tracker reads UTF-8: " + command.out());
        assertTrue(command.out().contains("## \u274c WRONG\\_GROUP"), command.out());
    }

    @Test
    void twoReportsOfOneFileAreTheSameBytes() throws IOException {
        run(0, "report", place("run.irqrec"), "-o", place("a.html"));
        run(0, "report", place("run.irqrec"), "-o", place("b.html"));
        assertEquals(-1, Files.mismatch(folder.resolve("a.html"), folder.resolve("b.html")));
    }

    @Test
    void jsonTellsWhatThePageShows() {
        run(1, "report", place("run.irqrec"), place("bad.json"), "--json");
        Map<String, Object> document = JsonReader.readObject(command.out());
        assertEquals("WRONG_GROUP", document.get("verdict"));
        assertEquals(false, document.get("asExpected"));
        Map<?, ?> recording = (Map<?, ?>) ((List<?>) document.get("parts")).get(0);
        assertEquals("recording", recording.get("kind"));
        assertEquals(8, ((List<?>) recording.get("targets")).size());
        long sum = 0;
        for (Object processor : (List<?>) recording.get("processors")) {
            sum += (Long) ((Map<?, ?>) processor).get("events");
        }
        assertEquals(recording.get("events"), sum);
    }

    @Test
    void junitXmlOfAResultIsThatOfValidate() throws IOException {
        run(1, "report", place("bad.json"), "--markdown", "--junit", place("report.xml"));
        run(1, "validate", "--device", "edu0", "--fault", "wrong-group", "--junit", place("validate.xml"));
        String timeless = " timestamp=\"[^\"]*\"";
        assertEquals(Files.readString(folder.resolve("validate.xml")).replaceAll(timeless, ""),
                Files.readString(folder.resolve("report.xml")).replaceAll(timeless, ""));
        run(2, "report", place("run.irqrec"), "--markdown", "--junit", place("report.xml"));
        assertTrue(command.err().contains("--junit is for one result of validate, and here is none"), command.err());
    }

    @Test
    void aPageIsNotForATerminal() {
        assertEquals(2, command.onTerminal().run("report", place("run.irqrec")));
        assertTrue(command.err().contains("-o FILE.html, or --markdown"), command.err());
    }

    @Test
    void aCutRecordingIsShownAsFarAsItGoesAndNamed() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("run.irqrec"));
        Files.write(folder.resolve("cut.irqrec"), Arrays.copyOf(whole, whole.length - 100));
        run(7, "report", place("cut.irqrec"), "-o", place("cut.html"));
        assertTrue(command.err().contains("cut.irqrec: it was cut at byte"), command.err());
        assertTrue(Files.readString(folder.resolve("cut.html")).contains("it was cut at byte"));
    }

    @Test
    void namesMistakes() throws IOException {
        run(2, "report");
        assertTrue(command.err().contains("report needs FILE"), command.err());
        run(7, "report", place("none.irqrec"), "--markdown");
        assertTrue(command.err().contains("none.irqrec: there is no such file"), command.err());
        Files.writeString(folder.resolve("thesis.txt"), "years of work");
        run(7, "report", place("thesis.txt"), "--markdown");
        assertTrue(command.err().contains("it is neither a recording nor a result of validate"), command.err());
        Files.write(folder.resolve("noise"), new byte[] {(byte) 0xff, 0, 1});
        run(7, "report", place("noise"), "--markdown");
        assertFalse(command.err().contains("internal"), command.err());
        Files.writeString(folder.resolve("other.json"), "{\"schema\":1,\"bed\":\"sim\"}");
        run(7, "report", place("other.json"), "--markdown");
        assertTrue(command.err().contains("it is no result of validate: the object \"machine\" is missing"),
                command.err());
    }
}
