package io.github.irqscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.contract.Contract;
import io.github.irqscope.contract.ContractHeader;
import io.github.irqscope.validation.Expectations;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/contract.md says what the header and the code say: every table, both ways. */
class ContractDocumentTest {
    private static final String PREFIX = "IRQSCOPE_";

    private static ContractHeader header;
    private static String document;

    @BeforeAll
    static void read() throws IOException {
        header = ContractHeader.read();
        document = Files.readString(ContractHeader.root().resolve("docs/contract.md"));
    }

    @Test
    void requestsAreTheHeaders() {
        Map<String, Integer> told = new TreeMap<>();
        for (List<String> row : rows("code")) {
            int code = Long.decode(row.get(1)).intValue();
            told.put(name(row.get(0)), code);
            assertEquals((code & 3) == 2 ? "out direct" : "buffered", row.get(2), row.get(0));
            assertEquals((code >>> 14 & 3) == 1 ? "read" : "write", row.get(3), row.get(0));
            for (String structure : (row.get(4) + ", " + row.get(5) + ", " + row.get(6)).split(", ")) {
                assertTrue(structure.equals("none") || header.sizes().containsKey(name(structure)), structure);
            }
        }
        assertEquals(new TreeMap<>(header.codes()), told);
    }

    @Test
    void valuesAreTheHeaders() {
        Map<String, Integer> told = new TreeMap<>();
        for (List<String> row : rows("value")) {
            told.put(name(row.get(0)), Long.decode(row.get(1)).intValue());
        }
        assertEquals(new TreeMap<>(header.values()), told);
    }

    @Test
    void structuresAreTheHeaders() {
        Map<String, Integer> sizes = new TreeMap<>();
        Map<String, Map<String, Integer>> offsets = new TreeMap<>();
        Matcher heading = Pattern.compile("^### IRQSCOPE_(\\w+), ([0-9]+) bytes$", Pattern.MULTILINE).matcher(document);
        while (heading.find()) {
            String name = heading.group(1);
            int size = Integer.parseInt(heading.group(2));
            sizes.put(name, size);
            Map<String, Integer> fields = new LinkedHashMap<>();
            int next = 0;
            for (List<String> row : table(document.indexOf("| offset |", heading.end()))) {
                int offset = Integer.parseInt(row.get(0));
                assertEquals(next, offset, "a gap before " + name + "." + row.get(1));
                fields.put(row.get(1), offset);
                next = offset + width(row.get(2));
            }
            assertEquals(size, next, name);
            offsets.put(name, fields);
        }
        assertEquals(new TreeMap<>(header.sizes()), sizes);
        assertEquals(new TreeMap<>(header.offsets()), offsets);
    }

    @Test
    void interfaceClassIsTheContracts() {
        assertTrue(document.contains("`{" + Contract.INTERFACE + "}`"));
    }

    @Test
    void refusalsAreThoseThatTheClientExplains() {
        Map<Integer, String> told = new TreeMap<>();
        for (List<String> row : rows("NTSTATUS")) {
            int status = Long.decode(row.get(1)).intValue();
            assertEquals(NtStatus.name(status), row.get(0));
            told.put(status, row.get(2));
        }
        assertEquals(new TreeMap<>(Meanings.OF_REFUSALS), told);
    }

    @Test
    void refusalsAreThoseOfTheDriversCore() throws IOException {
        String core = Files.readString(ContractHeader.root().resolve("driver-src/core/status.h"));
        Matcher define = Pattern.compile("#define IRQSCOPE_STATUS_(\\w+) (0x[0-9A-F]{8})u").matcher(core);
        int found = 0;
        while (define.find()) {
            int status = Long.decode(define.group(2)).intValue();
            if (status != 0) {
                found++;
                assertTrue(Meanings.OF_REFUSALS.containsKey(status), define.group(1));
            }
        }
        assertTrue(found > 15, "the driver's statuses were not found, so nothing was tested");
    }

    @Test
    void expectationsAreThoseThatTheValidationUses() {
        List<List<String>> used = new ArrayList<>();
        for (Expectations.Row row : Expectations.rows()) {
            used.add(List.of(row.way().text(), row.what().toString(), row.group().toString(), row.kernel().toString(),
                    row.fallback().toString(), row.expected().verdict().toString(),
                    String.join(", ", row.expected().statuses().stream().map(NtStatus::name).toList())));
        }
        assertEquals(used, rows("way"));
    }

    private static String name(String name) {
        assertTrue(name.startsWith(PREFIX), name);
        return name.substring(PREFIX.length());
    }

    /* "uint16[3]": 6 bytes. */
    private static int width(String type) {
        Matcher parts = Pattern.compile("uint([0-9]+)(?:\\[([0-9])\\])?").matcher(type);
        assertTrue(parts.matches(), type);
        return Integer.parseInt(parts.group(1)) / 8 * (parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2)));
    }

    /* The rows of every table whose first column is headed so. */
    private static List<List<String>> rows(String firstColumn) {
        List<List<String>> rows = new ArrayList<>();
        String heading = "\n| " + firstColumn + " |";
        for (int at = document.indexOf(heading); at >= 0; at = document.indexOf(heading, at + 1)) {
            rows.addAll(table(at + 1));
        }
        return rows;
    }

    private static List<List<String>> table(int at) {
        List<List<String>> rows = new ArrayList<>();
        String[] lines = document.substring(at).split("\n");
        for (int i = 2; i < lines.length && lines[i].startsWith("|"); i++) {
            rows.add(Arrays.stream(lines[i].substring(1, lines[i].lastIndexOf('|')).split("\\|"))
                    .map(cell -> cell.strip().replace("`", "")).toList());
        }
        return rows;
    }
}
