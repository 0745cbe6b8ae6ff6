/** The verbs that look at a machine and change its drivers: {@code driver}, {@code inf}, {@code doctor}. */
package io.github.irqscope.cli.driver;
