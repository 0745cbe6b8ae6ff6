package io.github.irqscope.jna;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

import io.github.irqscope.transport.Backend;
import io.github.irqscope.transport.Controls;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.HostOptions;
import io.github.irqscope.transport.TransportException;

import java.util.Map;
import java.util.Optional;

/** Simulated machines, as many as are wanted, out of one library. */
public final class SimulatedBackend implements Backend {
    private static final String LIBRARY = "irqscope-sim";
    private static final int TEXT_SIZE = 1 << 12;
    private static final int ANSWER_SIZE = 1 << 18;

    private static SimulatorCalls calls;

    /** Loads nothing. */
    public SimulatedBackend() {
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public Host open(HostOptions options) throws TransportException {
        NativeAccess.refuseNarrowJava();
        SimulatorCalls simulator = calls();
        long machine = create(simulator, options);
        return new Win32Host(new Win32(simulator, simulator, simulator, Native::getLastError), "sim",
                enumerator(simulator, machine), new Words(simulator, machine, options), null, null,
                () -> delete(simulator, machine));
    }

    private record Words(SimulatorCalls simulator, long machine, HostOptions made) implements Controls {
        @Override
        public Answer control(String words) {
            try (Scratch scratch = new Scratch()) {
                Memory answer = scratch.block(ANSWER_SIZE);
                boolean done = simulator.SimulatedMachineControl(machine, scratch.utf8(words),
                        Scratch.address(answer), ANSWER_SIZE) == 1;
                return new Answer(done, Scratch.textUtf8(answer).stripTrailing());
            }
        }
    }

    private static synchronized SimulatorCalls calls() throws TransportException {
        if (calls == null) {
            try {
                calls = new SimulatorCalls(NativeLibrary.getInstance(LIBRARY,
                        Map.of(Library.OPTION_CLASSLOADER, SimulatedBackend.class.getClassLoader())));
            } catch (LinkageError e) {
                throw TransportException.missing("the simulator's library " + System.mapLibraryName(LIBRARY)
                        + " could not be loaded: put the jar of io.github.irqscope:irqscope-sim on the class path, or"
                        + " name the library's folder with -Djna.library.path (./mvnw package builds both): "
                        + e.getMessage().lines().findFirst().orElse(""), e);
            }
        }
        return calls;
    }

    private static long create(SimulatorCalls simulator, HostOptions options) throws TransportException {
        try (Scratch scratch = new Scratch()) {
            StringBuilder text = new StringBuilder();
            for (Map.Entry<String, String> option : options.values().entrySet()) {
                if (option.getValue().indexOf('\n') >= 0 || option.getValue().indexOf('\0') >= 0) {
                    throw TransportException.options(option.getKey() + " has a character that no option can have");
                }
                text.append(option.getKey()).append('=').append(option.getValue()).append('\n');
            }
            Memory error = scratch.block(TEXT_SIZE);
            long machine = simulator.SimulatedMachineCreate(scratch.utf8(text.toString()), Scratch.address(error),
                    TEXT_SIZE);
            if (machine == 0) {
                throw TransportException.options(Scratch.textUtf8(error));
            }
            return machine;
        }
    }

    private static String enumerator(SimulatorCalls simulator, long machine) {
        try (Scratch scratch = new Scratch()) {
            Memory name = scratch.block(TEXT_SIZE);
            simulator.SimulatedMachineEnumerator(machine, Scratch.address(name), TEXT_SIZE);
            return Scratch.textUtf8(name);
        }
    }

    private static Optional<String> delete(SimulatorCalls simulator, long machine) {
        try (Scratch scratch = new Scratch()) {
            Memory report = scratch.block(ANSWER_SIZE);
            int found = simulator.SimulatedMachineDelete(machine, Scratch.address(report), ANSWER_SIZE);
            return found == 0 ? Optional.empty() : Optional.of(Scratch.textUtf8(report).stripTrailing());
        }
    }
}
