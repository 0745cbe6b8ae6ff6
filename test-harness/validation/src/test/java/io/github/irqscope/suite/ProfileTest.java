package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Ability;
import io.github.irqscope.Affinity;
import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.ConnectResult;
import io.github.irqscope.Connection;
import io.github.irqscope.Device;
import io.github.irqscope.GrantedBy;
import io.github.irqscope.Kind;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.RestartResult;
import io.github.irqscope.Session;
import io.github.irqscope.Version;
import io.github.irqscope.Way;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The four kernels: what each has and lacks, and each cell of way x resource kind x group x kernel. */
class ProfileTest {
    private record Kernel(String profile, String version, long frequency, Set<Ability> abilities, String machine) {
        @Override
        public String toString() {
            return profile;
        }
    }

    private static final Set<Ability> ALL = Set.of(Ability.CONNECT_EX, Ability.AFFINITY, Ability.GROUPS);

    static List<Kernel> kernels() {
        return List.of(
                new Kernel("nt52", "5.2.3790", 3579545, Set.of(), "1x8"),
                new Kernel("win7", "6.1.7601", 14318180, ALL, "2x64"),
                new Kernel("win10", "10.0.17763", 10000000, ALL, "2x64"),
                new Kernel("server2022", "10.0.20348", 10000000,
                        Set.of(Ability.CONNECT_EX, Ability.AFFINITY, Ability.GROUPS, Ability.NX_POOL), "2x64"));
    }

    @OnBeds(cases = "kernels")
    void tellsWhatItIsAndCan(Lab lab, Kernel kernel) {
        Bed bed = lab.open(BedOptions.sim().withMachine(kernel.machine()).withProfile(kernel.profile()));
        try (Session session = bed.device("edu0").open()) {
            Version version = session.version();
            assertEquals(kernel.version(), version.kernel());
            assertEquals(kernel.frequency(), version.frequency());
            assertTrue(version.abilities().containsAll(kernel.abilities()), version.abilities()::toString);
            for (Ability ability : ALL) {
                assertEquals(kernel.abilities().contains(ability), version.can(ability), ability.text());
            }
        }
    }

    private record Cell(Kernel kernel, String mode) {
        @Override
        public String toString() {
            return kernel + " " + mode;
        }
    }

    static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (Kernel kernel : kernels()) {
            cells.add(new Cell(kernel, "documented"));
            cells.add(new Cell(kernel, "observed"));
        }
        return cells;
    }

    @OnBeds(cases = "cells")
    void everyWayAnswersAsTheTableSays(Lab lab, Cell cell) {
        Bed bed = lab.open(BedOptions.sim().withMachine(cell.kernel().machine()).withProfile(cell.kernel().profile())
                .withMode(cell.mode()));
        boolean ex = !cell.kernel().abilities().isEmpty();
        for (String name : List.of("edu0", "edu1", "e1000e0", "igb0", "uart0")) {
            Device device = bed.device(name);
            for (int group = 0; group < (ex ? 2 : 1); group++) {
                if (ex) {
                    device.policy(Policy.specified(ProcessorSet.of(group, 0xFF)));
                    assertEquals(RestartResult.RESTARTED, device.restart());
                }
                try (Session session = device.open()) {
                    Resource resource = session.resources().get(0);
                    assertEquals(group, resource.group());
                    assertEquals(ex && !name.equals("edu1") && !name.equals("uart0"), resource.kind() == Kind.MESSAGE);
                    checkWays(session, resource, ex, cell.mode());
                }
            }
        }
    }

    private static void checkWays(Session session, Resource resource, boolean ex, String mode) {
        boolean line = resource.kind() == Kind.LINE;
        boolean zero = resource.group() == 0;
        boolean documented = mode.equals("documented");
        String notSupported = "STATUS_NOT_SUPPORTED";
        check(session, ConnectRequest.of(Way.IO_CONNECT_INTERRUPT, resource), line && zero ? null : notSupported);
        check(session, ConnectRequest.of(Way.FULLY_SPECIFIED, resource), zero ? null : notSupported);
        check(session, ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, resource), ex ? null : notSupported);
        check(session, ConnectRequest.of(Way.LINE_BASED), !ex ? notSupported : line ? null
                : documented ? "STATUS_INVALID_DEVICE_REQUEST" : "STATUS_INVALID_PARAMETER");
        check(session, ConnectRequest.of(Way.MESSAGE_BASED).withFallback(), ex ? null : notSupported);
        check(session, ConnectRequest.of(Way.MESSAGE_BASED), !ex ? notSupported : !line ? null
                : documented ? "STATUS_INVALID_DEVICE_REQUEST" : notSupported);
    }

    private static void check(Session session, ConnectRequest request, String refusal) {
        ConnectResult result = session.tryConnect(request);
        String what = session.name() + " " + request;
        assertEquals(refusal == null ? "STATUS_SUCCESS" : refusal, NtStatus.name(result.status()), what);
        result.connection().ifPresent(Connection::close);
    }

    @OnBeds
    void aKernelWithoutTheExportGivesTheCompatibilityAnswer(Lab lab) {
        Bed bed = lab.open(BedOptions.sim().withMachine("1x8").withProfile("nt52"));
        for (String name : List.of("edu0", "edu1", "e1000e0", "igb0", "uart0")) {
            try (Session session = bed.device(name).open()) {
                Resource resource = session.resources().get(0);
                for (Way way : List.of(Way.IO_CONNECT_INTERRUPT, Way.FULLY_SPECIFIED)) {
                    try (Connection connection = session.connect(ConnectRequest.of(way, resource))) {
                        Affinity affinity = connection.affinity(0);
                        assertEquals(GrantedBy.COMPATIBILITY, affinity.grantedBy());
                        assertEquals(NtStatus.SUCCESS, affinity.status());
                        assertEquals(resource.processors(), affinity.processors());
                        assertEquals(0, affinity.group());
                        assertEquals(0, affinity.reserved());
                    }
                }
                ConnectResult group = session.tryConnect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, resource));
                assertEquals("STATUS_NOT_SUPPORTED", NtStatus.name(group.status()));
            }
        }
    }

    @OnBeds(cases = "kernels")
    void groupZeroIsTheDefaultUntilAPolicySaysOtherwise(Lab lab, Kernel kernel) {
        Bed bed = lab.open(BedOptions.sim().withMachine(kernel.machine()).withProfile(kernel.profile()));
        for (Device device : bed.devices()) {
            try (Session session = device.open()) {
                for (Resource resource : session.resources()) {
                    assertEquals(0, resource.group(), device.name());
                    assertEquals(PlacementTest.machine(bed).groups().get(0).active(), resource.processors());
                }
            }
        }
        if (kernel.abilities().isEmpty()) {
            return;
        }
        Device device = bed.device("edu0");
        device.policy(Policy.specified(ProcessorSet.parse("g1:8-15")));
        try (Session session = device.open()) {
            assertEquals(0, session.resources().get(0).group(), "a policy takes effect at the next start");
        }
        assertEquals(RestartResult.RESTARTED, device.restart());
        try (Session session = device.open()) {
            assertEquals("g1:8-15", session.resources().get(0).processors().toString());
        }
        device.clearPolicy();
        assertEquals(RestartResult.RESTARTED, device.restart());
        try (Session session = device.open()) {
            assertEquals(0, session.resources().get(0).group());
        }
    }
}
