package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.suite.bed.Beds;

import org.junit.jupiter.api.Test;

/** Which beds this run is about. */
class BedsTest {
    @Test
    void everyDemandedBedIsKnown() {
        for (String name : Beds.demanded()) {
            assertTrue(Beds.known().contains(name), () -> "beds=" + name + ": the suite knows " + Beds.known());
        }
    }
}
