package io.github.irqscope;

import io.github.irqscope.contract.Contract;

/** What a histogram counts. */
public enum HistogramKind {
    /** From the register write that asks for an interrupt to the first instruction of the ISR. Paced triggers only. */
    TRIGGER_TO_ISR("trigger-to-isr", Contract.HISTOGRAM_TRIGGER_TO_ISR),
    /** From the ISR to its DPC. */
    ISR_TO_DPC("isr-to-dpc", Contract.HISTOGRAM_ISR_TO_DPC),
    /** From the ISR's first to its last stamp. */
    ISR_DURATION("isr-duration", Contract.HISTOGRAM_ISR_DURATION);

    private final String text;
    private final int value;

    HistogramKind(String text, int value) {
        this.text = text;
        this.value = value;
    }

    /** The word as it stands in JSON. */
    public String text() {
        return text;
    }

    int value() {
        return value;
    }

    @Override
    public String toString() {
        return text;
    }
}
