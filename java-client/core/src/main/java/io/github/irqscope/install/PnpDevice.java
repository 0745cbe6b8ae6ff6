package io.github.irqscope.install;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A device as the PnP manager has it.
 *
 * @param instance      its instance id
 * @param description   what it is called, may be empty
 * @param hardwareIds   most exact first
 * @param compatibleIds most exact first
 * @param className     of its set-up class, empty without a driver
 * @param classGuid     of its set-up class, in braces, empty without a driver
 * @param service       of its function driver, empty without one
 * @param driver        what is installed for it, null when nothing is
 * @param networkId     of a network port: the GUID that TCP/IP knows it by, else empty
 * @param problem       why it does not work (CM_PROB_…), 0 when the PnP manager names no problem
 */
public record PnpDevice(String instance, String description, List<String> hardwareIds, List<String> compatibleIds,
        String className, String classGuid, String service, Driver driver, String networkId, int problem) {
    /** Takes copies. */
    public PnpDevice {
        hardwareIds = List.copyOf(hardwareIds);
        compatibleIds = List.copyOf(compatibleIds);
    }

    /**
     * An installed driver.
     *
     * @param inf      the name of its INF in Windows' INF folder
     * @param provider who made it
     * @param version  of DriverVer, empty where the system does not keep it
     */
    public record Driver(String inf, String provider, String version) {
    }

    /** Whether our driver is what runs it. */
    public boolean isOurs() {
        return service.equalsIgnoreCase(Installer.SERVICE);
    }

    /**
     * Whether our driver runs it.
     *
     * @param started the instances, in capitals, whose interface of ours is there
     */
    boolean isStarted(Set<String> started) {
        return isStarted(instance, started);
    }

    /* A root-enumerated bus of ours has devices below it, and they have the interface. */
    static boolean isStarted(String instance, Set<String> started) {
        String name = instance.toUpperCase(Locale.ROOT);
        return started.contains(name) || name.startsWith(Installer.ROOT_ID + "-") && !started.isEmpty();
    }

    /** The bus that found it: {@code PCI}, {@code ACPI}, {@code ROOT}. */
    public String enumerator() {
        int end = instance.indexOf('\\');
        return end < 0 ? instance : instance.substring(0, end);
    }

    /** {@code Intel(R) 82574L (PCI\VEN_8086&DEV_10D3\3&1)}: what a sentence calls it. */
    public String title() {
        return description.isEmpty() ? instance : description + " (" + instance + ")";
    }
}
