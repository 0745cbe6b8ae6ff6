package io.github.irqscope.cli.driver;

import io.github.irqscope.cli.MissingException;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.Work;
import io.github.irqscope.install.DeviceInf;
import io.github.irqscope.install.DriverFiles;
import io.github.irqscope.install.PnpDevice;
import io.github.irqscope.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.function.Consumer;
import java.util.function.Function;

/** What the verbs of this package share: where files are, and how a document begins. */
final class Places {
    /** Of DriverVer in a generated INF: the version of the driver files, pom.xml's with a fourth number; a test compares. */
    static final String VERSION = "0.1.0.0";

    private Places() {
    }

    static DriverFiles files(Work work) {
        String name = work.line().text(Option.FILES, null);
        if (name == null) {
            return DriverFiles.ofThisProgram().orElseThrow(() -> new MissingException("there is no driver folder beside "
                    + "this program; build it (./mvnw package with mingw-w64), or name it with --files DIR"));
        }
        return DriverFiles.find(path(work, Option.FILES, name)).orElseThrow(() -> new MissingException("--files " + name
                + ": neither it nor a folder above has " + DriverFiles.ROOT_INF + " in inf/"));
    }

    static Path path(Work work, Option option, String name) {
        try {
            return Path.of(name).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw work.values().refuse(option, name, e.getReason());
        }
    }

    /** Does something with an INF that was written for the device, and deletes it. */
    static <T> T withGeneratedInf(PnpDevice device, Function<Path, T> action) {
        try {
            Path folder = Files.createTempDirectory("irqscope");
            Path inf = folder.resolve(DeviceInf.NAME);
            try {
                Files.writeString(inf, DeviceInf.text(device, VERSION, LocalDate.now()), StandardCharsets.UTF_8);
                return action.apply(inf);
            } finally {
                Files.deleteIfExists(inf);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void document(Work work, Consumer<JsonWriter> content) {
        JsonWriter json = new JsonWriter();
        json.beginObject().field("schema", 1);
        content.accept(json);
        json.endObject();
        work.out().document(json.toString());
    }

    static void textOrNull(JsonWriter json, Object text) {
        if (text == null) {
            json.nullValue();
        } else {
            json.value(text.toString());
        }
    }
}
