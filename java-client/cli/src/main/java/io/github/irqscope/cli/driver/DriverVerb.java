package io.github.irqscope.cli.driver;

import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.NearMatches;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.Printer;
import io.github.irqscope.cli.Runner;
import io.github.irqscope.cli.UsageException;
import io.github.irqscope.cli.Verb;
import io.github.irqscope.cli.Work;
import io.github.irqscope.install.DriverFiles;
import io.github.irqscope.install.Installer;
import io.github.irqscope.install.PnpDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** `driver install|remove|status`: the driver on this machine, without harm to it. */
public final class DriverVerb implements Runner {
    private static final String[] ACTIONS = {"install", "remove", "status"};

    private final Work work;

    /** Makes it; nothing is looked at yet. */
    public DriverVerb(Work work) {
        this.work = work;
    }

    @Override
    public int run() {
        String action = work.line().operands().get(0);
        if (!List.of(ACTIONS).contains(action)) {
            throw new UsageException(Verb.DRIVER, "driver " + action + ": one of install, remove and status"
                    + NearMatches.hint(action, ACTIONS));
        }
        if (work.line().has(Option.INF) && !action.equals("install")) {
            throw new UsageException(Verb.DRIVER, "driver " + action + " takes no --inf; install does");
        }
        DriverFiles files = action.equals("install") ? Places.files(work) : new DriverFiles(Path.of(""), Path.of(""));
        Installer installer = Installer.ofThisSystem(files);
        return switch (action) {
            case "install" -> install(installer, files);
            case "remove" -> remove(installer);
            default -> status(installer);
        };
    }

    // ---- install -------------------------------------------------------------------------------------------------

    private int install(Installer installer, DriverFiles files) {
        String name = work.line().text(Option.DEVICE, null);
        String given = work.line().text(Option.INF, null);
        if (name == null && given != null) {
            throw new UsageException(Verb.DRIVER, "--inf is for one device; name it with --device INSTANCE");
        }
        List<Installer.Installed> done = new ArrayList<>();
        if (name != null) {
            PnpDevice device = installer.device(name);
            done.add(given == null ? Places.withGeneratedInf(device, inf -> installer.install(device, inf))
                    : installer.install(device, Places.path(work, Option.INF, given)));
        } else {
            for (PnpDevice device : installer.devices()) {
                if (device.hardwareIds().stream().anyMatch(id -> id.toUpperCase(Locale.ROOT)
                        .startsWith("PCI\\VEN_1234&DEV_11E8"))) {
                    done.add(installer.install(device, files.inf(DriverFiles.EDU_INF)));
                }
            }
            if (done.isEmpty()) {
                done.add(installer.installRoot());
            }
        }
        boolean restart = done.stream().anyMatch(Installer.Installed::needsRestart);
        if (work.json()) {
            Places.document(work, json -> {
                json.field("action", "install").field("needsRestart", restart).name("devices").beginArray();
                for (Installer.Installed one : done) {
                    json.beginObject().field("instance", one.instance()).field("inf", one.inf());
                    json.field("already", one.already()).field("needsRestart", one.needsRestart());
                    json.name("backup");
                    Places.textOrNull(json, one.backup());
                    json.endObject();
                }
                json.endArray();
            });
        }
        for (Installer.Installed one : work.json() ? List.<Installer.Installed>of() : done) {
            work.out().line(one.instance() + (one.already() ? " has this driver already" : " has the driver now")
                    + " (" + one.inf() + ")");
            if (one.backup() != null) {
                work.out().line("  what it had before is kept in " + one.backup() + "; irqscope driver remove restores it");
            }
        }
        return end(restart);
    }

    // ---- remove --------------------------------------------------------------------------------------------------

    private int remove(Installer installer) {
        String name = work.line().text(Option.DEVICE, null);
        Installer.Removed removed = name == null ? installer.remove() : installer.remove(ours(installer, name));
        if (work.json()) {
            Places.document(work, json -> {
                json.field("action", "remove").field("needsRestart", removed.needsRestart());
                json.name("devices").beginArray();
                for (Installer.Outcome outcome : removed.devices()) {
                    json.beginObject().field("instance", outcome.instance()).field("outcome", outcome.what()).endObject();
                }
                json.endArray();
            });
        } else if (removed.devices().isEmpty()) {
            work.out().line("no device has the driver; what an unfinished installation left is gone");
        } else {
            for (Installer.Outcome outcome : removed.devices()) {
                work.out().line(outcome.instance() + ": " + outcome.what());
            }
        }
        return end(removed.needsRestart());
    }

    private static PnpDevice ours(Installer installer, String name) {
        PnpDevice device = installer.device(name);
        if (!device.isOurs()) {
            throw new UsageException(Verb.DRIVER, "--device " + name + ": " + device.title()
                    + " has not the driver of irqscope, so there is nothing to remove");
        }
        return device;
    }

    private int end(boolean restart) {
        if (restart) {
            work.talk().line(Printer.Tone.WARNING, "Windows completes this at its next start only: restart it, then "
                    + "irqscope driver status");
        }
        return restart ? ExitCode.RESTART_NEEDED : ExitCode.FINE;
    }

    // ---- status --------------------------------------------------------------------------------------------------

    private int status(Installer installer) {
        String name = work.line().text(Option.DEVICE, null);
        String instance = name == null ? null : installer.device(name).instance();
        boolean all = work.line().has(Option.VERBOSE) || name != null;
        List<Installer.Entry> entries = installer.status().stream().filter(entry -> instance == null
                || entry.device().instance().equalsIgnoreCase(instance))
                .filter(entry -> all || entry.device().isOurs()).toList();
        boolean installed = entries.stream().anyMatch(entry -> entry.device().isOurs());
        if (work.json()) {
            Places.document(work, json -> {
                json.field("action", "status").field("installed", installed).name("devices").beginArray();
                for (Installer.Entry entry : entries) {
                    json.beginObject().field("instance", entry.device().instance());
                    json.field("description", entry.device().description());
                    json.field("service", entry.device().service()).field("ours", entry.device().isOurs());
                    json.field("started", entry.started()).field("problem", entry.device().problem());
                    json.field("version", entry.version());
                    json.name("backup");
                    Places.textOrNull(json, entry.backup());
                    json.name("refusal");
                    Places.textOrNull(json, entry.refusal().isEmpty() ? null : entry.refusal());
                    json.endObject();
                }
                json.endArray();
            });
        } else {
            print(entries, installed);
        }
        return installed || all ? ExitCode.FINE : ExitCode.NO_DEVICE;
    }

    private void print(List<Installer.Entry> entries, boolean installed) {
        if (!installed) {
            work.talk().line("no device has the driver; irqscope driver install makes one");
        }
        for (Installer.Entry entry : entries) {
            PnpDevice device = entry.device();
            String what = !device.isOurs() ? entry.refusal().isEmpty() ? "may be taken" : entry.refusal()
                    : entry.started() ? "started, version " + entry.version()
                    : "not started" + (device.problem() == 0 ? "" : ", problem code " + device.problem());
            work.out().line(work.out().paint(Printer.Tone.STRONG, device.instance()) + "  " + device.description() + "  "
                    + what);
            if (entry.backup() != null) {
                work.out().line("  what it had before: " + entry.backup());
            }
        }
    }
}
