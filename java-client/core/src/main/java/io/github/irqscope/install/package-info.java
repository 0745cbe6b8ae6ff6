/**
 * Putting the driver on a machine and taking it away again, and looking at the machine before either. What is called of
 * Windows stands behind {@link io.github.irqscope.install.WindowsSystem}; everything decided is decided here.
 */
package io.github.irqscope.install;
