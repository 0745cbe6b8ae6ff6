package io.github.irqscope.jna;

import com.sun.jna.Native;

/** What is called of cfgmgr32, directly mapped. These return a CONFIGRET, 0 for success. */
final class ConfigCalls {
    /* Loads the library and binds the methods below; only when something is looked at or installed. */
    ConfigCalls() {
        Native.register(ConfigCalls.class, "cfgmgr32");
    }

    native int CM_Locate_DevNodeW(long node, long instanceId, int flags);

    native int CM_Get_DevNode_Status(long status, long problem, int node, int flags);

    native int CM_Reenumerate_DevNode(int node, int flags);
}
