package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class NearMatchesTest {
    private static final String[] WORDS = {"win7", "win10", "nt52", "server2022"};

    @Test
    void countsASwapOfNeighboursAsOne() {
        assertEquals(1, NearMatches.distance("tirgger", "trigger"));
        assertEquals(0, NearMatches.distance("", ""));
        assertEquals(3, NearMatches.distance("abc", ""));
    }

    @Test
    void namesAllThatAreEquallyNear() {
        assertEquals("; did you mean 'win7' or 'win10'?", NearMatches.hint("win", WORDS));
    }

    @Test
    void namesNothingThatIsFar() {
        assertEquals("", NearMatches.hint("linux", WORDS));
        assertEquals("", NearMatches.hint("", WORDS));
    }

    @Test
    void namesTheWordThatTheGivenOneBegins() {
        assertEquals("; did you mean 'server2022'?", NearMatches.hint("ser", WORDS));
    }
}
