package io.github.irqscope.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    @Test
    void writesEveryKindOfValueInTheOrderOfTheCalls() {
        JsonWriter json = new JsonWriter();
        json.beginObject().field("text", "a").field("whole", -1L).field("part", 0.5).field("yes", true)
                .name("none").nullValue().field("also", (String) null)
                .name("list").beginArray().value(1).beginArray().endArray().beginObject().endObject().value("x")
                .endArray()
                .endObject();
        assertEquals("{\"text\":\"a\",\"whole\":-1,\"part\":0.5,\"yes\":true,\"none\":null,\"also\":null,"
                + "\"list\":[1,[],{},\"x\"]}", json.toString());
    }

    @Test
    void escapesWhatJsonCannotHold() {
        String text = "\"\\/\n\r\t\u0000\u001f\u00e9\u2028\ud83d\ude00\ud800";
        String written = new JsonWriter().value(text).toString();
        assertEquals("\"\\\"\\\\/\\n\\r\\t\\u0000\\u001f\u00e9\u2028\ud83d\ude00\\ud800\"", written);
        assertEquals(text, JsonReader.read(written));
    }

    @Test
    void refusesMisuse() {
        assertThrows(IllegalStateException.class, () -> new JsonWriter().name("a"));
        assertThrows(IllegalStateException.class, () -> new JsonWriter().beginObject().value(1));
        assertThrows(IllegalStateException.class, () -> new JsonWriter().beginObject().endArray());
        assertThrows(IllegalStateException.class, () -> new JsonWriter().beginObject().name("a").endObject());
        assertThrows(IllegalStateException.class, () -> new JsonWriter().value(1).value(2));
        assertThrows(IllegalStateException.class, () -> new JsonWriter().beginArray().toString());
        assertThrows(IllegalStateException.class, () -> new JsonWriter().toString());
        assertThrows(IllegalArgumentException.class, () -> new JsonWriter().value(Double.NaN));
    }

    @Test
    void readsWhatItWrites() {
        Map<String, Object> object = JsonReader.readObject(
                " { \"a\" : [ 1 , -2.5e3, true, null, \"\\u0041\" ] , \"b\" : { } } ");
        assertEquals(Arrays.asList(1L, -2500.0, true, null, "A"), object.get("a"));
        assertEquals(Map.of(), object.get("b"));
        assertEquals(List.of("a", "b"), List.copyOf(object.keySet()));
        assertEquals(Long.MIN_VALUE, JsonReader.read("-9223372036854775808"));
        assertEquals(9.223372036854775808e18, JsonReader.read("9223372036854775808"));
    }

    @Test
    void fieldsThatAreNotThereOrOfAnotherKindAreNamed() {
        Map<String, Object> object = JsonReader.readObject(
                "{\"text\":\"a\",\"number\":7,\"object\":{\"b\":1},\"list\":[{},{\"c\":2}],\"words\":[{},\"d\"],\"none\":null}");
        assertEquals("a", JsonFields.text(object, "text"));
        assertEquals(7, JsonFields.number(object, "number"));
        assertEquals(Map.of("b", 1L), JsonFields.object(object, "object"));
        assertEquals(List.of(Map.of(), Map.of("c", 2L)), JsonFields.objects(object, "list"));
        for (String other : List.of("none", "gone", "words")) {
            assertMissing("text", other, () -> JsonFields.text(object, other));
            assertMissing("number", other, () -> JsonFields.number(object, other));
            assertMissing("object", other, () -> JsonFields.object(object, other));
            assertMissing("list", other, () -> JsonFields.objects(object, other));
        }
        assertMissing("number", "text", () -> JsonFields.number(object, "text"));
        assertMissing("text", "number", () -> JsonFields.text(object, "number"));
        assertMissing("list", "object", () -> JsonFields.objects(object, "object"));
        assertMissing("object", "list", () -> JsonFields.object(object, "list"));
    }

    private static void assertMissing(String kind, String name, Executable read) {
        assertEquals("the " + kind + " \"" + name + "\" is missing",
                assertThrows(IllegalArgumentException.class, read).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "`` | 1 | a value",
        "{\"a\" 1} | 6 | ':'",
        "[1,] | 4 | a value",
        "[1 2] | 4 | ']'",
        "{\"a\":1,\"a\":2} | 12 | twice",
        "{a:1} | 2 | a name",
        "\"abc | 5 | does not end",
        "\"\\x\" | 4 | no escape",
        "\"\\u12\" | 4 | hexadecimal",
        "01 | 1 | a value",
        "+1 | 1 | a value",
        "nul | 1 | a value",
        "1 2 | 3 | ended already"})
    void refusesNonsenseNamingThePlace(String text, int column, String why) {
        String message = assertThrows(IllegalArgumentException.class, () -> JsonReader.read(text)).getMessage();
        assertTrue(message.startsWith("line 1, column " + column + ":"), message);
        assertTrue(message.contains(why), message);
    }

    @Test
    void refusesToBeNestedWithoutEnd() {
        assertThrows(IllegalArgumentException.class, () -> JsonReader.read("[".repeat(100_000)));
    }

    @Test
    void namesTheLine() {
        String message = assertThrows(IllegalArgumentException.class, () -> JsonReader.read("{\n\n  x}")).getMessage();
        assertTrue(message.startsWith("line 3, column 3:"), message);
    }
}
