package io.github.irqscope.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir
    Path folder;

    private FakeWindows windows;

    @BeforeEach
    void makeMachine() {
        windows = new FakeWindows(folder);
    }

    private Finding finding(String topic) {
        return Doctor.examine(windows).findings().stream().filter(one -> one.topic().equals(topic)).findFirst()
                .orElseThrow();
    }

    @Test
    void tellsTheNextCommandWithoutADriver() {
        windows.integrity = OptionalInt.of(0x1 | 0x2);
        assertEquals("irqscope driver install", Doctor.examine(windows).next());
        assertEquals(Finding.State.WARNING, finding("driver").state());
    }

    @Test
    void nothingIsInstalledNextThatIsRefusedForCertain() {
        windows.integrity = OptionalInt.of(0x1);
        assertTrue(Doctor.examine(windows).next().startsWith("bcdedit /set testsigning on"));
        windows.machine.put("SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\State\\UEFISecureBootEnabled",
                new KeyTree.Value("UEFISecureBootEnabled", 4, new byte[] {1, 0, 0, 0}));
        assertTrue(Doctor.examine(windows).next().startsWith("switch Secure Boot off"));
        windows.elevated = false;
        assertTrue(Doctor.examine(windows).next().startsWith("start the command prompt"));
        windows.elevated = true;
        windows.integrity = OptionalInt.of(0x1 | 0x2);
        assertEquals("irqscope driver install", Doctor.examine(windows).next());
    }

    @Test
    void readsTheKernelsWordOnSignatures() {
        windows.integrity = OptionalInt.of(0x1);
        assertTrue(finding("test-signing").cure().startsWith("bcdedit /set testsigning on"));
        assertEquals("off", finding("memory-integrity").text());
        windows.integrity = OptionalInt.of(0x1 | 0x2 | 0x400);
        assertEquals(Finding.State.GOOD, finding("test-signing").state());
        assertTrue(finding("memory-integrity").text().startsWith("on"));
        windows.integrity = OptionalInt.empty();
        assertEquals(Finding.State.UNKNOWN, finding("test-signing").state());
        assertEquals(Finding.State.UNKNOWN, finding("memory-integrity").state());
    }

    @Test
    void readsSecureBootAndTheGroupSize() {
        assertEquals(Finding.State.UNKNOWN, finding("secure-boot").state());
        assertEquals(Finding.State.UNKNOWN, finding("group-size").state());
        windows.machine.put("SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\State\\UEFISecureBootEnabled",
                new KeyTree.Value("UEFISecureBootEnabled", 4, new byte[] {1, 0, 0, 0}));
        windows.machine.put("SYSTEM\\CurrentControlSet\\Control\\SystemStartOptions", new KeyTree.Value("", 1,
                " TESTSIGNING  NOEXECUTE=OPTIN GROUPSIZE=2\0".getBytes(StandardCharsets.UTF_16LE)));
        assertEquals(Finding.State.WARNING, finding("secure-boot").state());
        assertTrue(finding("group-size").text().contains("GROUPSIZE=2"));
    }

    @Test
    void saysWhatNeedsElevationAndCountsGroups() {
        windows.elevated = false;
        assertTrue(finding("elevation").cure().contains("Run as administrator"));
        assertTrue(finding("groups").text().contains("2 groups, g0: 64 of 64, g1: 16 of 64"));
    }

    @Test
    void saysWhyABoundDeviceDoesNotStart() {
        windows.services.put("irqscope", new Services.State(true, ""));
        windows.add(new PnpDevice("PCI\\X\\1", "", java.util.List.of("PCI\\X"), java.util.List.of(), "System", "",
                "irqscope", new PnpDevice.Driver("oem1.inf", "irqscope", "0.1.0.0"), "", 52));
        Finding driver = finding("driver");
        assertEquals(Finding.State.BAD, driver.state());
        assertTrue(driver.text().contains("PCI\\X\\1 by oem1.inf, version 0.1.0.0"), driver.text());
        assertTrue(driver.text().contains("signature") && driver.text().contains("problem code 52"), driver.text());
        windows.present.clear();
        assertEquals("irqscope driver remove", finding("driver").cure());
    }

    @Test
    void doesNotSpeakOfSignaturesOnWineWhichChecksNone() {
        windows.integrity = OptionalInt.of(0x1);
        windows.kind = "wine";
        assertEquals(Finding.State.GOOD, finding("test-signing").state());
        assertEquals("", finding("test-signing").cure());
    }

    @Test
    void aBusOfOursRunsWhenADeviceBelowItDoes() {
        PnpDevice bus = FakeWindows.device("ROOT\\IRQSCOPE-MACHINE\\0000", "ROOT\\IRQSCOPE-MACHINE", "System", "",
                "irqscope", null);
        assertFalse(bus.isStarted(Set.of()));
        assertTrue(bus.isStarted(Set.of("PCI\\X\\1")));
        PnpDevice root = FakeWindows.device("ROOT\\IRQSCOPE\\0000", "ROOT\\IRQSCOPE", "System", "", "irqscope", null);
        assertFalse(root.isStarted(Set.of("PCI\\X\\1")), "it has no device below it");
        assertTrue(root.isStarted(Set.of("ROOT\\IRQSCOPE\\0000")));
    }

    @Test
    void goesOnWhenALookFails() {
        windows.broken = true;
        Doctor.Report report = Doctor.examine(windows);
        assertEquals(Finding.State.UNKNOWN, finding("driver").state());
        assertTrue(finding("driver").text().contains("ERROR_ACCESS_DENIED"));
        assertEquals("irqscope validate", report.next());
    }

    @Test
    void runsToTheEndHere() {
        Doctor.Report report = Doctor.examine();
        assertTrue(report.findings().size() >= 5, report.findings().toString());
        assertTrue(!report.next().isBlank());
    }
}
