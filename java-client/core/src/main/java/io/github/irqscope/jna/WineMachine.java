package io.github.irqscope.jna;

import io.github.irqscope.transport.Completion;
import io.github.irqscope.transport.Controls;
import io.github.irqscope.transport.DeviceEntry;
import io.github.irqscope.transport.HostOptions;
import io.github.irqscope.transport.Transport;
import io.github.irqscope.transport.TransportException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The interrupt machine below Wine, which only irqscope-wine.sys has: a device interface of its own, spoken to in the
 * words of the simulator. Windows has no such interface, and neither has the driver that a lab installs.
 */
final class WineMachine implements Controls, MachineTime {
    private static final UUID INTERFACE = UUID.fromString("7d5c1e6a-3f0b-4c58-9b1e-5a0d6e0c4b21");
    /* CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS) */
    private static final int CODE_CONTROL = 0x22E004;
    private static final int ANSWER_SIZE = 1 << 16;
    private static final int ERROR_GEN_FAILURE = 31;

    private static final int LOOK_MILLISECONDS = 1;
    private static final int QUIET_MILLISECONDS = 5;
    private static final int MOST_LOOKS = 200;

    private final Transport transport;
    private final AtomicInteger requests = new AtomicInteger();
    private int looks;

    private WineMachine(Transport transport) {
        this.transport = transport;
    }

    /** The machine of this prefix; null when its driver has none. */
    static WineMachine find(Win32Host host) throws TransportException {
        List<DeviceEntry> found = host.devices(INTERFACE);
        if (found.isEmpty()) {
            return null;
        }
        WineMachine machine = new WineMachine(host.open(found.get(0).path(), true));
        machine.control("idle off"); /* its clients move its time */
        return machine;
    }

    @Override
    public HostOptions made() {
        Answer answer = control("options");
        Map<String, String> values = new LinkedHashMap<>();
        answer.text().lines().filter(line -> line.contains("=")).forEach(line ->
                values.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return new HostOptions(values);
    }

    /* The answer: a byte that is 1 when it was done, then text. */
    @Override
    public synchronized Answer control(String words) {
        ByteBuffer answer = ByteBuffer.allocate(ANSWER_SIZE);
        Completion completion = transport.control(CODE_CONTROL, ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8)),
                answer);
        if (!completion.succeeded() || completion.transferred() < 1) {
            return new Answer(false, "the machine did not answer: Win32 error " + completion.win32());
        }
        String text = new String(answer.array(), 1, completion.transferred() - 1, StandardCharsets.UTF_8);
        return new Answer(answer.get(0) == 1, text.stripTrailing());
    }

    /** The machine is the bus, so it restarts its devices. Wine 8.0 has no other way: SetupDiSetClassInstallParams fails. */
    boolean restart(String instanceId) throws TransportException {
        Answer answer = control("restart " + instanceId);
        if (!answer.done() && !answer.text().startsWith("vetoed")) {
            throw TransportException.call("restart " + instanceId + ": " + answer.text(), ERROR_GEN_FAILURE);
        }
        return answer.done();
    }

    @Override
    public void begun() {
        requests.incrementAndGet();
    }

    @Override
    public void ended() {
        requests.decrementAndGet();
    }

    /* The driver may have fewer requests than we: one that it completed is on its way to us. It may have more: there is
     * another client, and who of us waits is not known, so time goes on after a while. */
    @Override
    public synchronized long step() {
        String answer = control("step " + requests.get()).text();
        if (answer.startsWith("wait") && ++looks > MOST_LOOKS) {
            answer = control("step " + answer.substring("wait".length()).strip()).text();
        }
        if (answer.startsWith("wait")) {
            return LOOK_MILLISECONDS;
        }
        looks = 0;
        return answer.equals("stepped") ? 0 : QUIET_MILLISECONDS;
    }

    /** Closes the handle; the machine stays as it is. */
    Optional<String> close() {
        transport.close();
        return Optional.empty();
    }
}
