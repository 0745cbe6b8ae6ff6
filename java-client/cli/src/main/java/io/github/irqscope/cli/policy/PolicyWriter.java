package io.github.irqscope.cli.policy;

import io.github.irqscope.Access;
import io.github.irqscope.Device;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.RegistryValue;
import io.github.irqscope.Resource;
import io.github.irqscope.RestartResult;
import io.github.irqscope.Session;
import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.OutputException;
import io.github.irqscope.cli.Printer;
import io.github.irqscope.cli.Work;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.policy.Journal;
import io.github.irqscope.policy.PolicyBackup;
import io.github.irqscope.policy.PolicyPlan;
import io.github.irqscope.policy.PolicySnapshot;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes plans: shows them, asks, keeps a backup, writes, restarts what has changed. While it writes a journal is there,
 * so that a process that is killed in between leaves nothing half done, and two do not write at once.
 */
final class PolicyWriter {
    /** How the name of a backup begins that was given none. */
    static final String PREFIX = "policy-";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final int MOST_TRIES = 100;

    private final Work work;
    private final String action;
    private final List<Item> items = new ArrayList<>();
    private Path backup;
    private boolean vetoed;

    /* A device, what is planned for it, and what came of that. */
    private static final class Item {
        private final Device device;
        private final PolicyPlan plan;
        private String restart = "none";
        private List<Resource> assigned = List.of();

        Item(Device device, PolicyPlan plan) {
            this.device = device;
            this.plan = plan;
        }
    }

    PolicyWriter(Work work, String action) {
        this.work = work;
        this.action = action;
    }

    void plan(Device device, PolicyPlan plan) {
        items.add(new Item(device, plan));
    }

    int write() {
        return writeWithout(List.of());
    }

    /** Writes what is planned; the missing are devices of a backup that are not here. */
    int writeWithout(List<String> missing) {
        boolean dry = work.line().has(Option.DRY_RUN);
        List<Item> changed = items.stream().filter(item -> !item.plan.isEmpty()).toList();
        if (!work.json()) {
            items.forEach(this::print);
        }
        for (String name : missing) {
            work.talk().line(Printer.Tone.WARNING, name + " is not there now; nothing was restored for it.");
        }
        if (!changed.isEmpty() && !dry) {
            if (!work.agree("The registry of " + names(changed) + " is changed"
                    + (work.json() ? "" : " as shown") + ", and the device restarted.")) {
                work.talk().line("Nothing was done.");
                return ExitCode.FINE;
            }
            change(changed);
        }
        if (work.json()) {
            work.document(json -> write(json, dry));
        } else {
            conclude(changed, dry);
        }
        return vetoed ? ExitCode.RESTART_NEEDED : missing.isEmpty() ? ExitCode.FINE : ExitCode.NO_DEVICE;
    }

    private static String names(List<Item> some) {
        return String.join(", ", some.stream().map(item -> item.device.name()).toList());
    }

    private void change(List<Item> changed) {
        List<PolicySnapshot> before = changed.stream().map(item -> item.plan.before()).toList();
        backup = backup(before, work.line().text(Option.BACKUP, null));
        if (backup == null) {
            work.talk().line(Printer.Tone.WARNING, "This simulated machine is forgotten with this process; with --state DIR"
                    + " its registry stays.");
        }
        Path folder = work.journalFolder();
        Journal journal = folder == null ? null : Journal.begin(folder, PolicyBackup.of(work.bed(),
                String.join(" ", work.line().words()), before));
        try {
            write(changed);
        } catch (RuntimeException e) {
            if (journal != null) {
                journal.leave();
                tellRecovery(folder);
            }
            throw e;
        }
        if (journal != null) {
            journal.finish();
        }
        changed.forEach(this::restart);
    }

    private void write(List<Item> changed) {
        changed.forEach(item -> item.plan.write(item.device));
    }

    /* What could be written only in part is taken back at once, by what the next start would do. */
    private void tellRecovery(Path folder) {
        try {
            Journal.Recovery recovery = Journal.recover(work.bed(), folder);
            work.talk().line(Printer.Tone.WARNING, recovery.text());
        } catch (IrqscopeException e) {
            work.talk().line(Printer.Tone.WARNING, "What was written before the failure could not be taken back: "
                    + e.getMessage());
        }
    }

    private void restart(Item item) {
        if (item.device.restart() == RestartResult.VETOED) {
            vetoed = true;
            item.restart = "vetoed";
            return;
        }
        item.restart = "restarted";
        try (Session session = item.device.open(Access.READ)) {
            work.knows(session);
            item.assigned = session.resources();
        }
    }

    // ---- The backup ----------------------------------------------------------------------------------------------

    /** Keeps the snapshots in the file, or in one whose name tells the time; null when there is no folder for it. */
    Path backup(List<PolicySnapshot> snapshots, String name) {
        PolicyBackup document = PolicyBackup.of(work.bed(), String.join(" ", work.line().words()), snapshots);
        Path folder = work.journalFolder();
        String file = name;
        try {
            if (file != null) {
                Path path = Path.of(file);
                document.write(path);
                return path;
            }
            if (folder == null) {
                return null;
            }
            Files.createDirectories(folder);
            String start = PREFIX + TIME.format(Instant.now());
            for (int i = 1; i < MOST_TRIES; i++) {
                file = start + (i == 1 ? "" : "-" + i) + ".json";
                try {
                    document.write(folder.resolve(file));
                    return folder.resolve(file);
                } catch (FileAlreadyExistsException e) {
                    continue; /* of the same second */
                }
            }
            throw new OutputException(folder.toString(), "there are too many backups of this second");
        } catch (FileAlreadyExistsException e) {
            throw new OutputException(file, "it is there already, and a backup is never overwritten");
        } catch (NoSuchFileException e) {
            throw new OutputException(file, "its folder is not there");
        } catch (InvalidPathException e) {
            throw new OutputException(file, e.getReason());
        } catch (IOException e) {
            throw new OutputException(file, String.valueOf(e.getMessage()));
        }
    }

    // ---- What is said --------------------------------------------------------------------------------------------

    private void print(Item item) {
        Printer out = work.out();
        if (item.plan.isEmpty()) {
            out.line(out.paint(Printer.Tone.STRONG, item.device.name()) + ": the registry says so already; nothing to"
                    + " change, no restart");
            return;
        }
        out.line(Printer.Tone.STRONG, item.device.name());
        String key = "";
        for (PolicyPlan.Change change : item.plan.changes()) {
            if (!change.key().equals(key)) {
                key = change.key();
                out.line("  Device Parameters\\" + key);
            }
            out.line("    " + change.name() + ": " + text(change.from()) + " " + out.symbol("\u2192", "->") + " "
                    + text(change.to()));
        }
    }

    private static String text(RegistryValue value) {
        return value == null ? "(none)" : value.typeName() + " " + ValueText.of(value);
    }

    private void conclude(List<Item> changed, boolean dry) {
        Printer out = work.out();
        out.line();
        if (changed.isEmpty()) {
            out.line(Printer.Tone.GOOD, "Nothing had to be changed.");
            return;
        }
        if (dry) {
            out.line("Nothing was written (--dry-run); " + names(changed) + " would be restarted.");
            return;
        }
        if (backup != null) {
            out.line("What was there is kept in " + backup + "; irqscope policy restore " + backup + " puts it back.");
        }
        for (Item item : changed) {
            if (item.restart.equals("vetoed")) {
                out.line(Printer.Tone.WARNING, item.device.name() + " was not restarted, because somebody has it open: what was"
                        + " written takes effect when the device, or Windows, is next started.");
                continue;
            }
            StringBuilder text = new StringBuilder(item.device.name()).append(" was restarted, and has ");
            if (item.assigned.isEmpty()) {
                text.append("no interrupt");
            }
            for (int i = 0; i < item.assigned.size(); i++) {
                text.append(i == 0 ? "" : ", ").append(item.assigned.get(i).id()).append(" on ")
                        .append(item.assigned.get(i).processors());
            }
            out.line(Printer.Tone.GOOD, text.append('.').toString());
        }
    }

    private void write(JsonWriter json, boolean dry) {
        json.field("action", action).field("dryRun", dry);
        json.field("backup", backup == null ? null : backup.toString()).name("devices").beginArray();
        for (Item item : items) {
            json.beginObject().field("device", item.device.name()).field("instanceId", item.device.instanceId());
            json.field("changed", !item.plan.isEmpty() && !dry).field("restart", item.restart).name("changes")
                    .beginArray();
            for (PolicyPlan.Change change : item.plan.changes()) {
                json.beginObject().field("key", change.key()).field("name", change.name()).name("from");
                ValueText.write(json, change.key(), change.from());
                json.name("to");
                ValueText.write(json, change.key(), change.to());
                json.endObject();
            }
            json.endArray().endObject();
        }
        json.endArray();
    }
}
