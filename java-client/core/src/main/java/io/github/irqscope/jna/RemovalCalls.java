package io.github.irqscope.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.win32.StdCallLibrary.StdCallCallback;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Removal queries by cfgmgr32 (CM_Register_Notification, Windows 8 and later), as Microsoft's page "Registering for
 * Notification of Device Interface Arrival and Device Removal" has it: within the query the handle is closed and
 * ERROR_SUCCESS returned; a notice must not be ended within its own callback, so that is done by another thread. Not run
 * on Windows yet; Wine 8 has no such function.
 */
final class RemovalCalls implements RemovalNotice.Maker {
    private static final int TYPE_DEVICE_HANDLE = 1;
    private static final int ACTION_QUERY_REMOVE = 2;
    private static final int FILTER_SIZE = 416;
    private static final int FILTER_TYPE = 8;
    private static final int FILTER_HANDLE = 16;

    /* The system calls back what nobody here refers to any more. */
    private static final Set<Notice> LIVING = ConcurrentHashMap.newKeySet();

    private static final class Functions {
        Functions() {
            Native.register(Functions.class, "cfgmgr32");
        }

        native int CM_Register_Notification(long filter, long context, StdCallCallback callback, long notice);

        native int CM_Unregister_Notification(long notice);
    }

    /** PCM_NOTIFY_CALLBACK. */
    public interface Query extends StdCallCallback {
        /** Returns ERROR_SUCCESS, or why the removal shall not be. */
        int invoke(long notice, long context, int action, long data, int size);
    }

    private final Functions functions;

    private RemovalCalls(Functions functions) {
        this.functions = functions;
    }

    /** What this system has, looked for when first wanted; nobody is told where the functions are missing. */
    static RemovalNotice.Maker lazily() {
        return (file, action) -> Holder.MAKER.of(file, action);
    }

    private static final class Holder {
        private static final RemovalNotice.Maker MAKER = find();

        private static RemovalNotice.Maker find() {
            try {
                return new RemovalCalls(new Functions());
            } catch (UnsatisfiedLinkError e) {
                return NONE;
            }
        }
    }

    @Override
    public RemovalNotice of(long file, Runnable action) {
        try (Scratch scratch = new Scratch()) {
            Memory filter = scratch.block(FILTER_SIZE);
            filter.setInt(0, FILTER_SIZE);
            filter.setInt(FILTER_TYPE, TYPE_DEVICE_HANDLE);
            filter.setLong(FILTER_HANDLE, file);
            Memory result = scratch.block(Long.BYTES);
            Notice notice = new Notice(functions, action);
            LIVING.add(notice);
            if (functions.CM_Register_Notification(Scratch.address(filter), 0, notice.query,
                    Scratch.address(result)) != 0) {
                LIVING.remove(notice);
                return null;
            }
            notice.handle = result.getLong(0);
            return notice;
        }
    }

    private static final class Notice implements RemovalNotice {
        private final Functions functions;
        private final Query query;
        private final AtomicBoolean told = new AtomicBoolean();
        private final AtomicBoolean closed = new AtomicBoolean();
        private volatile long handle;

        Notice(Functions functions, Runnable action) {
            this.functions = functions;
            this.query = (notice, context, what, data, size) -> {
                if (what == ACTION_QUERY_REMOVE && told.compareAndSet(false, true)) {
                    action.run();
                }
                return 0;
            };
        }

        /* The end of a notice waits for its callback, which may be what ends it. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                Thread end = new Thread(() -> {
                    functions.CM_Unregister_Notification(handle);
                    LIVING.remove(this);
                }, "irqscope removal notice");
                end.setDaemon(true);
                end.start();
            }
        }
    }
}
