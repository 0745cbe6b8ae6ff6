package io.github.irqscope.inf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is copied: file lists, their destinations and their sources. */
final class FileCheck {
    private static final int DRIVER_STORE = 13;
    private static final int CUSTOM = 0x8000;

    private final Inf inf;
    private final Findings findings;

    FileCheck(Inf inf, Findings findings) {
        this.inf = inf;
        this.findings = findings;
    }

    /** The files that an install section copies, each as %DIRID%\folder\name in lower case. */
    List<String> copied(Install install) {
        List<String> copied = new ArrayList<>();
        for (InfEntry entry : install.section().all("CopyFiles")) {
            for (String name : entry.values()) {
                if (name.startsWith("@")) {
                    String file = name.substring(1);
                    copied.add(copy(install, entry, file, file, destination(entry, null)));
                    continue;
                }
                InfSection list = findings.follow(entry, name, "CopyFiles");
                if (list != null) {
                    InfEntry destination = destination(entry, list);
                    for (InfEntry file : list.entries()) {
                        copied.add(file(install, file, destination));
                    }
                }
            }
        }
        copied.removeIf(String::isEmpty);
        return copied;
    }

    private String file(Install install, InfEntry entry, InfEntry destination) {
        String name = inf.expand(entry.value(0));
        if (name.isEmpty()) {
            findings.add(entry.line(), InfRule.FILE_NAME, "a file list's line begins with the file's name");
            return "";
        }
        String source = entry.value(1).isEmpty() ? name : inf.expand(entry.value(1));
        return copy(install, entry, name, source, destination);
    }

    private InfEntry destination(InfEntry from, InfSection list) {
        InfSection table = inf.section("DestinationDirs");
        InfEntry entry = table == null || list == null ? null : table.find(list.name());
        entry = entry == null && table != null ? table.find("DefaultDestDir") : entry;
        if (entry == null) {
            findings.add(from.line(), InfRule.DESTINATION_UNLISTED,
                    (list == null ? "DefaultDestDir" : "[" + list.name() + "]") + " is not in [DestinationDirs]");
        }
        return entry;
    }

    private String copy(Install install, InfEntry entry, String name, String source, InfEntry destination) {
        InfEntry listed = source(install, source);
        if (listed == null) {
            findings.add(entry.line(), InfRule.FILE_UNLISTED, source + " is not in [SourceDisksFiles]");
        }
        if (destination == null) {
            return "";
        }
        long directory = Numbers.parse(inf.expand(destination.value(0)));
        String folder = inf.expand(destination.value(1));
        if (directory < 0 || directory > CUSTOM && directory < 16384 || directory == 0) {
            findings.add(destination.line(), InfRule.DIRID_UNKNOWN, destination.value(0));
            return "";
        }
        if (directory == DRIVER_STORE) {
            if (install.target().compareTo(Target.DRIVER_STORE) < 0) {
                findings.add(entry.line(), InfRule.NEWER_THAN_TARGET,
                        "DIRID 13 for " + install.target().decoration() + ", which takes in older systems");
            }
            if (!source.equalsIgnoreCase(name) || listed != null && !listed.value(1).equalsIgnoreCase(folder)) {
                findings.add(entry.line(), InfRule.DESTINATION_FOLDER, source + " is copied as " + folder + "\\" + name);
            }
        } else if (install.isolated()) {
            findings.add(destination.line(), InfRule.FILES_ISOLATED,
                    name + " goes to DIRID " + directory + " for " + install.target().decoration());
        }
        return ("%" + directory + "%\\" + (folder.isEmpty() ? "" : folder + "\\") + name).toLowerCase(Locale.ROOT);
    }

    /** The line of [SourceDisksFiles] for a file, of the processor's own section first; null where there is none. */
    private InfEntry source(Install install, String name) {
        for (String suffix : List.of("." + install.target().processor(), "")) {
            InfSection section = inf.section("SourceDisksFiles" + suffix);
            InfEntry entry = section == null ? null : section.find(name);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    /** The source sections themselves, whoever uses them. */
    void checkSources() {
        for (InfSection section : inf.sections()) {
            String name = section.name().toLowerCase(Locale.ROOT);
            if (!name.equals("sourcedisksfiles") && !name.startsWith("sourcedisksfiles.")) {
                continue;
            }
            for (InfEntry entry : section.entries()) {
                String file = entry.key() == null ? "" : entry.key();
                String disk = inf.expand(entry.value(0));
                if (file.toLowerCase(Locale.ROOT).endsWith(".cat")) {
                    findings.add(entry.line(), InfRule.CATALOG_AS_SOURCE, file);
                }
                if (Numbers.parse(disk) < 0) {
                    findings.add(entry.line(), InfRule.DISK_ID, file + " has the disk \"" + disk + "\"");
                } else if (!hasDisk(disk)) {
                    findings.add(entry.line(), InfRule.DISK_UNLISTED, "disk " + disk + " is not in [SourceDisksNames]");
                }
            }
        }
    }

    private boolean hasDisk(String disk) {
        for (InfSection section : inf.sections()) {
            String name = section.name().toLowerCase(Locale.ROOT);
            if ((name.equals("sourcedisksnames") || name.startsWith("sourcedisksnames.")) && section.find(disk) != null) {
                return true;
            }
        }
        return false;
    }
}
