package io.github.irqscope.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Microsoft's analysers want to read in a driver's sources, by name of the file, and what is missing of it. It knows the form in
 * which this tree writes C, not the language.
 */
final class DriverSources {
    /** A place where the kernel is given a routine, and the role type that the routine is to be declared by. */
    private static final Map<Pattern, String> ROLES = roles();
    private static final Pattern DISPATCH = Pattern.compile("MajorFunction\\[(IRP_MJ_\\w+)\\] = (\\w+);");
    private static final String PARAMETERS = "\\(((?:[^()]|\\([^()]*\\))*)\\)";
    private static final Pattern DEFINITION = Pattern.compile(
            "(?m)^(static )?(inline )?(?:const )?[A-Z_a-z0-9]+ \\*?(?:NTAPI )?(\\w+)" + PARAMETERS + "\\n\\{\\n(.*?)^\\}",
            Pattern.DOTALL);
    private static final Pattern PROTOTYPE = Pattern.compile(
            "(?m)^(?:static )?(?!typedef|return)(?:const )?[A-Z_a-z0-9]+ \\*?(?:NTAPI )?(\\w+)" + PARAMETERS + ";");
    private static final Pattern BY_TYPE = Pattern.compile("(?m)^(?:_Dispatch_type_\\(\\w+\\) )?(?:static )?([A-Z][A-Z_0-9]+) (\\w+);");
    private static final Pattern PAGED = Pattern.compile("(?m)^#pragma alloc_text\\(PAGE, (\\w+)\\)");
    private static final Pattern POINTER = Pattern.compile("^(?:struct |const )*(?:P(?!OOL_TYPE|OWER_STATE)[A-Z_0-9]+ |\\w+ (?:const )?\\*).*");

    private final Map<String, String> texts;
    private final String all;

    DriverSources(Map<String, String> texts) {
        this.texts = texts;
        this.all = String.join("\n", texts.values());
    }

    static DriverSources of(Path folder) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().matches(".*\\.[ch]")).sorted().toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return new DriverSources(texts);
    }

    private static Map<Pattern, String> roles() {
        Map<Pattern, String> roles = new LinkedHashMap<>();
        roles.put(Pattern.compile("->AddDevice = (\\w+);"), "DRIVER_ADD_DEVICE");
        roles.put(Pattern.compile("->DriverUnload = (\\w+);"), "DRIVER_UNLOAD");
        roles.put(Pattern.compile("\\bNTSTATUS NTAPI (DriverEntry)\\("), "DRIVER_INITIALIZE");
        roles.put(Pattern.compile("KeInitializeDpc\\([^,]+, (\\w+),"), "KDEFERRED_ROUTINE");
        roles.put(Pattern.compile("IoSetCompletionRoutine\\(\\w+, (\\w+),"), "IO_COMPLETION_ROUTINE");
        roles.put(Pattern.compile("IoQueueWorkItem\\([^,]+, (\\w+),"), "IO_WORKITEM_ROUTINE");
        roles.put(Pattern.compile("KeSynchronizeExecution\\([^,]+, (\\w+),"), "KSYNCHRONIZE_ROUTINE");
        roles.put(Pattern.compile("PoRequestPowerIrp\\([^;]*?(\\w+), \\w+, NULL\\);"), "REQUEST_POWER_COMPLETE");
        roles.put(Pattern.compile("[.]ServiceRoutine = (\\w+);"), "KSERVICE_ROUTINE");
        roles.put(Pattern.compile("[.]FallBackServiceRoutine = [^;?]*\\? (\\w+) : NULL;"), "KSERVICE_ROUTINE");
        roles.put(Pattern.compile("IoConnectInterrupt\\(&\\w+, (\\w+),"), "KSERVICE_ROUTINE");
        roles.put(Pattern.compile("[.]MessageServiceRoutine = (\\w+);"), "KMESSAGE_SERVICE_ROUTINE");
        String[] queue = {"IO_CSQ_INSERT_IRP", "IO_CSQ_REMOVE_IRP", "IO_CSQ_PEEK_NEXT_IRP", "IO_CSQ_ACQUIRE_LOCK",
            "IO_CSQ_RELEASE_LOCK", "IO_CSQ_COMPLETE_CANCELED_IRP"};
        for (int place = 0; place < queue.length; place++) {
            roles.put(Pattern.compile("IoCsqInitialize\\((?:[^,]+,\\s+){" + (place + 1) + "}(\\w+)"), queue[place]);
        }
        return roles;
    }

    /** Routines that the kernel calls, declared without the type that tells an analyser so. */
    List<String> missingRoles() {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<Pattern, String> role : ROLES.entrySet()) {
            for (MatchResult use : role.getKey().matcher(all).results().toList()) {
                String name = use.group(1);
                if (!name.equals("NULL") && !declares(role.getValue() + " " + name + ";")) {
                    missing.add(name + " is no " + role.getValue());
                }
            }
        }
        for (MatchResult row : DISPATCH.matcher(all).results().toList()) {
            if (!declares("_Dispatch_type_(" + row.group(1) + ") DRIVER_DISPATCH " + row.group(2) + ";")) {
                missing.add(row.group(2) + " is no DRIVER_DISPATCH of " + row.group(1));
            }
        }
        return missing;
    }

    private boolean declares(String declaration) {
        return Pattern.compile("(?m)^(?:static )?" + Pattern.quote(declaration)).matcher(all).find();
    }

    /** How many places of the kinds above there are: a check that finds none proves nothing. */
    long routinesGivenToTheKernel() {
        return DISPATCH.matcher(all).results().count()
                + ROLES.keySet().stream().mapToLong(pattern -> pattern.matcher(all).results().count()).sum();
    }

    /** Definitions of what was declared before, without the word that brings the declaration's annotations over. */
    List<String> definitionsWithoutTheirAnnotations() {
        Set<String> declared = new LinkedHashSet<>();
        BY_TYPE.matcher(all).results().forEach(found -> declared.add(found.group(2)));
        PROTOTYPE.matcher(all).results().forEach(found -> declared.add(found.group(1)));
        List<String> missing = new ArrayList<>();
        texts.forEach((file, text) -> {
            Matcher matcher = DEFINITION.matcher(text);
            while (matcher.find()) {
                if (declared.contains(matcher.group(3))
                        && !text.substring(0, matcher.start()).endsWith("_Use_decl_annotations_\n")) {
                    missing.add(file + ": " + matcher.group(3));
                }
            }
        });
        return missing;
    }

    /** Pointers among the parameters of what a file declares or defines, of which nothing says who reads and who writes. */
    List<String> pointersWithoutDirection() {
        List<String> missing = new ArrayList<>();
        texts.forEach((file, text) -> {
            PROTOTYPE.matcher(text).results().forEach(found -> look(file, found.group(1), found.group(2), missing));
            Matcher matcher = DEFINITION.matcher(text);
            while (matcher.find()) {
                if (matcher.group(2) == null
                        && !text.substring(0, matcher.start()).endsWith("_Use_decl_annotations_\n")) {
                    look(file, matcher.group(3), matcher.group(4), missing);
                }
            }
        });
        return missing;
    }

    private static void look(String file, String name, String parameters, List<String> missing) {
        for (String parameter : parameters.split(",(?![^()]*\\))")) {
            if (POINTER.matcher(parameter.strip()).matches()) {
                missing.add(file + ": " + name + ": " + parameter.strip());
            }
        }
    }

    /** Functions in a section that may be paged out which do not check their IRQL, and the other way round. */
    List<String> pagedCodeThatIsNotSaid() {
        List<String> wrong = new ArrayList<>();
        texts.forEach((file, text) -> {
            Set<String> paged = new LinkedHashSet<>();
            PAGED.matcher(text).results().forEach(found -> paged.add(found.group(1)));
            DEFINITION.matcher(text).results().forEach(found -> {
                boolean checks = found.group(5).contains("PAGED_CODE();");
                if (paged.remove(found.group(3)) != checks) {
                    wrong.add(file + ": " + found.group(3) + (checks ? " is in no paged section" : " does not check its IRQL"));
                }
            });
            paged.forEach(name -> wrong.add(file + ": " + name + " is not defined here"));
        });
        return wrong;
    }
}
