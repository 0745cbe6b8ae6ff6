package io.github.irqscope.cli;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.Device;
import io.github.irqscope.Machine;
import io.github.irqscope.NtStatus;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Session;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.Win32Error;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.policy.Journal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** One verb at work: its words, where data and talk go, and the bed, which is opened when first needed. */
public final class Work implements AutoCloseable {
    private final CommandLine line;
    private final Values values;
    private final Printer talk;
    private final Surroundings surroundings;
    private final OutputFile file;
    private final PrintStream stream;
    private final Printer out;
    private Bed bed;
    private Machine machine;
    private String kernel;

    Work(CommandLine line, PrintStream standard, Printer talk, Surroundings surroundings) {
        this.line = line;
        this.values = new Values(line.verb());
        this.surroundings = surroundings;
        this.talk = talk.withColors(colors(line, surroundings, surroundings.errIsTerminal()));
        String name = line.text(Option.OUTPUT, null);
        if (name != null && name.isEmpty()) {
            throw values.refuse(Option.OUTPUT, name, "a file's name is missing");
        }
        boolean toFile = name != null && !name.equals("-") && !line.verb().writesItsFile();
        boolean colors = colors(line, surroundings, surroundings.outIsTerminal() && !toFile);
        this.file = toFile ? OutputFile.open(name) : null;
        this.stream = toFile ? file.stream() : standard;
        this.out = new Printer(stream, colors, surroundings.unicode() || toFile, surroundings.columns());
    }

    /** Whether to colour, where auto looks at the terminal. */
    static boolean colors(CommandLine line, Surroundings surroundings, boolean terminal) {
        String choice = new Values(line.verb()).choice(Option.COLOR,
                line.text(Option.COLOR, Ranges.DEFAULT_COLOR), Values.COLORS);
        return choice.equals("always") || choice.equals("auto") && terminal && surroundings.colors();
    }

    int run() {
        return line.verb().runner(this).run();
    }

    public CommandLine line() {
        return line;
    }

    public Values values() {
        return values;
    }

    /** Where data goes. */
    public Printer out() {
        return out;
    }

    /** Where data goes that is not text. What it does not take is told by {@link #checkOutput}. */
    public OutputStream data() {
        return stream;
    }

    /** Whether data goes to a terminal, where only text makes sense. */
    public boolean outIsTerminal() {
        return file == null && surroundings.outIsTerminal();
    }

    /** Where everything else goes. */
    public Printer talk() {
        return talk;
    }

    /** Whether a line that is written over and over can be shown. */
    public boolean showsProgress() {
        return surroundings.canRewriteLines() && !line.has(Option.VERBOSE);
    }

    /** Whether a terminal can be drawn on as a whole: one to read from and write to, and nobody asked for data. */
    public boolean hasScreen() {
        return surroundings.outIsTerminal() && surroundings.canRewriteLines() && surroundings.canAsk()
                && file == null && !json() && !line.has(Option.VERBOSE);
    }

    /** Whether the terminal can show more than ASCII. */
    public boolean unicode() {
        return surroundings.unicode();
    }

    public Interruption interruption() {
        return surroundings.interruption();
    }

    public boolean json() {
        return line.has(Option.JSON);
    }

    /** Fails when data can no longer be delivered, so that nobody goes on working for a reader who has gone. */
    public void checkOutput() {
        if (!out.works() && file == null) {
            throw surroundings.outFailed();
        }
    }

    // ---- The bed -------------------------------------------------------------------------------------------------

    public Bed bed() {
        if (bed == null) {
            BedOptions options = bedOptions();
            try {
                bed = surroundings.open(options, line.has(Option.VERBOSE) ? this::tell : null);
            } catch (IllegalArgumentException e) {
                throw new UsageException(line.verb(), e.getMessage());
            }
            recover();
        }
        return bed;
    }

    /** What a sweep that was killed left behind is put back before anything else is done, and said. */
    private void recover() {
        Path folder = journalFolder();
        if (folder == null) {
            return;
        }
        Journal.Recovery recovery = Journal.recover(bed, folder);
        if (recovery.state() != Journal.State.NONE) {
            String text = recovery.text();
            talk.line(Printer.Tone.WARNING, Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".");
            talk.flush();
        }
    }

    /** Where the journal of changed policies is; null where none is needed, because the machine ends with us. */
    public Path journalFolder() {
        if (machineEndsWithUs()) {
            return line.has(Option.STATE) ? Path.of(line.text(Option.STATE, "")) : null;
        }
        return surroundings.userFolder();
    }

    /* A machine below Wine is simulated, too, and its registry, which is Wine's, stays. */
    private boolean machineEndsWithUs() {
        return bed().name().equals("sim");
    }

    /**
     * Asks before policies of a real machine are written, unless --yes says that it may be done.
     *
     * @throws UsageException when nobody can be asked
     */
    public boolean agree(String question) {
        if (!surroundings.mustAsk(bed()) || line.has(Option.YES)) {
            return true;
        }
        if (!surroundings.canAsk()) {
            throw new UsageException(line.verb(), "this is a real machine, and nobody can be asked here: "
                    + question + " --yes does it unasked");
        }
        talk.text(question + " Go on? [y/N] ");
        talk.flush();
        return surroundings.answer().strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    /** One request to a driver, for --verbose. */
    private void tell(String device, String request, int status, int win32) {
        synchronized (talk) {
            talk.line(Printer.Tone.FAINT, device + ": " + request + ": " + NtStatus.name(status)
                    + (win32 == 0 ? "" : ", " + Win32Error.describe(win32)));
        }
    }

    private BedOptions bedOptions() {
        BedOptions options = BedOptions.auto().withBed(
                values.choice(Option.BED, line.text(Option.BED, Ranges.DEFAULT_BED), Values.BEDS));
        boolean real = options.bed().equals("windows") || options.bed().equals("auto") && surroundings.isWindows();
        for (Option option : Option.values()) {
            if (real && option.isSimulated() && line.has(option)) {
                throw new UsageException(line.verb(), option.spelling()
                        + " is for a simulated machine, and this is a real bed; --bed sim simulates one");
            }
        }
        if (line.has(Option.BED_NAME)) {
            String name = values.choice(Option.BED_NAME, line.text(Option.BED_NAME, ""), Values.BED_NAMES);
            if (!real) {
                throw new UsageException(line.verb(), "--bed-name " + name
                        + " is what a real bed calls itself, and this one is simulated");
            }
            options = options.withBedName(name);
        }
        return simulatedOptions(options);
    }

    private BedOptions simulatedOptions(BedOptions given) {
        BedOptions options = given;
        if (line.has(Option.MACHINE)) {
            String name = line.text(Option.MACHINE, "");
            if (name.isEmpty()) {
                throw values.refuse(Option.MACHINE, name, "a preset's or file's name is missing");
            }
            options = options.withMachine(name);
        }
        if (line.has(Option.PROFILE)) {
            options = options.withProfile(
                    values.choice(Option.PROFILE, line.text(Option.PROFILE, ""), Values.PROFILES));
        }
        if (line.has(Option.MODE)) {
            options = options.withMode(values.choice(Option.MODE, line.text(Option.MODE, ""), Values.MODES));
        }
        if (line.has(Option.SEED)) {
            options = options.withSeed(values.seed(line.text(Option.SEED, "")));
        }
        if (line.has(Option.STATE)) {
            String folder = line.text(Option.STATE, "");
            try {
                options = options.withState(Path.of(folder));
            } catch (InvalidPathException e) {
                throw values.refuse(Option.STATE, folder, e.getReason());
            }
            if (folder.isEmpty()) {
                throw values.refuse(Option.STATE, folder, "a folder's name is missing");
            }
        }
        List<String> faults = new ArrayList<>();
        for (String fault : line.all(Option.FAULT)) {
            faults.add(values.fault(fault));
        }
        return options.withFaults(faults);
    }

    /** The names asked for, in their order. */
    public List<String> deviceNames() {
        return values.list(Option.DEVICE, line.all(Option.DEVICE));
    }

    /** The devices of these names, every one when there are none. */
    public List<Device> devices(List<String> names) {
        if (names.isEmpty()) {
            return bed().devices();
        }
        List<Device> devices = new ArrayList<>();
        for (String name : names) {
            devices.add(bed().device(name));
        }
        return devices;
    }

    /** The processors asked for; empty when none were. */
    public ProcessorSet processors() {
        ProcessorSet all = ProcessorSet.empty();
        for (String text : line.all(Option.PROCESSORS)) {
            ProcessorSet set = ProcessorText.parse(this, text);
            if (set.isEmpty()) {
                throw values.refuse(Option.PROCESSORS, text, "no processor is named");
            }
            all = all.plus(set);
        }
        return all;
    }

    /** Refuses processors that the machine has not. */
    public void checkProcessors(ProcessorSet asked) {
        ProcessorSet missing = asked.minus(machine().active());
        if (!missing.isEmpty()) {
            throw new UsageException(line.verb(), "--processors: this machine has no " + missing + "; it has "
                    + machine().active());
        }
    }

    /** The groups, processors and nodes, read once from whichever device answers first. */
    public Machine machine() {
        if (machine == null) {
            Snapshot.all(this, List.of());
        }
        if (machine == null) {
            throw new IllegalStateException("no device told what the machine is");
        }
        return machine;
    }

    /** A session is open anyway: what it knows of the machine is kept. */
    public void knows(Session session) {
        if (machine == null) {
            machine = session.machine();
            kernel = session.version().kernel();
        }
    }

    // ---- Output --------------------------------------------------------------------------------------------------

    /** The first line: on what this was done. */
    public void introduce() {
        Printer printer = json() ? talk : out;
        if (!bed().isSimulated()) {
            printer.line(Printer.Tone.STRONG, "Bed " + bed().name() + (kernel == null ? "" : ", kernel " + kernel));
            return;
        }
        SimulatedMachine made = SimulatedMachine.of(bed());
        printer.line(Printer.Tone.STRONG, (machineEndsWithUs() ? "Simulated machine "
                : "Bed " + bed().name() + ", simulated machine ") + made + ", " + made.mode() + " mode: no hardware here.");
        printer.flush();
    }

    /** What opens a file: the program and its version. */
    public static String tool() {
        String version = Main.class.getPackage().getImplementationVersion();
        return "irqscope" + (version == null ? "" : " " + version);
    }

    /** One JSON document: schema, bed and machine, then what the verb has to say. */
    public void document(Consumer<JsonWriter> content) {
        JsonWriter json = new JsonWriter();
        json.beginObject();
        json.name("schema").value(1);
        json.name("bed").value(bed().name());
        json.name("machine").beginObject();
        if (bed().isSimulated()) {
            SimulatedMachine made = SimulatedMachine.of(bed());
            json.name("preset").value(made.preset());
            json.name("profile").value(made.profile());
            json.name("seed").value(made.seed());
            json.name("mode").value(made.mode());
        }
        json.name("groups").beginArray();
        for (Machine.Group group : machine().groups()) {
            json.beginObject();
            json.name("group").value(group.number());
            json.name("active").value(group.active().toString());
            json.name("maximum").value(group.maximum());
            json.endObject();
        }
        json.endArray();
        json.name("kernel").value(kernel);
        json.endObject();
        content.accept(json);
        json.endObject();
        out.document(json.toString());
    }

    /** The work is done: the file of --output comes to its place. */
    void keepOutput() {
        if (file != null) {
            file.keep();
        }
    }

    @Override
    public void close() {
        try {
            if (bed != null) {
                bed.close();
            }
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }
}
