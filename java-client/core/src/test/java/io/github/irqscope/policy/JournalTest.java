package io.github.irqscope.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.Device;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.RegistryValue;
import io.github.irqscope.RestartNeededException;
import io.github.irqscope.Session;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The old policies come back, whatever happens in between. */
@DisplayName("JournalTest [sim]")
class JournalTest {
    @TempDir
    private Path folder;

    private Bed open() {
        return Bed.open(BedOptions.sim().withState(folder));
    }

    /* Every file below the registry, and what is in it; empty keys, too. */
    private Map<String, String> registry() throws Exception {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> !path.getFileName().toString().equals(Journal.NAME)).toList()) {
                all.put(folder.relativize(file).toString(), Files.isDirectory(file) ? "" : Files.readString(file));
            }
        }
        return all;
    }

    private static PolicyKeeper sweep(Bed bed, Path folder, Device device) {
        PolicyKeeper keeper = new PolicyKeeper(bed, folder, "validate --sweep group", List.of(device));
        keeper.apply(device, Policy.specified(ProcessorSet.parse("g1:0-3")));
        return keeper;
    }

    @Test
    void whatWasThereComesBackByteForByte() throws Exception {
        try (Bed bed = open()) {
            Device device = bed.device("edu0");
            Map<String, String> bare = registry();
            try (PolicyKeeper keeper = sweep(bed, folder, device)) {
                assertTrue(Files.exists(keeper.journal().orElseThrow()));
                assertEquals("g1:0-3", device.policy().orElseThrow().set().toString());
            }
            assertEquals(bare, registry());
            assertFalse(Files.exists(folder.resolve(Journal.NAME)));
            device.policy(Policy.of(3).withPriority(2));
            device.connectAtStart(false);
            Map<String, String> own = registry();
            sweep(bed, folder, device).close();
            assertEquals(own, registry());
        }
    }

    @Test
    void theNextStartRestoresWhatADeadOneLeft() throws Exception {
        Map<String, String> before;
        try (Bed bed = open()) {
            before = registry();
            Device device = bed.device("edu0");
            PolicyBackup backup = PolicyBackup.of(bed, "validate --sweep group", List.of(PolicySnapshot.of(device)));
            backup.write(folder.resolve(Journal.NAME)); /* and nobody holds its lock: its writer is dead */
            device.policy(Policy.specified(ProcessorSet.parse("g1:0-3")));
        }
        try (Bed bed = open()) {
            Journal.Recovery recovery = Journal.recover(bed, folder);
            assertEquals(Journal.State.RESTORED, recovery.state(), recovery.text());
            assertTrue(recovery.text().contains("restored edu0"), recovery.text());
            assertEquals(before, registry());
            assertFalse(Files.exists(folder.resolve(Journal.NAME)));
            assertEquals(Journal.State.NONE, Journal.recover(bed, folder).state());
            try (Session session = bed.device("edu0").open()) {
                assertEquals(0, session.resources().get(0).group());
            }
        }
    }

    @Test
    void theJournalOfALivingOneIsLeftAlone() {
        try (Bed bed = open()) {
            Device device = bed.device("edu0");
            try (PolicyKeeper keeper = sweep(bed, folder, device)) {
                assertEquals(Journal.State.LIVING, Journal.recover(bed, folder).state());
                assertEquals("g1:0-3", device.policy().orElseThrow().set().toString());
                assertThrows(IrqscopeException.class, () -> sweep(bed, folder, device));
                assertTrue(keeper.journal().isPresent());
            }
        }
    }

    @Test
    void othersMayOpenTheFolderWhileOneWrites() throws Exception {
        try (Bed bed = open()) {
            Device device = bed.device("edu0");
            Map<String, String> before = registry();
            CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 40; i++) {
                    open().close();
                }
            });
            int rounds = 0;
            while (!reader.isDone() || rounds < 10) {
                sweep(bed, folder, device).close();
                rounds++;
            }
            reader.join();
            assertEquals(before, registry());
        }
    }

    @Test
    void aCutJournalIsPutAside() throws Exception {
        try (Bed bed = open()) {
            PolicyBackup backup = PolicyBackup.of(bed, "x", List.of(PolicySnapshot.of(bed.device("edu0"))));
            String text = backup.toJson();
            Files.writeString(folder.resolve(Journal.NAME), text.substring(0, text.length() / 2));
            Journal.Recovery recovery = Journal.recover(bed, folder);
            assertEquals(Journal.State.UNREADABLE, recovery.state());
            assertTrue(Files.exists(folder.resolve(Journal.NAME + ".unreadable")), recovery.text());
        }
    }

    @Test
    void aVetoPutsThePolicyBack() throws Exception {
        try (Bed bed = open()) {
            Map<String, String> before = registry();
            Device device = bed.device("edu0");
            try (Session other = device.open()) {
                PolicyKeeper keeper = new PolicyKeeper(bed, folder, "sweep", List.of(device));
                assertThrows(RestartNeededException.class,
                        () -> keeper.apply(device, Policy.specified(ProcessorSet.parse("g1:0"))));
                keeper.close();
                assertFalse(other.isClosed());
            }
            assertEquals(before, registry());
        }
    }

    @Test
    void aBackupSurvivesItsText() {
        PolicySnapshot.Key own = new PolicySnapshot.Key("Irqscope", List.of(RegistryValue.dword("Policy", 4),
                RegistryValue.qword("Processors", -1), new RegistryValue("Other", 1, new byte[] {65, 0, 0, 0})));
        PolicySnapshot snapshot = new PolicySnapshot("edu0", "PCI\\X\\1", List.of(own,
                new PolicySnapshot.Key("Interrupt Management", null)));
        try (Bed bed = open()) {
            PolicyBackup backup = PolicyBackup.of(bed, "policy backup", List.of(snapshot));
            assertEquals(backup, PolicyBackup.parse(backup.toJson()));
        }
    }
}
