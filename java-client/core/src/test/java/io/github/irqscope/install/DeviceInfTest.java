package io.github.irqscope.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.inf.Inf;
import io.github.irqscope.inf.InfChecker;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceInfTest {
    private static final LocalDate DATE = LocalDate.of(2026, 1, 2);

    private static PnpDevice device(String... ids) {
        return new PnpDevice("PCI\\X\\1", "A card", List.of(ids), List.of(), "", "", "", null, "", 0);
    }

    @ParameterizedTest
    @CsvSource({"PCI\\VEN_8086&DEV_10D3&SUBSYS_00008086&REV_00, 1, 5", "PCI\\VEN_8086&DEV_10C9&SUBSYS_A03C8086, 1, 25",
        "PCI\\VEN_8086&DEV_1521&REV_01, 1, 25", "PCI\\VEN_8086&DEV_1533&REV_03, 1, 5", "ACPI\\VEN_PNP&DEV_0501, 1, 16",
        "ACPI\\PNP0501, 0, 1", "PCI\\VEN_1234&DEV_11E8&SUBSYS_11001AF4&REV_10, 1, 1", "PCI\\VEN_10EC&DEV_8168, 1, 16"})
    void isWrittenForTheMostExactIdAndKeepsEveryRule(String id, int messages, int limit) {
        String text = DeviceInf.text(device(id, "PCI\\LESS_EXACT"), "0.1.0.0", DATE);
        assertEquals(List.of(), InfChecker.check(Inf.parse(DeviceInf.NAME, text), Set.of(id)));
        assertTrue(text.contains("%Device% = Isolated, " + id + "\n"), text);
        assertTrue(text.contains("DriverVer   = 01/02/2026,0.1.0.0"), text);
        assertTrue(text.contains("MESSAGES_WANTED         = " + messages + "\n"), text);
        assertTrue(text.contains("MOST_MESSAGES           = " + limit + "\n"), text);
        assertTrue(!text.contains("LESS_EXACT") && !text.contains("@"), text);
    }

    @Test
    void refusesAnIdThatWouldEndTheLine() {
        for (String id : new String[] {"PCI\\A,PCI\\B", "PCI\\A;x", "PCI\\\"A", "PCI\\%A%", "PCI\\A\nPCI\\B", " "}) {
            assertEquals(Trouble.REFUSED, assertThrows(InstallException.class,
                    () -> DeviceInf.text(device(id), "0.1.0.0", DATE)).trouble(), id);
        }
        assertThrows(InstallException.class, () -> DeviceInf.text(device(), "0.1.0.0", DATE));
    }
}
