package io.github.irqscope.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class ClockTest {
    private static final long SECOND = 1_000_000_000L;

    private long source;
    private long wall;
    private final Clock clock = Clock.of(() -> source, () -> wall, "virtual time", 1);

    @Test
    void waitsForWhoeverIsAhead() {
        source = 40_000_000;
        wall = 10_000_000;
        assertEquals(30_000_000, clock.ahead());
        wall = 50_000_000;
        assertEquals(0, clock.ahead());
        assertEquals("virtual time, a second in a second", clock.text());
    }

    @Test
    void saysHowSlowItIsAndDoesNotHurryAfterwards() {
        for (int i = 1; i <= 10; i++) {
            source = i * SECOND / 4;
            wall = i * SECOND;
            clock.ahead();
        }
        assertEquals("virtual time, 0.25 s in a second", clock.text());
        source += SECOND;
        assertEquals(true, clock.ahead() > SECOND / 8, "it does not make up for the seconds that it was slow");
    }

    @Test
    void playsFasterWhenAsked() {
        Clock fast = Clock.of(() -> source, () -> wall, "recorded time", 10);
        source = 20 * SECOND;
        assertEquals(2 * SECOND, fast.ahead());
        assertEquals("recorded time, 10 s in a second", fast.text());
        assertEquals("", Clock.real().text());
        assertEquals(0, Clock.real().ahead());
    }
}
