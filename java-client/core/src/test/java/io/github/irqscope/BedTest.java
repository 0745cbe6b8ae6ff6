package io.github.irqscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;


import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class BedTest {
    private final FakeDriver driver = new FakeDriver();

    @Test
    void namesDevicesAfterWhatTheyAre() {
        assertEquals("edu", DeviceNames.model(List.of("PCI\\VEN_1234&DEV_11E8&SUBSYS_11001AF4&REV_10"), "PCI\\X\\0"));
        assertEquals("e1000e", DeviceNames.model(List.of("PCI\\VEN_8086&DEV_10D3"), "PCI\\X\\0"));
        assertEquals("igb", DeviceNames.model(List.of("pci\\ven_8086&dev_10c9"), "PCI\\X\\0"));
        assertEquals("uart", DeviceNames.model(List.of("ACPI\\PNP0501", "*PNP0501"), "ACPI\\PNP0501\\1"));
        assertEquals("root", DeviceNames.model(List.of("Root\\Irqscope"), "ROOT\\SYSTEM\\0001"));
        assertEquals("none", DeviceNames.model(List.of("PCI\\VEN_1AF4&DEV_1000"), "PCI\\X\\0"));
        assertEquals("none", DeviceNames.model(List.of(), "PCI\\X\\0"));
    }

    @Test
    void anUnknownDeviceIsRefusedNamingTheNearest() {
        String message = assertThrows(NoDriverException.class, () -> driver.asBed().device("edo0")).getMessage();
        assertTrue(message.contains("did you mean edu0?"), message);
        assertTrue(DeviceNames.unknown("igb", List.of("edu0", "igb0", "uart0")).contains("did you mean igb0?"));
        assertEquals("edu0", driver.asBed().device("EDU0").name());
    }

    @Test
    void optionsOfASimulatedMachineAreRefusedForARealBed() {
        for (BedOptions options : List.of(BedOptions.auto().withMachine("1x8"), BedOptions.auto().withProfile("win7"),
                BedOptions.auto().withSeed(2), BedOptions.auto().withFaults(List.of("lost")))) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> Bed.open(options.withBed("windows"))).getMessage();
            assertTrue(message.contains("--bed sim"), message);
        }
        assertThrows(IllegalArgumentException.class, () -> Bed.open(BedOptions.sim().withBedName("vm")));
        assertThrows(IllegalArgumentException.class, () -> BedOptions.auto().withBed("qemu"));
        assertThrows(IllegalArgumentException.class, () -> BedOptions.auto().withMode("sometimes"));
        assertThrows(IllegalArgumentException.class, () -> BedOptions.auto().withTime("fast"));
        assertThrows(IllegalArgumentException.class, () -> BedOptions.auto().withBedName("laptop"));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there the windows bed is what is asked for")
    void theWindowsBedIsRefusedElsewhereNamingTheOther() {
        String message = assertThrows(NoDriverException.class,
                () -> Bed.open(BedOptions.auto().withBed("windows"))).getMessage();
        assertTrue(message.contains("--bed sim"), message);
    }

    @Test
    void aRealBedIsCalledWhatItsUserSays() {
        driver.bed = "windows";
        assertEquals("windows", new Bed(driver, BedOptions.auto()).name());
        assertEquals("metal", new Bed(driver, BedOptions.auto().withBedName("metal")).name());
        driver.bed = "wine";
        assertEquals("wine", new Bed(driver, BedOptions.auto().withBedName("metal")).name());
    }

    @Test
    void closingClosesSessionsOnceAndTellsWhatWasNotAtRest() {
        driver.atEnd = "pool: 1 block with the tag IrqC";
        Bed bed = driver.asBed();
        Session session = bed.device("edu0").open();
        IrqscopeException left = assertThrows(IrqscopeException.class, bed::close);
        assertTrue(left.getMessage().contains("IrqC"), left.getMessage());
        assertTrue(session.isClosed());
        bed.close();
        assertEquals(1, driver.ended);
        assertThrows(IllegalStateException.class, bed::devices);
    }

    @Test
    void aDeviceThatIsGoneIsRefusedNamingThePath() {
        Device device = driver.asBed().device("edu0");
        driver.gone = true;
        NoDriverException gone = assertThrows(NoDriverException.class, device::open);
        assertTrue(gone.getMessage().contains("\\\\?\\fake"), gone.getMessage());
        assertTrue(gone.getMessage().contains("ERROR_FILE_NOT_FOUND (2)"), gone.getMessage());
        assertTrue(device.problem().orElseThrow().contains("gone"));
    }

    @Test
    void aPolicyIsWrittenReadAndClearedAndTheRestOfTheKeyStays() {
        Device device = driver.asBed().device("edu0");
        assertEquals(Optional.empty(), device.policy());
        device.connectAtStart(true);
        Policy policy = Policy.specified(ProcessorSet.parse("g1:0-2,63")).withPriority(3);
        device.policy(policy);
        assertEquals(Optional.of(policy), device.policy());
        assertEquals("g1:0-2,63", device.policy().orElseThrow().set().toString());
        assertEquals(List.of(RegistryValue.dword("ConnectAtStart", 1), RegistryValue.dword("Policy", 4),
                RegistryValue.dword("Priority", 3), RegistryValue.dword("Group", 1),
                RegistryValue.qword("Processors", 0x8000000000000007L)), driver.keys.get("Irqscope"));
        device.policy(Policy.of(5));
        assertEquals(Optional.of(Policy.of(5)), device.policy());
        device.clearPolicy();
        assertEquals(Optional.empty(), device.policy());
        assertEquals(List.of(RegistryValue.dword("ConnectAtStart", 1)), driver.keys.get("Irqscope"));
        device.connectAtStart(false);
        assertEquals(List.of(), driver.keys.get("Irqscope"));
    }

    @Test
    void policiesThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Policy.of(6));
        assertThrows(IllegalArgumentException.class, () -> Policy.of(Policy.SPECIFIED_PROCESSORS));
        assertThrows(IllegalArgumentException.class, () -> Policy.of(1).withPriority(4));
        assertThrows(IllegalStateException.class, () -> Policy.specified(ProcessorSet.parse("g0:0 g1:0")));
        assertEquals(OptionalInt.empty(), Policy.of(3).group());
    }

    @Test
    void anOpenHandleVetoesARestart() {
        Device device = driver.asBed().device("edu0");
        try (Session session = device.open()) {
            assertEquals(RestartResult.VETOED, device.restart());
            assertEquals(1, session.state().starts());
        }
        assertEquals(RestartResult.RESTARTED, device.restart());
    }
}
