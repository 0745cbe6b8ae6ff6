package io.github.irqscope.suite;

import io.github.irqscope.Bed;
import io.github.irqscope.Kind;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ResourceId;
import io.github.irqscope.suite.bed.Lab;

import java.util.Map;
import java.util.TreeMap;

/** What the simulated kernel itself says that it granted to a device, to be held against what the driver is told. */
record Grants(Map<ResourceId, Grant> each) {
    /** One interrupt. */
    record Grant(long vector, int irql, ProcessorSet processors) {
    }

    static Grants of(Bed bed, String device) {
        Map<ResourceId, Grant> grants = new TreeMap<>();
        for (String line : Lab.say(bed, "grants " + device).split("\n")) {
            if (line.isBlank()) {
                continue;
            }
            String[] words = line.strip().split("\\s+");
            ResourceId resource = ResourceId.parse(words[0] + ":" + words[1]);
            grants.put(resource, new Grant(number(words[2]), (int) number(words[3]),
                    ProcessorSet.of((int) number(words[4]), number(words[5]))));
        }
        return new Grants(grants);
    }

    Grant of(ResourceId resource) {
        Grant grant = each.get(resource);
        if (grant == null) {
            throw new AssertionError("the kernel granted no " + resource + ", only " + each.keySet());
        }
        return grant;
    }

    boolean hasMessages() {
        return each.keySet().stream().anyMatch(resource -> resource.kind() == Kind.MESSAGE);
    }

    private static long number(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }
}
