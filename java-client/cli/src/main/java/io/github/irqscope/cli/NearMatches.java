package io.github.irqscope.cli;

/** "Did you mean": words that differ from the given one by few letters, or that begin with it. */
public final class NearMatches {
    private NearMatches() {
    }

    /** "; did you mean 'validate'?", or nothing. */
    public static String hint(String word, String[] known) {
        StringBuilder found = new StringBuilder();
        int best = Math.max(1, word.length() / 3);
        int count = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (String candidate : known) {
                int distance = startsWith(candidate, word) ? 0 : distance(word, candidate);
                if (pass == 0) {
                    best = Math.min(best, distance);
                } else if (distance == best && count < 3) {
                    found.append(count == 0 ? "'" : "' or '").append(candidate);
                    count++;
                }
            }
        }
        return count == 0 ? "" : "; did you mean " + found + "'?";
    }

    private static boolean startsWith(String candidate, String word) {
        return !word.isEmpty() && candidate.startsWith(word);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
    public static int distance(String left, String right) {
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int differs = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                int least = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
                least = Math.min(least, cost[i - 1][j - 1] + differs);
                if (i > 1 && j > 1 && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1)) {
                    least = Math.min(least, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = least;
            }
        }
        return cost[left.length()][right.length()];
    }
}
