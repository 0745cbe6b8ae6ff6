package io.github.irqscope.cli;

import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ProcessorSyntaxException;

/** The set that --processors names. A class of its own, because help must not load the library to check who catches. */
final class ProcessorText {
    private ProcessorText() {
    }

    static ProcessorSet parse(Work work, String text) {
        try {
            return ProcessorSet.needsMachine(text) ? ProcessorSet.parse(text, work.machine()) : ProcessorSet.parse(text);
        } catch (ProcessorSyntaxException e) {
            throw new UsageException(work.line().verb(), "--processors \"" + text + "\", column " + e.column() + ": "
                    + e.reason(), text, e.column());
        }
    }
}
