package io.github.irqscope.jna;

import com.sun.jna.Native;

/** What is called of iphlpapi, directly mapped: the network ports that carry traffic. */
final class AdapterCalls {
    /* Loads the library and binds the methods below; only before a network port is taken. */
    AdapterCalls() {
        Native.register(AdapterCalls.class, "iphlpapi");
    }

    native int GetAdaptersAddresses(int family, int flags, long reserved, long adapters, long size);
}
