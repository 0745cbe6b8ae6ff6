package io.github.irqscope.suite;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.Connection;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.Session;
import io.github.irqscope.Trigger;
import io.github.irqscope.Way;

/** A process that is there to be killed: it connects all of a device, makes it interrupt, and waits for events. */
final class KilledClient {
    static final String READY = "ready";

    private KilledClient() {
    }

    public static void main(String[] arguments) {
        Bed bed = Bed.open(BedOptions.auto().withBed("windows"));
        Session session = bed.device(arguments[0]).open();
        Connection connection = session.connect(session.resources().size() > 1 ? ConnectRequest.of(Way.MESSAGE_BASED)
                : ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
        EventReader reader = session.events(EventOptions.immediate());
        connection.trigger(Trigger.burst(0, 100));
        long claimed = connection.counters().get(0).claimed();
        System.out.println(claimed > 0 ? READY : "nothing came");
        System.out.flush();
        while (reader.next(run -> { })) {
            connection.trigger(Trigger.burst(0, 10));
        }
        System.out.println("the stream ended: " + reader.endStatus());
    }
}
