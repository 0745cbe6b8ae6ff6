package io.github.irqscope;

/**
 * Of what a simulated machine was made. Its text is what every head and page says of it: 64/16/64, profile server2022,
 * seed 1.
 *
 * @param preset  or the path of its file
 * @param profile which kernel
 * @param seed    of everything random
 * @param mode    documented or observed
 */
public record SimulatedMachine(String preset, String profile, long seed, String mode) {
    /** That of a bed; null where the hardware is real. */
    public static SimulatedMachine of(Bed bed) {
        return bed.simulation().map(simulation -> new SimulatedMachine(simulation.preset(), simulation.profile(),
                simulation.seed(), simulation.mode())).orElse(null);
    }

    @Override
    public String toString() {
        return preset + ", profile " + profile + ", seed " + seed;
    }
}
