package io.github.irqscope.install;

import io.github.irqscope.Access;
import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.Device;
import io.github.irqscope.DeviceState;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.Session;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at the machine and says what is here, what is wrong, and what to do next. Runs to its end whatever fails: what
 * cannot be found out is a finding, too.
 */
public final class Doctor {
    /* SYSTEM_CODEINTEGRITY_INFORMATION, as NtQuerySystemInformation documents it. */
    private static final String INSTALL = "irqscope driver install";
    private static final int ENABLED = 0x1;
    private static final int TEST_SIGNING = 0x2;
    private static final int MEMORY_INTEGRITY = 0x400;

    private static final int LOWEST_BUILD = 16299;
    private static final String SECURE_BOOT = "SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\State";
    private static final String CONTROL = "SYSTEM\\CurrentControlSet\\Control";

    private final List<Finding> findings = new ArrayList<>();

    private interface Look {
        Finding at() throws SetupException;
    }

    private Doctor() {
    }

    /**
     * What was found.
     *
     * @param findings in the order in which they matter
     * @param next     the command to type next
     */
    public record Report(List<Finding> findings, String next) {
        /** Takes a copy. */
        public Report {
            findings = List.copyOf(findings);
        }
    }

    /** Looks at this machine. */
    public static Report examine() {
        Doctor doctor = new Doctor();
        boolean windows = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
        doctor.lookAtJava();
        if (windows) {
            doctor.lookAtWindows(Installer.systemHere());
            doctor.lookAtDevices();
        } else {
            doctor.lookAtTools();
        }
        doctor.lookAtFiles();
        return new Report(doctor.findings, doctor.next());
    }

    static Report examine(WindowsSystem system) {
        Doctor doctor = new Doctor();
        doctor.lookAtWindows(system);
        return new Report(doctor.findings, doctor.next());
    }

    private void look(String topic, Look look) {
        Finding finding;
        try {
            finding = look.at();
        } catch (SetupException e) {
            finding = Finding.unknown(topic, "unknown: " + e.getMessage() + " failed, "
                    + io.github.irqscope.Win32Error.describe(e.win32()));
        } catch (LinkageError | RuntimeException e) {
            finding = Finding.unknown(topic, "unknown: " + e.getMessage());
        }
        findings.add(finding);
    }

    /* What is bad comes first, then what irqscope itself can do about a warning. */
    private String next() {
        for (Finding finding : findings) {
            if (finding.state() == Finding.State.BAD) {
                return finding.cure();
            }
        }
        for (Finding finding : findings) {
            if (finding.cure().startsWith("irqscope ")) {
                return finding.cure().equals(INSTALL) ? beforeInstalling().orElse(INSTALL) : finding.cure();
            }
        }
        return "irqscope validate";
    }

    /* What would refuse it for certain. Secure Boot matters where it keeps test signing off. */
    private Optional<String> beforeInstalling() {
        for (String topic : warned("test-signing") ? List.of("elevation", "secure-boot", "test-signing")
                : List.of("elevation")) {
            if (warned(topic)) {
                return findings.stream().filter(finding -> finding.topic().equals(topic)).map(Finding::cure).findFirst();
            }
        }
        return Optional.empty();
    }

    private boolean warned(String topic) {
        return findings.stream().anyMatch(finding -> finding.topic().equals(topic)
                && finding.state() == Finding.State.WARNING);
    }

    private void lookAtJava() {
        findings.add(Finding.good("java", "Java " + System.getProperty("java.version") + " ("
                + System.getProperty("os.arch") + ") at " + System.getProperty("java.home")));
    }

    // ---- Windows -------------------------------------------------------------------------------------------------

    private void lookAtWindows(WindowsSystem system) {
        Facts facts = system.facts();
        look("system", () -> system(facts));
        look("elevation", () -> facts.elevated() ? Finding.good("elevation", "this process may install drivers")
                : Finding.warning("elevation", "this process may neither install drivers nor open their devices",
                        "start the command prompt with \"Run as administrator\""));
        look("test-signing", () -> facts.kind().equals("wine")
                ? Finding.good("test-signing", "no matter here: Wine checks no signatures")
                : testSigning(facts.codeIntegrity()));
        look("secure-boot", () -> secureBoot(system.keys()));
        look("memory-integrity", () -> memoryIntegrity(facts.codeIntegrity()));
        look("groups", () -> groups(facts));
        look("group-size", () -> groupSize(system.keys()));
        look("driver", () -> driver(system));
    }

    private static Finding system(Facts facts) throws SetupException {
        String version = facts.version();
        String text = (facts.kind().equals("wine") ? "Wine as Windows " : "Windows ") + version + ", "
                + facts.architecture();
        int build = Integer.parseInt(version.substring(version.lastIndexOf('.') + 1));
        return build >= LOWEST_BUILD ? Finding.good("system", text) : Finding.warning("system", text
                + ": older than Windows 10 1709, where irqscope is supported", "expect refusals, or take a newer one");
    }

    private static Finding testSigning(OptionalInt integrity) {
        if (integrity.isEmpty()) {
            return Finding.unknown("test-signing", "unknown: the kernel does not say");
        }
        boolean on = (integrity.getAsInt() & TEST_SIGNING) != 0;
        boolean checked = (integrity.getAsInt() & ENABLED) != 0;
        return on ? Finding.good("test-signing", "on: a test-signed driver is loaded")
                : !checked ? Finding.good("test-signing", "off, and the kernel checks no signatures")
                : Finding.warning("test-signing", "off: a test-signed driver is refused (error 577)",
                        "bcdedit /set testsigning on, then restart");
    }

    private static Finding secureBoot(Keys keys) {
        Optional<KeyTree.Value> value = keys.machine(SECURE_BOOT, "UEFISecureBootEnabled");
        if (value.isEmpty()) {
            return Finding.unknown("secure-boot", "unknown: Windows has no word on it (no UEFI, or an older system)");
        }
        return value.get().number(0) == 0 ? Finding.good("secure-boot", "off")
                : Finding.warning("secure-boot", "on: test signing cannot be switched on",
                        "switch Secure Boot off in the firmware of this lab machine, or have the driver signed");
    }

    private static Finding memoryIntegrity(OptionalInt integrity) {
        return integrity.isEmpty() ? Finding.unknown("memory-integrity", "unknown: the kernel does not say")
                : Finding.good("memory-integrity", (integrity.getAsInt() & MEMORY_INTEGRITY) == 0 ? "off"
                        : "on: drivers with writable code are refused; irqscope.sys has none");
    }

    private static Finding groups(Facts facts) {
        List<Facts.Group> groups = facts.groups();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups.size(); i++) {
            text.append(i == 0 ? "" : ", ").append('g').append(i).append(": ").append(groups.get(i).active())
                    .append(" of ").append(groups.get(i).maximum());
        }
        return groups.isEmpty() ? Finding.unknown("groups", "unknown: the system names none")
                : Finding.good("groups", groups.size() + (groups.size() == 1 ? " processor group, " : " groups, ") + text);
    }

    /* SystemStartOptions is what the loader was told; the store of bcdedit itself is for administrators only. */
    private static Finding groupSize(Keys keys) {
        Optional<String> options = keys.machine(CONTROL, "SystemStartOptions").map(KeyTree.Value::text);
        if (options.isEmpty()) {
            return Finding.unknown("group-size", "unknown: the start options cannot be read");
        }
        for (String option : options.get().trim().split("\\s+")) {
            if (option.toUpperCase(Locale.ROOT).startsWith("GROUPSIZE=")) {
                return Finding.good("group-size", "started with " + option + " (bcdedit /deletevalue groupsize undoes it)");
            }
        }
        return Finding.good("group-size", "not set: up to 64 processors a group");
    }

    private static Finding driver(WindowsSystem system) throws SetupException {
        Optional<Services.State> service = system.services().query(Installer.SERVICE);
        List<PnpDevice> ours = system.devices().present().stream().filter(PnpDevice::isOurs).toList();
        if (service.isEmpty() && ours.isEmpty()) {
            return Finding.warning("driver", "not installed", INSTALL);
        }
        Set<String> started = system.devices().started();
        List<PnpDevice> silent = ours.stream().filter(device -> !device.isStarted(started)).toList();
        String text = "installed, on " + ours.stream().map(device -> device.instance()
                + (device.driver() == null ? "" : " by " + device.driver().inf() + (device.driver().version().isEmpty() ? ""
                : ", version " + device.driver().version()))).collect(Collectors.joining("; "));
        if (ours.isEmpty()) {
            return Finding.warning("driver", "a service is left, and no device has it", "irqscope driver remove");
        }
        return silent.isEmpty() ? Finding.good("driver", text) : Finding.bad("driver", text + "; not started: "
                + silent.stream().map(device -> device.instance() + ", " + Trouble.ofProblem(device.problem()).cause()
                + (device.problem() == 0 ? "" : " (problem code " + device.problem() + ")"))
                .collect(Collectors.joining("; ")), "irqscope driver status -v");
    }

    private void lookAtDevices() {
        try (Bed bed = Bed.open(BedOptions.auto().withBed("windows"))) {
            List<Device> devices = bed.devices();
            bed.simulation().ifPresent(simulation -> findings.add(Finding.good("machine", "simulated, below Wine: "
                    + simulation.preset() + ", profile " + simulation.profile() + "; the devices are no hardware")));
            for (Device device : devices) {
                findings.add(device(device));
            }
        } catch (NoDriverException e) {
            findings.add(Finding.good("devices", "none: the driver is bound to no device that runs"));
        } catch (IrqscopeException | LinkageError e) {
            findings.add(Finding.unknown("devices", "unknown: " + e.getMessage()));
        }
    }

    private static Finding device(Device device) {
        try (Session session = device.open(Access.READ)) {
            DeviceState state = session.state();
            return Finding.good("device", device.name() + " (" + device.instanceId() + "): kernel "
                    + session.version().kernel() + ", " + (state.resources().isEmpty() ? "no interrupt"
                    : state.resources().stream().map(resource -> resource.id() + " on " + resource.processors())
                            .collect(Collectors.joining("; "))));
        } catch (IrqscopeException e) {
            return Finding.bad("device", device.name() + " (" + device.instanceId() + "): " + e.getMessage(),
                    "irqscope devices -v");
        }
    }

    // ---- Other systems -------------------------------------------------------------------------------------------

    private void lookAtTools() {
        findings.add(Finding.good("system", System.getProperty("os.name") + " " + System.getProperty("os.version")
                + ": no Windows, so the machine is simulated"));
        try (Bed bed = Bed.open(BedOptions.auto().withBed("sim"))) {
            findings.add(Finding.good("simulator", "works, with " + bed.devices().size() + " devices"));
        } catch (RuntimeException | LinkageError e) {
            findings.add(Finding.bad("simulator", "does not work: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "./mvnw package"));
        }
        tool("mingw", "x86_64-w64-mingw32-gcc", "cross-builds the driver", "apt-get install gcc-mingw-w64-x86-64");
        tool("wine", "wine", "runs the cross-built driver", "apt-get install wine wine64");
        tool("compiler", "javac", "builds irqscope", "apt-get install openjdk-17-jdk-headless");
    }

    private void tool(String topic, String program, String purpose, String cure) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
            try {
                Path file = Path.of(folder).resolve(program);
                if (!folder.isEmpty() && Files.isExecutable(file)) {
                    findings.add(Finding.good(topic, file + " " + purpose));
                    return;
                }
            } catch (InvalidPathException e) {
                continue; /* a folder of the PATH that cannot be one has no program either */
            }
        }
        findings.add(Finding.warning(topic, "no " + program + " on the PATH; it " + purpose, cure));
    }

    private void lookAtFiles() {
        Optional<DriverFiles> files = DriverFiles.ofThisProgram();
        if (files.isEmpty()) {
            findings.add(Finding.warning("driver-files", "no driver folder beside this program",
                    "./mvnw package with mingw-w64, or name the folder with --files"));
            return;
        }
        StringBuilder built = new StringBuilder();
        for (String architecture : new String[] {"x64", "x86", "arm64"}) {
            if (Files.isRegularFile(files.get().image(architecture, DriverFiles.IMAGE))) {
                built.append(built.length() == 0 ? "" : ", ").append(architecture);
            }
        }
        findings.add(built.length() == 0 ? Finding.warning("driver-files", "INF files at " + files.get().infs()
                + ", and no driver was built", "./mvnw package with mingw-w64, or build it with the WDK")
                : Finding.good("driver-files", files.get().images() + ": " + built));
    }
}
