package io.github.irqscope.inf;

/**
 * One install section as one target takes it.
 *
 * @param name the section's whole name, the base of the names of its {@code .HW} and {@code .Services}
 * @param isolated whether it is used where {@code InfVerif /w} applies
 */
record Install(InfSection section, String name, Target target, boolean isolated) {
}
