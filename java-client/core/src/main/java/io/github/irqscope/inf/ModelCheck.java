package io.github.irqscope.inf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** [Manufacturer] and the models sections: which devices, on which systems, by which install section. */
final class ModelCheck {
    private record Models(InfSection section, Target target) {
    }

    private final Inf inf;
    private final Findings findings;
    private final Set<String> allowed;
    private final List<Install> installs = new ArrayList<>();

    ModelCheck(Inf inf, Findings findings, Set<String> allowed) {
        this.inf = inf;
        this.findings = findings;
        this.allowed = allowed;
    }

    /** Every install section that a model leads to, once for each target. */
    List<Install> check() {
        InfSection manufacturer = inf.section("Manufacturer");
        if (manufacturer == null) {
            findings.add(0, InfRule.SECTION_MISSING, "[Manufacturer] is not there");
            return installs;
        }
        for (InfEntry entry : manufacturer.entries()) {
            List<Models> all = models(entry);
            for (Models models : all) {
                checkModels(models, isolated(models.target(), all));
            }
        }
        return installs;
    }

    private List<Models> models(InfEntry entry) {
        List<Models> all = new ArrayList<>();
        String base = entry.value(0);
        if (entry.key() == null || base.isEmpty()) {
            findings.add(entry.line(), InfRule.MODELS_NAME, "no models section is named");
            return all;
        }
        if (entry.values().size() == 1) {
            findings.add(entry.line(), InfRule.UNDECORATED, "[" + base + "] is for no named processor");
            addModels(all, entry, base, Target.parse("NT"));
        }
        for (String decoration : entry.values().subList(1, entry.values().size())) {
            Target target = Target.parse(decoration);
            if (target == null) {
                findings.add(entry.line(), InfRule.DECORATION, decoration);
                continue;
            }
            if (target.build() != 0 && target.compareTo(new Target("", "", 10, 0, Target.FIRST_BUILD)) < 0) {
                findings.add(entry.line(), InfRule.BUILD_TOO_SMALL, decoration);
            }
            if (target.processor().isEmpty()) {
                findings.add(entry.line(), InfRule.UNDECORATED, "[" + base + "." + decoration + "] is for no named processor");
            }
            addModels(all, entry, base + "." + decoration, target);
        }
        return all;
    }

    private void addModels(List<Models> all, InfEntry entry, String name, Target target) {
        InfSection section = findings.follow(entry, name, "Manufacturer");
        if (section != null) {
            all.add(new Models(section, target));
        }
    }

    /** Windows takes the highest target that is not above it: this one is taken somewhere from 10.0.17763 on. */
    private static boolean isolated(Target target, List<Models> all) {
        for (Models other : all) {
            if (other.target().processor().equals(target.processor()) && other.target().compareTo(target) > 0
                    && other.target().compareTo(Target.ISOLATION) <= 0) {
                return false;
            }
        }
        return true;
    }

    private void checkModels(Models models, boolean isolated) {
        Set<String> ids = new HashSet<>();
        for (InfEntry entry : models.section().entries()) {
            String install = entry.value(0);
            if (install.isEmpty()) {
                findings.add(entry.line(), InfRule.INSTALL_UNNAMED, "the model names no install section");
                continue;
            }
            for (String id : entry.values().subList(1, entry.values().size())) {
                String key = inf.expand(id).toLowerCase(Locale.ROOT);
                if (!ids.add(key)) {
                    findings.add(entry.line(), InfRule.DUPLICATE_VALUE, id);
                }
                if (!allowed.contains(key)) {
                    findings.add(entry.line(), InfRule.HARDWARE_ID, id + " may belong to a device that somebody needs");
                }
            }
            if (entry.values().size() < 2 || entry.value(1).isEmpty()) {
                findings.add(entry.line(), InfRule.HARDWARE_ID, "the model has no hardware id");
            }
            addInstall(entry, install, models.target(), isolated);
        }
    }

    private void addInstall(InfEntry entry, String name, Target target, boolean isolated) {
        List<String> names = target.processor().isEmpty() ? List.of(name + ".NT", name)
                : List.of(name + ".NT" + target.processor(), name + ".NT", name);
        for (String candidate : names) {
            InfSection section = inf.section(candidate);
            if (section != null) {
                findings.use(candidate, "Models");
                installs.add(new Install(section, candidate, target, isolated));
                return;
            }
        }
        findings.add(entry.line(), InfRule.INSTALL_UNDEFINED, "[" + name + "] is not there for " + target.decoration());
    }
}
