package io.github.irqscope.inf;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** [Version]: what the file is, and what signs it. */
final class VersionCheck {
    /** Classes of Microsoft's page "System-Defined Device Setup Classes Available to Vendors" that one of our devices may have. */
    private static final Map<String, String> CLASSES = Map.of(
            "system", "{4d36e97d-e325-11ce-bfc1-08002be10318}",
            "net", "{4d36e972-e325-11ce-bfc1-08002be10318}",
            "media", "{4d36e96c-e325-11ce-bfc1-08002be10318}",
            "ports", "{4d36e978-e325-11ce-bfc1-08002be10318}",
            "display", "{4d36e968-e325-11ce-bfc1-08002be10318}",
            "scsiadapter", "{4d36e97b-e325-11ce-bfc1-08002be10318}",
            "hdc", "{4d36e96a-e325-11ce-bfc1-08002be10318}",
            "usb", "{36fc9e60-c465-11cf-8056-444553540000}",
            "sample", "{78a1c341-4539-11d3-b88d-00c04fad5171}");
    private static final String GUID = "\\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\}";
    private static final int LONGEST_CLASS = 31;

    private VersionCheck() {
    }

    static void check(Inf inf, Findings findings) {
        InfSection version = inf.section("Version");
        InfEntry signature = version == null ? null : version.find("Signature");
        if (signature == null || !signature.value(0).equalsIgnoreCase("$Windows NT$")) {
            findings.add(version == null ? 0 : version.line(), InfRule.SIGNATURE,
                    "[Version] with Signature = \"$Windows NT$\" is missing");
            return;
        }
        for (String key : List.of("Class", "ClassGuid", "Provider", "DriverVer")) {
            if (text(inf, version, key).isEmpty()) {
                findings.add(version.line(), InfRule.DIRECTIVE_MISSING, key + " is missing or empty");
            }
        }
        for (InfEntry entry : version.entries()) {
            int most = entry.is("DriverVer") ? 2 : 1;
            if (entry.values().size() > most) {
                findings.add(entry.line(), InfRule.EXTRA_VALUE, entry.key() + " has a value too many: " + entry.value(most));
            }
            if (entry.key() != null && version.find(entry.key()) != entry) {
                findings.add(entry.line(), InfRule.DUPLICATE_DIRECTIVE, entry.key());
            }
        }
        checkClass(inf, findings, version);
        checkSigning(inf, findings, version);
        checkDriverVer(findings, version.find("DriverVer"));
    }

    private static String text(Inf inf, InfSection section, String key) {
        InfEntry entry = section.find(key);
        return entry == null ? "" : inf.expand(entry.value(0));
    }

    private static void checkClass(Inf inf, Findings findings, InfSection version) {
        String name = text(inf, version, "Class");
        String guid = text(inf, version, "ClassGuid").toLowerCase(Locale.ROOT);
        if (!guid.isEmpty() && !guid.matches(GUID)) {
            findings.add(version.find("ClassGuid").line(), InfRule.GUID_FORM, guid);
        }
        if (name.length() > LONGEST_CLASS) {
            findings.add(version.find("Class").line(), InfRule.CLASS_LENGTH, name);
        }
        if (name.equalsIgnoreCase("Sample")) {
            findings.add(version.find("Class").line(), InfRule.CLASS_RESERVED, name);
        }
        String known = CLASSES.get(name.toLowerCase(Locale.ROOT));
        boolean knownGuid = CLASSES.containsValue(guid);
        if (!name.isEmpty() && !guid.isEmpty() && !guid.equals(known) && (known != null || knownGuid)) {
            findings.add(version.find("ClassGuid").line(), InfRule.CLASS_MISMATCH, name + " is not " + guid);
        }
    }

    private static void checkSigning(Inf inf, Findings findings, InfSection version) {
        String provider = text(inf, version, "Provider");
        if (provider.toLowerCase(Locale.ROOT).startsWith("microsoft")) {
            findings.add(version.find("Provider").line(), InfRule.PROVIDER, provider);
        }
        boolean catalog = false;
        for (InfEntry entry : version.entries()) {
            if (entry.key() != null && entry.key().toLowerCase(Locale.ROOT).matches("catalogfile(\\.nt\\w*)?")) {
                catalog = true;
                if (!inf.expand(entry.value(0)).toLowerCase(Locale.ROOT).matches("[^\\\\/:*?\"<>|,]+\\.cat")) {
                    findings.add(entry.line(), InfRule.CATALOG_NAME, entry.value(0));
                }
            }
        }
        if (!catalog) {
            findings.add(version.line(), InfRule.CATALOG_MISSING, "CatalogFile is missing");
        }
        if (!text(inf, version, "PnpLockdown").equals("1")) {
            findings.add(version.line(), InfRule.LOCKDOWN, "PnpLockdown = 1 is missing");
        }
    }

    private static void checkDriverVer(Findings findings, InfEntry entry) {
        if (entry == null) {
            return;
        }
        String[] day = entry.value(0).split("/", -1);
        try {
            if (!entry.value(0).matches("\\d{1,2}/\\d{1,2}/\\d{4}")) {
                throw new DateTimeException("not MM/DD/YYYY");
            }
            LocalDate.of(Integer.parseInt(day[2]), Integer.parseInt(day[0]), Integer.parseInt(day[1]));
        } catch (DateTimeException e) {
            findings.add(entry.line(), InfRule.DATE_FORM, entry.value(0) + ": " + e.getMessage());
        }
        String[] parts = entry.value(1).split("\\.", -1);
        boolean fits = parts.length == 4;
        for (String part : parts) {
            fits &= part.matches("\\d{1,5}") && Integer.parseInt(part) <= 65535;
        }
        if (!fits) {
            findings.add(entry.line(), InfRule.VERSION_FORM, "\"" + entry.value(1) + "\" is not w.x.y.z, each from 0 to 65535");
        }
    }
}
