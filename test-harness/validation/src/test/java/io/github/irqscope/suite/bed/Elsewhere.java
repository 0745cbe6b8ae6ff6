package io.github.irqscope.suite.bed;

/** A JVM somewhere else that has the same test classes. */
interface Elsewhere {
    /**
     * Runs one test there and waits for its end.
     *
     * @param uniqueId the test's, as JUnit has it there
     * @throws Throwable what the test threw, with its stack trace there; an AssertionError with the end of that JVM's
     *                   log when it died or did not answer
     */
    void run(String uniqueId) throws Throwable;
}
