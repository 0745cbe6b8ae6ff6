package io.github.irqscope.install;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/**
 * Where the driver's files are: beside the jars of a distribution ({@code driver/inf}, {@code driver/x64} …), or in a
 * source tree ({@code inf}, {@code target/driver/x64} …).
 *
 * @param infs   the folder of the INF files
 * @param images the folder whose {@code x64}, {@code x86} and {@code arm64} hold the built drivers
 */
public record DriverFiles(Path infs, Path images) {
    /** The driver's file, everywhere. */
    public static final String IMAGE = "irqscope.sys";
    /** The INF of a root-enumerated device. */
    public static final String ROOT_INF = "irqscope-root.inf";
    /** The INF of QEMU's edu. */
    public static final String EDU_INF = "irqscope.inf";

    /** Looks in the folder and in every folder above it. A clone has INF files also before a driver was built. */
    public static Optional<DriverFiles> find(Path from) {
        for (Path folder = from.toAbsolutePath().normalize(); folder != null; folder = folder.getParent()) {
            for (DriverFiles files : new DriverFiles[] {
                new DriverFiles(folder.resolve("driver").resolve("inf"), folder.resolve("driver")),
                new DriverFiles(folder.resolve("inf"), folder),
                new DriverFiles(folder.resolve("inf"), folder.resolve("target").resolve("driver"))}) {
                if (Files.isRegularFile(files.infs.resolve(ROOT_INF))
                        && (files.hasImage() || files.images.endsWith("driver"))) {
                    return Optional.of(files);
                }
            }
        }
        return Optional.empty();
    }

    /** Looks where this program lies. */
    public static Optional<DriverFiles> ofThisProgram() {
        CodeSource source = DriverFiles.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return Optional.empty();
        }
        try {
            return find(Path.of(source.getLocation().toURI()).getParent());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty(); /* a program that lies in no folder has no files beside it */
        }
    }

    private boolean hasImage() {
        for (String architecture : new String[] {"x64", "x86", "arm64"}) {
            if (Files.isRegularFile(image(architecture, IMAGE))) {
                return true;
            }
        }
        return false;
    }

    /** A driver's file for an architecture; it need not be there. */
    public Path image(String architecture, String name) {
        return images.resolve(architecture).resolve(name);
    }

    /** An INF; it need not be there. */
    public Path inf(String name) {
        return infs.resolve(name);
    }

    /** A file that an INF copies: beside the INF, where who signed it has put it, or the one that was built. */
    Path image(Path inf, String architecture, String name) {
        Path beside = inf.resolveSibling(name);
        return Files.isRegularFile(beside) ? beside : image(architecture, name);
    }

    /** The catalog that signs an INF: beside it, or beside the driver that was built. */
    Optional<Path> catalog(Path inf, String architecture) {
        String name = InfText.stem(inf.getFileName().toString()) + ".cat";
        Path beside = inf.resolveSibling(name);
        Path built = images.resolve(architecture).resolve(name);
        return Files.isRegularFile(beside) ? Optional.of(beside)
                : Files.isRegularFile(built) ? Optional.of(built) : Optional.empty();
    }
}
