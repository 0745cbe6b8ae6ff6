package io.github.irqscope.inf;

/** What is wrong with an INF, and where; line 0 is the file as a whole. */
public record InfProblem(String file, int line, InfRule rule, String message) {
    @Override
    public String toString() {
        return file + ":" + line + ": " + rule.label() + ": " + message;
    }
}
