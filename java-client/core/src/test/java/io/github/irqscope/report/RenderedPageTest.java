package io.github.irqscope.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.irqscope.json.JsonReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in headless Chromium, which measures it; where there is none, that is said as the reason of the skip. */
final class RenderedPageTest {
    private static final int DESK = 1280;
    private static final int PHONE = 375;
    private static final long LIMIT_SECONDS = 100;
    /* Looks at the page in frames of both widths, once they are there, and leaves what it finds in its own document. */
    private static final String RULER = """
            <!DOCTYPE html><meta charset="utf-8"><body><script>
            const found = {};
            function measure(frame) {
              const page = frame.contentDocument, all = page.documentElement, title = page.querySelector('h1');
              const look = frame.contentWindow.getComputedStyle(title);
              const cell = page.querySelector('.groups rect').getBoundingClientRect();
              found[frame.width] = {overflow: all.scrollWidth - all.clientWidth, title: title.textContent,
                bottom: Math.round(title.getBoundingClientRect().bottom), color: look.color,
                page: frame.contentWindow.getComputedStyle(page.body).backgroundColor,
                cells: page.querySelectorAll('.groups rect').length, cell: Math.round(cell.width * 10),
                loaded: frame.contentWindow.performance.getEntriesByType('resource').length,
                overlaps: Array.from(page.querySelectorAll('h1,h2,h3,p,dd,figcaption')).filter(
                  part => part.scrollWidth > part.clientWidth + 1).length};
              if (Object.keys(found).length === 2)
                document.body.textContent = 'FOUND' + JSON.stringify(found) + 'END';
            }
            for (const width of [%d, %d]) {
              const frame = document.createElement('iframe');
              frame.width = width;
              frame.height = 800;
              frame.style.border = 0;
              frame.onload = () => measure(frame);
              frame.src = 'page.html';
              document.body.append(frame);
            }
            </script>""".formatted(DESK, PHONE);

    @TempDir
    private Path folder;
    private String chromium;

    @BeforeEach
    void findChromium() {
        String named = System.getenv("IRQSCOPE_CHROMIUM");
        List<String> places = new ArrayList<>();
        if (named != null) {
            places.add(named);
        }
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            places.add(directory + File.separator + "chromium");
        }
        chromium = places.stream().filter(place -> Files.isExecutable(Path.of(place))).findFirst().orElse(null);
        assumeTrue(chromium != null, "chromium is not on the PATH, and IRQSCOPE_CHROMIUM names none");
    }

    private String run(boolean dark, String... more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(chromium, "--headless", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--allow-file-access-from-files", "--window-size=" + (DESK + PHONE) + ",900",
                "--user-data-dir=" + folder.resolve("profile"), "--virtual-time-budget=20000",
                "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1)));
        if ("root".equals(System.getProperty("user.name"))) {
            words.add("--no-sandbox");
        }
        words.addAll(List.of(more));
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(words).redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile()).start();
        try {
            assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "chromium did not end");
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(out);
    }

    private Map<?, ?> look(Evidence evidence, boolean dark, int width) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("page.html"), HtmlReport.of(List.of(evidence), "irqscope test"));
        Files.writeString(folder.resolve("ruler.html"), RULER);
        String dump = run(dark, "--dump-dom", folder.resolve("ruler.html").toUri().toString());
        int start = dump.indexOf("FOUND");
        assertTrue(start >= 0, () -> "the page was not measured: " + dump);
        String found = dump.substring(start + "FOUND".length(), dump.lastIndexOf("END"));
        return (Map<?, ?>) JsonReader.readObject(found).get(Integer.toString(width));
    }

    private Fabricated run(String name) {
        return new Fabricated(folder.resolve(name)).groups(32).requested("g0:0-7").steady(40);
    }

    @Test
    void fitsADeskAndAPhoneWithTheVerdictOnTop() throws Exception {
        for (int width : new int[] {DESK, PHONE}) {
            Map<?, ?> page = look(run("run.irqrec").evidence(), false, width);
            assertEquals(0L, page.get("overflow"), "of the whole page at " + width);
            assertEquals(0L, page.get("overlaps"), "texts that are wider than their place at " + width);
            assertEquals("LANDED", page.get("title"));
            assertTrue((Long) page.get("bottom") < 110, "the verdict is at " + page.get("bottom"));
            assertEquals(2048L, page.get("cells"));
            assertTrue((Long) page.get("cell") >= 60, "a processor is " + page.get("cell") + " tenths of a pixel wide");
            assertEquals(0L, page.get("loaded"), "resources from elsewhere");
        }
    }

    @Test
    void coloursFollowTheVerdictAndTheReadersScheme() throws Exception {
        Map<?, ?> good = look(run("run.irqrec").evidence(), false, DESK);
        Map<?, ?> bad = look(run("run.irqrec").run("g1:1", 0, 1, 1).evidence(), false, DESK);
        Map<?, ?> dark = look(run("run.irqrec").evidence(), true, DESK);
        assertEquals("rgb(26, 127, 67)", good.get("color"));
        assertEquals("rgb(194, 36, 43)", bad.get("color"));
        assertEquals("rgb(255, 255, 255)", good.get("page"));
        assertEquals("rgb(20, 23, 27)", dark.get("page"));
        assertNotEquals(good.get("color"), dark.get("color"));
    }

    @Test
    void prints() throws Exception {
        Path page = Files.writeString(folder.resolve("page.html"), HtmlReport.of(List.of(run("run.irqrec").evidence()),
                "irqscope test"));
        Path pdf = folder.resolve("page.pdf");
        run(false, "--print-to-pdf=" + pdf, "--no-pdf-header-footer", page.toUri().toString());
        byte[] bytes = Files.readAllBytes(pdf);
        assertEquals("%PDF-", new String(bytes, 0, 5, java.nio.charset.StandardCharsets.US_ASCII));
        assertTrue(bytes.length > 20_000, bytes.length + " bytes of PDF");
    }
}
