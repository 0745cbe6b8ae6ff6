package io.github.irqscope.gate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a loader looks at in a PE image: headers, sections, imports, resources. Both PE32 and PE32+. */
final class PeImage {
    static final int X64 = 0x8664;
    static final int X86 = 0x14C;
    static final int DYNAMIC_BASE = 0x40;
    static final int NX_COMPAT = 0x100;
    static final int SUBSYSTEM_NATIVE = 1;
    static final int VERSION_RESOURCE = 16;

    /** A section and its characteristics. */
    record Section(String name, int address, int size, int characteristics) {
        boolean writable() {
            return (characteristics & 0x80000000) != 0;
        }

        boolean executable() {
            return (characteristics & 0x20000000) != 0;
        }
    }

    /** A routine that is imported, with its module in lower case. */
    record Import(String module, String routine) {
    }

    final int machine;
    final int characteristics;
    final int subsystem;
    final int dllCharacteristics;
    final int sectionAlignment;
    final List<Section> sections = new ArrayList<>();
    final List<Import> imports = new ArrayList<>();
    private final ByteBuffer bytes;
    private final boolean wide;
    private final int directories;
    private final List<int[]> places = new ArrayList<>();

    PeImage(byte[] image) {
        bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (image.length < 0x40 || bytes.getShort(0) != 0x5A4D) {
            throw new IllegalArgumentException("no MZ header");
        }
        int header = bytes.getInt(0x3C);
        if (header < 0 || header > image.length - 0x78 || bytes.getInt(header) != 0x4550) {
            throw new IllegalArgumentException("no PE header");
        }
        machine = bytes.getShort(header + 4) & 0xFFFF;
        int count = bytes.getShort(header + 6) & 0xFFFF;
        characteristics = bytes.getShort(header + 22) & 0xFFFF;
        int optional = header + 24;
        wide = bytes.getShort(optional) == 0x20B;
        sectionAlignment = bytes.getInt(optional + 32);
        subsystem = bytes.getShort(optional + 68) & 0xFFFF;
        dllCharacteristics = bytes.getShort(optional + 70) & 0xFFFF;
        directories = optional + (wide ? 112 : 96);
        int table = optional + (bytes.getShort(header + 20) & 0xFFFF);
        for (int index = 0; index < count; index++) {
            int at = table + 40 * index;
            sections.add(new Section(name(at), bytes.getInt(at + 12), bytes.getInt(at + 8), bytes.getInt(at + 36)));
            places.add(new int[] {bytes.getInt(at + 12), bytes.getInt(at + 16), bytes.getInt(at + 20)});
        }
        readImports();
    }

    private String name(int at) {
        byte[] name = new byte[8];
        bytes.get(at, name);
        return new String(name, StandardCharsets.ISO_8859_1).replace("\0", "");
    }

    /** Address and size of a data directory: 1 imports, 2 resources, 5 relocations. */
    int[] directory(int index) {
        return new int[] {bytes.getInt(directories + 8 * index), bytes.getInt(directories + 8 * index + 4)};
    }

    private int offset(int address) {
        for (int[] place : places) {
            if (address >= place[0] && address < place[0] + place[1]) {
                return address - place[0] + place[2];
            }
        }
        throw new IllegalArgumentException("address 0x" + Integer.toHexString(address) + " is in no section");
    }

    private String text(int address) {
        StringBuilder text = new StringBuilder();
        for (int at = offset(address); bytes.get(at) != 0; at++) {
            text.append((char) (bytes.get(at) & 0xFF));
        }
        return text.toString();
    }

    private void readImports() {
        if (directory(1)[0] == 0) {
            return;
        }
        for (int entry = offset(directory(1)[0]); bytes.getInt(entry + 12) != 0; entry += 20) {
            String module = text(bytes.getInt(entry + 12)).toLowerCase(Locale.ROOT);
            int first = bytes.getInt(entry) != 0 ? bytes.getInt(entry) : bytes.getInt(entry + 16);
            for (int at = offset(first);; at += wide ? 8 : 4) {
                long thunk = wide ? bytes.getLong(at) : bytes.getInt(at);
                if (thunk == 0) {
                    break;
                }
                imports.add(new Import(module, thunk < 0 ? "#" + (thunk & 0xFFFF) : text((int) thunk + 2)));
            }
        }
    }

    /** Whether a resource of this type is there. */
    boolean hasResource(int type) {
        int[] resources = directory(2);
        if (resources[0] == 0) {
            return false;
        }
        int at = offset(resources[0]);
        int named = bytes.getShort(at + 12) & 0xFFFF;
        int numbered = bytes.getShort(at + 14) & 0xFFFF;
        for (int index = named; index < named + numbered; index++) {
            if (bytes.getInt(at + 16 + 8 * index) == type) {
                return true;
            }
        }
        return false;
    }
}
