package io.github.irqscope.suite.bed;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The other side of {@link OtherJvm}: runs the tests whose ids it is told, one after the other, with JUnit's launcher,
 * and answers how each ended. It ends when nobody speaks to it any more.
 */
public final class InnerSuite {
    /** In the place of a test's id: what all threads are doing, into the log. */
    static final String THREADS = "threads";

    private static final String END = "";
    private static final String MAIN = "main";
    private static final int SHOWN_FRAMES = 25;

    private InnerSuite() {
    }

    /** The port on this computer where somebody waits for us. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
                LauncherSession session = LauncherFactory.openSession(LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false).build())) {
            socket.setTcpNoDelay(true);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            BlockingQueue<String> ids = new LinkedBlockingQueue<>();
            Thread ear = new Thread(() -> listen(socket, ids), "ear");
            ear.setDaemon(true);
            ear.start();
            for (String id = ids.take(); !id.equals(END); id = ids.take()) {
                System.out.println("test " + id);
                run(session.getLauncher(), id).write(out);
            }
        }
        /* A test that hung has left threads behind, which must not keep this JVM. */
        System.exit(0);
    }

    private static void listen(Socket socket, BlockingQueue<String> ids) {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                String said = in.readUTF();
                if (said.equals(THREADS)) {
                    tellThreads();
                } else {
                    ids.add(said);
                }
            }
        } catch (IOException e) {
            ids.add(END);
            /* Whoever asked is gone: a test that does not end is nobody's any more. */
            Thread limit = new Thread(() -> {
                try {
                    Thread.sleep(5000);
                } catch (InterruptedException interrupt) {
                    Thread.currentThread().interrupt();
                }
                Runtime.getRuntime().halt(0);
            }, "limit");
            limit.setDaemon(true);
            limit.start();
        }
    }

    /* The end of the log is what is shown: the thread that runs the test comes last, and no stack to its bottom. */
    private static void tellThreads() {
        Map<Thread, StackTraceElement[]> threads = Thread.getAllStackTraces();
        threads.entrySet().stream().filter(each -> !each.getKey().getName().equals(MAIN))
                .forEach(each -> tell(each.getKey(), each.getValue()));
        threads.entrySet().stream().filter(each -> each.getKey().getName().equals(MAIN))
                .forEach(each -> tell(each.getKey(), each.getValue()));
    }

    private static void tell(Thread thread, StackTraceElement[] frames) {
        System.out.println(thread);
        Arrays.stream(frames).limit(SHOWN_FRAMES).forEach(frame -> System.out.println("    at " + frame));
    }

    /* Nothing but a test that ran and passed counts as passed. */
    private static Outcome run(Launcher launcher, String id) {
        Result result = new Result(id);
        launcher.execute(LauncherDiscoveryRequestBuilder.request().selectors(selectUniqueId(id)).build(), result);
        return new Outcome(result.thrown != null ? result.thrown : result.ran ? null
                : new AssertionError("there is no test " + id + " in the other JVM"));
    }

    private static final class Result implements TestExecutionListener {
        private final String id;
        private boolean ran;
        private Throwable thrown;

        Result(String id) {
            this.id = id;
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            thrown = new AssertionError(test.getUniqueId() + " was skipped in the other JVM: " + reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            ran |= test.getUniqueId().equals(id);
            if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL && thrown == null) {
                thrown = result.getThrowable().orElseGet(() -> new AssertionError(result.toString()));
            }
        }
    }
}
