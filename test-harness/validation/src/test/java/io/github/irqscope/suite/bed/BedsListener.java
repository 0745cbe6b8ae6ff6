package io.github.irqscope.suite.bed;

import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says which beds a run is about and which it leaves out, and starts early what takes long. Once in each JVM: one of
 * several side by side gets its classes as plans of their own. What was started ends with the JVM.
 */
public final class BedsListener implements TestExecutionListener {
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        if (BEGUN.getAndSet(true)) {
            return;
        }
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
}
