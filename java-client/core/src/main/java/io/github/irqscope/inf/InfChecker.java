package io.github.irqscope.inf;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds an INF against {@link InfRule}: what InfVerif documents for {@code /w}, Windows drivers, as far as a driver like
 * this one can meet it, and this project's own rules. Models for kernels before {@code /w} begins (10.0.17763) may copy
 * their files, as {@code InfVerif /w} allows without {@code /wbuild}.
 */
public final class InfChecker {
    /** Hardware ids that no driver of anybody else wants. */
    private static final Set<String> OURS = Set.of("pci\\ven_1234&dev_11e8", "root\\irqscope", "root\\irqscopeaudio");

    private InfChecker() {
    }

    /** Everything that is wrong, in the order of the lines. */
    public static List<InfProblem> check(Inf inf) {
        return check(inf, Set.of());
    }

    /**
     * Everything that is wrong, in the order of the lines.
     *
     * @param named hardware ids that a user named for this INF, so that it may match them
     */
    public static List<InfProblem> check(Inf inf, Set<String> named) {
        Findings findings = new Findings(inf);
        Set<String> allowed = named.stream().map(id -> id.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        allowed.addAll(OURS);
        checkStrings(inf, findings);
        VersionCheck.check(inf, findings);
        List<Install> installs = new ModelCheck(inf, findings, allowed).check();
        FileCheck files = new FileCheck(inf, findings);
        RegistryCheck registry = new RegistryCheck(inf, findings);
        for (Install install : installs) {
            InstallCheck.check(inf, findings, install, files, registry);
        }
        files.checkSources();
        checkSections(inf, findings);
        return findings.problems().stream().distinct().sorted(Comparator.comparingInt(InfProblem::line)).toList();
    }

    private static void checkStrings(Inf inf, Findings findings) {
        for (InfSection section : inf.sections()) {
            if (section.name().toLowerCase(Locale.ROOT).contains("$arch$")) {
                findings.add(section.line(), InfRule.ARCH_TOKEN, "[" + section.name() + "]");
            }
            for (InfEntry entry : section.entries()) {
                for (String value : entry.values()) {
                    for (String key : inf.undefined(value)) {
                        findings.add(entry.line(), InfRule.STRING_UNDEFINED, "%" + key + "% is not in [Strings]");
                    }
                    if (value.toLowerCase(Locale.ROOT).contains("$arch$")) {
                        findings.add(entry.line(), InfRule.ARCH_TOKEN, value);
                    }
                }
                for (String key : entry.key() == null ? List.<String>of() : inf.undefined(entry.key())) {
                    findings.add(entry.line(), InfRule.STRING_UNDEFINED, "%" + key + "% is not in [Strings]");
                }
            }
        }
    }

    private static void checkSections(Inf inf, Findings findings) {
        List<InfSection> sections = inf.sections();
        for (int index = 0; index < sections.size(); index++) {
            InfSection section = sections.get(index);
            for (InfSection earlier : sections.subList(0, index)) {
                if (earlier.name().equalsIgnoreCase(section.name())) {
                    findings.add(section.line(), InfRule.SECTION_TWICE,
                            "[" + section.name() + "] stands in line " + earlier.line() + ", too");
                }
            }
            if (section.name().equalsIgnoreCase("ClassInstall32")
                    || section.name().toLowerCase(Locale.ROOT).startsWith("classinstall32.")) {
                findings.add(section.line(), InfRule.CLASS_INSTALL, "[" + section.name() + "]");
            } else if (!findings.isUsed(section.name())) {
                findings.add(section.line(), InfRule.UNUSED, "[" + section.name() + "] is used by nothing");
            }
        }
    }
}
