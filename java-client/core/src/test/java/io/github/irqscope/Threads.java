package io.github.irqscope;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A thread of its own for each task: a pool of few threads would let one blocked task keep the others from starting.
 */
public final class Threads {
    private Threads() {
    }

    public static <T> CompletableFuture<T> start(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, Threads::run);
    }

    public static CompletableFuture<Void> start(Runnable task) {
        return CompletableFuture.runAsync(task, Threads::run);
    }

    private static void run(Runnable command) {
        Thread thread = new Thread(command, "test");
        thread.setDaemon(true);
        thread.start();
    }
}
