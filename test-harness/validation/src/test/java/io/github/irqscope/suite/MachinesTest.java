package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.Connection;
import io.github.irqscope.Device;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.RegistryValue;
import io.github.irqscope.RestartResult;
import io.github.irqscope.Session;
import io.github.irqscope.Trigger;
import io.github.irqscope.Way;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.Need;
import io.github.irqscope.suite.bed.OnBeds;
import io.github.irqscope.validation.ValidationOptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** Machines as such: several in one process, their registry in a folder, and those that make no sense. */
class MachinesTest {
    @OnBeds(needs = {Need.MACHINE, Need.SEVERAL_MACHINES})
    void severalMachinesLiveInOneProcessAtOnce(Lab lab) throws Exception {
        List<CompletableFuture<Run>> runs = new ArrayList<>();
        List<Bed> beds = List.of(lab.open("2x64"), lab.open("4x2"), lab.open("64/16/64"),
                lab.open(BedOptions.sim().withMachine("1x8").withProfile("nt52")));
        for (Bed bed : beds) {
            runs.add(CompletableFuture.supplyAsync(() -> Run.of(bed, ValidationOptions.everything().withCount(20)
                    .withDevices(List.of("edu0", "edu1", "igb0")))));
        }
        List<Integer> groups = new ArrayList<>();
        for (CompletableFuture<Run> run : runs) {
            Run done = run.get(60, TimeUnit.SECONDS);
            assertEquals(0, done.report().exitCode(), () -> done.report().sentence());
            groups.add(done.report().machine().groups().size());
        }
        assertEquals(List.of(2, 4, 3, 1), groups);
    }

    @OnBeds(needs = {Need.MACHINE, Need.SEVERAL_MACHINES})
    void aFaultOfOneMachineIsNoneOfTheOthers(Lab lab) {
        Bed broken = lab.open(BedOptions.sim().withMachine("2x64").withFaults(List.of("lost")));
        Bed sound = lab.open("2x64");
        ValidationOptions options = ValidationOptions.everything().withCount(10).withDevices(List.of("edu0"));
        assertEquals(1, Run.of(broken, options).report().exitCode());
        assertEquals(0, Run.of(sound, options).report().exitCode());
        Lab.say(broken, "fault off");
    }

    @OnBeds
    void aClosedBedIsRefusedAndItsMachineIsGone(Lab lab) {
        Bed bed = lab.open("1x8");
        Session session = bed.device("edu0").open();
        session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
        bed.close();
        bed.close();
        lab.forget(bed);
        assertThrows(IllegalStateException.class, bed::devices);
        assertThrows(IllegalStateException.class, session::state);
        session.close();
    }

    @OnBeds(needs = {Need.MACHINE, Need.STATE_FOLDER})
    void theRegistryInAFolderOutlivesTheMachine(Lab lab, @TempDir Path state) {
        BedOptions options = BedOptions.sim().withMachine("64/16/64").withState(state);
        Bed first = lab.open(options);
        Policy policy = Policy.specified(ProcessorSet.parse("g1:2,5-7")).withPriority(2);
        first.device("edu0").policy(policy);
        first.device("igb0").policy(Policy.specified(ProcessorSet.parse("g2:63")));
        first.device("igb0").clearPolicy();
        lab.close(first);
        Bed second = lab.open(options);
        assertEquals(Optional.of(policy), second.device("edu0").policy());
        assertEquals(Optional.empty(), second.device("igb0").policy());
        try (Session session = second.device("edu0").open()) {
            assertEquals("g1:2,5-7", session.resources().get(0).processors().toString(),
                    "applied when the device was started");
        }
    }

    @OnBeds(needs = {Need.MACHINE, Need.STATE_FOLDER})
    void theRegistryInAFolderIsWrittenThroughAtOnce(Lab lab, @TempDir Path state) {
        BedOptions options = BedOptions.sim().withMachine("2x64").withState(state);
        Bed running = lab.open(options);
        running.device("edu0").policy(Policy.specified(ProcessorSet.parse("g1:9")));
        Bed other = lab.open(options);
        assertEquals("g1:9", other.device("edu0").policy().orElseThrow().set().toString(),
                "what a killed process would have left");
    }

    @OnBeds
    void aMachineWithoutAFolderForgets(Lab lab) {
        Bed first = lab.open("2x64");
        first.device("edu0").policy(Policy.specified(ProcessorSet.parse("g1:9")));
        lab.close(first);
        assertEquals(Optional.empty(), lab.open("2x64").device("edu0").policy());
    }

    @OnBeds
    void whatMakesNoSenseIsRefusedWithPlaceAndReason(Lab lab, @TempDir Path folder) throws IOException {
        check(lab, BedOptions.sim().withMachine("0x4"), "column", "1 to 32 groups");
        check(lab, BedOptions.sim().withMachine("2x65"), "column 3", "1 to 64 processors");
        check(lab, BedOptions.sim().withMachine("64//64"), "column 4", "expected");
        check(lab, BedOptions.sim().withMachine("2x64").withProfile("nt52"), "nt52", "2 processor groups");
        check(lab, BedOptions.sim().withMachine("32x64").withProfile("win10"), "win10", "32 processor groups");
        check(lab, BedOptions.sim().withProfile("win95"), "win95", "nt52");
        Path file = folder.resolve("bad.machine");
        check(lab, BedOptions.sim().withMachine(file.toString()), file.getFileName().toString(), "");
        Files.writeString(file, "group 0-7\ndevice edu messages=3\n");
        check(lab, BedOptions.sim().withMachine(file.toString()), "line 2, column 21", "at most 1 messages");
        Files.writeString(file, "group 0-7\nnode group=0 processors=0-3\n");
        check(lab, BedOptions.sim().withMachine(file.toString()), "line", "in no node");
        Files.writeString(file, "# nothing\n");
        check(lab, BedOptions.sim().withMachine(file.toString()), "line", "no group");
    }

    private static void check(Lab lab, BedOptions options, String place, String reason) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> lab.open(options));
        assertTrue(refusal.getMessage().contains(place), () -> place + " in: " + refusal.getMessage());
        assertTrue(refusal.getMessage().contains(reason), () -> reason + " in: " + refusal.getMessage());
    }

    @OnBeds
    void aMachineOfRealTimeRunsByTheClock(Lab lab) {
        Bed bed = lab.open(BedOptions.sim().withMachine("1x8").withTime("real"));
        try (Session session = bed.device("edu0").open();
                Connection connection = session.connect(
                        ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
                EventReader reader = session.events(EventOptions.immediate())) {
            assertEquals(20, connection.trigger(Trigger.paced(0, 20)).arrived());
            Lab.say(bed, "load edu0 2000");
            long began = System.nanoTime();
            Stream stream = new Stream();
            while (stream.claimed() < 60) {
                assertTrue(reader.next(stream::add, Duration.ofSeconds(10)));
            }
            Lab.say(bed, "load edu0 0");
            assertTrue(System.nanoTime() - began > 10_000_000L, "40 events at 2000 a second take 20 ms");
        }
    }

    @OnBeds
    void theSystemsOwnPolicyKeysReachTheArbiter(Lab lab) {
        for (String profile : List.of("win7", "win10", "server2022")) {
            Bed bed = lab.open(BedOptions.sim().withMachine("2x64").withProfile(profile));
            Device device = bed.device("igb0");
            add(device, "Affinity Policy", RegistryValue.dword("DevicePolicy", 4));
            add(device, "Affinity Policy", new RegistryValue("AssignmentSetOverride", RegistryValue.BINARY,
                    new byte[] {0x0C, 0, 0, 0, 0, 0, 0, 0}));
            assertEquals(RestartResult.RESTARTED, device.restart());
            try (Session session = device.open()) {
                session.resources().forEach(each -> assertEquals("g0:2-3", each.processors().toString(), profile));
            }
            add(device, "Affinity Policy", RegistryValue.dword("GroupOverride", 1));
            add(device, "MessageSignaledInterruptProperties", RegistryValue.dword("MessageNumberLimit", 3));
            assertEquals(RestartResult.RESTARTED, device.restart());
            try (Session session = device.open()) {
                assertEquals(3, session.resources().size(), profile);
                session.resources().forEach(each -> assertEquals("g1:2-3", each.processors().toString(), profile));
            }
            device.policy(Policy.specified(ProcessorSet.parse("g0:7")));
            assertEquals(RestartResult.RESTARTED, device.restart());
            try (Session session = device.open()) {
                assertEquals("g0:7", session.resources().get(0).processors().toString(),
                        "the driver's filter is over the registry");
            }
            add(device, "MessageSignaledInterruptProperties", RegistryValue.dword("MSISupported", 0));
            assertEquals(RestartResult.RESTARTED, device.restart());
            try (Session session = device.open()) {
                assertEquals("line:0", session.resources().get(0).id().toString(), profile);
            }
        }
    }

    private static void add(Device device, String subkey, RegistryValue value) {
        String key = "Interrupt Management\\" + subkey;
        List<RegistryValue> values = new ArrayList<>(device.parameters(key).orElse(List.of()));
        values.removeIf(each -> each.name().equalsIgnoreCase(value.name()));
        values.add(value);
        device.parameters(key, values);
    }

    @OnBeds
    void policiesReachTheArbiterByFilterAndByRegistry(Lab lab) {
        Bed bed = lab.open(BedOptions.sim().withMachine("2x64").withProfile("win7"));
        Device device = bed.device("igb0");
        try (Session session = device.open()) {
            assertEquals(0, session.resources().get(0).group(), "group 0 unless asked otherwise");
            assertFalse(session.resources().get(0).policy());
        }
        device.policy(Policy.of(5));
        assertEquals(RestartResult.RESTARTED, device.restart());
        try (Session session = device.open()) {
            assertTrue(session.resources().get(0).policy(), "the requirement carried a policy");
            assertEquals(session.resources().size(), session.resources().stream()
                    .map(each -> each.processors().toString()).distinct().count(), "each message its own processor");
            session.resources().forEach(each -> assertEquals(1, each.processors().size()));
        }
        device.policy(Policy.specified(ProcessorSet.parse("g1:4-7")));
        assertEquals(RestartResult.RESTARTED, device.restart());
        try (Session session = device.open()) {
            session.resources().forEach(each -> assertEquals("g1:4-7", each.processors().toString()));
        }
        IrqscopeException unknown = assertThrows(IrqscopeException.class, () -> Lab.say(bed, "grants edu9"));
        assertTrue(unknown.getMessage().contains("edu9"));
    }
}
