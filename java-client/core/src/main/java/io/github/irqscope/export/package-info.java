/** Recordings in the forms of other tools. Each is written as it is read, in memory that does not grow with the file. */
package io.github.irqscope.export;
