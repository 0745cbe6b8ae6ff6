package io.github.irqscope.install;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which devices are not ours to take, and why. Decided by what Windows says of the device: its set-up class, its bus,
 * and the class code among its PCI ids, which is there without any driver.
 */
final class Refusals {
    private static final String NETWORK = "{4d36e972-e325-11ce-bfc1-08002be10318}";

    /* Set-up classes by their documented GUIDs ("System-Defined Device Setup Classes Available to Vendors"). */
    private static final Map<String, String> CLASSES = Map.ofEntries(
            Map.entry("{4d36e967-e325-11ce-bfc1-08002be10318}", "a disk"),
            Map.entry("{4d36e965-e325-11ce-bfc1-08002be10318}", "a CD or DVD drive"),
            Map.entry("{4d36e96a-e325-11ce-bfc1-08002be10318}", "a storage controller"),
            Map.entry("{4d36e97b-e325-11ce-bfc1-08002be10318}", "a storage controller"),
            Map.entry("{71a27cdd-812a-11d0-bec7-08002be2092f}", "a volume"),
            Map.entry("{4d36e968-e325-11ce-bfc1-08002be10318}", "a display adapter"),
            Map.entry("{4d36e96e-e325-11ce-bfc1-08002be10318}", "a monitor"),
            Map.entry("{4d36e96b-e325-11ce-bfc1-08002be10318}", "a keyboard"),
            Map.entry("{4d36e96f-e325-11ce-bfc1-08002be10318}", "a mouse"),
            Map.entry("{745a17a0-74d3-11d0-b6fe-00a0c90f57da}", "an input device"),
            Map.entry("{36fc9e60-c465-11cf-8056-444553540000}", "a USB controller: keyboards and disks may hang on it"),
            Map.entry("{50127dc3-0f36-415e-a6cc-4cb3be910b65}", "a processor"),
            Map.entry("{4d36e966-e325-11ce-bfc1-08002be10318}", "the computer itself"),
            Map.entry("{72631e54-78a4-11d0-bcf7-00aa00b7b32a}", "a battery"),
            Map.entry("{d94ee5d8-d189-4994-83d2-f68d7d41b0e6}", "a security device"),
            Map.entry("{f2e7dd72-6468-4e36-b6f1-6488f42c1b52}", "firmware"));

    /* Base class and, where it matters, subclass of PCI's class code. */
    private static final Map<String, String> CODES = Map.of("01", "a storage controller", "03", "a display adapter",
            "05", "a memory controller", "06", "a bridge of the system", "08", "a device of the system",
            "0B", "a processor", "0C03", "a USB controller: keyboards and disks may hang on it");

    private static final Set<String> UARTS = Set.of("ACPI\\PNP0500", "ACPI\\PNP0501", "*PNP0500", "*PNP0501");

    private Refusals() {
    }

    /** Why this device must be left alone; empty when it may be taken. */
    static Optional<String> reason(PnpDevice device, List<PnpDevice> all, Facts facts) throws SetupException {
        String what = CLASSES.get(device.classGuid().toLowerCase(Locale.ROOT));
        if (what == null) {
            what = ofClassCode(device);
        }
        if (what != null) {
            return refuse(device, "it is " + what + ", which this machine may need to work");
        }
        Optional<String> bus = ofBus(device);
        return bus.isPresent() ? bus : isNetwork(device) ? ofNetwork(device, all, facts) : Optional.empty();
    }

    private static String ofClassCode(PnpDevice device) {
        for (List<String> ids : List.of(device.hardwareIds(), device.compatibleIds())) {
            for (String id : ids) {
                String upper = id.toUpperCase(Locale.ROOT);
                int at = upper.indexOf("CC_");
                if (at >= 0 && upper.startsWith("PCI\\")) {
                    String code = upper.substring(at + 3);
                    String found = code.length() < 2 ? null : CODES.get(code.substring(0, 2));
                    found = found != null || code.length() < 4 ? found : CODES.get(code.substring(0, 4));
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        return null;
    }

    private static Optional<String> ofBus(PnpDevice device) {
        switch (device.enumerator().toUpperCase(Locale.ROOT)) {
            case "PCI":
                return Optional.empty();
            case "ACPI":
            case "ACPI_HAL":
                return device.hardwareIds().stream().anyMatch(id -> UARTS.contains(id.toUpperCase(Locale.ROOT)))
                        ? Optional.empty() : refuse(device, "it belongs to the mainboard, and irqscope can take PCI "
                        + "devices and 16550 serial ports only");
            case "ROOT":
                return device.service().isEmpty() || device.isOurs() ? Optional.empty()
                        : refuse(device, "it is software of this system, not hardware: it has no interrupt");
            default:
                return refuse(device, "it hangs on " + device.enumerator() + ", where devices have no interrupt of their "
                        + "own; irqscope can take PCI devices and 16550 serial ports only");
        }
    }

    private static boolean isNetwork(PnpDevice device) {
        return device.classGuid().equalsIgnoreCase(NETWORK);
    }

    private static Optional<String> ofNetwork(PnpDevice device, List<PnpDevice> all, Facts facts)
            throws SetupException {
        for (Facts.Port port : device.networkId().isEmpty() ? List.<Facts.Port>of() : facts.ports()) {
            if (port.id().equalsIgnoreCase(device.networkId())) {
                if (!port.addresses().isEmpty()) {
                    return refuse(device, "its network port " + port.name() + " has the address "
                            + port.addresses().get(0) + "; take the address away, or choose a spare port");
                }
                if (port.up()) {
                    return refuse(device, "its network port " + port.name()
                            + " has link; pull the cable, or choose a spare port");
                }
            }
        }
        long others = all.stream().filter(other -> isNetwork(other) && !other.isOurs() && other.driver() != null
                && !other.instance().equalsIgnoreCase(device.instance())
                && !other.enumerator().equalsIgnoreCase("ROOT") && !other.enumerator().equalsIgnoreCase("SWD")
                && other.problem() == 0).count();
        return others == 0 ? refuse(device, "it is the last network port of this machine, and without it nobody may "
                + "reach it; add another one first") : Optional.empty();
    }

    private static Optional<String> refuse(PnpDevice device, String reason) {
        return Optional.of(device.title() + " is left alone: " + reason);
    }
}
