package io.github.irqscope.install;

import java.util.Arrays;
import java.util.List;

/**
 * Why something could not be installed or removed: what Windows' codes for it are, the cause and the cure in a sentence
 * each, and how it ends. docs/troubleshooting.md has the same sentences; a test compares them.
 */
public enum Trouble {
    /** Not on Windows. */
    NOT_WINDOWS(Ending.MISSING, "drivers are installed on Windows only, and this is another system",
            "run the same command in a Windows Java, or look at a simulated machine: irqscope validate --bed sim"),
    /** The process may not install. */
    NOT_ELEVATED(Ending.DENIED, "installing a driver needs administrator rights, and this process has none",
            "start a command prompt with \"Run as administrator\" and give the same command there",
            5, 740, 1314),
    /** Windows does not accept the signature. */
    UNSIGNED(Ending.FAILED, "Windows does not accept the driver's signature",
            "switch test signing on (bcdedit /set testsigning on, Secure Boot off, then a restart) and sign the driver "
            + "with a certificate that this machine trusts: inf\\lab\\new-test-certificate.ps1, then "
            + "inf\\lab\\sign-driver.ps1",
            577, 0x800B0109, 0x800B0100, 0x800B0101, 0x80096005, 0xE000022F, 0xE000023F, 0xE0000240, 0xE0000241,
            0xE0000242, 0xE0000243, 0xE0000244, 0xE0000245, 0xE000024B),
    /** Switched off by an administrator or by Windows' list of dangerous drivers. */
    BLOCKED(Ending.DENIED, "a policy of this machine forbids to install or load this driver",
            "ask who administers it for the device installation policy, or take a lab machine without one",
            1275, 1260, 4551, 0xE0000248, 0xE0000249),
    /** A device that must be left alone. */
    REFUSED(Ending.REFUSED, "the device must be left alone, for the reason that is given",
            "choose a device that this machine does not need: irqscope driver status -v lists them with the reasons"),
    /** A driver for another processor. */
    WRONG_ARCHITECTURE(Ending.MISSING, "the driver is for another processor architecture than this machine's",
            "take the irqscope.sys of this machine's architecture: driver\\x64, driver\\arm64 or driver\\x86",
            193, 216, 1150, 0xE000022D, 0xE000022E, 0xE0000230, 0xE0000234, 0xE0000235),
    /** There is one already, of this version. */
    ALREADY_INSTALLED(Ending.FINE, "the device has this driver already", "nothing is left to do"),
    /** There is one already, of another version. */
    OTHER_VERSION(Ending.REFUSED, "another version of this driver is installed",
            "remove it first (irqscope driver remove), then install this one"),
    /** Only a restart completes it. */
    REBOOT_NEEDED(Ending.REBOOT, "Windows completes this at its next start only",
            "restart Windows, then look with irqscope driver status",
            3010, 1641),
    /** A file of the driver is in use. */
    FILE_LOCKED(Ending.REBOOT, "a file of the driver is in use, so that it can be neither replaced nor deleted",
            "close every program that has the device open; if none has, restart Windows; then give the command again",
            32, 33, 1224),
    /** Somebody else keeps the device. */
    IN_USE(Ending.REBOOT, "a program has the device open and does not let it go",
            "end that program, or restart Windows; then give the command again",
            170, 2404, 0xE0000231, 0xE0000232),
    /** A file is not there. */
    FILE_MISSING(Ending.MISSING, "a file of the driver is missing",
            "build it (./mvnw package with mingw-w64, or the WDK), or name the folder that has it with --files",
            2, 3),
    /** The INF does not mean this device. */
    NO_MATCH(Ending.REFUSED, "the INF names no driver for this device",
            "let irqscope write one for it: irqscope inf --device INSTANCE",
            0xE0000228, 0xE0000203),
    /** The INF is not one that Windows takes. */
    BAD_INF(Ending.REFUSED, "Windows does not understand the INF",
            "check it with irqscope inf FILE, which names the line",
            0xE0000000, 0xE0000001, 0xE0000002, 0xE0000003, 0xE0000100, 0xE0000101, 0xE0000102, 0xE0000217),
    /** The device went away. */
    DEVICE_GONE(Ending.MISSING, "the device is not there any more",
            "look which devices there are: irqscope driver status -v",
            433, 1167, 1617, 0xE0000201, 0xE000020B),
    /** The service is being deleted. */
    SERVICE_GOING(Ending.REBOOT, "the driver's service of an earlier installation is still on its way out",
            "close whatever shows services, or restart Windows; then give the command again",
            1072),
    /** The driver was installed and did not start. */
    NOT_STARTED(Ending.FAILED, "the driver was installed, but the device did not start",
            "look at the device's problem in Device Manager, and at C:\\Windows\\INF\\setupapi.dev.log"),
    /** The driver was loaded before and is kept. */
    LOAD_FAILED(Ending.FAILED, "Windows could not load the driver",
            "see that its file is whole and for this machine's architecture; memory integrity may refuse it, "
            + "irqscope doctor tells"),
    /** The device has no resources that work. */
    NO_RESOURCES(Ending.FAILED, "Windows found no interrupt or memory for the device that is free",
            "free what another device holds, or take another slot"),
    /** No more is known. */
    OTHER(Ending.FAILED, "Windows refused, for a reason that irqscope does not know",
            "look at C:\\Windows\\INF\\setupapi.dev.log, and report what stands there");

    /** How it ends for the caller of the command line. */
    public enum Ending {
        /** Nothing is wrong. */
        FINE,
        /** Asked for what must not be done. */
        REFUSED,
        /** Something is not here. */
        MISSING,
        /** The system does not let this user. */
        DENIED,
        /** Windows must restart. */
        REBOOT,
        /** Anything else. */
        FAILED
    }

    private final Ending ending;
    private final String cause;
    private final String cure;
    private final int[] codes;

    Trouble(Ending ending, String cause, String cure, int... codes) {
        this.ending = ending;
        this.cause = cause;
        this.cure = cure;
        this.codes = codes;
    }

    /** How it ends. */
    public Ending ending() {
        return ending;
    }

    /** What is wrong, as a sentence without its full stop. */
    public String cause() {
        return cause;
    }

    /** What to do, as a sentence without its full stop. */
    public String cure() {
        return cure;
    }

    /** The last errors that mean this. */
    List<Integer> codes() {
        return Arrays.stream(codes).boxed().toList();
    }

    /** What this last error means. */
    static Trouble of(int win32) {
        for (Trouble trouble : values()) {
            for (int code : trouble.codes) {
                if (code == win32) {
                    return trouble;
                }
            }
        }
        return OTHER;
    }

    /** What this problem of a device (CM_PROB_…) means; {@link #NOT_STARTED} for those without a sentence. */
    static Trouble ofProblem(int problem) {
        return switch (problem) {
            case 12, 16, 27, 34, 35, 36 -> NO_RESOURCES;
            case 14, 38, 54 -> REBOOT_NEEDED;
            case 39, 37 -> LOAD_FAILED;
            case 40 -> SERVICE_GOING;
            case 48 -> BLOCKED;
            case 52 -> UNSIGNED;
            default -> NOT_STARTED;
        };
    }
}
