/** The verb that reads and writes what a device's registry says about its interrupts. */
package io.github.irqscope.cli.policy;
