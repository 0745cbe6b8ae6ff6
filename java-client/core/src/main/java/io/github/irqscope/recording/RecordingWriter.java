package io.github.irqscope.recording;

import io.github.irqscope.EventRun;
import io.github.irqscope.json.JsonWriter;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.zip.CRC32C;

/**
 * Writes a recording, block by block, into memory that does not grow. Whatever ends the process, the file is readable up
 * to the last whole block; {@link #finish} makes it a finished one. A write that fails ends the recording there: what
 * came before stays readable. One thread.
 */
public final class RecordingWriter implements Closeable {
    private static final int ROOM = 1 << 19;
    private static final int MOST_PLAIN = 1 << 19;
    private static final int INDEX_ENTRIES = 256;

    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer block = ByteBuffer.allocate(ROOM).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer direct = ByteBuffer.allocateDirect(ROOM);
    private final ByteBuffer index = ByteBuffer
            .allocate(Format.Block.SIZE + Format.INDEX_HEAD_SIZE + INDEX_ENTRIES * Format.Entry.SIZE)
            .order(ByteOrder.LITTLE_ENDIAN);
    private final RunCoder coder = new RunCoder(block.array());
    private final CRC32C check = new CRC32C();
    private long written;
    private long blocks;
    private long lastIndex;
    private int indexed;
    private int feed;
    private int runs;
    private int plain;
    private int events;
    private long lost;
    private long firstTime;
    private long lastTime;
    private long totalEvents;
    private long writtenEvents;
    private long totalLost;
    private boolean finished;

    /**
     * Begins a file; one that is there is replaced.
     *
     * @throws IOException when it cannot be written
     */
    public RecordingWriter(Path path, RecordingHeader header) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        try {
            writeHead(header.toJson().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        coder.begin(Format.Block.SIZE);
        index.position(Format.Block.SIZE + Format.INDEX_HEAD_SIZE);
    }

    private void writeHead(byte[] json) throws IOException {
        int size = Format.Head.SIZE + json.length + padding(json.length);
        ByteBuffer head = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(Format.Head.MAGIC, Format.MAGIC);
        head.putShort(Format.Head.MAJOR, (short) Format.MAJOR);
        head.putShort(Format.Head.MINOR, (short) Format.MINOR);
        head.putInt(Format.Head.JSON_SIZE, json.length);
        head.putInt(Format.Head.JSON_CHECK, check(json, 0, json.length));
        head.putInt(Format.Head.CHECK, check(head.array(), 0, Format.Head.CHECK));
        head.put(Format.Head.SIZE, json);
        write(head, size);
    }

    static int padding(int size) {
        return -size & 7;
    }

    /** Adds a run of a device; leaves its cursor behind its last event. */
    public void add(int ofFeed, EventRun run) throws IOException {
        if (runs > 0 && (ofFeed != feed || coder.position() + RunCoder.most(run.count()) > ROOM
                || plain + run.size() > MOST_PLAIN)) {
            flush();
        }
        if (RunCoder.most(run.count()) > ROOM - Format.Block.SIZE) {
            throw new IllegalArgumentException("a run of " + run.count() + " events does not fit a block");
        }
        if (runs == 0) {
            firstTime = run.base();
            lastTime = run.base();
        }
        feed = ofFeed;
        firstTime = Math.min(firstTime, run.base());
        coder.pack(run);
        lastTime = Math.max(lastTime, coder.lastTime());
        runs++;
        plain += run.size();
        events += run.count();
        lost += run.lost();
        totalEvents += run.count();
        totalLost += run.lost();
    }

    /** Writes what is waiting as a block of its own. */
    public void flush() throws IOException {
        if (runs == 0) {
            return;
        }
        long offset = written;
        block.putInt(Format.Block.RUNS, runs);
        block.putInt(Format.Block.EVENTS, events);
        block.putInt(Format.Block.LOST, (int) Math.min(lost, 0xFFFFFFFFL));
        block.putLong(Format.Block.FIRST_TIME, firstTime);
        block.putLong(Format.Block.LAST_TIME, lastTime);
        writeBlock(block, coder.position() - Format.Block.SIZE, Format.KIND_EVENTS, Format.CODING_PACKED, feed, plain);
        writtenEvents += events;
        addEntry(offset);
        runs = 0;
        plain = 0;
        events = 0;
        lost = 0;
        coder.begin(Format.Block.SIZE);
        if (indexed == INDEX_ENTRIES) {
            writeIndex();
        }
    }

    private void addEntry(long offset) {
        index.putLong(offset).putLong(firstTime).putLong(lastTime).putInt(events)
                .putInt((int) Math.min(lost, 0xFFFFFFFFL)).putInt(feed).putInt(0);
        indexed++;
    }

    private void writeIndex() throws IOException {
        if (indexed == 0) {
            return;
        }
        long offset = written;
        index.putLong(Format.Block.SIZE, lastIndex);
        int size = index.position() - Format.Block.SIZE;
        writeBlock(index, size, Format.KIND_INDEX, Format.CODING_PLAIN, 0, size);
        lastIndex = offset;
        indexed = 0;
        index.position(Format.Block.SIZE + Format.INDEX_HEAD_SIZE);
        channel.force(false);
    }

    /** Something that happened, as an object of JSON: at a time of a device's clock. */
    public void note(int ofFeed, long time, String json) throws IOException {
        flush();
        writeText(Format.KIND_NOTE, ofFeed, time, json);
    }

    /** Events of a processor that were lost and that no run tells of. */
    public void loss(int ofFeed, int group, int number, long count) throws IOException {
        flush();
        JsonWriter json = new JsonWriter();
        json.beginObject().field("processor", "g" + group + ":" + number).field("lost", count).endObject();
        writeText(Format.KIND_LOSS, ofFeed, lastTime, json.toString());
        totalLost += count;
    }

    private void writeText(int kind, int ofFeed, long time, String json) throws IOException {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(Format.Block.SIZE + text.length + padding(text.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(Format.Block.SIZE, text);
        buffer.putLong(Format.Block.FIRST_TIME, time);
        buffer.putLong(Format.Block.LAST_TIME, time);
        writeBlock(buffer, text.length, kind, Format.CODING_PLAIN, ofFeed, text.length);
    }

    /** Ends the recording: totals, the way to the index, and a mark that nothing is missing. */
    public void finish(String reason, Instant now) throws IOException {
        flush();
        writeIndex();
        long offset = written;
        JsonWriter json = new JsonWriter();
        json.beginObject().field("ended", reason).field("finished", now.toString()).field("events", totalEvents)
                .field("lost", totalLost).field("blocks", blocks).field("index", lastIndex).endObject();
        writeText(Format.KIND_END, 0, lastTime, json.toString());
        ByteBuffer tail = ByteBuffer.allocate(Format.TAIL_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        tail.putLong(0, offset).putLong(8, Format.END_MAGIC);
        write(tail, Format.TAIL_SIZE);
        channel.force(true);
        finished = true;
    }

    private void writeBlock(ByteBuffer buffer, int stored, int kind, int coding, int ofFeed, int plainSize)
            throws IOException {
        int size = Format.Block.SIZE + stored + padding(stored);
        for (int i = Format.Block.SIZE + stored; i < size; i++) {
            buffer.put(i, (byte) 0);
        }
        buffer.putInt(Format.Block.MARKER, Format.MARKER);
        buffer.put(Format.Block.KIND, (byte) kind);
        buffer.put(Format.Block.CODING, (byte) coding);
        buffer.putShort(Format.Block.FEED, (short) ofFeed);
        buffer.putLong(Format.Block.NUMBER, blocks);
        buffer.putInt(Format.Block.STORED, stored);
        buffer.putInt(Format.Block.PLAIN, plainSize);
        buffer.putInt(Format.Block.PAYLOAD_CHECK, check(buffer.array(), Format.Block.SIZE, stored));
        buffer.putInt(Format.Block.CHECK, check(buffer.array(), 0, Format.Block.CHECK));
        write(buffer, size);
        blocks++;
    }

    /** The whole of it or nothing: what a failed write left half done is taken away again. */
    private void write(ByteBuffer buffer, int size) throws IOException {
        try {
            for (int at = 0; at < size;) {
                int part = Math.min(direct.capacity(), size - at);
                direct.clear();
                direct.put(buffer.array(), at, part).flip();
                while (direct.hasRemaining()) {
                    channel.write(direct);
                }
                at += part;
            }
            written += size;
        } catch (IOException e) {
            try {
                channel.truncate(written);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private int check(byte[] bytes, int start, int length) {
        check.reset();
        check.update(bytes, start, length);
        return (int) check.getValue();
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** Bytes written so far. */
    public long bytes() {
        return written;
    }

    /** Events added so far. */
    public long events() {
        return totalEvents;
    }

    /** Events that are in the file: those added but for the ones that wait for their block to be full. */
    public long written() {
        return writtenEvents;
    }

    /** Events that the runs added so far tell as lost. */
    public long lost() {
        return totalLost;
    }

    /** Whether the file is a finished recording. */
    public boolean isFinished() {
        return finished;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
