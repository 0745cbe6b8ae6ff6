package io.github.irqscope.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NoiseTest {
    /* From the tables of Student's distribution in any textbook. */
    @ParameterizedTest
    @CsvSource({"0.025,1,12.706", "0.025,4,2.776", "0.025,10,2.228", "0.005,10,3.169", "0.005,30,2.750", "0.0005,20,3.850",
        "0.05,100,1.660"})
    void knowsTheTableOfStudentsDistribution(double chance, double freedom, double value) {
        assertEquals(value, Noise.student(chance, freedom), 0.0006);
    }

    @Test
    void tooFewPartsSayNothing() {
        assertTrue(Double.isNaN(Noise.band(new double[4], new double[20], false, 0.01)));
        assertTrue(Double.isNaN(Noise.band(new double[4], false, 0.01)));
        assertEquals(0, Noise.band(new double[5], new double[5], false, 0.01));
    }

    @Test
    void equalRunsLieOutsideOfTheBandAsOftenAsTheChanceSays() {
        Random random = new Random(7);
        int outside = 0;
        for (int i = 0; i < 2000; i++) {
            double[] a = random.doubles(20).toArray();
            double[] b = random.doubles(20).toArray();
            outside += Math.abs(Noise.mean(a) - Noise.mean(b)) > Noise.band(a, b, false, 0.05) ? 1 : 0;
        }
        assertTrue(outside > 60 && outside < 145, outside + " of 2000 where 100 are expected");
    }
}
