package io.github.irqscope.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What must hold for a driver image that anyone loads. */
final class PeGate {
    static final int LARGEST = 96 * 1024;
    private static final String AUDIO = "irqscope-audio.sys";
    private static final Set<String> WINE = Set.of("irqscope-wine.sys", "irqscope-wine-audio.sys");
    private static final Pattern LABEL = Pattern.compile("^[0-9a-f]+ <(.+)>:$");
    private static final Pattern INSTRUCTION = Pattern.compile("^\\s*[0-9a-f]+:\\t(?:[0-9a-f]{2} )+\\s*\\t(?:(?:lock|rep\\w*|data16|addr32|bnd) )*(\\w+).*$");
    private static final Set<String> PORT = Set.of("in", "out", "ins", "outs", "insb", "insw", "insd", "insl", "outsb", "outsw", "outsd", "outsl");
    private static final Set<String> MSR = Set.of("rdmsr", "wrmsr");

    private PeGate() {
    }

    /** What is wrong with an image of this name. */
    static List<String> check(String name, byte[] bytes, ImportList allowed) {
        List<String> wrong = new ArrayList<>();
        PeImage image;
        try {
            image = new PeImage(bytes);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return List.of("it is no PE image: " + e.getMessage());
        }
        expect(wrong, image.subsystem == PeImage.SUBSYSTEM_NATIVE, "the subsystem is " + image.subsystem + ", not native");
        expect(wrong, (image.dllCharacteristics & PeImage.NX_COMPAT) != 0, "NX is off");
        expect(wrong, (image.dllCharacteristics & PeImage.DYNAMIC_BASE) != 0, "dynamic base is off");
        expect(wrong, image.sectionAlignment == 0x1000, "sections are aligned to 0x" + Integer.toHexString(image.sectionAlignment));
        expect(wrong, image.directory(5)[1] > 0 && (image.characteristics & 1) == 0, "it cannot be relocated");
        expect(wrong, image.hasResource(PeImage.VERSION_RESOURCE), "there is no version resource");
        for (PeImage.Section section : image.sections) {
            expect(wrong, !section.writable() || !section.executable(), section.name() + " is writable and executable");
            expect(wrong, section.address() % 0x1000 == 0, section.name() + " is not on a page");
        }
        if (!forWine(name)) {
            checkImports(name, image, allowed, wrong);
            expect(wrong, bytes.length <= LARGEST, bytes.length + " bytes are more than " + LARGEST);
        }
        return wrong;
    }

    /** Whether an image of this name has the interrupt machine in it, and is for no real system. */
    static boolean forWine(String name) {
        return WINE.contains(name);
    }

    private static void checkImports(String name, PeImage image, ImportList allowed, List<String> wrong) {
        for (PeImage.Import entry : image.imports) {
            boolean audio = entry.module().equals("portcls.sys");
            expect(wrong, allowed.of(image.machine).contains(entry) && (!audio || name.equals(AUDIO)),
                    "it imports " + entry.routine() + " from " + entry.module());
        }
        Set<String> routines = image.imports.stream().map(PeImage.Import::routine).collect(Collectors.toSet());
        for (String routine : allowed.required()) {
            expect(wrong, routines.contains(routine), "it does not import " + routine);
        }
        if (name.equals(AUDIO)) {
            expect(wrong, routines.contains("PcNewInterruptSync"), "it does not import PcNewInterruptSync");
        }
    }

    private static void expect(List<String> wrong, boolean holds, String message) {
        if (!holds) {
            wrong.add(message);
        }
    }

    /**
     * Instructions in an object's disassembly, as {@code objdump -d -M intel} prints it, that must not be there: any
     * access to a model-specific register, and port instructions where they are not allowed.
     */
    static List<String> instructions(Iterable<String> disassembly, boolean portsAllowed) {
        List<String> wrong = new ArrayList<>();
        String where = "?";
        for (String line : disassembly) {
            Matcher label = LABEL.matcher(line);
            if (label.matches()) {
                where = label.group(1);
            }
            Matcher instruction = INSTRUCTION.matcher(line);
            if (instruction.matches()) {
                String word = instruction.group(1);
                if (MSR.contains(word) || PORT.contains(word) && !portsAllowed) {
                    wrong.add(word + " in " + where);
                }
            }
        }
        return wrong;
    }
}
