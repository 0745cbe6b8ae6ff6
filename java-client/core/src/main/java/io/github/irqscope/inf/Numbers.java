package io.github.irqscope.inf;

import java.math.BigInteger;

/** Numbers as an INF writes them. */
final class Numbers {
    private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private Numbers() {
    }

    /** Decimal, or hexadecimal behind 0x; null where the text is neither or does not fit into 64 bits. */
    static BigInteger read(String text) {
        try {
            boolean hexadecimal = text.startsWith("0x") || text.startsWith("0X");
            BigInteger value = hexadecimal ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
            return value.signum() < 0 || value.compareTo(LARGEST) > 0 || text.contains("+") ? null : value;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The same as a number below 2^32; -1 where the text is none. */
    static long parse(String text) {
        BigInteger value = read(text);
        return value == null || value.bitLength() > 32 ? -1 : value.longValue();
    }

    /** A byte, hexadecimal with or without 0x. */
    static boolean isByte(String text) {
        return text.matches("(0[xX])?[0-9a-fA-F]{1,2}");
    }
}
