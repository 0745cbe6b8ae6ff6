package io.github.irqscope.install;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The INF for one device that a user named: a template filled with the device's most exact hardware id. */
public final class DeviceInf {
    /** What the file is called: its catalog has the same name. */
    public static final String NAME = "irqscope-device.inf";

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("MM/dd/yyyy", Locale.ROOT);

    private enum Model {
        EDU("QEMU edu", 1), NIC_82574("Intel 82574", 5), IGB("Intel 82576 or I350", 25), I210("Intel I210", 5),
        UART("16550 UART", 0), NONE("a device that only interrupts by itself", 16);

        private final String text;
        private final int messages;

        Model(String text, int messages) {
            this.text = text;
            this.messages = messages;
        }
    }

    private DeviceInf() {
    }

    /**
     * The text of the INF.
     *
     * @param device  what it is for
     * @param version of DriverVer
     * @param date    of DriverVer
     * @throws InstallException when the device has no hardware id that an INF could name
     */
    public static String text(PnpDevice device, String version, LocalDate date) {
        List<String> ids = device.hardwareIds();
        if (ids.isEmpty() || ids.get(0).isBlank() || ids.get(0).matches("(?s).*[\",;%\\r\\n].*")) {
            throw InstallException.refused("inf", device.title() + " has no hardware id that an INF can name");
        }
        Model model = model(ids);
        String text = template()
                .replace("@HARDWARE_ID@", ids.get(0))
                .replace("@DEVICE@", "irqscope on " + model.text)
                .replace("@MODEL@", model.text)
                .replace("@DATE@", DATE.format(date))
                .replace("@VERSION@", version)
                .replace("@MESSAGES@", Integer.toString(Math.max(1, model.messages)))
                .replace("@MSI@", model.messages == 0 ? "0" : "1");
        if (text.matches("(?s).*@[A-Z_]+@.*")) {
            throw new IllegalStateException("the template has a place that nothing fills");
        }
        return text;
    }

    private static Model model(List<String> ids) {
        for (String id : ids) {
            String upper = id.toUpperCase(Locale.ROOT);
            if (upper.contains("PNP0500") || upper.contains("PNP0501")) {
                return Model.UART;
            }
            if (upper.contains("VEN_1234&DEV_11E8")) {
                return Model.EDU;
            }
            if (upper.contains("VEN_8086&DEV_10D3")) {
                return Model.NIC_82574;
            }
            if (upper.contains("VEN_8086&DEV_10C9") || upper.contains("VEN_8086&DEV_1521")) {
                return Model.IGB;
            }
            if (upper.contains("VEN_8086&DEV_1533")) {
                return Model.I210;
            }
        }
        return Model.NONE;
    }

    private static String template() {
        try (InputStream stream = DeviceInf.class.getResourceAsStream("device.inf.in")) {
            if (stream == null) {
                throw new IllegalStateException("device.inf.in is not in this program");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
