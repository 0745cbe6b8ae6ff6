package io.github.irqscope.install;

import io.github.irqscope.install.PnpDevice.Driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A Windows with devices, services, keys and an INF folder, and with a call that fails when a test wants one. */
final class FakeWindows implements WindowsSystem, DeviceTree, Services, Keys, Facts {
    static final String NET = "{4d36e972-e325-11ce-bfc1-08002be10318}";

    final Path windows;
    final Map<String, PnpDevice> present = new LinkedHashMap<>();
    final Map<String, Map<String, KeyTree>> keys = new TreeMap<>();
    final Map<String, State> services = new TreeMap<>();
    final Map<String, KeyTree.Value> machine = new HashMap<>();
    final List<String> log = new ArrayList<>();
    final List<Port> ports = new ArrayList<>();
    boolean elevated = true;
    String kind = "windows";
    boolean starts = true;
    boolean broken;
    boolean restart;
    int problem;
    int published;
    /** The change that fails, counted from 1; 0 for none. */
    int failAt;
    int failure = 5;
    OptionalInt integrity = OptionalInt.of(1);
    String architecture = "x64";
    private int changes;

    FakeWindows(Path windows) {
        this.windows = windows;
        try {
            Files.createDirectories(windows.resolve("INF"));
            Files.createDirectories(windows.resolve("System32").resolve("drivers"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int changes() {
        return changes;
    }

    private void change(String what) throws SetupException {
        log.add(what);
        if (++changes == failAt) {
            throw new SetupException(what, failure);
        }
    }

    /** Everything that an installation may change, as text. */
    String picture() throws IOException {
        StringBuilder text = new StringBuilder();
        present.values().forEach(device -> text.append(device).append('\n'));
        keys.forEach((name, trees) -> text.append(trees.isEmpty() ? "" : name + " " + trees.keySet() + " "
                + trees.values().hashCode() + "\n"));
        text.append(services).append('\n');
        try (var files = Files.walk(windows)) {
            files.filter(Files::isRegularFile).sorted().forEach(file -> text.append(file).append('\n'));
        }
        return text.toString();
    }

    void add(PnpDevice device) {
        present.put(device.instance().toUpperCase(Locale.ROOT), device);
    }

    static PnpDevice device(String instance, String id, String className, String classGuid, String service, Driver driver) {
        return new PnpDevice(instance, className + " device", List.of(id), List.of(), className, classGuid, service,
                driver, "", 0);
    }

    private PnpDevice named(String instance) throws SetupException {
        PnpDevice device = present.get(instance.toUpperCase(Locale.ROOT));
        if (device == null) {
            throw new SetupException("no " + instance, 0xE000020B);
        }
        return device;
    }

    @Override
    public DeviceTree devices() {
        return this;
    }

    @Override
    public Services services() {
        return this;
    }

    @Override
    public Keys keys() {
        return this;
    }

    @Override
    public Facts facts() {
        return this;
    }

    // ---- Devices -------------------------------------------------------------------------------------------------

    @Override
    public List<PnpDevice> present() throws SetupException {
        if (broken) {
            throw new SetupException("SetupDiGetClassDevs", 5);
        }
        return List.copyOf(present.values());
    }

    @Override
    public Set<String> started() {
        Set<String> started = new TreeSet<>();
        present.forEach((name, device) -> {
            if (starts && device.isOurs() && device.problem() == 0) {
                started.add(name);
            }
        });
        return started;
    }

    @Override
    public void createRoot(String instance, String hardwareId) throws SetupException {
        change("create " + instance);
        if (!present.containsKey(instance.toUpperCase(Locale.ROOT))) {
            add(device(instance, hardwareId, "", "", "", null));
        }
    }

    @Override
    public boolean remove(String instance) throws SetupException {
        change("remove " + instance);
        PnpDevice device = named(instance);
        present.remove(instance.toUpperCase(Locale.ROOT));
        keys.remove(instance.toUpperCase(Locale.ROOT));
        if (!device.enumerator().equals("ROOT")) {
            gone.add(device);
        }
        return restart;
    }

    private final List<PnpDevice> gone = new ArrayList<>();

    @Override
    public void rescan() throws SetupException {
        change("rescan");
        for (PnpDevice device : gone) {
            add(device(device.instance(), device.hardwareIds().get(0), "", "", "", null));
        }
        gone.clear();
    }

    @Override
    public String publish(Path inf) throws SetupException {
        change("publish " + inf.getFileName());
        String name = "oem" + published++ + ".inf";
        try {
            Files.copy(inf, windows.resolve("INF").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return name;
    }

    @Override
    public void unpublish(String name) throws SetupException {
        change("unpublish " + name);
        try {
            Files.delete(windows.resolve("INF").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean bind(String instance, Path inf) throws SetupException {
        PnpDevice old = named(instance);
        boolean ours = inf.getFileName().toString().startsWith("irqscope") || inf.toString().contains("oem");
        String service = ours ? Installer.SERVICE : "old";
        if (ours) {
            services.put(service, new State(true, "\\SystemRoot\\System32\\drivers\\irqscope.sys"));
            try {
                Files.write(windows.resolve("System32/drivers/irqscope.sys"), new byte[] {1});
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            keys.computeIfAbsent(instance.toUpperCase(Locale.ROOT), name -> new TreeMap<>()).put("Irqscope",
                    new KeyTree(List.of(new KeyTree.Value("Priority", 4, new byte[4])), Map.of()));
        }
        add(new PnpDevice(instance, old.description(), old.hardwareIds(), old.compatibleIds(), ours ? "System" : "Net",
                ours ? "{4d36e97d-e325-11ce-bfc1-08002be10318}" : NET, service,
                new Driver(ours ? "oem" + (published - 1) + ".inf" : inf.getFileName().toString(),
                        ours ? "irqscope" : "Maker", ours ? "" : "12.1"), old.networkId(), ours ? problem : 0));
        /* As on Windows, a binding that fails has done some of its work already. */
        change("bind " + instance + " " + inf.getFileName());
        return restart;
    }

    // ---- Services, keys, facts -----------------------------------------------------------------------------------

    @Override
    public Optional<State> query(String name) throws SetupException {
        present();
        return Optional.ofNullable(services.get(name));
    }

    @Override
    public void stop(String name) throws SetupException {
        if (services.containsKey(name)) {
            change("stop " + name);
            services.put(name, new State(false, services.get(name).image()));
        }
    }

    @Override
    public void delete(String name) throws SetupException {
        if (services.containsKey(name)) {
            change("delete " + name);
            services.remove(name);
        }
    }

    @Override
    public Optional<KeyTree> read(String instance, String key) throws SetupException {
        named(instance);
        return Optional.ofNullable(keys.getOrDefault(instance.toUpperCase(Locale.ROOT), Map.of()).get(key));
    }

    @Override
    public void write(String instance, String key, Optional<KeyTree> tree) throws SetupException {
        change("write " + key);
        named(instance);
        Map<String, KeyTree> trees = keys.computeIfAbsent(instance.toUpperCase(Locale.ROOT), name -> new TreeMap<>());
        if (tree.isPresent()) {
            trees.put(key, tree.get());
        } else {
            trees.remove(key);
        }
    }

    @Override
    public Optional<KeyTree.Value> machine(String key, String value) {
        return Optional.ofNullable(machine.get(key + "\\" + value));
    }

    @Override
    public String version() {
        return "10.0.19045";
    }

    @Override
    public boolean elevated() {
        return elevated;
    }

    @Override
    public String architecture() {
        return architecture;
    }

    @Override
    public OptionalInt codeIntegrity() {
        return integrity;
    }

    @Override
    public List<Group> groups() {
        return List.of(new Group(64, 64), new Group(16, 64));
    }

    @Override
    public List<Port> ports() {
        return ports;
    }

    @Override
    public Path windows() {
        return windows;
    }

    @Override
    public String kind() {
        return kind;
    }
}
