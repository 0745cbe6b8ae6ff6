package io.github.irqscope.inf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InfCheckerTest {
    private static final Path ROOT = Path.of(System.getProperty("irqscope.root"));

    /** One thing that is wrong, made from inf/irqscope.inf, which is right. */
    record Mistake(InfRule rule, String text, String instead) {
        @Override
        public String toString() {
            return rule.label() + " " + rule.name() + ": " + (text.isEmpty() ? "the file's end" : text.strip());
        }
    }

    private static final List<Mistake> MISTAKES = List.of(
            new Mistake(InfRule.SIGNATURE, "$Windows NT$", "$Windows 95$"),
            new Mistake(InfRule.SYNTAX, "\"irqscope on QEMU edu\"", "\"irqscope on QEMU edu"),
            new Mistake(InfRule.ENCODING, "QEMU edu\"", "QEMU \u00e9du\""),
            new Mistake(InfRule.NAME_REQUIRED, "CopyFiles = CopiedFiles", "CopyFiles ="),
            new Mistake(InfRule.DISK_ID, "irqscope.sys = 1", "irqscope.sys ="),
            new Mistake(InfRule.GUID_FORM, "{4d36e97d-e325-11ce-bfc1-08002be10318}", "4d36e97d-e325-11ce-bfc1-08002be10318"),
            new Mistake(InfRule.MODELS_NAME, "%Provider% = Models, NT", "%Provider% = , NT"),
            new Mistake(InfRule.SERVICE_VALUE, "SERVICE_ERROR_NORMAL    = 1", "SERVICE_ERROR_NORMAL    = 9"),
            new Mistake(InfRule.DUPLICATE_DIRECTIVE, "PnpLockdown = 1", "PnpLockdown = 1\nPnpLockdown = 1"),
            new Mistake(InfRule.DUPLICATE_DIRECTIVE, "StartType     = %SERVICE_DEMAND_START%",
                    "StartType = %SERVICE_DEMAND_START%\nStartType = %SERVICE_DEMAND_START%"),
            new Mistake(InfRule.DESTINATION_FOLDER, "IsolatedFiles = 13 ", "IsolatedFiles = 13, x64 "),
            new Mistake(InfRule.DESTINATION_FOLDER, "[IsolatedFiles]\nirqscope.sys", "[IsolatedFiles]\nother.sys, irqscope.sys"),
            new Mistake(InfRule.NEWER_THAN_TARGET, "CopiedFiles   = 12", "CopiedFiles   = 13"),
            new Mistake(InfRule.EXTRA_VALUE, "Class       = System", "Class       = System, more"),
            new Mistake(InfRule.SECTION_MISSING, "[IsolatedFiles]", "[IsolatedFile]"),
            new Mistake(InfRule.SECTION_MISSING, "AddReg = Guarded, Messages, Defaults\n\n[Copied.NT.S",
                    "AddReg = Guarded, Message, Defaults\n\n[Copied.NT.S"),
            new Mistake(InfRule.SECTION_MISSING, "[Models.NTarm64.10.0...16299]", "[Models.NTarm64]"),
            new Mistake(InfRule.PROVIDER, "Provider = \"irqscope\"", "Provider = \"Microsoft Corporation\""),
            new Mistake(InfRule.TWO_USES, "AddReg = Guarded, Messages, Defaults", "AddReg = IsolatedFiles"),
            new Mistake(InfRule.SECTION_TWICE, "[Strings]", "[Copied.NT]\nCopyFiles = CopiedFiles\n\n[Strings]"),
            new Mistake(InfRule.TWO_SERVICES, "AddService = irqscope, %SPSVCINST_ASSOCSERVICE%, CopiedService",
                    "AddService = irqscope, %SPSVCINST_ASSOCSERVICE%, CopiedService\n"
                            + "AddService = irqscope2, %SPSVCINST_ASSOCSERVICE%, CopiedService"),
            new Mistake(InfRule.CATALOG_AS_SOURCE, "irqscope.sys = 1", "irqscope.sys = 1\nirqscope.cat = 1"),
            new Mistake(InfRule.CATALOG_NAME, "irqscope.cat", "catalogs\\irqscope.cat"),
            new Mistake(InfRule.VERSION_FORM, "0.1.0.0", "0.1.70000.0"),
            new Mistake(InfRule.VERSION_FORM, "0.1.0.0", "0.1.0"),
            new Mistake(InfRule.DATE_FORM, "01/01/2026", "13/01/2026"),
            new Mistake(InfRule.DATE_FORM, "01/01/2026", "2026-01-01"),
            new Mistake(InfRule.REGISTRY_ROOT, "HKR,, Security", "HKX,, Security"),
            new Mistake(InfRule.FILE_NAME, "[CopiedFiles]\nirqscope.sys", "[CopiedFiles]\nirqscope.sys\n,irqscope.sys"),
            new Mistake(InfRule.FILE_UNLISTED, "irqscope.sys = 1", "irqscope-audio.sys = 1"),
            new Mistake(InfRule.CATALOG_MISSING, "CatalogFile = irqscope.cat\n", ""),
            new Mistake(InfRule.DIRECTIVE_MISSING, "Provider    = %Provider%\n", ""),
            new Mistake(InfRule.DIRECTIVE_MISSING, "DriverVer   = 01/01/2026,0.1.0.0\n", ""),
            new Mistake(InfRule.STRING_UNDEFINED, "Disk     = ", "Disc     = "),
            new Mistake(InfRule.DIRID_UNKNOWN, "CopiedFiles   = 12 ", "CopiedFiles   = system32 "),
            new Mistake(InfRule.SERVICE_DISABLED, "SERVICE_DEMAND_START    = 3", "SERVICE_DEMAND_START    = 4"),
            new Mistake(InfRule.INSTALL_UNDEFINED, "[Isolated.NT]", "[Isolated.NTamd64]"),
            new Mistake(InfRule.CUSTOM_TYPE, "KEY_ONLY                = 0x00000010", "KEY_ONLY                = 0x000B0010"),
            new Mistake(InfRule.BINARY_VALUE, "0x00,0x00,0x00,0x00,0x00,0x00,0x00,0x00", "0x00,0x100"),
            new Mistake(InfRule.NUMBER_VALUE, "FILE_DEVICE_SECURE_OPEN = 0x00000100", "FILE_DEVICE_SECURE_OPEN = 100h"),
            new Mistake(InfRule.NUMBER_VALUE, "FIRST_GROUP             = 0", "FIRST_GROUP             = 4294967296"),
            new Mistake(InfRule.INSTALL_UNNAMED, "[Models.NTx86]\n%Device% = Copied,", "[Models.NTx86]\n%Device% = ,"),
            new Mistake(InfRule.DISK_UNLISTED, "irqscope.sys = 1", "irqscope.sys = 2"),
            new Mistake(InfRule.ARCH_TOKEN, "NTarm64.10.0...16299, NTx86", "NT$ARCH$.10.0...16299, NTx86"),
            new Mistake(InfRule.DESTINATION_UNLISTED, "CopiedFiles   = 12 ", "CopiedFile    = 12 "),
            new Mistake(InfRule.CLASS_MISMATCH, "Class       = System", "Class       = Net"),
            new Mistake(InfRule.CLASS_MISMATCH, "Class       = System", "Class       = Systems"),
            new Mistake(InfRule.CLASS_RESERVED, "Class       = System", "Class       = Sample"),
            new Mistake(InfRule.CLASS_INSTALL, "[Strings]", "[ClassInstall32]\nAddReg = Guarded\n\n[Strings]"),
            new Mistake(InfRule.CLASS_LENGTH, "Class       = System", "Class       = SystemSystemSystemSystemSystemSy"),
            new Mistake(InfRule.DECORATION, "NTamd64, NTamd64.10", "NTamd46, NTamd64.10"),
            new Mistake(InfRule.BUILD_TOO_SMALL, "NTarm64.10.0...16299, NTx86", "NTarm64.10.0...10240, NTx86"),
            new Mistake(InfRule.SERVICE_DIRECTIVE, "ErrorControl  = %SERVICE_ERROR_NORMAL%\nServiceBinary = %12%",
                    "ServiceBinary = %12%"),
            new Mistake(InfRule.SERVICE_DIRECTIVE, "ServiceBinary = %12%\\irqscope.sys\n", ""),
            new Mistake(InfRule.DUPLICATE_VALUE, "%Device% = Copied, PCI\\VEN_1234&DEV_11E8",
                    "%Device% = Copied, PCI\\VEN_1234&DEV_11E8, PCI\\VEN_1234&DEV_11E8"),
            new Mistake(InfRule.DUPLICATE_VALUE, "HKR, Irqscope,, %KEY_ONLY%", "HKR, Irqscope,, %KEY_ONLY%\nHKR, irqscope,, %KEY_ONLY%"),
            new Mistake(InfRule.SERVICE_NONE, "[Copied.NT.Services]", "[Copied.Services]"),
            new Mistake(InfRule.SERVICE_NONE, "SPSVCINST_ASSOCSERVICE  = 0x00000002", "SPSVCINST_ASSOCSERVICE  = 0x00000000"),
            new Mistake(InfRule.LEGACY, "CopyFiles = CopiedFiles", "CopyFiles = CopiedFiles\nLogConfig = CopiedService"),
            new Mistake(InfRule.LEGACY, "CopyFiles = CopiedFiles", "CopyFiles = CopiedFiles\nReboot"),
            new Mistake(InfRule.COINSTALLER, "[Strings]", "[Copied.NT.CoInstallers]\nAddReg = Guarded\n\n[Strings]"),
            new Mistake(InfRule.APPENDS, "%REG_DWORD%, %FILE_DEVICE_SECURE_OPEN%",
                    "%REG_DWORD%, %FILE_DEVICE_SECURE_OPEN%\nHKR,, Names, 0x00010008, more ; FLG_ADDREG_APPEND"),
            new Mistake(InfRule.DELETES, "CopyFiles = CopiedFiles", "CopyFiles = CopiedFiles\nDelReg = Messages"),
            new Mistake(InfRule.DELETES, "%REG_DWORD%, %FILE_DEVICE_SECURE_OPEN%",
                    "%REG_DWORD%, %FILE_DEVICE_SECURE_OPEN%\nHKR,, Old, 0x4 ; FLG_ADDREG_DELVAL"),
            new Mistake(InfRule.REGISTRY_ISOLATED, "HKR, Irqscope,, %KEY_ONLY%",
                    "HKR, Irqscope,, %KEY_ONLY%\nHKLM, SOFTWARE\\Irqscope,, %KEY_ONLY%"),
            new Mistake(InfRule.FILES_ISOLATED, "NTamd64, NTamd64.10.0...16299, ", "NTamd64, "),
            new Mistake(InfRule.SERVICE_KEY, "ServiceBinary = %13%\\irqscope.sys", "ServiceBinary = %13%\\irqscope.sys\nAddReg = Guarded"),
            new Mistake(InfRule.LOCKDOWN, "PnpLockdown = 1\n", ""),
            new Mistake(InfRule.FILTERS, "%REG_DWORD%, %FILE_DEVICE_SECURE_OPEN%",
                    "%REG_DWORD%, %FILE_DEVICE_SECURE_OPEN%\nHKR,, UpperFilters, 0x00010000, other ; FLG_ADDREG_TYPE_MULTI_SZ"),
            new Mistake(InfRule.WELL_KNOWN_TYPE, "MSISupported, %REG_DWORD%, %YES%", "MSISupported,, %YES%"),
            new Mistake(InfRule.SERVICE_UNDEFINED, "[CopiedService]", "[CopyService]"),
            new Mistake(InfRule.UNDECORATED, "NTx86, NTx86.10.0...16299", "NTx86.10.0...16299\n%Disk% = Models.NTx86"),
            new Mistake(InfRule.UNUSED, "AddReg = Guarded, Messages, Defaults", "AddReg = Guarded, Messages"),
            new Mistake(InfRule.BINARY_NOT_COPIED, "%12%\\irqscope.sys", "%12%\\irqscope2.sys"),
            new Mistake(InfRule.BINARY_NOT_COPIED, "%12%\\irqscope.sys", "%13%\\irqscope.sys"),
            new Mistake(InfRule.BINARY_PATH, "%12%\\irqscope.sys", "system32\\drivers\\irqscope.sys"),
            new Mistake(InfRule.HARDWARE_ID, "PCI\\VEN_1234&DEV_11E8", "PCI\\VEN_8086&DEV_10D3"),
            new Mistake(InfRule.HARDWARE_ID, "Copied, PCI\\VEN_1234&DEV_11E8", "Copied"),
            new Mistake(InfRule.SECURITY, "(A;;GA;;;BA)", "(A;;GA;;;BA)(A;;GR;;;WD)"),
            new Mistake(InfRule.SECURITY, "FILE_DEVICE_SECURE_OPEN = 0x00000100", "FILE_DEVICE_SECURE_OPEN = 0x00000001"),
            new Mistake(InfRule.SECURITY, "[Copied.NT.HW]", "[Copied.HW]"),
            new Mistake(InfRule.NAMED_NUMBER, "%SERVICE_DEMAND_START%", "3"),
            new Mistake(InfRule.NAMED_NUMBER, "%ONE_MESSAGE%", "1"),
            new Mistake(InfRule.INTERRUPT_KEYS, "ONE_MESSAGE             = 1", "ONE_MESSAGE             = 4096"),
            new Mistake(InfRule.INTERRUPT_KEYS, "MSISupported", "MessagesPerProcessor"),
            new Mistake(InfRule.ON_DEMAND, "SERVICE_DEMAND_START    = 3", "SERVICE_DEMAND_START    = 0"),
            new Mistake(InfRule.ON_DEMAND, "SERVICE_KERNEL_DRIVER   = 1", "SERVICE_KERNEL_DRIVER   = 2"));

    static List<Mistake> mistakes() {
        return MISTAKES;
    }

    /** What a lab installs. */
    static List<Path> infs() throws IOException {
        return infsUnder("inf");
    }

    /** What only a simulated machine sees: its devices are ours, its kernel has no driver store. */
    static List<Path> simulatedInfs() throws IOException {
        return infsUnder("test-harness");
    }

    private static final Set<InfRule> NOT_OF_SIMULATED = EnumSet.of(InfRule.FILES_ISOLATED, InfRule.HARDWARE_ID, InfRule.SECURITY,
            InfRule.BINARY_NOT_COPIED);

    private static List<Path> infsUnder(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(path -> path.toString().endsWith(".inf") && !path.toString().contains("target")).sorted().toList();
        }
    }

    private static String good() throws IOException {
        return Files.readString(ROOT.resolve("inf/irqscope.inf"), StandardCharsets.US_ASCII);
    }

    private static Set<InfRule> rules(List<InfProblem> problems) {
        return problems.stream().map(InfProblem::rule).collect(Collectors.toSet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("infs")
    void everyInfOfTheTreeIsAccepted(Path inf) throws IOException {
        assertEquals(List.of(), InfChecker.check(Inf.read(inf)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("simulatedInfs")
    void everyInfOfASimulatedMachineIsAcceptedButForWhatGuardsALab(Path inf) throws IOException {
        assertEquals(List.of(), InfChecker.check(Inf.read(inf)).stream()
                .filter(problem -> !NOT_OF_SIMULATED.contains(problem.rule())).toList());
    }

    @Test
    void theThreeInfsOfThisProjectAreThere() throws IOException {
        List<String> names = infs().stream().map(path -> path.getFileName().toString()).toList();
        assertTrue(names.containsAll(List.of("irqscope.inf", "irqscope-root.inf", "irqscope-audio.inf")), names.toString());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeIsFound(Mistake mistake) throws IOException {
        String text = good();
        String wrong = text.replace(mistake.text(), mistake.instead());
        assertNotEquals(text, wrong, "the mistake is not in the file");
        List<InfProblem> problems = InfChecker.check(Inf.decode("wrong.inf", wrong.getBytes(StandardCharsets.UTF_8)));
        assertTrue(rules(problems).contains(mistake.rule()), problems.toString());
        for (InfProblem problem : problems) {
            assertTrue(problem.toString().startsWith("wrong.inf:" + problem.line() + ": " + problem.rule().label()), problem.toString());
        }
    }

    @Test
    void everyRuleHasItsMistake() {
        Set<InfRule> without = EnumSet.allOf(InfRule.class);
        MISTAKES.forEach(mistake -> without.remove(mistake.rule()));
        assertEquals(Set.of(), without);
    }

    @Test
    void aMistakeIsNamedWithItsLine() throws IOException {
        String text = good();
        String wrong = text.replace("irqscope.sys = 1", "irqscope.sys = 2");
        long line = text.substring(0, text.indexOf("irqscope.sys = 1")).lines().count() + 1;
        assertEquals(List.of(new InfProblem("x.inf", (int) line, InfRule.DISK_UNLISTED, "disk 2 is not in [SourceDisksNames]")),
                InfChecker.check(Inf.parse("x.inf", wrong)));
    }

    @Test
    void anIdThatTheUserNamedMayBeMatchedAndNoOther() throws IOException {
        Inf inf = Inf.parse("nic.inf", good().replace("PCI\\VEN_1234&DEV_11E8", "PCI\\VEN_8086&DEV_10D3&SUBSYS_00008086"));
        assertEquals(List.of(), InfChecker.check(inf, Set.of("pci\\ven_8086&dev_10d3&subsys_00008086")));
        assertEquals(Set.of(InfRule.HARDWARE_ID), rules(InfChecker.check(inf, Set.of("PCI\\VEN_8086&DEV_10D3"))));
    }

    @Test
    void theTemplateForANamedDeviceIsAcceptedForThatDevice() throws IOException {
        String text = Files.readString(ROOT.resolve("java-client/core/src/main/resources/io/github/irqscope/install/device.inf.in"),
                StandardCharsets.US_ASCII).replace("@HARDWARE_ID@", "PCI\\VEN_8086&DEV_10C9").replace("@DEVICE@", "a port")
                .replace("@MODEL@", "igb").replace("@DATE@", "01/01/2026").replace("@VERSION@", "0.1.0.0")
                .replace("@MSI@", "1").replace("@MESSAGES@", "10");
        Inf inf = Inf.parse("irqscope-device.inf", text);
        assertEquals(List.of(), InfChecker.check(inf, Set.of("PCI\\VEN_8086&DEV_10C9")));
        assertEquals(Set.of(InfRule.HARDWARE_ID), rules(InfChecker.check(inf)));
    }

    @Test
    void anInfWithoutItsMainSectionsIsRefusedNotThrown() {
        assertEquals(Set.of(InfRule.SIGNATURE, InfRule.SECTION_MISSING), rules(InfChecker.check(Inf.parse("empty.inf", ""))));
        assertEquals(Set.of(InfRule.SYNTAX, InfRule.SIGNATURE, InfRule.SECTION_MISSING),
                rules(InfChecker.check(Inf.parse("text.inf", "this is no INF"))));
    }

    @Test
    void theReadmeListsEveryRuleWithItsMeaning() throws IOException {
        String readme = Files.readString(ROOT.resolve("inf/README.md"));
        for (InfRule rule : InfRule.values()) {
            String row = "| " + rule.label() + " | " + rule.meaning().replace("|", "\\|") + " |";
            assertTrue(readme.contains(row + "\n"), "inf/README.md lacks the row\n" + row);
        }
        long rows = readme.lines().filter(line -> line.matches("\\| (\\d{4}|irqscope-[a-z-]+) \\| .*")).count();
        assertEquals(InfRule.values().length, rows, "inf/README.md has a row for a rule that is not there");
    }
}
