package io.github.irqscope.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.install.PnpDevice.Driver;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each device here could be taken but for one thing. */
class RefusalsTest {
    private static final Driver DRIVER = new Driver("net1.inf", "Maker", "1");
    private static final String PORT = "{11111111-2222-3333-4444-555555555555}";

    @TempDir
    Path folder;

    private FakeWindows windows;

    @BeforeEach
    void makeMachine() {
        windows = new FakeWindows(folder);
        windows.add(port("PCI\\VEN_8086&DEV_1521\\1", "{99999999-2222-3333-4444-555555555555}", 0));
    }

    private static PnpDevice port(String instance, String id, int problem) {
        return new PnpDevice(instance, "A port", List.of("PCI\\VEN_8086&DEV_10D3"), List.of("PCI\\CC_0200"), "Net",
                FakeWindows.NET, "e1i", DRIVER, id, problem);
    }

    private Optional<String> reason(PnpDevice device) throws SetupException {
        windows.add(device);
        return Refusals.reason(device, windows.present(), windows);
    }

    private void assertRefused(PnpDevice device, String word) throws SetupException {
        String reason = reason(device).orElse("taken");
        assertTrue(reason.contains(word), reason);
    }

    @Test
    void takesASparePortWithoutLinkAndAddress() throws SetupException {
        windows.ports.add(new Facts.Port(PORT.toUpperCase(java.util.Locale.ROOT), "Ethernet 2", false, List.of()));
        windows.ports.add(new Facts.Port("{99999999-2222-3333-4444-555555555555}", "Ethernet", true,
                List.of("192.0.2.1")));
        assertEquals(Optional.empty(), reason(port("PCI\\VEN_8086&DEV_10D3\\2", PORT, 0)));
    }

    @Test
    void refusesAPortWithAnAddress() throws SetupException {
        windows.ports.add(new Facts.Port(PORT, "Ethernet 2", false, List.of("192.0.2.7")));
        assertRefused(port("PCI\\VEN_8086&DEV_10D3\\2", PORT, 0), "has the address 192.0.2.7");
    }

    @Test
    void refusesAPortWithLink() throws SetupException {
        windows.ports.add(new Facts.Port(PORT, "Ethernet 2", true, List.of()));
        assertRefused(port("PCI\\VEN_8086&DEV_10D3\\2", PORT, 0), "has link");
    }

    @Test
    void refusesTheLastPort() throws SetupException {
        windows.present.clear();
        assertRefused(port("PCI\\VEN_8086&DEV_10D3\\2", PORT, 0), "last network port");
        windows.add(port("ROOT\\NET\\0000", "", 0)); /* software is no way to reach the machine */
        windows.add(port("PCI\\VEN_8086&DEV_1521\\3", "", 22)); /* nor is a port that is switched off */
        assertRefused(port("PCI\\VEN_8086&DEV_10D3\\2", PORT, 0), "last network port");
    }

    @ParameterizedTest
    @CsvSource({"{4d36e97b-e325-11ce-bfc1-08002be10318}, storage", "{4D36E96A-E325-11CE-BFC1-08002BE10318}, storage",
        "{4d36e967-e325-11ce-bfc1-08002be10318}, disk", "{4d36e968-e325-11ce-bfc1-08002be10318}, display",
        "{4d36e96b-e325-11ce-bfc1-08002be10318}, keyboard", "{4d36e96f-e325-11ce-bfc1-08002be10318}, mouse",
        "{36fc9e60-c465-11cf-8056-444553540000}, USB"})
    void refusesWhatTheMachineNeedsByItsClass(String guid, String word) throws SetupException {
        assertRefused(FakeWindows.device("PCI\\X\\1", "PCI\\VEN_1", "x", guid, "x", DRIVER), word);
    }

    @ParameterizedTest
    @CsvSource({"PCI\\CC_0106, storage", "PCI\\VEN_1&CC_0300, display", "PCI\\CC_0604, bridge", "PCI\\CC_0C0330, USB"})
    void refusesWhatTheMachineNeedsByItsClassCodeWithoutADriver(String id, String word) throws SetupException {
        assertRefused(new PnpDevice("PCI\\X\\1", "", List.of("PCI\\VEN_1&DEV_2"), List.of(id), "", "", "", null, "", 0),
                word);
    }

    @Test
    void takesACardThatNobodyKnows() throws SetupException {
        assertEquals(Optional.empty(), reason(new PnpDevice("PCI\\X\\1", "", List.of("PCI\\VEN_1234&DEV_11E8"),
                List.of("PCI\\CC_00FF"), "", "", "", null, "", 0)));
    }

    @Test
    void takesASerialPortOfTheMainboardAndNothingElseOfIt() throws SetupException {
        assertEquals(Optional.empty(), reason(FakeWindows.device("ACPI\\PNP0501\\1", "ACPI\\PNP0501", "Ports", "{x}",
                "Serial", DRIVER)));
        assertRefused(FakeWindows.device("ACPI\\PNP0C09\\1", "ACPI\\PNP0C09", "", "", "", null), "mainboard");
    }

    @Test
    void refusesWhatHasNoInterrupt() throws SetupException {
        assertRefused(FakeWindows.device("USB\\VID_1\\1", "USB\\VID_1", "", "", "", null), "no interrupt");
        assertRefused(FakeWindows.device("ROOT\\X\\0000", "ROOT\\X", "", "", "theirs", DRIVER), "software");
    }

    @Test
    void severalDevicesOfOneIdAreRefusedAndNearOnesNamed() {
        windows.add(port("PCI\\VEN_8086&DEV_10D3\\2", PORT, 0));
        Installer installer = new Installer(windows, new DriverFiles(folder, folder), folder, 0);
        InstallException several = assertThrows(InstallException.class,
                () -> installer.device("pci\\ven_8086&dev_10d3"));
        assertEquals(Trouble.REFUSED, several.trouble());
        assertTrue(several.getMessage().contains("\\1)") && several.getMessage().contains("\\2)"), several.getMessage());
        InstallException none = assertThrows(InstallException.class, () -> installer.device("DEV_1521"));
        assertEquals(Trouble.Ending.MISSING, none.trouble().ending());
        assertTrue(none.getMessage().contains("PCI\\VEN_8086&DEV_1521\\1"), none.getMessage());
        assertEquals("PCI\\VEN_8086&DEV_10D3\\2", installer.device("pci\\ven_8086&dev_10d3\\2").instance());
    }
}
