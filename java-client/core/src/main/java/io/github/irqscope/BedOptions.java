package io.github.irqscope;

import java.nio.file.Path;
import java.util.List;

/**
 * Which bed to open and, of a simulated one, which machine to make. What is null is left to the default.
 *
 * @param bed     auto, sim or windows
 * @param bedName vm or metal: what to call a real bed
 * @param machine preset or path of a machine file; 64/16/64 unless said
 * @param profile nt52, win7, win10 or server2022; server2022 unless said
 * @param seed    of everything random; 1 unless said
 * @param mode    documented or observed; documented unless said
 * @param time    virtual or real; virtual unless said
 * @param state   folder where the machine's registry lives on
 * @param faults  words of faults to inject, each as the machine's control takes them behind "fault"
 */
public record BedOptions(String bed, String bedName, String machine, String profile, Long seed, String mode,
        String time, Path state, List<String> faults) {
    /** A simulated machine unless said: three groups, one of them small. */
    public static final String DEFAULT_MACHINE = "64/16/64";
    /** Its kernel unless said. */
    public static final String DEFAULT_PROFILE = "server2022";
    /** Of everything random in it unless said. */
    public static final long DEFAULT_SEED = 1;
    /** Whose answers it gives unless said. */
    public static final String DEFAULT_MODE = "documented";
    static final String DEFAULT_TIME = "virtual";

    /** Refuses a bed that there is not. */
    public BedOptions {
        bed = bed == null ? "auto" : bed;
        faults = faults == null ? List.of() : List.copyOf(faults);
        oneOf("bed", bed, "auto", "sim", "windows");
        oneOf("bed name", bedName, "vm", "metal");
        oneOf("mode", mode, "documented", "observed");
        oneOf("time", time, "virtual", "real");
    }

    /** Windows where this is Windows, else a simulated machine; every default. */
    public static BedOptions auto() {
        return new BedOptions("auto", null, null, null, null, null, null, null, List.of());
    }

    /** A simulated machine. */
    public static BedOptions sim() {
        return auto().withBed("sim");
    }

    /** The same on that bed. */
    public BedOptions withBed(String value) {
        return new BedOptions(value, bedName, machine, profile, seed, mode, time, state, faults);
    }

    /** The same, a real bed called that. */
    public BedOptions withBedName(String value) {
        return new BedOptions(bed, value, machine, profile, seed, mode, time, state, faults);
    }

    /** The same with that preset or machine file. */
    public BedOptions withMachine(String value) {
        return new BedOptions(bed, bedName, value, profile, seed, mode, time, state, faults);
    }

    /** The same with that kernel. */
    public BedOptions withProfile(String value) {
        return new BedOptions(bed, bedName, machine, value, seed, mode, time, state, faults);
    }

    /** The same with that seed. */
    public BedOptions withSeed(long value) {
        return new BedOptions(bed, bedName, machine, profile, value, mode, time, state, faults);
    }

    /** The same, documented or observed. */
    public BedOptions withMode(String value) {
        return new BedOptions(bed, bedName, machine, profile, seed, value, time, state, faults);
    }

    /** The same in virtual or real time. */
    public BedOptions withTime(String value) {
        return new BedOptions(bed, bedName, machine, profile, seed, mode, value, state, faults);
    }

    /** The same with the registry in that folder. */
    public BedOptions withState(Path value) {
        return new BedOptions(bed, bedName, machine, profile, seed, mode, time, value, faults);
    }

    /** The same with these faults. */
    public BedOptions withFaults(List<String> value) {
        return new BedOptions(bed, bedName, machine, profile, seed, mode, time, state, value);
    }

    /* Such an option with a real bed is a mistake: nobody injects a fault into hardware by meaning another machine. */
    boolean wantsSimulation() {
        return machine != null || profile != null || seed != null || mode != null || time != null || state != null
                || !faults.isEmpty();
    }

    private static void oneOf(String what, String value, String... allowed) {
        if (value != null && !List.of(allowed).contains(value)) {
            throw new IllegalArgumentException("\"" + value + "\" is no " + what + "; there are "
                    + String.join(", ", allowed));
        }
    }
}
