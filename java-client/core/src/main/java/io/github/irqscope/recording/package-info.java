/**
 * Recordings: everything that an event stream carried, in one file, and what is made of it. A live device and a recording
 * are the same to who looks: both are an {@link io.github.irqscope.recording.EventSource}, and what is shown of them is
 * drawn from a {@link io.github.irqscope.recording.Tally}.
 */
package io.github.irqscope.recording;
