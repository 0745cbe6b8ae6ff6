package io.github.irqscope.install;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has been done so far, each with what takes it back. A step is told before it is done, so that a step that fails
 * half-way is taken back, too: every undo tolerates that there is nothing to undo.
 */
final class UndoStack {
    /** Takes one step back. */
    interface Undo {
        void run() throws SetupException, IOException;
    }

    private record Step(String name, Undo undo) {
    }

    private final Deque<Step> steps = new ArrayDeque<>();

    void push(String name, Undo undo) {
        steps.push(new Step(name, undo));
    }

    /** Takes everything back, the last first, and goes on when one fails. What failed, empty when nothing did. */
    String run() {
        StringBuilder failures = new StringBuilder();
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try {
                step.undo().run();
            } catch (SetupException | IOException | RuntimeException e) {
                failures.append(failures.length() == 0 ? "" : "; ").append(step.name()).append(": ")
                        .append(e.getMessage());
            }
        }
        return failures.toString();
    }
}
