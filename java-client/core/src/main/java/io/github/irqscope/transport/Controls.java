package io.github.irqscope.transport;

/** Words to a simulated machine. */
public interface Controls {
    /**
     * What the machine answers.
     *
     * @param done whether it did what it was told
     * @param text the answer, or why not
     */
    record Answer(boolean done, String text) {
    }

    /** Says one line of words and waits for the answer. */
    Answer control(String words);
}
