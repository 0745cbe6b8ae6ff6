package io.github.irqscope;

/**
 * Names one interrupt that the PnP manager assigned to a device: {@code line:0}, {@code message:3}.
 *
 * @param kind   a line or a message
 * @param number from 0 within the kind
 */
public record ResourceId(Kind kind, int number) implements Comparable<ResourceId> {
    /** Refuses a negative number. */
    public ResourceId {
        if (kind == null || number < 0) {
            throw new IllegalArgumentException("a resource is a kind and a number from 0");
        }
    }

    /**
     * The resource of this name.
     *
     * @throws IllegalArgumentException saying how a resource is written
     */
    public static ResourceId parse(String text) {
        int colon = text.indexOf(':');
        if (colon > 0 && text.length() - colon <= 6) {
            for (Kind kind : Kind.values()) {
                String digits = text.substring(colon + 1);
                if (kind.text().equals(text.substring(0, colon)) && digits.matches("[0-9]+")) {
                    return new ResourceId(kind, Integer.parseInt(digits));
                }
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is no resource; write line:N or message:N");
    }

    @Override
    public int compareTo(ResourceId other) {
        int kinds = kind.compareTo(other.kind);
        return kinds != 0 ? kinds : Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return kind.text() + ":" + number;
    }
}
