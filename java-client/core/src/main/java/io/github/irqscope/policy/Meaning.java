package io.github.irqscope.policy;

import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.RegistryValue;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What the values below a device's {@code Device Parameters} mean. Those of {@code Irqscope} are this driver's; those of
 * Windows' keys are known from Microsoft's pages "Interrupt Affinity" and "Enabling Message-Signaled Interrupts in the
 * Registry", and a value that is on neither is shown, kept and never written.
 */
public final class Meaning {
    /** The words of IRQ_DEVICE_POLICY, by number; 6 is reserved for the system. */
    public static final List<String> POLICIES = List.of("machine-default", "all-close", "one-close", "all-in-machine",
            "specified", "spread-messages");
    /** The words of IRQ_PRIORITY, by number. */
    public static final List<String> PRIORITIES = List.of("undefined", "low", "normal", "high");

    private static final List<String> POLICY_TEXTS = List.of("the machine's default", "all processors close to the device",
            "one processor close to the device", "all processors", "specified processors",
            "messages spread across all processors");

    private Meaning() {
    }

    /** Whether one of Microsoft's pages, or for our own key this project, says what the value is for. */
    public static boolean isDocumented(String key, String name) {
        return switch (key) {
            case PolicySnapshot.OWN -> isOneOf(name, "Policy", "Priority", "Group", "Processors", "ConnectAtStart");
            case PolicySnapshot.AFFINITY -> isOneOf(name, "DevicePolicy", "AssignmentSetOverride");
            case PolicySnapshot.MESSAGES -> isOneOf(name, "MSISupported", "MessageNumberLimit");
            default -> false;
        };
    }

    private static boolean isOneOf(String name, String... names) {
        for (String one : names) {
            if (one.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** What the value says, in words; empty when nobody has said. */
    public static String of(String key, RegistryValue value) {
        OptionalLong held = value.number();
        if (!isDocumented(key, value.name()) || held.isEmpty()) {
            return "";
        }
        long number = held.getAsLong();
        return switch (value.name().toLowerCase(Locale.ROOT)) {
            case "policy", "devicepolicy" -> number >= 0 && number < POLICY_TEXTS.size() ? POLICY_TEXTS.get((int) number)
                    : "no policy that Microsoft names for drivers";
            case "priority" -> number >= 0 && number < PRIORITIES.size() ? PRIORITIES.get((int) number)
                    : "no priority that Microsoft names";
            case "group" -> "of the specified processors";
            case "processors" -> "the specified processors of the group: mask 0x" + Long.toHexString(number);
            case "assignmentsetoverride" -> number == 0 ? "no processor: ignored"
                    : "the specified processors: " + ProcessorSet.of(0, number);
            case "connectatstart" -> number != 0 ? "the driver connects when the device starts" : "it does not";
            case "msisupported" -> number == 1 ? "messages may be assigned" : "no messages, a line";
            case "messagenumberlimit" -> "messages at most";
            default -> "";
        };
    }

    /** What a policy asks for, in words: "specified processors g1:4-7, priority high". */
    public static String of(Policy policy) {
        String text = POLICY_TEXTS.get(policy.policy());
        if (policy.policy() == Policy.SPECIFIED_PROCESSORS) {
            text += " " + policy.set();
        }
        return text + (policy.priority().isPresent() ? ", priority " + PRIORITIES.get(policy.priority().getAsInt()) : "");
    }
}
