package io.github.irqscope;

import io.github.irqscope.contract.Contract;

/** What a device is, which says how the driver makes it interrupt. */
public enum DeviceModel {
    /** Nothing that the driver can make interrupt: the device's own interrupts are watched. */
    NONE("none", Contract.MODEL_NONE),
    /** QEMU's edu device. */
    EDU("edu", Contract.MODEL_EDU),
    /** An Intel 82574 network adapter. */
    E1000E("e1000e", Contract.MODEL_82574),
    /** An Intel 82576, I210 or I350 network adapter. */
    IGB("igb", Contract.MODEL_IGB),
    /** A 16550 serial port. */
    UART("uart", Contract.MODEL_16550);

    private final String text;
    private final int value;

    DeviceModel(String text, int value) {
        this.text = text;
        this.value = value;
    }

    /** The word that device names begin with. */
    public String text() {
        return text;
    }

    /** Whether the driver can make the device interrupt. */
    public boolean canBeTriggered() {
        return this != NONE;
    }

    static DeviceModel of(int value) {
        for (DeviceModel model : values()) {
            if (model.value == value) {
                return model;
            }
        }
        throw new IllegalArgumentException("the driver told a device model that is not known: " + value);
    }

    @Override
    public String toString() {
        return text;
    }
}
