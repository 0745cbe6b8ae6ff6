package io.github.irqscope.inf;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What AddReg sections write. */
final class RegistryCheck {
    /** The key that HKR stands for. */
    enum Place {
        SOFTWARE_KEY, HARDWARE_KEY, SERVICE_KEY, OLD_SERVICE_KEY
    }

    /** A value that Windows or the driver reads: its type, and its limits where it is a number. */
    private record Known(int type, long least, long most) {
    }

    private static final int STRING = 0;
    private static final int DWORD = 0x00010001;
    private static final int QWORD = 0x000B0001;
    private static final int TYPE_BITS = 0xFFFF0001;
    private static final int MULTI_STRING = 0x00010000;
    private static final int BYTES = 1;
    private static final int DELETE = 0x4;
    private static final int APPEND = 0x8;
    private static final int KEY_ONLY = 0x10;
    private static final int ANY_TYPE = -1;
    private static final int SECURE_OPEN = 0x100;
    private static final String DESCRIPTOR = "D:P(A;;GA;;;SY)(A;;GA;;;BA)";
    private static final String MESSAGES = "interrupt management\\messagesignaledinterruptproperties\\";
    private static final String AFFINITY = "interrupt management\\affinity policy\\";

    /** By key and name, in lower case. The limits are those of docs/contract.md and of Microsoft's pages named in inf/README.md. */
    private static final Map<String, Known> KNOWN = Map.ofEntries(
            Map.entry("security", new Known(STRING, 0, 0)),
            Map.entry("devicecharacteristics", new Known(DWORD, 0, 0xFFFFFFFFL)),
            Map.entry(MESSAGES + "msisupported", new Known(DWORD, 0, 1)),
            Map.entry(MESSAGES + "messagenumberlimit", new Known(DWORD, 1, 2048)),
            Map.entry(AFFINITY + "devicepolicy", new Known(DWORD, 0, 5)),
            Map.entry(AFFINITY + "devicepriority", new Known(DWORD, 0, 3)),
            Map.entry(AFFINITY + "assignmentsetoverride", new Known(ANY_TYPE, 0, Long.MAX_VALUE)),
            Map.entry("irqscope\\policy", new Known(DWORD, 0, 5)),
            Map.entry("irqscope\\priority", new Known(DWORD, 0, 3)),
            Map.entry("irqscope\\group", new Known(DWORD, 0, 0xFFFE)),
            Map.entry("irqscope\\processors", new Known(QWORD, 0, Long.MAX_VALUE)),
            Map.entry("irqscope\\connectatstart", new Known(DWORD, 0, 1)));
    private static final Set<String> ROOTS = Set.of("HKR", "HKLM", "HKCR", "HKCU", "HKU");

    private final Inf inf;
    private final Findings findings;

    RegistryCheck(Inf inf, Findings findings) {
        this.inf = inf;
        this.findings = findings;
    }

    /** Whether a section gives the device to SYSTEM and Administrators alone. */
    boolean guards(InfSection section) {
        return entry(section, "Security") != null && inf.expand(entry(section, "Security").value(4)).equals(DESCRIPTOR);
    }

    /** Whether a section has opens of names below the device checked, too. */
    boolean opensSecurely(InfSection section) {
        InfEntry entry = entry(section, "DeviceCharacteristics");
        return entry != null && (Numbers.parse(inf.expand(entry.value(4))) & SECURE_OPEN) != 0;
    }

    private static InfEntry entry(InfSection section, String name) {
        for (InfEntry entry : section == null ? List.<InfEntry>of() : section.entries()) {
            if (entry.value(0).equalsIgnoreCase("HKR") && entry.value(1).isEmpty() && entry.value(2).equalsIgnoreCase(name)) {
                return entry;
            }
        }
        return null;
    }

    /** Checks one section that AddReg names, null for one that is missing. */
    void check(InfSection section, Place place) {
        Set<String> seen = new HashSet<>();
        for (InfEntry entry : section == null ? List.<InfEntry>of() : section.entries()) {
            String root = entry.value(0).toUpperCase(Locale.ROOT);
            String key = inf.expand(entry.value(1));
            String name = inf.expand(entry.value(2));
            if (!ROOTS.contains(root)) {
                findings.add(entry.line(), InfRule.REGISTRY_ROOT, entry.value(0));
                continue;
            }
            if (!root.equals("HKR")) {
                findings.add(entry.line(), InfRule.REGISTRY_ISOLATED, root + "\\" + key);
            }
            if (place == Place.SERVICE_KEY && !(key + "\\").toLowerCase(Locale.ROOT).startsWith("parameters\\")) {
                findings.add(entry.line(), InfRule.SERVICE_KEY, key.isEmpty() ? name : key);
            }
            if (name.equalsIgnoreCase("UpperFilters") || name.equalsIgnoreCase("LowerFilters")) {
                findings.add(entry.line(), InfRule.FILTERS, name);
            }
            if (!seen.add((root + "\\" + key + "\\" + name).toLowerCase(Locale.ROOT))) {
                findings.add(entry.line(), InfRule.DUPLICATE_VALUE, key + "\\" + name);
            }
            checkValue(entry, place, key, name);
        }
    }

    private void checkValue(InfEntry entry, Place place, String key, String name) {
        long flags = entry.value(3).isEmpty() ? 0 : Numbers.parse(inf.expand(entry.value(3)));
        if (flags < 0) {
            findings.add(entry.line(), InfRule.NUMBER_VALUE, "the flags " + entry.value(3));
            return;
        }
        InstallCheck.named(findings, entry, entry.value(3));
        int type = (int) flags & TYPE_BITS;
        if ((flags & APPEND) != 0) {
            findings.add(entry.line(), InfRule.APPENDS, name);
        }
        if ((flags & DELETE) != 0) {
            findings.add(entry.line(), (int) (flags & 0xFFFF0000L) == MULTI_STRING ? InfRule.APPENDS : InfRule.DELETES, name);
        }
        if ((flags >>> 16) > 2 && (type & BYTES) == 0) {
            findings.add(entry.line(), InfRule.CUSTOM_TYPE, entry.value(3));
        }
        boolean keyOnly = (flags & KEY_ONLY) != 0;
        List<String> data = entry.values().subList(Math.min(4, entry.values().size()), entry.values().size());
        if (!keyOnly && type == DWORD) {
            checkNumber(entry, data, 32);
        } else if (!keyOnly && type == QWORD && data.size() == 1) {
            checkNumber(entry, data, 64);
        } else if (!keyOnly && (type & BYTES) != 0) {
            for (String value : data) {
                if (!Numbers.isByte(inf.expand(value))) {
                    findings.add(entry.line(), InfRule.BINARY_VALUE, value);
                }
            }
            InstallCheck.named(findings, entry, data.isEmpty() ? "" : data.get(0));
        }
        if (place == Place.HARDWARE_KEY && !keyOnly) {
            checkKnown(entry, key, name, type, data);
        }
    }

    private void checkNumber(InfEntry entry, List<String> data, int bits) {
        BigInteger value = data.size() == 1 ? Numbers.read(inf.expand(data.get(0))) : null;
        if (value == null || value.bitLength() > bits) {
            findings.add(entry.line(), InfRule.NUMBER_VALUE, String.join(",", data) + " is no number of " + bits + " bits");
        } else {
            InstallCheck.named(findings, entry, data.get(0));
        }
    }

    private void checkKnown(InfEntry entry, String key, String name, int type, List<String> data) {
        String path = (key.isEmpty() ? name : key + "\\" + name).toLowerCase(Locale.ROOT);
        Known known = KNOWN.get(path);
        if (known == null) {
            if (path.startsWith("interrupt management") || path.startsWith("irqscope\\")) {
                findings.add(entry.line(), InfRule.INTERRUPT_KEYS, key + "\\" + name + " is not a documented value");
            }
            return;
        }
        if (known.type() != ANY_TYPE && type != known.type()) {
            findings.add(entry.line(), InfRule.WELL_KNOWN_TYPE, name + " has the flags " + entry.value(3));
            return;
        }
        if (known.type() == DWORD && data.size() == 1) {
            long value = Numbers.parse(inf.expand(data.get(0)));
            if (value >= 0 && (value < known.least() || value > known.most())) {
                findings.add(entry.line(), InfRule.INTERRUPT_KEYS,
                        name + " is " + value + ", not " + known.least() + " to " + known.most());
            }
        }
    }
}
