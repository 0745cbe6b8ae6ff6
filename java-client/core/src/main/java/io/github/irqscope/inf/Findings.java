package io.github.irqscope.inf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a check has found, and which sections something uses. */
final class Findings {
    private final Inf inf;
    private final List<InfProblem> problems;
    /** Section to the directive that uses it. */
    private final Map<String, String> used = new HashMap<>();

    Findings(Inf inf) {
        this.inf = inf;
        this.problems = new ArrayList<>(inf.problems());
        for (String name : List.of("Version", "Manufacturer", "SourceDisksNames", "SourceDisksFiles", "DestinationDirs",
                "Strings")) {
            used.put(name.toLowerCase(Locale.ROOT), "Windows");
        }
    }

    void add(int line, InfRule rule, String message) {
        problems.add(new InfProblem(inf.name(), line, rule, message));
    }

    List<InfProblem> problems() {
        return problems;
    }

    boolean isUsed(String section) {
        String key = section.toLowerCase(Locale.ROOT);
        return used.containsKey(key) || key.startsWith("strings.") || key.startsWith("sourcedisks");
    }

    void use(String section, String directive) {
        used.putIfAbsent(section.toLowerCase(Locale.ROOT), directive);
    }

    /** The section that a directive names; null, and said, where it names none or none is there. */
    InfSection follow(InfEntry from, String name, String directive) {
        if (name.isEmpty()) {
            add(from.line(), InfRule.NAME_REQUIRED, directive + " names no section");
            return null;
        }
        InfSection section = inf.section(name);
        if (section == null) {
            InfRule rule = directive.equals("AddService") ? InfRule.SERVICE_UNDEFINED : InfRule.SECTION_MISSING;
            add(from.line(), rule, "[" + name + "], which " + directive + " names, is not there");
            return null;
        }
        String before = used.putIfAbsent(name.toLowerCase(Locale.ROOT), directive);
        if (before != null && !before.equals(directive)) {
            add(from.line(), InfRule.TWO_USES, "[" + name + "] is used by " + before + " and by " + directive);
        }
        return section;
    }
}
