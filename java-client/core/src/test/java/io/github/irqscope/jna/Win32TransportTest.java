package io.github.irqscope.jna;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;

import io.github.irqscope.Threads;
import io.github.irqscope.transport.Completion;
import io.github.irqscope.transport.Transport;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The transport over a kernel32 in Java that keeps Windows' rules about who owns which memory and handle until when.
 */
@Timeout(30)
class Win32TransportTest {
    private static final int STATUS_CANCELLED = 0xC0000120;
    private static final int PEND = 1;
    private static final int ECHO = 2;
    private static final int FAIL_AT_ONCE = 3;
    private static final int PEND_THEN_FAIL = 4;
    private static final long FILE = 7;

    private final FakeKernel kernel = new FakeKernel();
    private final Win32Transport transport = new Win32Transport(kernel.asWin32(), FILE, "\\\\?\\device");

    @Test
    void aRequestThatSucceedsAtOnceBringsItsOutput() {
        ByteBuffer output = ByteBuffer.allocate(16);
        Completion completion = transport.control(ECHO, ByteBuffer.wrap(new byte[] {1, 2, 3}), output);
        assertEquals(new Completion(0, 0, 3), completion);
        assertEquals(3, output.position());
        assertEquals(3, output.get(2));
        transport.close();
        kernel.assertNothingLeft();
    }

    @Test
    void largeRequestsAndRepliesGoThroughAsWell() {
        byte[] bytes = new byte[100_000];
        bytes[99_999] = 42;
        ByteBuffer output = ByteBuffer.allocate(bytes.length);
        assertEquals(bytes.length, transport.control(ECHO, ByteBuffer.wrap(bytes), output).transferred());
        assertEquals(42, output.get(99_999));
        transport.close();
    }

    @Test
    void aRequestThatFailsAtOnceHasNoStatus() {
        Completion completion = transport.control(FAIL_AT_ONCE, ByteBuffer.allocate(0), ByteBuffer.allocate(0));
        assertFalse(completion.hasStatus());
        assertEquals(5, completion.win32());
        transport.close();
    }

    @Test
    void aRequestThatFailsLaterHasItsStatus() {
        Completion completion = transport.control(PEND_THEN_FAIL, ByteBuffer.allocate(0), ByteBuffer.allocate(4));
        assertEquals(new Completion(0xC00000F1, 87, 0), completion);
        transport.close();
    }

    @Test
    void aPendingReadIsWaitedForAndStartedAgain() throws Exception {
        Transport.Read read = transport.read(PEND, ByteBuffer.wrap(new byte[] {9}), 32);
        for (int round = 0; round < 5; round++) {
            read.start();
            assertFalse(read.await(0));
            CompletableFuture<Boolean> waiting = Threads.start(() -> read.await(-1));
            kernel.complete(0, round + 1);
            assertTrue(waiting.get(10, TimeUnit.SECONDS));
            assertEquals(0, read.status());
            assertEquals(round + 1, read.buffer().remaining());
        }
        transport.close();
        kernel.assertNothingLeft();
    }

    @Test
    void aMachinesTimeMovesWhileAReaderWaitsAndNoLonger() {
        FakeTime time = new FakeTime();
        try (Transport tested = new Win32Transport(kernel.asWin32(), FILE, "x", time)) {
            Transport.Read read = tested.read(PEND, ByteBuffer.allocate(4), 32);
            read.start();
            assertFalse(read.await(0));
            assertEquals(0, time.steps, "who only looks does not wait");
            assertTrue(read.await(-1));
            assertEquals(FakeTime.NEEDED, time.steps);
            assertEquals(5, read.buffer().remaining());
            assertEquals(0, time.requests);
            tested.control(ECHO, ByteBuffer.wrap(new byte[] {1}), ByteBuffer.allocate(4));
            assertEquals(0, time.requests, "each that begun has ended");
            read.start();
            assertEquals(1, time.requests);
        }
        assertEquals(0, time.requests, "also one that was cancelled");
        kernel.assertNothingLeft();
    }

    /* The read completes in the third step. */
    private final class FakeTime implements MachineTime {
        private static final int NEEDED = 3;

        private int requests;
        private int steps;

        @Override
        public void begun() {
            requests++;
        }

        @Override
        public void ended() {
            requests--;
        }

        @Override
        public long step() {
            assertEquals(1, requests);
            if (++steps == NEEDED) {
                kernel.complete(0, 5);
            }
            return 0;
        }
    }

    @Test
    void aWaitCanRunOutOfTime() {
        Transport.Read read = transport.read(PEND, ByteBuffer.allocate(4), 32);
        read.start();
        assertFalse(read.await(5));
        transport.close();
        assertTrue(read.await(5));
        assertEquals(STATUS_CANCELLED, read.status());
    }

    @Test
    void closingWakesAReaderAndARequestAndFreesAfterTheSystemIsDone() throws Exception {
        for (int round = 0; round < 100; round++) {
            FakeKernel own = new FakeKernel();
            own.cancelsToIgnore = round % 3;
            Win32Transport tested = new Win32Transport(own.asWin32(), FILE, "x");
            Transport.Read awaited = tested.read(PEND, ByteBuffer.allocate(4), 32);
            Transport.Read alone = tested.read(PEND, ByteBuffer.allocate(4), 32);
            awaited.start();
            alone.start();
            CountDownLatch waiting = new CountDownLatch(2);
            CompletableFuture<Integer> reader = Threads.start(() -> {
                waiting.countDown();
                awaited.await(-1);
                return awaited.status();
            });
            CompletableFuture<Integer> request = Threads.start(() -> {
                waiting.countDown();
                try {
                    return tested.control(PEND, ByteBuffer.allocate(0), ByteBuffer.allocate(8)).status();
                } catch (IllegalStateException e) {
                    return STATUS_CANCELLED; /* the close came first */
                }
            });
            assertTrue(waiting.await(10, TimeUnit.SECONDS));
            tested.close();
            own.assertNothingLeft();
            assertEquals(STATUS_CANCELLED, reader.get(10, TimeUnit.SECONDS));
            assertEquals(STATUS_CANCELLED, request.get(10, TimeUnit.SECONDS));
            assertEquals(STATUS_CANCELLED, alone.status());
            tested.close();
        }
    }

    @Test
    void severalClosesAtOnceCloseTheHandleOnce() throws Exception {
        Transport.Read read = transport.read(PEND, ByteBuffer.allocate(4), 32);
        read.start();
        List<CompletableFuture<Void>> closes = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            closes.add(Threads.start(thread == 0 ? read::close : transport::close));
        }
        for (CompletableFuture<Void> close : closes) {
            close.get(10, TimeUnit.SECONDS);
        }
        transport.close();
        kernel.assertNothingLeft();
        assertThrows(IllegalStateException.class,
                () -> transport.control(ECHO, ByteBuffer.allocate(0), ByteBuffer.allocate(0)));
        assertThrows(IllegalStateException.class, () -> transport.read(PEND, ByteBuffer.allocate(0), 8));
    }

    @Test
    void aReadThatIsClosedAloneLeavesTheHandle() {
        Transport.Read read = transport.read(PEND, ByteBuffer.allocate(4), 32);
        read.start();
        read.close();
        read.close();
        assertEquals(STATUS_CANCELLED, read.status());
        assertEquals(0, transport.control(ECHO, ByteBuffer.allocate(0), ByteBuffer.allocate(0)).status());
        transport.close();
        kernel.assertNothingLeft();
    }

    @Test
    void aReadThatStartsWhileItsHandleClosesIsCancelled() {
        Transport.Read read = transport.read(PEND, ByteBuffer.allocate(4), 32);
        transport.close();
        read.start();
        assertTrue(read.await(-1));
        assertEquals(STATUS_CANCELLED, read.status());
        kernel.assertNothingLeft();
    }

    @Test
    void anInterruptedThreadClosesAllTheSame() {
        Transport.Read read = transport.read(PEND, ByteBuffer.allocate(4), 32);
        kernel.cancelsToIgnore = 3;
        read.start();
        Thread.currentThread().interrupt();
        transport.close();
        assertTrue(Thread.interrupted());
        kernel.assertNothingLeft();
    }

    @Test
    void aRemovalQueryClosesTheHandleBeforeItIsAnswered() {
        transport.onRemovalQuery(transport::close);
        Transport.Read read = transport.read(PEND, ByteBuffer.allocate(0), 8);
        read.start();
        kernel.query.run(); /* what the system does in its callback: when it returns, the handle must be closed */
        kernel.assertNothingLeft();
        assertEquals(1, kernel.noticesEnded);
        assertFalse(transport.onRemovalQuery(transport::close), "a closed handle has nothing to give");
        assertEquals(2, kernel.noticesEnded);
    }

    @Test
    void aNoticeEndsWithItsHandleAndASystemMayHaveNone() {
        assertTrue(transport.onRemovalQuery(transport::close));
        transport.close();
        transport.close();
        assertEquals(1, kernel.noticesEnded);
        FakeKernel other = new FakeKernel();
        other.tellsNobody = true;
        Win32Transport untold = new Win32Transport(other.asWin32(), FILE, "x");
        assertFalse(untold.onRemovalQuery(untold::close));
        untold.close();
        other.assertNothingLeft();
    }

    /** Requests that pend are held as the system holds them: an event or memory given back too early is seen. */
    private static final class FakeKernel implements Kernel32 {
        private static final int ERROR_INVALID_HANDLE = 6;
        private static final ThreadLocal<Integer> LAST = ThreadLocal.withInitial(() -> 0);

        private final Map<Long, Boolean> events = new HashMap<>();
        private final Map<Long, long[]> pending = new HashMap<>();
        private long nextEvent = 100;
        private boolean fileOpen = true;
        private int cancelsToIgnore;
        private String broken;
        private Runnable query;
        private boolean tellsNobody;
        private int noticesEnded;

        Win32 asWin32() {
            return new Win32(this, null, null, LAST::get, (file, action) -> {
                assertEquals(FILE, file);
                query = action;
                return tellsNobody ? null : () -> noticesEnded++;
            });
        }

        synchronized void assertNothingLeft() {
            assertEquals(null, broken);
            assertTrue(events.isEmpty(), "events left: " + events);
            assertTrue(pending.isEmpty(), "requests left");
            assertFalse(fileOpen, "the file is open");
        }

        synchronized void complete(int status, int bytes) {
            List.copyOf(pending.keySet()).forEach(overlapped -> end(overlapped, status, bytes));
        }

        private void end(long overlapped, int status, int bytes) {
            pending.remove(overlapped);
            Pointer block = new Pointer(overlapped);
            block.setLong(0, status & 0xFFFFFFFFL);
            block.setLong(8, bytes);
            events.computeIfPresent(block.getLong(24), (event, set) -> true);
            notifyAll();
        }

        @Override
        public synchronized int DeviceIoControl(long file, int code, long in, int inSize, long out, int outSize,
                long returned, long overlapped) {
            if (!fileOpen || file != FILE || !Boolean.FALSE.equals(events.get(new Pointer(overlapped).getLong(24)))) {
                broken = "a request on a closed file, or with an event that is set or gone";
                LAST.set(ERROR_INVALID_HANDLE);
                return 0;
            }
            switch (code) {
                case ECHO -> {
                    if (inSize > 0) {
                        new Pointer(out).write(0, new Pointer(in).getByteArray(0, inSize), 0, inSize);
                    }
                    end(overlapped, 0, inSize);
                    new Pointer(returned).setInt(0, inSize);
                    return 1;
                }
                case FAIL_AT_ONCE -> {
                    LAST.set(5);
                    return 0;
                }
                default -> {
                    pending.put(overlapped, new long[] {out, outSize});
                    if (code == PEND_THEN_FAIL) {
                        end(overlapped, 0xC00000F1, 0);
                    }
                    LAST.set(997);
                    return 0;
                }
            }
        }

        @Override
        public synchronized int GetOverlappedResult(long file, long overlapped, long transferred, int wait) {
            Pointer block = new Pointer(overlapped);
            int status = (int) block.getLong(0);
            new Pointer(transferred).setInt(0, (int) block.getLong(8));
            LAST.set(status == 0 ? 0 : status == STATUS_CANCELLED ? 995 : 87);
            return status == 0 ? 1 : 0;
        }

        /* Overlapped 0: all of the file. The first few find nothing, as when a request is only being handed in. */
        @Override
        public synchronized int CancelIoEx(long file, long overlapped) {
            if (cancelsToIgnore-- > 0) {
                LAST.set(1168);
                return 0;
            }
            for (long request : List.copyOf(pending.keySet())) {
                if (overlapped == 0 || overlapped == request) {
                    end(request, STATUS_CANCELLED, 0);
                }
            }
            return 1;
        }

        @Override
        public synchronized int CloseHandle(long handle) {
            if (handle == FILE) {
                broken = fileOpen && pending.isEmpty() ? broken : "the file was closed twice or too early";
                fileOpen = false;
            } else if (events.remove(handle) == null) {
                broken = "an event was closed twice";
            } else if (pending.keySet().stream().anyMatch(request -> new Pointer(request).getLong(24) == handle)) {
                broken = "the event of a pending request was closed";
            }
            return 1;
        }

        @Override
        public synchronized long CreateEventW(long security, int manual, int initial, long name) {
            events.put(nextEvent, false);
            return nextEvent++;
        }

        @Override
        public synchronized int ResetEvent(long event) {
            events.put(event, false);
            return 1;
        }

        @Override
        public synchronized int WaitForSingleObject(long handle, int milliseconds) {
            long until = System.nanoTime() + milliseconds * 1_000_000L;
            while (Boolean.FALSE.equals(events.get(handle))) {
                long left = milliseconds < 0 ? 1000 : (until - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return 258;
                }
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return 258;
                }
            }
            return events.containsKey(handle) ? 0 : -1;
        }

        @Override
        public long CreateFileW(long path, int access, int share, long security, int disposition, int flags,
                long template) {
            return FILE;
        }
    }
}
