package io.github.irqscope.suite.bed;

import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says which beds a run is about and which it leaves out, starts early what takes long, and ends what was started. */
public final class BedsListener implements TestExecutionListener {
    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        List<String> here = new ArrayList<>();
        for (BedUnderTest bed : Beds.all()) {
            Optional<String> missing = Beds.missing(bed);
            if (!Beds.chosen().contains(bed)) {
                System.out.println("bed " + bed.name() + ": left out, -Dbeds names others");
            } else if (missing.isPresent()) {
                System.out.println("bed " + bed.name() + ": " + (Beds.demanded().contains(bed.name())
                        ? "demanded, and not here: " : "skipped, it is not here: ") + missing.get());
            } else {
                here.add(bed.name());
                if (!bed.lacks().isEmpty()) {
                    System.out.println("bed " + bed.name() + ": no test that needs " + String.join(", ",
                            bed.lacks().stream().map(Need::toString).toList()));
                }
                if (bed instanceof WineBed) {
                    WineBed.begin();
                }
            }
        }
        System.out.println("beds of this run: " + String.join(", ", here));
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        WineBed.end();
    }
}
