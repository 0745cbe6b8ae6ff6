package io.github.irqscope.jna;

/** That somebody is told before a device is removed; closing ends it, also from within the telling. */
interface RemovalNotice extends AutoCloseable {
    /** Who makes them. */
    interface Maker {
        /** Of systems that tell nobody. */
        Maker NONE = (file, action) -> null;

        /** For the device behind this handle; null when nobody will be told. The action runs once at most. */
        RemovalNotice of(long file, Runnable action);
    }

    @Override
    void close();
}
