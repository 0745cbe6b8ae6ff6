package io.github.irqscope.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The projects for Microsoft's WDK build the same sources as CMake does, which takes every .c file of the two folders. */
class WdkProjectTest {
    private static final Path DRIVER = Path.of(System.getProperty("irqscope.root"), "driver-src");

    private static Set<String> listed(String file, String item) throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher matcher = Pattern.compile("<" + item + " Include=\"([^\"]+)\"").matcher(Files.readString(DRIVER.resolve(file)));
        while (matcher.find()) {
            assertTrue(names.add(matcher.group(1).replace('\\', '/')), matcher.group(1) + " stands twice in " + file);
        }
        return names;
    }

    private static Set<String> sources() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String folder : new String[] {"core", "wdm"}) {
            try (Stream<Path> files = Files.list(DRIVER.resolve(folder))) {
                files.filter(path -> path.toString().endsWith(".c")).forEach(path -> names.add(folder + "/" + path.getFileName()));
            }
        }
        return names;
    }

    @Test
    void everySourceOfTheBuildIsInAProjectAndNoOther() throws IOException {
        Set<String> projects = listed("irqscope.props", "ClCompile");
        for (String file : new String[] {"irqscope.vcxproj", "irqscope-audio.vcxproj"}) {
            for (String name : listed(file, "ClCompile")) {
                assertFalse(projects.contains(name), name + " is in both");
                projects.add(name);
            }
        }
        assertEquals(sources(), projects);
    }

    /* Windows 10 1709 is NTDDI 0x0A000004; and the headers' warning of the older pool routine is an error, but where it is
     * the one that older kernels have. */
    @Test
    void theTargetIsTheOldestSupportedAndOneFileCallsTheOlderPool() throws IOException {
        for (String file : new String[] {"irqscope.vcxproj", "irqscope-audio.vcxproj"}) {
            assertTrue(Files.readString(DRIVER.resolve(file)).contains("<_NT_TARGET_VERSION>0xA000004<"), file);
        }
        assertTrue(Files.readString(DRIVER.resolve("irqscope.props")).matches(
                "(?s).*<ClCompile Include=\"wdm\\\\memory.c\">[^C]*C4996[^/]*</?[^>]*>4996;.*"));
        for (String name : sources()) {
            assertEquals(name.equals("wdm/memory.c"), Files.readString(DRIVER.resolve(name)).contains("ExAllocatePoolWithTag"), name);
        }
    }

    @Test
    void onlyTheAudioProjectHasThePortClass() throws IOException {
        assertFalse(listed("irqscope.vcxproj", "ClCompile").contains("wdm/connect_portcls.c"));
        assertTrue(listed("irqscope-audio.vcxproj", "ClCompile").contains("wdm/connect_portcls.c"));
        assertFalse(Files.readString(DRIVER.resolve("irqscope.vcxproj")).contains("portcls.lib"));
        assertTrue(Files.readString(DRIVER.resolve("irqscope-audio.vcxproj")).contains("portcls.lib"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"irqscope.props", "irqscope.vcxproj", "irqscope-audio.vcxproj"})
    void aProjectIsWellFormedAndItsFilesExist(String file) throws Exception {
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(DRIVER.resolve(file).toFile());
        for (String item : new String[] {"ClInclude", "ResourceCompile", "Inf"}) {
            for (String name : listed(file, item)) {
                assertTrue(Files.exists(DRIVER.resolve(name)), file + " names " + name);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"irqscope", "irqscope-audio"})
    void aProjectAsksForWhatADriverPackageNeeds(String name) throws IOException {
        String project = Files.readString(DRIVER.resolve(name + ".vcxproj"));
        for (String wanted : new String[] {"<DriverType>WDM<", "<ConfigurationType>Driver<", "<SpectreMitigation>Spectre<",
            "<ApiValidator_Enable>true<", "<EnableInfVerif>true<", "Release|ARM64", "Release|x64", "<Import Project=\"irqscope.props\" />"}) {
            assertTrue(project.contains(wanted), wanted);
        }
        String shared = Files.readString(DRIVER.resolve("irqscope.props"));
        for (String wanted : new String[] {"<WarningLevel>Level4<", "<TreatWarningAsError>true<", "<RunCodeAnalysis>true<", "NT_PROCESSOR_GROUPS"}) {
            assertTrue(shared.contains(wanted), wanted);
        }
        assertTrue(Files.readString(DRIVER.resolve("irqscope.sln")).contains("\"" + name + ".vcxproj\""));
    }
}
