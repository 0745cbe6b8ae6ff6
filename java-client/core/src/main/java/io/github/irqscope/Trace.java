package io.github.irqscope;

/** Is told every request to a driver, after it has ended, on the thread that sent it. */
@FunctionalInterface
public interface Trace {
    /**
     * A request has ended.
     *
     * @param device  which one was asked
     * @param request what was asked: {@code connect fully-specified-group message:0}; of a trigger also what became of it
     * @param status  the NTSTATUS of the request, or, when that succeeded, of the kernel routine that it asked
     * @param win32   the last error, 0 when the request succeeded
     */
    void request(String device, String request, int status, int win32);
}
