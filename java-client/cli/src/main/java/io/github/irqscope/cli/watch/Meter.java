package io.github.irqscope.cli.watch;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.recording.RecordingHeader;
import io.github.irqscope.recording.Tally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Turns a tally that grows into rates: what it counts now against what it counted a moment before. */
public final class Meter {
    private static final int GROUP_SIZE = 64;
    private static final int TRENDS = 24;

    private final RecordingHeader header;
    private final Tally tally;
    private final long window;
    private final ProcessorSet granted;
    private final int places;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private final List<double[]> trends = new ArrayList<>();
    private long began;

    /** What was counted at a moment. */
    private record Mark(long time, long events, long[] counts) {
    }

    /**
     * A meter of what this tally counts.
     *
     * @param window nanoseconds that a rate is taken over
     * @param now    the time at which the tally was empty
     */
    public Meter(Tally tally, long window, long now) {
        this.tally = tally;
        this.header = tally.header();
        this.window = window;
        this.places = GROUP_SIZE * header.machine().groups().stream().mapToInt(group -> group.number() + 1).max()
                .orElse(1);
        ProcessorSet all = ProcessorSet.empty();
        for (RecordingHeader.Feed feed : header.feeds()) {
            for (RecordingHeader.Link link : feed.links()) {
                for (RecordingHeader.Target target : link.targets()) {
                    all = target.granted() == null ? all : all.plus(target.granted());
                }
            }
        }
        this.granted = all;
        reset(now);
    }

    /** Begins to count anew. */
    public void reset(long now) {
        tally.reset();
        marks.clear();
        trends.clear();
        began = now;
        marks.add(new Mark(now, 0, new long[places]));
    }

    /**
     * An interval is over: what there is to see now.
     *
     * @param notes what else must be known
     * @param clock whose time it is, for the reader
     */
    public Sight look(long now, List<String> notes, String clock) {
        long[] counts = new long[places];
        for (Tally.Row row : tally.rows()) {
            counts[place(row.processor())] = row.count();
        }
        while (marks.size() > 1 && now - marks.peekFirst().time() > window) {
            marks.removeFirst();
        }
        Mark before = marks.peekFirst();
        marks.addLast(new Mark(now, tally.events(), counts));
        double seconds = Math.max(1, now - before.time()) / 1e9;
        double[] rates = new double[places];
        double sum = Math.max(1, tally.events() - before.events());
        for (int place = 0; place < places; place++) {
            rates[place] = (counts[place] - before.counts()[place]) / seconds;
        }
        trends.add(rates);
        if (trends.size() > TRENDS) {
            trends.remove(0);
        }
        List<Sight.Spot> spots = new ArrayList<>();
        boolean paced = false;
        boolean measured = false;
        for (Machine.Group group : header.machine().groups()) {
            for (int number = 0; number < GROUP_SIZE; number++) {
                Processor processor = new Processor(group.number(), number);
                Tally.Row row = tally.row(processor);
                if (row == null && !granted.contains(processor)) {
                    continue;
                }
                int place = place(processor);
                Tally.Times times = row == null ? null : times(row);
                paced |= row != null && row.triggerToIsr().count() > 0;
                measured |= times != null && times.count() > 0;
                spots.add(spot(processor, row, times, rates[place], rates[place] * seconds / sum, trend(place)));
            }
        }
        return new Sight(subject(header), clock, now - began, header.machine().groups(), grants(), spots,
                !measured ? "" : paced ? "trigger to ISR" : "ISR to DPC", (tally.events() - before.events()) / seconds,
                tally.events(), outside(), tally.lost(), notes);
    }

    private Sight.Spot spot(Processor processor, Tally.Row row, Tally.Times times, double rate, double share,
            List<Double> trend) {
        boolean known = times != null && times.count() > 0;
        return new Sight.Spot(processor, granted.contains(processor), row == null ? 0 : row.count(), rate, share,
                row == null ? 0 : row.outside(), known ? row.nanoseconds(times.percentile(50)) : -1,
                known ? row.nanoseconds(times.percentile(99)) : -1, known ? row.nanoseconds(times.highest()) : -1,
                trend);
    }

    /** The time that says most: only paced triggers have one to their ISR. */
    private static Tally.Times times(Tally.Row row) {
        return row.triggerToIsr().count() > 0 ? row.triggerToIsr() : row.isrToDpc();
    }

    private List<Double> trend(int place) {
        List<Double> trend = new ArrayList<>(trends.size());
        for (double[] rates : trends) {
            trend.add(rates[place]);
        }
        return trend;
    }

    private long outside() {
        long outside = 0;
        for (Tally.Row row : tally.rows()) {
            outside += row.outside();
        }
        return outside;
    }

    /** On what it is seen: the bed, unless a simulated machine is all that it is. */
    static String subject(RecordingHeader header) {
        SimulatedMachine made = header.made();
        String bed = "bed " + header.bed() + ", ";
        return made == null ? bed + "kernel " + header.feeds().get(0).kernel()
                : (header.bed().equals("sim") ? "" : bed) + "simulated machine " + made.preset() + ", " + made.profile() + ", seed " + made.seed();
    }

    private List<Sight.Grant> grants() {
        List<Sight.Grant> grants = new ArrayList<>();
        for (RecordingHeader.Feed feed : header.feeds()) {
            for (RecordingHeader.Link link : feed.links()) {
                String last = null;
                for (RecordingHeader.Target target : link.targets()) {
                    String granted = target.granted() == null ? null : target.granted().toString();
                    Sight.Grant grant = new Sight.Grant(feed.device(), target.resource(), link.way(),
                            target.requested().toString(), granted, target.grantedBy());
                    String key = grant.requested() + '/' + granted + '/' + grant.grantedBy();
                    if (key.equals(last)) {
                        Sight.Grant before = grants.remove(grants.size() - 1);
                        grant = new Sight.Grant(feed.device(), span(before.resources(), target.resource()), link.way(),
                                grant.requested(), granted, grant.grantedBy());
                    }
                    last = key;
                    grants.add(grant);
                }
            }
        }
        return grants;
    }

    /** message:0 and message:1 as message:0-1, that and message:2 as message:0-2. */
    private static String span(String before, String resource) {
        int dash = before.indexOf('-');
        return (dash < 0 ? before : before.substring(0, dash)) + '-' + resource.substring(resource.indexOf(':') + 1);
    }

    private static int place(Processor processor) {
        return processor.group() * GROUP_SIZE + processor.number();
    }
}
