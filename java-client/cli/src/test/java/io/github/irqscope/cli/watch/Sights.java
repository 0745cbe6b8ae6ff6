package io.github.irqscope.cli.watch;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import java.util.ArrayList;
import java.util.List;

/** Made-up moments to draw. */
final class Sights {
    private Sights() {
    }

    static List<Machine.Group> groups(int... sizes) {
        List<Machine.Group> groups = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            groups.add(new Machine.Group(i, ProcessorSet.of(i, sizes[i] == 64 ? -1L : (1L << sizes[i]) - 1), sizes[i]));
        }
        return groups;
    }

    /** Rates rise by one a processor within the set; those of strays ran outside. */
    static Sight of(List<Machine.Group> groups, ProcessorSet granted, Processor... strays) {
        List<Sight.Spot> spots = new ArrayList<>();
        int place = 0;
        double sum = 0;
        for (Machine.Group group : groups) {
            for (Processor processor : group.active()) {
                boolean stray = List.of(strays).contains(processor);
                if (!granted.contains(processor) && !stray) {
                    continue;
                }
                double rate = stray ? 2 : place++ % 9;
                sum += rate;
                spots.add(new Sight.Spot(processor, !stray, (long) (10 * rate), rate, rate / 100, stray ? 3 : 0,
                        rate == 0 ? -1 : 1_700, rate == 0 ? -1 : 5_200 + place, rate == 0 ? -1 : 15_300_000,
                        List.of(0.0, rate / 2, rate)));
            }
        }
        return new Sight("simulated machine, made up", "virtual time, a second in a second", 62_000_000_000L, groups,
                List.of(new Sight.Grant("edu0", "message:0", "fully-specified-group", "g0:0-7", granted.toString(),
                        "interrupt-object")),
                spots, "ISR to DPC", sum, (long) (10 * sum), 3L * strays.length, 0, List.of());
    }
}
