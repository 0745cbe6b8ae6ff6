package io.github.irqscope;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a device is called: after its hardware ids, so that a name needs no handle. */
final class DeviceNames {
    /* The ids that the driver knows how to make interrupt, as the INF lists them. */
    private static final Map<String, String> PCI = Map.of(
            "VEN_1234&DEV_11E8", "edu",
            "VEN_8086&DEV_10D3", "e1000e",
            "VEN_8086&DEV_10F6", "e1000e",
            "VEN_8086&DEV_10C9", "igb",
            "VEN_8086&DEV_1521", "igb",
            "VEN_8086&DEV_1533", "igb");

    private static final List<String> ORDER = List.of("edu", "e1000e", "igb", "uart", "none", "root");

    private DeviceNames() {
    }

    static String model(List<String> hardwareIds, String instanceId) {
        for (String id : hardwareIds) {
            String upper = id.toUpperCase(Locale.ROOT);
            for (Map.Entry<String, String> known : PCI.entrySet()) {
                if (upper.startsWith("PCI\\" + known.getKey())) {
                    return known.getValue();
                }
            }
            if (upper.endsWith("PNP0501") || upper.endsWith("PNP0500")) {
                return "uart";
            }
        }
        return instanceId.toUpperCase(Locale.ROOT).startsWith("ROOT\\") ? "root" : "none";
    }

    /** Where the devices of a model stand among those of a machine. */
    static int rank(String model) {
        return ORDER.indexOf(model);
    }

    static String unknown(String wanted, List<String> names) {
        if (names.isEmpty()) {
            return "there is no device \"" + wanted + "\", nor any other with the irqscope driver";
        }
        List<String> nearest = names.stream()
                .sorted(Comparator.comparingInt(name -> distance(wanted.toLowerCase(Locale.ROOT), name)))
                .toList();
        return "there is no device \"" + wanted + "\"; did you mean " + nearest.get(0) + "? There are "
                + String.join(", ", names);
    }

    /* Levenshtein's: how many characters to add, drop or change. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
