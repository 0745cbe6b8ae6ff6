package io.github.irqscope.transport;

/** Words to a simulated machine, and of what it was made. */
public interface Controls {
    /**
     * What the machine answers.
     *
     * @param done whether it did what it was told
     * @param text the answer, or why not
     */
    record Answer(boolean done, String text) {
    }

    /** Of what the machine is made now: machine, profile, seed, mode, time, and state when its registry has a folder. */
    HostOptions made();

    /** Says one line of words and waits for the answer. */
    Answer control(String words);
}
