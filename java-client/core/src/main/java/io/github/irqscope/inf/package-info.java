/** INF files: a reader that keeps line numbers, and a checker that holds them against what Microsoft's InfVerif documents. */
package io.github.irqscope.inf;
