/** The library: devices, connections, events and verdicts of irqscope. No JNA type is in a public signature. */
module io.github.irqscope {
    requires com.sun.jna;

    exports io.github.irqscope;
    exports io.github.irqscope.export;
    exports io.github.irqscope.inf;
    exports io.github.irqscope.install;
    exports io.github.irqscope.json;
    exports io.github.irqscope.policy;
    exports io.github.irqscope.recording;
    exports io.github.irqscope.report;
    exports io.github.irqscope.validation;

    uses io.github.irqscope.install.WindowsSystem;
    uses io.github.irqscope.transport.Backend;

    provides io.github.irqscope.install.WindowsSystem
            with io.github.irqscope.jna.WindowsSetup;
    provides io.github.irqscope.transport.Backend
            with io.github.irqscope.jna.SimulatedBackend, io.github.irqscope.jna.WindowsBackend;
}
