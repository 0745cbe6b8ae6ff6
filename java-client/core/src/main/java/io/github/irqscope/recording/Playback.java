package io.github.irqscope.recording;

import io.github.irqscope.EventRun;
import io.github.irqscope.Version;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;

/**
 * A recording as if it happened now: {@link #next} hands over what the time that it is given brings, no more. Its clock is
 * {@link #now}; how fast that goes is up to who reads. Runs come when their first event does.
 */
public final class Playback implements EventSource {
    private final RecordingReader reader;
    private final EventRun run = new EventRun();
    private ByteBuffer waiting = ByteBuffer.allocate(1 << 19).order(ByteOrder.LITTLE_ENDIAN);
    private int feed;
    private int place;
    private long now;

    /**
     * Of what is left of a recording; closing it closes the reader.
     *
     * @param from the recorded time at which it begins, in nanoseconds since the recording's beginning
     */
    public Playback(RecordingReader reader, long from) {
        this.reader = reader;
        this.now = from;
        waiting.limit(0);
    }

    /** Nanoseconds since the recording's beginning. */
    public long now() {
        return now;
    }

    @Override
    public RecordingHeader header() {
        return reader.header();
    }

    /** Goes on by that time, and hands over the runs that begin in it. */
    @Override
    public boolean next(RunHandler handler, Duration limit) {
        long end = now + limit.toNanos();
        boolean some = false;
        while (fill()) {
            int behind = run.read(waiting, place);
            if (Version.nanoseconds(run.base(), header().feeds().get(feed).frequency()) - reader.begin() > end) {
                break;
            }
            handler.run(feed, run);
            place = behind;
            some = true;
        }
        now = end;
        return some;
    }

    /** Makes sure that a run is waiting; false when there is none any more. A block is of one device. */
    private boolean fill() {
        while (place >= waiting.limit()) {
            waiting.clear();
            place = 0;
            boolean more = reader.next((of, next) -> {
                if (waiting.remaining() < next.size()) {
                    ByteBuffer larger = ByteBuffer.allocate(waiting.capacity() * 2 + next.size())
                            .order(ByteOrder.LITTLE_ENDIAN);
                    larger.put(waiting.flip());
                    waiting = larger;
                }
                feed = of;
                next.copyTo(waiting);
            });
            waiting.flip();
            if (!more) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean hasEnded() {
        return place >= waiting.limit() && reader.hasEnded();
    }

    @Override
    public List<String> problems() {
        return reader.problems();
    }

    @Override
    public void close() {
        reader.close();
    }
}
