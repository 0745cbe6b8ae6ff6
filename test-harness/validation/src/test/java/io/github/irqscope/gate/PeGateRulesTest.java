package io.github.irqscope.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

/** The gate itself, on images made up here: right ones pass, and one thing that is wrong is found. */
class PeGateRulesTest {
    private static final int HEADER = 0x40;
    private static final int OPTIONAL = HEADER + 24;
    private static final int TABLE = OPTIONAL + 240;
    private static final int CODE = 0x60000020;
    private static final int DATA = 0x40000040;
    private static final String[] NEEDED = {"IoConnectInterrupt", "IoDisconnectInterrupt", "KeSynchronizeExecution"};

    private static ImportList list() {
        Set<PeImage.Import> all = Set.of(new PeImage.Import("ntoskrnl.exe", NEEDED[0]),
                new PeImage.Import("ntoskrnl.exe", NEEDED[1]), new PeImage.Import("ntoskrnl.exe", NEEDED[2]),
                new PeImage.Import("portcls.sys", "PcNewInterruptSync"));
        return new ImportList(all, all, Set.of(NEEDED));
    }

    /** A PE32+ image with .text at 0x1000 and .rdata at 0x2000, which holds imports and a version resource. */
    private static ByteBuffer image(String module, String... routines) {
        ByteBuffer pe = ByteBuffer.allocate(0x1200).order(ByteOrder.LITTLE_ENDIAN);
        pe.putShort(0, (short) 0x5A4D).putInt(0x3C, HEADER).putInt(HEADER, 0x4550);
        pe.putShort(HEADER + 4, (short) PeImage.X64).putShort(HEADER + 6, (short) 2).putShort(HEADER + 20, (short) 240);
        pe.putShort(OPTIONAL, (short) 0x20B).putInt(OPTIONAL + 32, 0x1000).putShort(OPTIONAL + 68, (short) 1);
        pe.putShort(OPTIONAL + 70, (short) (PeImage.NX_COMPAT | PeImage.DYNAMIC_BASE));
        pe.putInt(OPTIONAL + 112 + 8, 0x2000).putInt(OPTIONAL + 112 + 16, 0x2800).putInt(OPTIONAL + 112 + 40, 0x2900);
        pe.putInt(OPTIONAL + 112 + 44, 12);
        section(pe, 0, ".text", 0x1000, 0x200, 0x200, CODE);
        section(pe, 1, ".rdata", 0x2000, 0xE00, 0x400, DATA);
        pe.putInt(0x400 + 12, 0x2200).putInt(0x400, 0x2100);
        text(pe, 0x600, module);
        int name = 0x2300;
        for (int index = 0; index < routines.length; index++) {
            pe.putLong(0x500 + 8 * index, name);
            text(pe, name - 0x2000 + 0x400 + 2, routines[index]);
            name += 0x40;
        }
        pe.putShort(0xC00 + 14, (short) 1).putInt(0xC00 + 16, PeImage.VERSION_RESOURCE);
        return pe;
    }

    private static void section(ByteBuffer pe, int index, String name, int address, int size, int offset, int flags) {
        int at = TABLE + 40 * index;
        text(pe, at, name);
        pe.putInt(at + 8, size).putInt(at + 12, address).putInt(at + 16, size).putInt(at + 20, offset).putInt(at + 36, flags);
    }

    private static void text(ByteBuffer pe, int at, String text) {
        pe.put(at, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<String> check(ByteBuffer pe) {
        return PeGate.check("irqscope.sys", pe.array(), list());
    }

    @Test
    void anImageThatKeepsEveryRulePasses() {
        assertEquals(List.of(), check(image("ntoskrnl.exe", NEEDED)));
    }

    @Test
    void aRoutineThatIsNotOnTheListFails() {
        assertEquals(List.of("it imports KeQueryActiveGroupCount from ntoskrnl.exe"), check(
                image("ntoskrnl.exe", NEEDED[0], NEEDED[1], NEEDED[2], "KeQueryActiveGroupCount")));
    }

    @Test
    void aRoutineOfAnotherModuleFails() {
        assertEquals(3, check(image("ndis.sys", NEEDED)).size());
    }

    @Test
    void aDriverWithoutItsInterruptRoutinesFails() {
        assertEquals(List.of("it does not import KeSynchronizeExecution"), check(image("ntoskrnl.exe", NEEDED[0], NEEDED[1])));
    }

    @Test
    void onlyTheAudioFlavourImportsThePortClass() {
        ByteBuffer pe = image("portcls.sys", "PcNewInterruptSync");
        assertTrue(check(pe).contains("it imports PcNewInterruptSync from portcls.sys"), check(pe).toString());
        List<String> audio = PeGate.check("irqscope-audio.sys", pe.array(), list());
        assertEquals(3, audio.size(), audio.toString());
        assertTrue(audio.stream().allMatch(wrong -> wrong.startsWith("it does not import ")), audio.toString());
    }

    @Test
    void aSectionThatIsWritableAndExecutableFails() {
        ByteBuffer pe = image("ntoskrnl.exe", NEEDED);
        pe.putInt(TABLE + 36, CODE | 0x80000000);
        assertEquals(List.of(".text is writable and executable"), check(pe));
    }

    @Test
    void eachHeaderFieldIsLookedAt() {
        assertEquals(List.of("NX is off"), check(image("ntoskrnl.exe", NEEDED).putShort(OPTIONAL + 70, (short) PeImage.DYNAMIC_BASE)));
        assertEquals(List.of("dynamic base is off"), check(image("ntoskrnl.exe", NEEDED).putShort(OPTIONAL + 70, (short) PeImage.NX_COMPAT)));
        assertEquals(List.of("sections are aligned to 0x200"), check(image("ntoskrnl.exe", NEEDED).putInt(OPTIONAL + 32, 0x200)));
        assertEquals(List.of("the subsystem is 3, not native"), check(image("ntoskrnl.exe", NEEDED).putShort(OPTIONAL + 68, (short) 3)));
        assertEquals(List.of("it cannot be relocated"), check(image("ntoskrnl.exe", NEEDED).putInt(OPTIONAL + 112 + 44, 0)));
        assertEquals(List.of("it cannot be relocated"), check(image("ntoskrnl.exe", NEEDED).putShort(HEADER + 22, (short) 1)));
        assertEquals(List.of("there is no version resource"), check(image("ntoskrnl.exe", NEEDED).putInt(OPTIONAL + 112 + 16, 0)));
        assertEquals(List.of("there is no version resource"), check(image("ntoskrnl.exe", NEEDED).putInt(0xC00 + 16, 10)));
    }

    @Test
    void anImageThatIsTooLargeFailsAndTheOneForWineMayBe() {
        byte[] large = java.util.Arrays.copyOf(image("ntoskrnl.exe", NEEDED).array(), PeGate.LARGEST + 1);
        assertEquals(List.of("98305 bytes are more than 98304"), PeGate.check("irqscope.sys", large, list()));
        assertEquals(List.of(), PeGate.check("irqscope-wine.sys", large, list()));
    }

    @Test
    void whatIsNoImageFails() {
        assertEquals(List.of("it is no PE image: no MZ header"), PeGate.check("irqscope.sys", new byte[10], list()));
        assertEquals(List.of("it is no PE image: no PE header"), check(image("a").putInt(HEADER, 0)));
    }

    @Test
    void portAndModelSpecificInstructionsAreSeenWithTheirFunction() {
        List<String> text = List.of("0000000000000000 <Outside>:", "   0:\t66 89 c8             \tmov    eax,ecx",
                "   4:\tee                   \tout    dx,al", "   5:\tf3 6c                \trep ins BYTE PTR es:[rdi],dx",
                "0000000000000010 <Model>:", "  10:\t0f 32                \trdmsr ", "  12:\tc3                   \tret");
        assertEquals(List.of("out in Outside", "ins in Outside", "rdmsr in Model"), PeGate.instructions(text, false));
        assertEquals(List.of("rdmsr in Model"), PeGate.instructions(text, true));
    }
}
