package io.github.irqscope.suite.bed;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.transport.Backend;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.HostOptions;
import io.github.irqscope.transport.TransportException;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** The embedded simulated kernel. It is here when its library is on the class path, which the build sees to. */
final class SimBed implements BedUnderTest {
    @Override
    public String name() {
        return "sim";
    }

    @Override
    public Optional<String> missing() {
        try {
            Bed.open(BedOptions.sim().withMachine("1x8")).close();
            return Optional.empty();
        } catch (NoDriverException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public Set<Need> lacks() {
        return EnumSet.of(Need.INSTALLING, Need.OTHER_PROCESSES);
    }

    @Override
    public Optional<Elsewhere> elsewhere(Set<Need> needs) {
        return Optional.empty();
    }

    @Override
    public Bed open(BedOptions options) {
        return Bed.open(options.withBed("sim"));
    }

    @Override
    public List<String> words(BedOptions options) {
        List<String> words = new ArrayList<>();
        put(words, "--machine", options.machine());
        put(words, "--profile", options.profile());
        put(words, "--seed", options.seed());
        put(words, "--mode", options.mode());
        put(words, "--state", options.state());
        options.faults().forEach(fault -> put(words, "--fault", fault.replace(' ', ',')));
        return words;
    }

    private static void put(List<String> words, String option, Object value) {
        if (value != null) {
            words.addAll(List.of(option, value.toString()));
        }
    }

    @Override
    public Host host(HostOptions options) throws TransportException {
        for (Backend backend : ServiceLoader.load(Backend.class)) {
            if (backend.name().equals("simulated")) {
                return backend.open(options);
            }
        }
        throw TransportException.missing("there is no simulated back end", null);
    }
}
