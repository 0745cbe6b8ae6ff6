package io.github.irqscope.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ContractTest {
    private static ContractHeader header;

    @BeforeAll
    static void readHeader() throws IOException {
        header = ContractHeader.read();
    }

    @Test
    void everyAssertingLineOfTheHeaderIsUnderstood() {
        int understood = header.codes().size() + header.values().size() + header.sizes().size()
                + header.offsets().values().stream().mapToInt(Map::size).sum();
        assertEquals(header.assertingLines(), understood);
    }

    @Test
    void codesAndValuesAreTheHeadersBothWays() throws IllegalAccessException {
        Map<String, Integer> expected = new TreeMap<>(header.codes());
        expected.putAll(header.values());
        assertEquals(expected, constants(Contract.class));
    }

    @Test
    void structuresAreTheHeadersBothWays() throws IllegalAccessException {
        Map<String, Map<String, Integer>> expected = new TreeMap<>();
        header.sizes().forEach((name, size) -> {
            Map<String, Integer> fields = new TreeMap<>(Map.of("SIZE", size));
            header.offsets().get(name).forEach((field, offset) -> fields.put(upper(field), offset));
            expected.put(name.replace("_", "").toLowerCase(Locale.ROOT), fields);
        });
        Map<String, Map<String, Integer>> actual = new TreeMap<>();
        for (Class<?> structure : Contract.class.getDeclaredClasses()) {
            actual.put(structure.getSimpleName().toLowerCase(Locale.ROOT), constants(structure));
        }
        assertEquals(expected, actual);
    }

    @Test
    void interfaceClassIsTheHeaders() {
        assertEquals(header.guidInComment(), Contract.INTERFACE.toString());
        assertEquals(header.guidInMacro(), Contract.INTERFACE.toString().replace("-", ""));
    }

    /* KernelMajor is KERNEL_MAJOR here. */
    private static String upper(String field) {
        return field.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    private static Map<String, Integer> constants(Class<?> holder) throws IllegalAccessException {
        Map<String, Integer> constants = new TreeMap<>();
        for (Field field : holder.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                constants.put(field.getName(), field.getInt(null));
            }
        }
        return constants;
    }
}
