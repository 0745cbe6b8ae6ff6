package io.github.irqscope.recording;

import io.github.irqscope.EventRun;
import io.github.irqscope.Version;
import io.github.irqscope.contract.Contract;
import io.github.irqscope.json.JsonReader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Reads a recording from its beginning to its end, block by block, in memory that does not grow. What cannot be read is
 * passed over and told by {@link #problems}: a file that was cut, a block that is damaged, blocks of a later version.
 */
public final class RecordingReader implements EventSource {
    private static final int MOST_PROBLEMS = 50;

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final RecordingHeader header;
    private final ByteBuffer head = ByteBuffer.allocate(Format.Block.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private byte[] stored = new byte[1 << 19];
    private ByteBuffer plain = ByteBuffer.allocate(1 << 19).order(ByteOrder.LITTLE_ENDIAN);
    private RunCoder coder = new RunCoder(stored);
    private final EventRun run = new EventRun();
    private final CRC32C check = new CRC32C();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long unheard;
    private long start = -1;
    private long at;
    private long events;
    private long lost;
    private long strange;
    private long passed;
    private long windowAt;
    private long windowEnd = Long.MAX_VALUE;
    private ByteBuffer cut;
    private boolean ended;
    private Map<String, Object> end;

    private RecordingReader(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.size = channel.size();
        this.header = readHead();
        peek();
    }

    /** A recording's time begins with its first block. */
    private void peek() throws IOException {
        if (size - at >= Format.Block.SIZE && fill(head, at) && isHead() && isAnyOfFeed(Format.KIND_EVENTS)) {
            start = head.getLong(Format.Block.FIRST_TIME);
        }
    }

    /**
     * Opens a file.
     *
     * @throws RecordingException when it is no recording, or its head cannot be read
     */
    public static RecordingReader open(Path path) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path);
            return new RecordingReader(path, channel);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException second) {
                    e.addSuppressed(second);
                }
            }
            if (e instanceof RecordingException known) {
                throw known;
            }
            String why = e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
            throw new RecordingException(path + ": " + why, e);
        }
    }

    /** Whether a file begins as a recording does; false also when it cannot be read. */
    public static boolean isRecording(Path path) {
        try (FileChannel channel = FileChannel.open(path)) {
            ByteBuffer magic = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            return channel.read(magic, 0) == Long.BYTES && magic.getLong(0) == Format.MAGIC;
        } catch (IOException e) {
            return false;
        }
    }

    private RecordingHeader readHead() throws IOException {
        ByteBuffer first = ByteBuffer.allocate(Format.Head.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        if (!fill(first, 0) || first.getLong(Format.Head.MAGIC) != Format.MAGIC) {
            throw new RecordingException(path + ": this is no recording of irqscope", null);
        }
        int length = first.getInt(Format.Head.JSON_SIZE);
        if (check(first.array(), 0, Format.Head.CHECK) != first.getInt(Format.Head.CHECK) || length < 0
                || length > Format.LARGEST_HEADER || length > size - Format.Head.SIZE) {
            throw new RecordingException(path + ": the head is damaged, nothing can be read", null);
        }
        int major = Short.toUnsignedInt(first.getShort(Format.Head.MAJOR));
        if (major != Format.MAJOR) {
            problem("it was recorded in version " + major + "." + Short.toUnsignedInt(first.getShort(Format.Head.MINOR))
                    + " of the format, this reader knows " + Format.MAJOR + "." + Format.MINOR
                    + ": what it knows is shown");
        }
        ByteBuffer json = ByteBuffer.allocate(length);
        if (!fill(json, Format.Head.SIZE)
                || check(json.array(), 0, length) != first.getInt(Format.Head.JSON_CHECK)) {
            throw new RecordingException(path + ": the header is damaged, nothing can be read", null);
        }
        at = Format.Head.SIZE + length + RecordingWriter.padding(length);
        try {
            return RecordingHeader.parse(new String(json.array(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new RecordingException(path + ": the header makes no sense: " + e.getMessage(), e);
        }
    }

    @Override
    public RecordingHeader header() {
        return header;
    }

    /** When the recording begins, in nanoseconds of the clock of its devices; 0 when it has no event. */
    public long begin() {
        return start < 0 ? 0 : Version.nanoseconds(start, header.feeds().get(0).frequency());
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /**
     * From here on only the events of a part of the recording are handed over: blocks before and behind it are passed
     * over without being read. Times count from the first block's first event.
     *
     * @param from   where the part begins, nanoseconds
     * @param length how long it is, nanoseconds
     */
    public void window(long from, long length) {
        windowAt = from;
        windowEnd = from > Long.MAX_VALUE - length ? Long.MAX_VALUE : from + length;
    }

    /** Hands over the next block that can be read, without waiting. */
    @Override
    public boolean next(RunHandler handler, Duration limit) {
        return next(handler);
    }

    /**
     * Hands over the next block that can be read.
     *
     * @return false when there is none any more
     */
    public boolean next(RunHandler handler) {
        try {
            while (!ended) {
                if (step(handler)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            problem("it cannot be read from byte " + at + " on: " + e.getMessage());
            ended = true;
            return false;
        }
    }

    /** Hands over everything that is left. */
    public void readAll(RunHandler handler) {
        while (next(handler)) {
            /* each call hands one block over */
        }
    }

    private boolean step(RunHandler handler) throws IOException {
        if (size - at < Format.Block.SIZE) {
            cut(at < size ? "in the middle of a block's head" : "without its end");
            return false;
        }
        head.clear();
        fill(head, at);
        if (!isHead()) {
            skip();
            return false;
        }
        int length = head.getInt(Format.Block.STORED);
        long next = at + Format.Block.SIZE + length + RecordingWriter.padding(length);
        if (isAnyOfFeed(Format.KIND_EVENTS) && start < 0) {
            start = head.getLong(Format.Block.FIRST_TIME);
        }
        if (next > size) {
            cut("in the middle of a block of " + told());
            return false;
        }
        if (isAnyOfFeed(Format.KIND_EVENTS) && !touchesWindow()) {
            passed += Integer.toUnsignedLong(head.getInt(Format.Block.EVENTS));
            at = next;
            return false;
        }
        room(length, head.getInt(Format.Block.PLAIN));
        fill(ByteBuffer.wrap(stored, 0, length), at + Format.Block.SIZE);
        long offset = at;
        at = next;
        if (check(stored, 0, length) != head.getInt(Format.Block.PAYLOAD_CHECK)) {
            problem("the block at byte " + offset + " is damaged: " + told() + missing());
            unheard += head.getInt(Format.Block.EVENTS);
            return false;
        }
        return take(handler, length, offset);
    }

    private boolean isAnyOfFeed(int kind) {
        return head.get(Format.Block.KIND) == kind
                && Short.toUnsignedInt(head.getShort(Format.Block.FEED)) < header.feeds().size();
    }

    private boolean touchesWindow() {
        return nanoseconds(head.getLong(Format.Block.LAST_TIME)) >= windowAt
                && nanoseconds(head.getLong(Format.Block.FIRST_TIME)) < windowEnd;
    }

    private boolean isWithinWindow() {
        return nanoseconds(head.getLong(Format.Block.FIRST_TIME)) >= windowAt
                && nanoseconds(head.getLong(Format.Block.LAST_TIME)) < windowEnd;
    }

    /** Since the recording's beginning, by the clock of the block's device. */
    private long nanoseconds(long ticks) {
        return Version.nanoseconds(ticks - start,
                header.feeds().get(Short.toUnsignedInt(head.getShort(Format.Block.FEED))).frequency());
    }

    private boolean isHead() {
        return head.getInt(Format.Block.MARKER) == Format.MARKER
                && check(head.array(), 0, Format.Block.CHECK) == head.getInt(Format.Block.CHECK)
                && within(head.getInt(Format.Block.STORED)) && within(head.getInt(Format.Block.PLAIN));
    }

    private static boolean within(int length) {
        return length >= 0 && length <= Format.LARGEST_BLOCK;
    }

    private void room(int length, int plainLength) {
        if (length > stored.length) {
            stored = new byte[Format.LARGEST_BLOCK];
            coder = new RunCoder(stored);
        }
        if (plainLength > plain.capacity()) {
            plain = ByteBuffer.allocate(Format.LARGEST_BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** "16,384 events from 1.250 s to 1.266 s". */
    private String told() {
        int kind = head.get(Format.Block.KIND);
        int feed = Short.toUnsignedInt(head.getShort(Format.Block.FEED));
        if (kind != Format.KIND_EVENTS || feed >= header.feeds().size()) {
            return kind == Format.KIND_INDEX ? "an index" : kind == Format.KIND_END ? "the end" : "kind " + kind;
        }
        RecordingHeader.Feed of = header.feeds().get(feed);
        return head.getInt(Format.Block.EVENTS) + " events of " + of.device() + " from "
                + seconds(of, head.getLong(Format.Block.FIRST_TIME)) + " to "
                + seconds(of, head.getLong(Format.Block.LAST_TIME)) + " s";
    }

    private String missing() {
        return head.get(Format.Block.KIND) == Format.KIND_EVENTS ? " are missing" : " is passed over";
    }

    private String seconds(RecordingHeader.Feed feed, long ticks) {
        long milliseconds = Math.floorDiv(ticks - start, Math.max(1, feed.frequency() / 1000));
        return milliseconds / 1000 + "." + String.valueOf(1000 + Math.floorMod(milliseconds, 1000)).substring(1);
    }

    private boolean take(RunHandler handler, int length, long offset) {
        int kind = head.get(Format.Block.KIND);
        int feed = Short.toUnsignedInt(head.getShort(Format.Block.FEED));
        switch (kind) {
            case Format.KIND_EVENTS:
                return takeEvents(handler, length, offset, feed);
            case Format.KIND_INDEX:
                return false;
            case Format.KIND_NOTE:
                notes.add(new String(stored, 0, length, StandardCharsets.UTF_8));
                return false;
            case Format.KIND_LOSS:
                takeLoss(length);
                return false;
            case Format.KIND_END:
                takeEnd(length);
                return false;
            default:
                strange++;
                return false;
        }
    }

    private boolean takeEvents(RunHandler handler, int length, long offset, int feed) {
        int coding = head.get(Format.Block.CODING);
        if (coding != Format.CODING_PACKED || feed >= header.feeds().size()) {
            strange++;
            unheard += head.getInt(Format.Block.EVENTS);
            return false;
        }
        coder.begin(0);
        if (!coder.unpack(length, plain, head.getInt(Format.Block.RUNS), head.getInt(Format.Block.EVENTS),
                head.getInt(Format.Block.PLAIN))) {
            problem("the block at byte " + offset + " does not unpack: " + told() + missing());
            unheard += head.getInt(Format.Block.EVENTS);
            return false;
        }
        boolean whole = isWithinWindow();
        int position = 0;
        while (position < plain.limit()) {
            int from = position;
            position = run.read(plain, from);
            if (!whole) {
                int count = run.count();
                boolean some = cut(from);
                passed += count - (some ? run.count() : 0);
                if (!some) {
                    continue;
                }
            }
            events += run.count();
            lost += run.lost();
            handler.run(feed, run);
        }
        return true;
    }

    /** Places the run on a copy of itself that has the events of the window alone. False: there are none. */
    private boolean cut(int from) {
        if (cut == null || cut.capacity() < plain.capacity()) {
            cut = ByteBuffer.allocate(plain.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        }
        boolean begins = nanoseconds(run.base()) >= windowAt && nanoseconds(run.base()) < windowEnd;
        int first = -1;
        int kept = 0;
        int place = from + Contract.Run.SIZE;
        cut.put(0, plain, from, Contract.Run.SIZE);
        for (int event = 0; run.next(); event++) {
            long time = nanoseconds(run.time());
            if (time >= windowAt && time < windowEnd) {
                first = first < 0 ? event : first;
                cut.put(Contract.Run.SIZE + kept * Contract.Event.SIZE, plain, place + event * Contract.Event.SIZE,
                        Contract.Event.SIZE);
                kept++;
            }
        }
        if (kept == 0 && (!begins || run.lost() == 0)) {
            return false;
        }
        cut.putInt(Contract.Run.COUNT, kept);
        cut.putLong(Contract.Run.SEQUENCE, run.sequence() + Math.max(0, first));
        cut.putInt(Contract.Run.LOST, begins ? (int) run.lost() : 0);
        run.read(cut, 0);
        return true;
    }

    private void takeLoss(int length) {
        try {
            boolean here = start < 0 || isAnyOfFeed(Format.KIND_LOSS) && touchesWindow();
            if (here && JsonReader.readObject(text(length)).get("lost") instanceof Long count) {
                lost += count;
            }
        } catch (IllegalArgumentException e) {
            problem("a record of lost events makes no sense: " + e.getMessage());
        }
    }

    private void takeEnd(int length) {
        ended = true;
        try {
            end = JsonReader.readObject(text(length));
        } catch (IllegalArgumentException e) {
            problem("the end makes no sense: " + e.getMessage());
            return;
        }
        if (end.get("events") instanceof Long told && told != events + passed + unheard) {
            problem("its end tells of " + told + " events, and " + (events + passed)
                    + " were there");
        }
        if (strange > 0) {
            problem("blocks of a kind that this reader does not know: " + strange + ", passed over");
        }
    }

    private String text(int length) {
        return new String(stored, 0, length, StandardCharsets.UTF_8);
    }

    private void cut(String where) {
        problem("it was cut at byte " + size + ", " + where + "; what came before is here");
        if (strange > 0) {
            problem("blocks of a kind that this reader does not know: " + strange + ", passed over");
        }
        ended = true;
    }

    /** To the next place that looks like a block's head, and is one. */
    private void skip() throws IOException {
        long from = at;
        ByteBuffer window = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (at += 8; size - at >= Format.Block.SIZE;) {
            window.clear().limit((int) Math.min(window.capacity(), size - at));
            fill(window, at);
            int last = window.limit() - Format.Block.SIZE;
            for (int place = 0; place <= last; place += 8) {
                if (window.getInt(place) == Format.MARKER) {
                    head.put(0, window.array(), place, Format.Block.SIZE);
                    if (isHead()) {
                        at += place;
                        problem("the bytes from " + from + " to " + at + " are no block and were passed over");
                        return;
                    }
                }
            }
            at += last / 8 * 8 + 8;
        }
        at = from;
        cut("with bytes that are no block from " + from + " on");
    }

    private boolean fill(ByteBuffer buffer, long position) throws IOException {
        long place = position;
        while (buffer.hasRemaining()) {
            int part = channel.read(buffer, place);
            if (part < 0) {
                return false;
            }
            place += part;
        }
        return true;
    }

    private int check(byte[] bytes, int start, int length) {
        check.reset();
        check.update(bytes, start, length);
        return (int) check.getValue();
    }

    private void problem(String text) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(text);
        } else if (problems.size() == MOST_PROBLEMS) {
            problems.add("there is more that is wrong with it");
        }
    }

    @Override
    public boolean hasEnded() {
        return ended;
    }

    @Override
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** What was noted while it was recorded, each an object of JSON, as far as was read. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Events handed over so far. */
    public long events() {
        return events;
    }

    /** Events lost so far, as runs and loss records tell. */
    public long lost() {
        return lost;
    }

    /** Events that the file has and that could not be read. */
    public long unreadable() {
        return unheard;
    }

    /** Why the recording ended: duration, interrupted, device; empty before the end, or without one. */
    public Optional<String> reason() {
        return end != null && end.get("ended") instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Bytes read so far. */
    public long position() {
        return at;
    }

    /** Bytes of the file. */
    public long size() {
        return size;
    }

    @Override
    public void close() {
        ended = true;
        try {
            channel.close();
        } catch (IOException e) {
            problem("it does not close: " + e.getMessage());
        }
    }
}
