package io.github.irqscope.cli.policy;

import io.github.irqscope.Device;
import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.InputException;
import io.github.irqscope.cli.NearMatches;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.OutputFile;
import io.github.irqscope.cli.Runner;
import io.github.irqscope.cli.UsageException;
import io.github.irqscope.cli.Verb;
import io.github.irqscope.cli.Work;
import io.github.irqscope.policy.PolicyBackup;
import io.github.irqscope.policy.PolicyPlan;
import io.github.irqscope.policy.PolicySnapshot;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** `policy show|set|restore|backup`: what a device asks for, before it starts. */
public final class PolicyVerb implements Runner {
    private static final String[] ACTIONS = {"show", "set", "restore", "backup"};
    private static final List<Option> OF_SET = List.of(Option.POLICY, Option.PRIORITY, Option.PROCESSORS,
            Option.MESSAGES, Option.SYSTEM_KEYS);
    private static final List<Option> OF_CHANGES = List.of(Option.DRY_RUN, Option.BACKUP, Option.YES);

    private final Work work;
    private final String action;
    private final String file;

    /** Makes it; nothing is looked at yet. */
    public PolicyVerb(Work work) {
        this.work = work;
        List<String> words = work.line().operands();
        this.action = words.get(0);
        this.file = words.size() > 1 ? words.get(1) : null;
    }

    @Override
    public int run() {
        if (!List.of(ACTIONS).contains(action)) {
            throw refuse(action + ": one of show, set, restore and backup" + NearMatches.hint(action, ACTIONS));
        }
        boolean changes = action.equals("set") || action.equals("restore");
        for (Option option : OF_SET) {
            if (work.line().has(option) && !action.equals("set")) {
                throw refuse(action + " takes no " + option.spelling() + "; set does");
            }
        }
        for (Option option : OF_CHANGES) {
            if (work.line().has(option) && !changes) {
                throw refuse(action + " takes no " + option.spelling() + "; set and restore do");
            }
        }
        if (file != null && (action.equals("show") || action.equals("set"))) {
            throw refuse(action + " does not know what '" + file + "' is for; a device is named with --device");
        }
        return switch (action) {
            case "show" -> new PolicyShow(work).run(work.devices(work.deviceNames()));
            case "set" -> set();
            case "restore" -> restore();
            default -> backup();
        };
    }

    private UsageException refuse(String text) {
        return new UsageException(Verb.POLICY, "policy " + text);
    }

    // ---- set -----------------------------------------------------------------------------------------------------

    private int set() {
        List<String> names = work.deviceNames();
        if (names.isEmpty()) {
            throw refuse("set changes only devices that are named: --device NAME (irqscope devices lists them)");
        }
        Wish wish = new Wish(work);
        PolicyWriter writer = new PolicyWriter(work, action);
        work.introduce();
        for (Device device : work.devices(names)) {
            writer.plan(device, wish.planFor(device));
        }
        return writer.write();
    }

    // ---- backup, restore -----------------------------------------------------------------------------------------

    private int backup() {
        List<PolicySnapshot> snapshots = new ArrayList<>();
        for (Device device : work.devices(work.deviceNames())) {
            snapshots.add(PolicySnapshot.of(device));
        }
        work.introduce();
        PolicyWriter writer = new PolicyWriter(work, action);
        Path place = writer.backup(snapshots, file);
        if (place == null) {
            throw refuse("backup needs a FILE: this simulated machine has no folder of its own (--state DIR gives one)");
        }
        if (work.json()) {
            work.document(json -> {
                json.field("action", action).field("dryRun", false).field("backup", place.toString());
                json.name("devices").beginArray();
                snapshots.forEach(snapshot -> json.beginObject().field("device", snapshot.device())
                        .field("instanceId", snapshot.instance()).endObject());
                json.endArray();
            });
        } else {
            work.out().line("Kept what the registry says of " + String.join(", ",
                    snapshots.stream().map(PolicySnapshot::device).toList()) + " in " + place);
            work.out().line("irqscope policy restore " + place + " puts it back.");
        }
        return ExitCode.FINE;
    }

    private int restore() {
        if (file == null) {
            throw refuse("restore needs the FILE of a backup" + backups());
        }
        PolicyBackup backup = read();
        List<String> names = work.deviceNames();
        PolicyWriter writer = new PolicyWriter(work, action);
        work.introduce();
        List<String> missing = new ArrayList<>();
        for (PolicySnapshot snapshot : backup.devices()) {
            if (!names.isEmpty() && names.stream().noneMatch(snapshot.device()::equalsIgnoreCase)) {
                continue;
            }
            work.bed().devices().stream().filter(one -> one.instanceId().equalsIgnoreCase(snapshot.instance()))
                    .findFirst().ifPresentOrElse(device -> writer.plan(device,
                            new PolicyPlan(PolicySnapshot.of(device), snapshot)),
                            () -> missing.add(snapshot.device() + " (" + snapshot.instance() + ")"));
        }
        for (String name : names) {
            if (backup.devices().stream().noneMatch(one -> one.device().equalsIgnoreCase(name))) {
                throw refuse("restore: " + file + " holds nothing of " + name + "; it has " + String.join(", ",
                        backup.devices().stream().map(PolicySnapshot::device).toList()));
            }
        }
        return writer.writeWithout(missing);
    }

    /* The newest last, as a list of files is read. */
    private String backups() {
        Path folder = work.journalFolder();
        if (folder == null || !Files.isDirectory(folder)) {
            return "";
        }
        try (var files = Files.list(folder)) {
            List<String> names = files.filter(path -> path.getFileName().toString().startsWith(PolicyWriter.PREFIX))
                    .map(Path::toString).sorted().toList();
            return names.isEmpty() ? "" : "; there are " + String.join(", ", names);
        } catch (IOException e) {
            return "";
        }
    }

    private PolicyBackup read() {
        try {
            return PolicyBackup.parse(Files.readString(Path.of(file)));
        } catch (NoSuchFileException e) {
            throw refuse("restore: there is no file " + file + backups());
        } catch (InvalidPathException e) {
            throw refuse("restore: " + file + " is no file's name: " + e.getReason());
        } catch (MalformedInputException e) {
            throw refuse("restore: " + file + " is no backup of policies: it is not UTF-8 text");
        } catch (IllegalArgumentException e) {
            throw refuse("restore: " + file + " cannot be taken: " + lower(e.getMessage()));
        } catch (IOException e) {
            throw new InputException(file + ": it cannot be read: " + OutputFile.reason(e), e);
        }
    }

    private static String lower(String text) {
        return text == null || text.isEmpty() ? "it makes no sense"
                : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
