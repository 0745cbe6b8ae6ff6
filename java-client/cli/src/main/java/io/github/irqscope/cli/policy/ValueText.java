package io.github.irqscope.cli.policy;

import io.github.irqscope.RegistryValue;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.policy.Meaning;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A registry value for people and for documents. */
final class ValueText {
    private static final int SZ = 1;
    private static final int MOST_BYTES = 32;

    private ValueText() {
    }

    /** A number as a number, text as text, everything else as bytes. */
    static String of(RegistryValue value) {
        if (value.type() == RegistryValue.QWORD && value.number().isPresent()) {
            return "0x" + Long.toHexString(value.number().getAsLong());
        }
        if (value.type() == RegistryValue.DWORD && value.number().isPresent()) {
            return Long.toString(value.number().getAsLong());
        }
        if (value.type() == SZ) {
            return '"' + new String(value.data(), StandardCharsets.UTF_16LE).replace("\0", "") + '"';
        }
        byte[] data = value.data();
        String text = HexFormat.ofDelimiter(" ").formatHex(data, 0, Math.min(data.length, MOST_BYTES));
        return data.length > MOST_BYTES ? text + " ... (" + data.length + " bytes)" : text;
    }

    /** As an object of a document, null when there is no such value. */
    static void write(JsonWriter json, String key, RegistryValue value) {
        if (value == null) {
            json.nullValue();
            return;
        }
        String meaning = Meaning.of(key, value);
        json.beginObject().field("name", value.name()).field("type", value.typeName())
                .field("data", HexFormat.of().formatHex(value.data())).field("shown", of(value))
                .field("meaning", meaning.isEmpty() ? null : meaning)
                .field("documented", Meaning.isDocumented(key, value.name())).endObject();
    }
}
