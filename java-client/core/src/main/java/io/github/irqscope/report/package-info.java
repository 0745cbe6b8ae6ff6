/**
 * Recordings and results for people: pages that explain themselves, and comparisons with a noise band. Nothing here
 * needs a driver, and nothing prints.
 */
package io.github.irqscope.report;
