package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Affinity;
import io.github.irqscope.Bed;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.Connection;
import io.github.irqscope.Device;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.GrantedBy;
import io.github.irqscope.Kind;
import io.github.irqscope.Machine;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Policy;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.ResourceId;
import io.github.irqscope.RestartResult;
import io.github.irqscope.Session;
import io.github.irqscope.Slot;
import io.github.irqscope.Trigger;
import io.github.irqscope.Way;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requested, granted, observed on every layout: what IoGetAffinityInterrupt answers is what the simulated kernel
 * granted, it lies in one group, its reserved words are zero, and every ISR runs inside of it.
 *
 * Every group and node of every layout is asked for, on every device and by every way. Every single processor is asked
 * for on layouts of up to 130 processors; on the larger ones the first, the last and every fifth of each group (of
 * 32x64 the first and the last), by one way on one device with messages and one with a line.
 */
class PlacementTest {
    private static final int COUNT = 3;
    private static final int ALL_UP_TO = 130;

    static List<String> layouts() {
        return List.of("1x8", "2x64", "64/16/64", "64/32/64", "48/16", "40/40", "4x2", "32x64");
    }

    static List<String> fewLayouts() {
        return List.of("1x8", "64/16/64", "4x2");
    }

    static List<String> smallLayouts() {
        return List.of("1x8", "4x2");
    }

    @OnBeds(cases = "layouts", few = "fewLayouts")
    void everyWayInEveryGroupGetsWhatTheKernelGranted(Lab lab, String layout) {
        Bed bed = lab.open(layout);
        Machine machine = machine(bed);
        assertEquals(groups(layout), machine.groups().stream().map(group -> group.active().size()).toList());
        for (Device device : bed.devices()) {
            if (device.name().startsWith("root")) {
                continue;
            }
            for (Machine.Group group : machine.groups()) {
                place(device, group.active());
                checkEveryWay(bed, device, group.active());
            }
            clear(device);
        }
    }

    @OnBeds(cases = "layouts", few = "fewLayouts")
    void everyNodeAskedForIsGranted(Lab lab, String layout) {
        Bed bed = lab.open(layout);
        for (Machine.Node node : machine(bed).nodes()) {
            for (String name : List.of("edu0", "edu1")) {
                Device device = bed.device(name);
                place(device, node.processors());
                checkOneWay(bed, device, node.processors());
            }
        }
    }

    @OnBeds
    void nodesSmallerThanTheirGroupAreGranted(Lab lab, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("nodes.machine");
        Files.writeString(file, """
                group 0-7 maximum=16
                group 0-3,8-11
                node group=0 processors=0-3
                node group=0 processors=4-7
                node group=1 processors=0-3
                node group=1 processors=8-11
                device edu messages=1 node=1
                device edu node=3
                """);
        Bed bed = lab.open(file.toString());
        Machine machine = machine(bed);
        assertEquals(List.of("g0:0-3", "g0:4-7", "g1:0-3", "g1:8-11"),
                machine.nodes().stream().map(node -> node.processors().toString()).toList());
        for (Machine.Node node : machine.nodes()) {
            for (Device device : bed.devices()) {
                place(device, node.processors());
                checkOneWay(bed, device, node.processors());
            }
        }
        for (int policy : List.of(1, 2)) {
            Device device = bed.device("edu0");
            device.policy(Policy.of(policy));
            assertEquals(RestartResult.RESTARTED, device.restart());
            checkOneWay(bed, device, ProcessorSet.parse("g0:4-7"));
        }
    }

    @OnBeds(cases = "layouts", few = "smallLayouts")
    void everyProcessorAskedForIsGranted(Lab lab, String layout) {
        Bed bed = lab.open(layout);
        Machine machine = machine(bed);
        for (String name : List.of("edu0", "edu1")) {
            Device device = bed.device(name);
            for (Processor processor : chosen(machine)) {
                ProcessorSet wanted = ProcessorSet.of(processor.group(), processor.bit());
                place(device, wanted);
                checkOneWay(bed, device, wanted);
            }
        }
    }

    @OnBeds
    void aMachineOfTwoThousandProcessorsIsToldWhole(Lab lab) {
        Machine machine = machine(lab.open("32x64"));
        assertEquals(32, machine.groups().size());
        assertEquals(2048, machine.active().size());
        assertEquals(machine.active(), machine.nodes().stream().map(Machine.Node::processors)
                .reduce(ProcessorSet.empty(), ProcessorSet::plus));
    }

    private static List<Integer> groups(String layout) {
        List<Integer> sizes = new ArrayList<>();
        if (layout.contains("x")) {
            String[] numbers = layout.split("x");
            for (int group = 0; group < Integer.parseInt(numbers[0]); group++) {
                sizes.add(Integer.parseInt(numbers[1]));
            }
        } else {
            for (String size : layout.split("/")) {
                sizes.add(Integer.parseInt(size));
            }
        }
        return sizes;
    }

    private static List<Processor> chosen(Machine machine) {
        int step = machine.active().size() <= ALL_UP_TO ? 1 : machine.groups().size() > 16 ? 63 : 5;
        List<Processor> chosen = new ArrayList<>();
        for (Machine.Group group : machine.groups()) {
            List<Processor> all = new ArrayList<>();
            group.active().forEach(all::add);
            for (int i = 0; i < all.size(); i++) {
                if (i % step == 0 || i == all.size() - 1) {
                    chosen.add(all.get(i));
                }
            }
        }
        return chosen;
    }

    static Machine machine(Bed bed) {
        try (Session session = bed.devices().get(0).open()) {
            return session.machine();
        }
    }

    private static void place(Device device, ProcessorSet wanted) {
        device.policy(Policy.specified(wanted));
        assertEquals(RestartResult.RESTARTED, device.restart(), () -> device + " for " + wanted);
    }

    private static void clear(Device device) {
        device.clearPolicy();
        assertEquals(RestartResult.RESTARTED, device.restart());
    }

    private static void checkEveryWay(Bed bed, Device device, ProcessorSet wanted) {
        Grants grants = Grants.of(bed, device.name());
        try (Session session = device.open()) {
            List<Resource> resources = session.resources();
            assertEquals(grants.each().size(), resources.size());
            for (Resource resource : resources) {
                Grants.Grant grant = grants.of(resource.id());
                assertEquals(grant.processors(), resource.processors());
                assertEquals(grant.vector(), resource.vector());
                assertEquals(grant.irql(), resource.irql());
                for (Way way : List.of(Way.IO_CONNECT_INTERRUPT, Way.FULLY_SPECIFIED, Way.FULLY_SPECIFIED_GROUP)) {
                    if (isPossible(way, resource.kind(), wanted.group())) {
                        check(session, ConnectRequest.of(way, resource), grants, wanted);
                    }
                }
            }
            Way every = grants.hasMessages() ? Way.MESSAGE_BASED : Way.LINE_BASED;
            check(session, ConnectRequest.of(every), grants, wanted);
            if (!grants.hasMessages()) {
                check(session, ConnectRequest.of(Way.MESSAGE_BASED).withFallback(), grants, wanted);
            }
        }
    }

    private static void checkOneWay(Bed bed, Device device, ProcessorSet wanted) {
        try (Session session = device.open()) {
            check(session, ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)),
                    Grants.of(bed, device.name()), wanted);
        }
    }

    private static boolean isPossible(Way way, Kind kind, int group) {
        return switch (way) {
            case IO_CONNECT_INTERRUPT -> kind == Kind.LINE && group == 0;
            case FULLY_SPECIFIED -> group == 0;
            default -> true;
        };
    }

    private static void check(Session session, ConnectRequest request, Grants grants, ProcessorSet wanted) {
        String what = session.name() + " " + request;
        try (Connection connection = session.connect(request);
                EventReader reader = session.events(EventOptions.immediate())) {
            ProcessorSet granted = ProcessorSet.empty();
            for (int target = 0; target < connection.targets(); target++) {
                Affinity affinity = connection.affinity(target);
                ResourceId resource = request.resource() != null ? request.resource()
                        : new ResourceId(connection.connectedAs(), target);
                assertEquals(NtStatus.SUCCESS, affinity.status(), what);
                assertEquals(resource, affinity.resource(), what);
                assertEquals(grants.of(resource).processors(), affinity.processors(), what);
                assertTrue(affinity.processors().oneGroup(), what);
                assertTrue(wanted.containsAll(affinity.processors()), () -> what + " was granted "
                        + affinity.processors() + ", outside " + wanted);
                assertEquals(0, affinity.reserved(), what);
                boolean mayBeAsked = connection.version() != 2;
                assertEquals(mayBeAsked ? GrantedBy.INTERRUPT_OBJECT : GrantedBy.ASSIGNED_RESOURCE,
                        affinity.grantedBy(), what);
                granted = granted.plus(affinity.processors());
            }
            assertEquals((long) COUNT * connection.targets(),
                    connection.trigger(Trigger.paced(Trigger.ALL, COUNT)).arrived(), what);
            Stream stream = Stream.of(connection, reader);
            assertEquals((long) COUNT * connection.targets(), stream.claimed(), what);
            assertEquals(0, stream.lost(), what);
            assertEquals(0, stream.stray(), what);
            ProcessorSet all = granted;
            assertTrue(all.containsAll(stream.where()), () -> what + " ran on " + stream.where());
            for (Slot slot : connection.slots()) {
                assertEquals(0, slot.dpcsElsewhere(), () -> what + ": DPCs of " + slot.processor() + " ran elsewhere");
            }
        }
    }
}
