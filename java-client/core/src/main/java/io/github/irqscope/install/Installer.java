package io.github.irqscope.install;

import io.github.irqscope.install.PnpDevice.Driver;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Puts the driver on one device and takes it away again. Before a device is changed, what it had is written to disk; a
 * step that fails takes back what was done before it. Used by one thread at a time; one installation of a machine at a
 * time is the caller's concern.
 *
 * <pre>
 *   none --install--> staged --backed up--> published --made (root only)--> bound --started--> installed
 *   installed --remove--> given back --service, INF, file deleted--> none
 * </pre>
 */
public final class Installer {
    /** The service of the driver. */
    public static final String SERVICE = "irqscope";
    /** The hardware id of a device without hardware. */
    public static final String ROOT_ID = "ROOT\\IRQSCOPE";
    private static final String ROOT_INSTANCE = "ROOT\\IRQSCOPE\\0000";

    private static final String[] POLICY_KEYS = {"Interrupt Management", "Irqscope"};
    private static final long PATIENCE = 10_000_000_000L;
    private static final long STEP = 20_000_000L;

    private final WindowsSystem system;
    private final DriverFiles files;
    private final Path state;
    private final long patience;

    /**
     * What was installed.
     *
     * @param instance  the device
     * @param inf       the INF's name in Windows' folder
     * @param backup    the file that tells what was there before; null for a device that was made
     * @param already   whether it was so before
     * @param needsRestart whether Windows completes it at its next start only
     */
    public record Installed(String instance, String inf, Path backup, boolean already, boolean needsRestart) {
    }

    /**
     * What was removed.
     *
     * @param devices      each device with what became of it
     * @param needsRestart whether Windows completes it at its next start only
     */
    public record Removed(List<Outcome> devices, boolean needsRestart) {
        /** Takes a copy. */
        public Removed {
            devices = List.copyOf(devices);
        }
    }

    /**
     * What became of a device.
     *
     * @param instance which
     * @param what     in words: what drives it now
     */
    public record Outcome(String instance, String what) {
    }

    /**
     * An installer.
     *
     * @param system what is installed on
     * @param files  where the driver is
     * @param state  the folder where backups and staged packages are kept
     */
    public Installer(WindowsSystem system, DriverFiles files, Path state) {
        this(system, files, state, PATIENCE);
    }

    Installer(WindowsSystem system, DriverFiles files, Path state, long patience) {
        this.system = system;
        this.files = files;
        this.state = state;
        this.patience = patience;
    }

    /**
     * An installer of this machine, with its state where Windows keeps programs' own.
     *
     * @throws InstallException when this is not Windows
     */
    public static Installer ofThisSystem(DriverFiles files) {
        String data = System.getenv("ProgramData");
        return new Installer(systemHere(), files, Path.of(data == null ? "C:\\ProgramData" : data).resolve("irqscope"));
    }

    /** This Windows. */
    static WindowsSystem systemHere() {
        String name = System.getProperty("os.name", "");
        if (!name.toLowerCase(Locale.ROOT).startsWith("windows")) {
            throw new InstallException(Trouble.NOT_WINDOWS, "driver",
                    "drivers are installed on Windows only, and this is " + name);
        }
        return ServiceLoader.load(WindowsSystem.class, Installer.class.getClassLoader()).findFirst()
                .orElseThrow(() -> new IllegalStateException("no class here knows Windows"));
    }

    // ---- Install -------------------------------------------------------------------------------------------------

    /** Makes the root-enumerated device of irqscope-root.inf. */
    public Installed installRoot() {
        return installRoot(files.inf(DriverFiles.ROOT_INF), ROOT_ID, ROOT_INSTANCE);
    }

    /**
     * Makes a root-enumerated device and installs an INF's driver on it.
     *
     * @param inf        the INF; the driver's file comes from the driver folder
     * @param hardwareId what the INF matches, {@code ROOT\\…}
     * @param instance   the instance to make
     */
    public Installed installRoot(Path inf, String hardwareId, String instance) {
        String operation = "install on " + instance;
        return guarded(operation, () -> {
            checkProcess(operation);
            Optional<PnpDevice> old = find(instance);
            if (old.isPresent() && old.get().isOurs() && isStarted(instance)) {
                return already(operation, old.get(), inf);
            }
            UndoStack undo = new UndoStack();
            return undoing(undo, operation, () -> {
                Path staged = stage(undo, operation, inf);
                rememberService(undo);
                String published = publish(undo, staged);
                undo.push("remove the device " + instance, () -> removeIfThere(instance));
                system.devices().createRoot(instance, hardwareId);
                return bind(operation, instance, staged, published, null);
            });
        });
    }

    /**
     * Installs an INF's driver on one device that is there.
     *
     * @param device the device, as {@link #devices} tells it
     * @param inf    the INF; the driver's file comes from the driver folder
     */
    public Installed install(PnpDevice device, Path inf) {
        String operation = "install on " + device.instance();
        return guarded(operation, () -> {
            checkProcess(operation);
            if (device.isOurs() && isStarted(device.instance())) {
                return already(operation, device, inf);
            }
            Optional<String> reason = Refusals.reason(device, system.devices().present(), system.facts());
            if (reason.isPresent()) {
                throw InstallException.refused(operation, reason.get());
            }
            UndoStack undo = new UndoStack();
            return undoing(undo, operation, () -> {
                Path file = Backup.path(state, device.instance());
                Backup backup = backUp(undo, device, file);
                Path staged = stage(undo, operation, inf);
                rememberService(undo);
                String published = publish(undo, staged);
                undo.push("take the driver from " + device.instance(), () -> unbind(backup));
                return bind(operation, device.instance(), staged, published, file);
            });
        });
    }

    /** The devices that are there. */
    public List<PnpDevice> devices() {
        return guarded("list devices", () -> system.devices().present());
    }

    /**
     * A device of ours, or one that could be.
     *
     * @param device  the device
     * @param started whether our driver runs it
     * @param version of our driver there, empty when it is not known or not there
     * @param backup  the file that tells what it had before, null when there is none
     * @param refusal why it must be left alone, empty for one of ours and one that may be taken
     */
    public record Entry(PnpDevice device, boolean started, String version, Path backup, String refusal) {
    }

    /** Every device with what the installer thinks of it, ours first. */
    public List<Entry> status() {
        return guarded("status", () -> {
            List<PnpDevice> all = system.devices().present();
            Set<String> started = system.devices().started();
            List<Entry> entries = new ArrayList<>();
            for (PnpDevice device : all) {
                Path backup = Backup.path(state, device.instance());
                boolean ours = device.isOurs() || isMade(device);
                entries.add(new Entry(device, device.isStarted(started),
                        ours && device.driver() != null ? publishedVersion(device.driver()) : "",
                        Files.exists(backup) ? backup : null,
                        ours ? "" : Refusals.reason(device, all, system.facts()).orElse("")));
            }
            entries.sort(Comparator.comparing(entry -> !entry.device().isOurs()));
            return entries;
        });
    }

    /**
     * The one device that is meant: an instance id, or a hardware id that one device alone has.
     *
     * @throws InstallException when there is none, naming those that are near, or when there are several
     */
    public PnpDevice device(String wanted) {
        List<PnpDevice> all = devices();
        List<PnpDevice> exact = all.stream().filter(device -> device.instance().equalsIgnoreCase(wanted)).toList();
        List<PnpDevice> found = !exact.isEmpty() ? exact : all.stream().filter(device -> device.hardwareIds().stream()
                .anyMatch(id -> id.equalsIgnoreCase(wanted))).toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.size() > 1) {
            throw InstallException.refused("--device " + wanted, "several devices have this hardware id; name one by its "
                    + "instance: " + names(found));
        }
        String part = wanted.toUpperCase(Locale.ROOT);
        List<PnpDevice> near = part.isBlank() ? List.of() : all.stream()
                .filter(device -> device.instance().toUpperCase(Locale.ROOT).contains(part)
                || device.description().toUpperCase(Locale.ROOT).contains(part)).toList();
        throw new InstallException(Trouble.DEVICE_GONE, "--device " + wanted, "there is no device of this instance id"
                + (near.isEmpty() ? "" : "; near are " + names(near)));
    }

    private static String names(List<PnpDevice> devices) {
        return devices.stream().limit(8).map(PnpDevice::title).reduce((a, b) -> a + ", " + b).orElse("");
    }

    // ---- The steps -----------------------------------------------------------------------------------------------

    /* What was there before is written first of all, and goes last when everything is taken back. */
    private Backup backUp(UndoStack undo, PnpDevice device, Path file) throws SetupException, IOException {
        Optional<Backup> earlier = Backup.read(file); /* of an install that was cut short: that one counts */
        Backup backup = earlier.isPresent() ? earlier.get() : Backup.of(device, system.keys(), POLICY_KEYS);
        undo.push("restore the keys of " + device.instance(), () -> {
            restore(backup);
            Files.deleteIfExists(file);
            deleteIfEmpty(Backup.folder(state));
            deleteIfEmpty(state);
        });
        backup.write(file);
        return backup;
    }

    /* INF, driver and catalog in one folder, as set-up wants them. */
    private Path stage(UndoStack undo, String operation, Path inf) throws IOException {
        String architecture = system.facts().architecture();
        List<String> names = InfText.files(inf);
        for (String name : names) {
            Path image = files.image(inf, architecture, name);
            if (!Files.isRegularFile(image)) {
                throw new NoSuchFileException(image.toString());
            }
            DriverImage.check(operation, image, architecture);
        }
        String name = inf.getFileName().toString();
        Path folder = packages().resolve(InfText.stem(name));
        undo.push("delete " + folder, () -> deletePackage(folder));
        delete(folder);
        Files.createDirectories(folder);
        for (String image : names) {
            Files.copy(files.image(inf, architecture, image), folder.resolve(image));
        }
        Optional<Path> catalog = files.catalog(inf, architecture);
        if (catalog.isPresent()) {
            Files.copy(catalog.get(), folder.resolve(catalog.get().getFileName()));
        }
        return Files.write(folder.resolve(name), InfText.staged(inf, catalog.isPresent()));
    }

    /* Binding makes the service and copies the file; a service that was there before stays. */
    private void rememberService(UndoStack undo) throws SetupException {
        if (system.services().query(SERVICE).isEmpty()) {
            undo.push("delete the service", this::deleteService);
        }
    }

    private String publish(UndoStack undo, Path staged) throws SetupException {
        String[] published = new String[1];
        undo.push("take the INF back", () -> {
            if (published[0] != null) {
                unpublish(published[0]);
            }
        });
        published[0] = system.devices().publish(staged);
        return published[0];
    }

    private Installed bind(String operation, String instance, Path staged, String published, Path backup)
            throws SetupException, IOException {
        Path inf = storeHolds(staged) ? infFolder().resolve(published) : staged;
        if (system.devices().bind(instance, inf)) {
            return new Installed(instance, published, backup, false, true);
        }
        if (!await(() -> PnpDevice.isStarted(instance, system.devices().started()))) {
            int problem = find(instance).map(PnpDevice::problem).orElse(0);
            throw new InstallException(Trouble.ofProblem(problem), operation, problem == 0 ? ""
                    : Trouble.ofProblem(problem).cause() + " (problem code " + problem + ")");
        }
        return new Installed(instance, published, backup, false, false);
    }

    /* A driver store takes the files in with the INF, and Windows wants the INF that it published. Without a store the
     * files are beside the staged INF only. */
    private boolean storeHolds(Path staged) throws SetupException, IOException {
        Path store = system.facts().windows().resolve("System32").resolve("DriverStore").resolve("FileRepository");
        if (!Files.isDirectory(store)) {
            return false;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(store, staged.getFileName() + "_*")) {
            for (Path folder : folders) {
                if (Files.isRegularFile(folder.resolve(DriverFiles.IMAGE))) {
                    return true;
                }
            }
        }
        return false;
    }

    // ---- Remove --------------------------------------------------------------------------------------------------

    /**
     * Gives every device back to the driver that it had and deletes service, INFs and files.
     *
     * @throws InstallException when a step fails; what was done before it stays done, and asking again goes on
     */
    public Removed remove() {
        return guarded("remove", () -> remove("remove", device -> true));
    }

    /**
     * Gives one device back to the driver that it had; with the last one, service, INFs and files go.
     *
     * @throws InstallException as {@link #remove()}
     */
    public Removed remove(PnpDevice wanted) {
        return guarded("remove", () -> remove("remove from " + wanted.instance(),
                device -> device.instance().equalsIgnoreCase(wanted.instance())));
    }

    private Removed remove(String operation, Predicate<PnpDevice> wanted) throws SetupException, IOException {
        checkProcess(operation);
        List<PnpDevice> ours = ours().stream().filter(wanted).toList();
        Set<String> infs = new TreeSet<>();
        List<Backup> backups = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        boolean needsRestart = false;
        for (PnpDevice device : ours) {
            if (device.driver() != null) {
                infs.add(device.driver().inf().toLowerCase(Locale.ROOT));
            }
            if (isMade(device)) {
                needsRestart |= removeIfThere(device.instance());
                outcomes.add(new Outcome(device.instance(), "removed; it was made for irqscope"));
            } else if (find(device.instance()).isPresent()) {
                Backup backup = Backup.read(Backup.path(state, device.instance()))
                        .orElse(Backup.none(device));
                needsRestart |= unbind(backup);
                backups.add(backup);
                outcomes.add(new Outcome(device.instance(), given(backup.previous())));
            }
        }
        boolean last = await(() -> ours().stream().allMatch(wanted.negate())) && ours().isEmpty();
        if (last) {
            deleteService();
            infs.addAll(publishedInfs());
        }
        for (PnpDevice device : ours()) {
            infs.remove(device.driver() == null ? "" : device.driver().inf().toLowerCase(Locale.ROOT));
        }
        for (String inf : infs) {
            unpublish(inf);
        }
        for (Backup backup : backups) {
            restore(backup);
            Files.deleteIfExists(Backup.path(state, backup.instance()));
        }
        if (last && !needsRestart) {
            delete(packages());
        }
        deleteIfEmpty(Backup.folder(state));
        deleteIfEmpty(state);
        return new Removed(outcomes, needsRestart);
    }

    /* Not every system keeps the provider beside the device. */
    private static String given(Driver previous) {
        return previous == null ? "without a driver, as it was" : "back with " + (previous.provider().isEmpty()
                ? previous.inf() : previous.provider() + " (" + previous.inf() + ")");
    }

    /* A device that the installer made: nothing is there that could be given back. */
    private static boolean isMade(PnpDevice device) {
        return device.hardwareIds().stream().anyMatch(id -> id.toUpperCase(Locale.ROOT).startsWith(ROOT_ID));
    }

    private List<PnpDevice> ours() throws SetupException {
        return system.devices().present().stream().filter(device -> device.isOurs() || isMade(device))
                .sorted(Comparator.comparing(device -> !isMade(device))).toList();
    }

    /* The first half of giving a device back: our driver leaves it. */
    private boolean unbind(Backup backup) throws SetupException {
        String instance = backup.instance();
        if (find(instance).isEmpty()) {
            return false;
        }
        Path inf = backup.previous() == null ? null : infFolder().resolve(backup.previous().inf());
        if (inf == null || !Files.isRegularFile(inf)) {
            return removeIfThere(instance);
        }
        for (Map.Entry<String, Optional<KeyTree>> key : backup.keys().entrySet()) {
            system.keys().write(instance, key.getKey(), key.getValue());
        }
        return system.devices().bind(instance, inf);
    }

    /* The second half, when our INF is gone and cannot be chosen again: the device is found anew, its keys are what
     * they were. */
    private void restore(Backup backup) throws SetupException {
        if (find(backup.instance()).isEmpty()) {
            if (backup.instance().regionMatches(true, 0, "ROOT\\", 0, 5)) {
                system.devices().createRoot(backup.instance(), backup.hardwareId());
            } else {
                system.devices().rescan();
            }
        }
        if (await(() -> find(backup.instance()).isPresent())) {
            for (Map.Entry<String, Optional<KeyTree>> key : backup.keys().entrySet()) {
                if (!system.keys().read(backup.instance(), key.getKey()).equals(key.getValue())) {
                    system.keys().write(backup.instance(), key.getKey(), key.getValue());
                }
            }
        }
    }

    private boolean removeIfThere(String instance) throws SetupException {
        return find(instance).isPresent() && system.devices().remove(instance);
    }

    /* With the INF goes what set-up made of it. */
    private void unpublish(String inf) throws SetupException, IOException {
        if (Files.exists(infFolder().resolve(inf))) {
            system.devices().unpublish(inf);
        }
        Files.deleteIfExists(infFolder().resolve(InfText.stem(inf) + ".pnf"));
    }

    /* Service and file go when no device needs them; where the driver runs from the store, the file goes with the INF. */
    private void deleteService() throws SetupException, IOException {
        String image = system.services().query(SERVICE).map(Services.State::image).orElse("");
        system.services().stop(SERVICE);
        await(() -> !system.services().query(SERVICE).map(Services.State::running).orElse(false));
        system.services().delete(SERVICE);
        String name = image.substring(image.lastIndexOf('\\') + 1);
        if (name.toLowerCase(Locale.ROOT).startsWith(SERVICE)) {
            Path drivers = system.facts().windows().resolve("System32").resolve("drivers");
            Files.deleteIfExists(drivers.resolve(name));
        }
    }

    private Set<String> publishedInfs() throws SetupException, IOException {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> infs = Files.newDirectoryStream(infFolder(), "{oem,irqscope}*.inf")) {
            for (Path inf : infs) {
                if (InfText.isOurs(inf)) {
                    names.add(inf.getFileName().toString().toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    // ---- Looking -------------------------------------------------------------------------------------------------

    private void checkProcess(String operation) throws SetupException {
        if (!system.facts().elevated()) {
            throw new InstallException(Trouble.NOT_ELEVATED, operation, "");
        }
    }

    private Installed already(String operation, PnpDevice device, Path inf) throws IOException {
        String theirs = device.driver() == null ? "" : publishedVersion(device.driver());
        String ours = InfText.version(inf);
        if (!theirs.isEmpty() && !theirs.equals(ours)) {
            throw new InstallException(Trouble.OTHER_VERSION, operation,
                    "version " + theirs + " of this driver is installed, and this is " + ours);
        }
        Path backup = Backup.path(state, device.instance());
        return new Installed(device.instance(), device.driver() == null ? "" : device.driver().inf(),
                Files.exists(backup) ? backup : null, true, false);
    }

    /* Not every system keeps the version beside the device; the published INF has it everywhere. */
    private String publishedVersion(Driver driver) {
        try {
            return driver.version().isEmpty() ? InfText.version(infFolder().resolve(driver.inf())) : driver.version();
        } catch (IOException | SetupException e) {
            return "";
        }
    }

    private Optional<PnpDevice> find(String instance) throws SetupException {
        return system.devices().present().stream().filter(device -> device.instance().equalsIgnoreCase(instance))
                .findFirst();
    }

    private boolean isStarted(String instance) throws SetupException {
        return system.devices().started().contains(instance.toUpperCase(Locale.ROOT));
    }

    private Path infFolder() throws SetupException {
        return system.facts().windows().resolve("INF");
    }

    private Path packages() {
        return state.resolve("packages");
    }

    private interface Condition {
        boolean holds() throws SetupException;
    }

    /* Nobody tells when the PnP manager has done what it was asked to; on Windows it has when the call returns. */
    private boolean await(Condition condition) throws SetupException {
        long end = System.nanoTime() + patience;
        while (!condition.holds()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(STEP);
        }
        return true;
    }

    private static void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    delete(entry);
                }
            }
        }
        Files.deleteIfExists(folder);
    }

    private void deletePackage(Path folder) throws IOException {
        delete(folder);
        deleteIfEmpty(packages());
        deleteIfEmpty(state);
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            return; /* somebody's files are in it: it stays */
        }
    }

    // ---- Failing -------------------------------------------------------------------------------------------------

    private interface Action<T> {
        T run() throws SetupException, IOException;
    }

    private static <T> T guarded(String operation, Action<T> action) {
        try {
            return action.run();
        } catch (SetupException e) {
            throw InstallException.of(operation, e);
        } catch (IOException e) {
            throw InstallException.of(operation, e);
        }
    }

    /* Whatever ends an installation early takes it back; what could not be taken back is said. */
    private static <T> T undoing(UndoStack undo, String operation, Action<T> action) {
        try {
            return guarded(operation, action);
        } catch (InstallException e) {
            String rest = undo.run();
            throw rest.isEmpty() ? e : e.butNotTakenBack(rest);
        } catch (RuntimeException | Error e) {
            undo.run();
            throw e;
        }
    }
}
