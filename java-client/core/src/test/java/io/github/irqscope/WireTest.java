package io.github.irqscope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.irqscope.contract.Contract;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Set;

import org.junit.jupiter.api.Test;

/** Whole structures byte by byte, unsigned values at their ends. */
class WireTest {
    @Test
    void aConnectRequestIsItsBytes() {
        ConnectRequest request = ConnectRequest.of(Way.MESSAGE_BASED, new ResourceId(Kind.MESSAGE, 0x0203))
                .withMask(0x8000000000000001L).withFallback().withSharedLock().withEvents(256).withStormRate(-1);
        assertBytes("05000000 02000000 03020000 07000000 0100000000000080 00010000 ffffffff", Wire.connect(request));
        assertBytes("04000000 00000000 00000000 00000000 0000000000000000 00000000 00000000",
                Wire.connect(ConnectRequest.of(Way.LINE_BASED)));
    }

    @Test
    void theOtherRequestsAreTheirBytes() {
        assertBytes("01000000 00000000", Wire.version(Contract.MAJOR, Contract.MINOR));
        assertBytes("07000000 00000000", Wire.list(7));
        assertBytes("efbeadde 00000000", Wire.connection(0xDEADBEEF));
        assertBytes("01100000 02000000", Wire.target(0x1001, 2));
        assertBytes("01100000 ffffffff 00040000 01000000 10270000 00000000",
                Wire.trigger(0x1001, Trigger.ALL, 1024, true, 10_000));
        assertBytes("01100000 03000000 09000000 02000000 01000000 00000000",
                Wire.statistics(0x1001, Contract.STATISTICS_HISTOGRAM, 9, 2, Contract.HISTOGRAM_ISR_TO_DPC));
        assertBytes("01000000 00000000", Wire.mask(true));
    }

    @Test
    void aVersionReplyIsRead() {
        assertEquals(new Version(1, 2, Set.of(Ability.CONNECT_EX, Ability.PORTCLS), 0x0102030405060708L, 10, 11,
                0x0C0D, 16, 64, 0xFFFFFFF0L), Wire.version(bytes("00000000 01000000 02000000 09000080"
                + "0807060504030201 0a000000 0b000000 0d0c0000 10000000 40000000 f0ffffff")));
    }

    @Test
    void aResourceRecordIsRead() {
        Resource resource = Wire.resource(bytes("ffffffff 02000000 05000000 03000000 feffffff b1000000 0b000000"
                + "00000000000000f0 1f00 0100 feffffff 08000000 00000000 0f00000000000080"), 4);
        assertEquals(new Resource(new ResourceId(Kind.MESSAGE, 5), true, true, false, 0xFFFFFFFEL, 0xB1, 11, 31,
                0xF000000000000000L, 1, 0xFFFFFFFEL, 8, 0x800000000000000FL), resource);
        assertEquals("g31:60-63", resource.processors().toString());
    }

    @Test
    void anAffinityReplyIsReadWithItsReservedWords() {
        Affinity affinity = Wire.affinity(bytes("00000000 02000000 00000000000000c0 0200 0100 0000 ffff"
                + "04000000 01000000 01000000 01000000 00000000 91000000 09000000 00000000"
                + "ffffffffffffffff 0200 000000000000"));
        assertEquals(new Affinity(0, GrantedBy.ASSIGNED_RESOURCE, 2, 0xC000000000000000L, 0xFFFF_0000_0001L,
                Way.LINE_BASED, Kind.LINE, 1, new ResourceId(Kind.LINE, 0), 0x91, 9, 2, -1L), affinity);
        assertEquals("g2:62-63", affinity.processors().toString());
        assertEquals("g2:0-63", affinity.requested().toString());
    }

    @Test
    void countersAndSlotsAreRead() {
        assertEquals(new Counters(3, true, 1, 2, 3, 4, 5, 6, -1L), Wire.counters(bytes("03000000 01000000"
                + "0100000000000000 0200000000000000 0300000000000000 0400000000000000 0500000000000000"
                + "0600000000000000 ffffffffffffffff"), 0));
        assertEquals(new Slot(65, true, true, new Processor(258, 63), 255, 1, 2, 3, 4, 5, 6), Wire.slot(bytes(
                "41000000 03000000 0201 3f ff 00000000 0100000000000000 0200000000000000 0300000000000000"
                + "0400000000000000 0500000000000000 0600000000000000"), 0));
    }

    @Test
    void aTriggerReplyIsRead() {
        assertEquals(new TriggerResult(NtStatus.TIMEOUT, 0xFFFFFFFFL, 2, 3),
                Wire.triggerResult(bytes("02010000 ffffffff 02000000 03000000")));
    }

    private static void assertBytes(String expected, ByteBuffer request) {
        assertArrayEquals(HexFormat.of().parseHex(expected.replace(" ", "")), request.array());
    }

    private static ByteBuffer bytes(String hex) {
        byte[] raw = HexFormat.of().parseHex(hex.replace(" ", ""));
        return Wire.request(raw.length).put(0, raw);
    }
}
