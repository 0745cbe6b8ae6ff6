package io.github.irqscope.cli.policy;

import io.github.irqscope.Device;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.cli.CommandLine;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.Ranges;
import io.github.irqscope.cli.UsageException;
import io.github.irqscope.cli.Values;
import io.github.irqscope.cli.Work;
import io.github.irqscope.policy.Meaning;
import io.github.irqscope.policy.PolicyPlan;
import io.github.irqscope.policy.PolicySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What `policy set` was asked to set, checked before any device is looked at. */
final class Wish {
    private static final String NONE = "none";
    private static final String OFF = "off";

    private final CommandLine line;
    private final Values values;
    private final boolean system;
    private final String policy;
    private final ProcessorSet processors;
    private final OptionalInt priority;
    private final OptionalInt messages;

    Wish(Work work) {
        this.line = work.line();
        this.values = work.values();
        this.system = line.has(Option.SYSTEM_KEYS);
        this.processors = work.processors();
        this.policy = policy();
        this.priority = line.has(Option.PRIORITY) ? OptionalInt.of(index(Option.PRIORITY, Meaning.PRIORITIES, false))
                : OptionalInt.empty();
        if (line.has(Option.MESSAGES) && !system) {
            throw new UsageException(line.verb(), "--messages is a value of Windows' own keys, which are written only with"
                    + " --system-keys");
        }
        this.messages = messages();
        if (policy == null && priority.isEmpty() && !line.has(Option.MESSAGES)) {
            throw new UsageException(line.verb(), "policy set: what? --policy, --processors, --priority, or with"
                    + " --system-keys --messages");
        }
        if (NONE.equals(policy) && priority.isPresent()) {
            throw values.refuse(Option.PRIORITY, line.text(Option.PRIORITY, ""), "it goes with a policy, not without one");
        }
        if (system && priority.isPresent()) {
            throw values.refuse(Option.PRIORITY, line.text(Option.PRIORITY, ""), "Windows' affinity policy has no priority"
                    + " that a page of Microsoft's still names; leave --system-keys out, and the driver asks for it");
        }
        if (!processors.isEmpty()) {
            work.checkProcessors(processors);
        }
    }

    /* Null: the policy stays. */
    private String policy() {
        String specified = Meaning.POLICIES.get(Policy.SPECIFIED_PROCESSORS);
        if (!line.has(Option.POLICY)) {
            if (processors.isEmpty()) {
                return null;
            }
            return checked(specified);
        }
        int number = index(Option.POLICY, Meaning.POLICIES, true);
        return number < 0 ? checked(NONE) : checked(Meaning.POLICIES.get(number));
    }

    private String checked(String word) {
        boolean specified = word.equals(Meaning.POLICIES.get(Policy.SPECIFIED_PROCESSORS));
        if (specified && processors.isEmpty()) {
            throw values.refuse(Option.POLICY, line.text(Option.POLICY, ""), "--processors says which");
        }
        if (!specified && !processors.isEmpty()) {
            throw values.refuse(Option.PROCESSORS, processors.toString(), "only the policy specified names processors");
        }
        if (!processors.isEmpty() && !processors.oneGroup()) {
            throw values.refuse(Option.PROCESSORS, processors.toString(), "a policy names processors of one group");
        }
        if (system && !processors.isEmpty() && processors.group() != 0) {
            throw values.refuse(Option.PROCESSORS, processors.toString(), "Windows' AssignmentSetOverride is a mask without"
                    + " a group, so it names processors of group 0 only; without --system-keys the driver asks for them");
        }
        return word;
    }

    /* A word, or its number; -1 for none, where that is one. */
    private int index(Option option, List<String> words, boolean none) {
        String text = line.text(option, "");
        if (text.matches("[0-9]+")) {
            return (int) values.number(option, text, 0, words.size() - 1);
        }
        List<String> known = new ArrayList<>(words);
        if (none) {
            known.add(NONE);
        }
        return words.indexOf(values.choice(option, text, known.toArray(String[]::new)));
    }

    /** What that means for a device. */
    PolicyPlan planFor(Device device) {
        PolicySnapshot now = PolicySnapshot.of(device);
        PolicyPlan plan = new PolicyPlan(now, now);
        if (system) {
            if (policy != null) {
                plan = plan.withSystemPolicy(NONE.equals(policy) ? null : named());
            }
            return line.has(Option.MESSAGES) ? plan.withMessages(messages) : plan;
        }
        if (policy == null) {
            Policy old = device.policy().orElseThrow(() -> new UsageException(line.verb(), "policy set --priority: "
                    + device.name() + " has no policy yet; --policy too"));
            return PolicyPlan.own(now, old.withPriority(priority.getAsInt()));
        }
        if (NONE.equals(policy)) {
            return PolicyPlan.own(now, null);
        }
        OptionalInt keep = priority.isPresent() ? priority
                : device.policy().map(Policy::priority).orElse(OptionalInt.empty());
        return PolicyPlan.own(now, keep.isPresent() ? named().withPriority(keep.getAsInt()) : named());
    }

    private Policy named() {
        int number = Meaning.POLICIES.indexOf(policy);
        return number == Policy.SPECIFIED_PROCESSORS ? Policy.specified(processors) : Policy.of(number);
    }

    /* Empty: none, a line. */
    private OptionalInt messages() {
        String text = line.text(Option.MESSAGES, OFF);
        return text.equals(OFF) ? OptionalInt.empty()
                : OptionalInt.of((int) values.number(Option.MESSAGES, text, Ranges.MESSAGES));
    }
}
