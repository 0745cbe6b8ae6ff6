package io.github.irqscope.inf;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** An install section with its .HW and .Services: what is copied, written and started for a device. */
final class InstallCheck {
    private static final Set<String> DELETING = Set.of("delfiles", "renfiles", "delreg", "delservice", "delproperty");
    private static final Set<String> OLD = Set.of("bitreg", "logconfig", "profileitems", "updateinis", "updateinifields",
            "ini2reg", "registerdlls", "unregisterdlls", "excludeid", "reboot");
    private static final Set<String> INSTALLERS = Set.of("coinstallers32", "coinstallers", "installers32");
    private static final int ASSOCIATED = 2;
    private static final Map<String, Set<Integer>> SERVICE_VALUES = Map.of(
            "ServiceType", Set.of(1, 2, 4, 8, 16, 32),
            "StartType", Set.of(0, 1, 2, 3, 4),
            "ErrorControl", Set.of(0, 1, 2, 3));

    private InstallCheck() {
    }

    static void check(Inf inf, Findings findings, Install install, FileCheck files, RegistryCheck registry) {
        checkDirectives(findings, install.section());
        List<String> copied = files.copied(install);
        for (InfEntry entry : install.section().all("AddReg")) {
            for (String name : entry.values()) {
                registry.check(findings.follow(entry, name, "AddReg"), RegistryCheck.Place.SOFTWARE_KEY);
            }
        }
        boolean guarded = false;
        boolean characteristics = false;
        InfSection hardware = inf.section(install.name() + ".HW");
        if (hardware != null) {
            findings.use(install.name() + ".HW", "Models");
            checkDirectives(findings, hardware);
            for (InfEntry entry : hardware.all("AddReg")) {
                for (String name : entry.values()) {
                    InfSection section = findings.follow(entry, name, "AddReg");
                    registry.check(section, RegistryCheck.Place.HARDWARE_KEY);
                    guarded |= registry.guards(section);
                    characteristics |= registry.opensSecurely(section);
                }
            }
        }
        if (!guarded || !characteristics) {
            findings.add(install.section().line(), InfRule.SECURITY, "[" + install.name() + ".HW] sets "
                    + (guarded ? "no FILE_DEVICE_SECURE_OPEN" : "no descriptor for SYSTEM and Administrators alone"));
        }
        InfSection services = inf.section(install.name() + ".Services");
        if (services != null) {
            findings.use(install.name() + ".Services", "Models");
            checkDirectives(findings, services);
            checkServices(inf, findings, install, services, copied, registry);
        } else {
            findings.add(install.section().line(), InfRule.SERVICE_NONE, "[" + install.name() + ".Services] is not there");
        }
        for (String suffix : List.of(".CoInstallers", ".FactDef", ".LogConfigOverride")) {
            InfSection old = inf.section(install.name() + suffix);
            if (old != null) {
                findings.use(old.name(), "Models");
                findings.add(old.line(), suffix.equals(".CoInstallers") ? InfRule.COINSTALLER : InfRule.LEGACY, old.name());
            }
        }
    }

    private static void checkDirectives(Findings findings, InfSection section) {
        for (InfEntry entry : section.entries()) {
            String key = entry.key() == null ? entry.value(0).toLowerCase(Locale.ROOT) : entry.key().toLowerCase(Locale.ROOT);
            if (DELETING.contains(key)) {
                findings.add(entry.line(), InfRule.DELETES, key);
                entry.values().forEach(name -> findings.use(name, key));
            } else if (OLD.contains(key)) {
                findings.add(entry.line(), InfRule.LEGACY, key);
                entry.values().forEach(name -> findings.use(name, key));
            } else if (INSTALLERS.contains(key)) {
                findings.add(entry.line(), InfRule.COINSTALLER, key);
            }
        }
    }

    private static void checkServices(Inf inf, Findings findings, Install install, InfSection services,
            List<String> copied, RegistryCheck registry) {
        int functions = 0;
        for (InfEntry entry : services.all("AddService")) {
            long flags = Numbers.parse(inf.expand(entry.value(1)));
            boolean function = flags >= 0 && (flags & ASSOCIATED) != 0;
            functions += function ? 1 : 0;
            if (functions > 1 && function) {
                findings.add(entry.line(), InfRule.TWO_SERVICES, entry.value(0));
            }
            named(findings, entry, entry.value(1));
            InfSection service = findings.follow(entry, entry.value(2), "AddService");
            if (service != null) {
                checkService(inf, findings, service, function, copied);
                for (InfEntry values : service.all("AddReg")) {
                    for (String name : values.values()) {
                        registry.check(findings.follow(values, name, "AddReg"),
                                install.isolated() ? RegistryCheck.Place.SERVICE_KEY : RegistryCheck.Place.OLD_SERVICE_KEY);
                    }
                }
            }
        }
        if (functions == 0) {
            findings.add(services.line(), InfRule.SERVICE_NONE, "no service is the device's function driver");
        }
    }

    private static void checkService(Inf inf, Findings findings, InfSection service, boolean function, List<String> copied) {
        for (Map.Entry<String, Set<Integer>> known : SERVICE_VALUES.entrySet()) {
            InfEntry entry = service.find(known.getKey());
            if (entry == null) {
                findings.add(service.line(), InfRule.SERVICE_DIRECTIVE, known.getKey() + " is missing");
                continue;
            }
            long value = Numbers.parse(inf.expand(entry.value(0)));
            if (value < 0 || value > 32 || !known.getValue().contains((int) value)) {
                findings.add(entry.line(), InfRule.SERVICE_VALUE, known.getKey() + " = " + entry.value(0));
            }
            named(findings, entry, entry.value(0));
            boolean kernelDriver = !known.getKey().equals("ServiceType") || value == 1;
            if (known.getKey().equals("StartType") && value == 4 && function) {
                findings.add(entry.line(), InfRule.SERVICE_DISABLED, "StartType = 4, SERVICE_DISABLED");
            } else if (!kernelDriver || known.getKey().equals("StartType") && value != 3) {
                findings.add(entry.line(), InfRule.ON_DEMAND, known.getKey() + " = " + entry.value(0));
            }
        }
        for (InfEntry entry : service.entries()) {
            if (entry.key() != null && !entry.is("AddReg") && service.find(entry.key()) != entry) {
                findings.add(entry.line(), InfRule.DUPLICATE_DIRECTIVE, entry.key());
            }
        }
        InfEntry binary = service.find("ServiceBinary");
        if (binary == null || binary.value(0).isEmpty()) {
            findings.add(service.line(), InfRule.SERVICE_DIRECTIVE, "ServiceBinary is missing");
        } else if (!binary.value(0).matches("%\\d+%\\\\.+")) {
            findings.add(binary.line(), InfRule.BINARY_PATH, binary.value(0));
        } else if (!copied.contains(binary.value(0).toLowerCase(Locale.ROOT))) {
            findings.add(binary.line(), InfRule.BINARY_NOT_COPIED, binary.value(0) + " is none of " + copied);
        }
    }

    /** A number is a %NAME%, or its line says what it means. */
    static void named(Findings findings, InfEntry entry, String value) {
        if (!value.isEmpty() && !value.contains("%") && entry.comment().isEmpty()) {
            findings.add(entry.line(), InfRule.NAMED_NUMBER, value + " has no name beside it");
        }
    }
}
