package io.github.irqscope;

import static java.util.Map.entry;

import java.util.Map;

/** Names of Win32 error codes: those that file, device, set-up and registry calls leave as the last error. */
public final class Win32Error {
    static final int FILE_NOT_FOUND = 2;
    static final int PATH_NOT_FOUND = 3;
    static final int ACCESS_DENIED = 5;
    static final int IO_DEVICE = 1117;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            entry(0, "ERROR_SUCCESS"),
            entry(1, "ERROR_INVALID_FUNCTION"),
            entry(2, "ERROR_FILE_NOT_FOUND"),
            entry(3, "ERROR_PATH_NOT_FOUND"),
            entry(5, "ERROR_ACCESS_DENIED"),
            entry(6, "ERROR_INVALID_HANDLE"),
            entry(8, "ERROR_NOT_ENOUGH_MEMORY"),
            entry(14, "ERROR_OUTOFMEMORY"),
            entry(18, "ERROR_NO_MORE_FILES"),
            entry(21, "ERROR_NOT_READY"),
            entry(22, "ERROR_BAD_COMMAND"),
            entry(24, "ERROR_BAD_LENGTH"),
            entry(31, "ERROR_GEN_FAILURE"),
            entry(32, "ERROR_SHARING_VIOLATION"),
            entry(50, "ERROR_NOT_SUPPORTED"),
            entry(55, "ERROR_DEV_NOT_EXIST"),
            entry(80, "ERROR_FILE_EXISTS"),
            entry(87, "ERROR_INVALID_PARAMETER"),
            entry(121, "ERROR_SEM_TIMEOUT"),
            entry(122, "ERROR_INSUFFICIENT_BUFFER"),
            entry(123, "ERROR_INVALID_NAME"),
            entry(126, "ERROR_MOD_NOT_FOUND"),
            entry(127, "ERROR_PROC_NOT_FOUND"),
            entry(170, "ERROR_BUSY"),
            entry(183, "ERROR_ALREADY_EXISTS"),
            entry(193, "ERROR_BAD_EXE_FORMAT"),
            entry(234, "ERROR_MORE_DATA"),
            entry(258, "WAIT_TIMEOUT"),
            entry(259, "ERROR_NO_MORE_ITEMS"),
            entry(303, "ERROR_DELETE_PENDING"),
            entry(433, "ERROR_NO_SUCH_DEVICE"),
            entry(577, "ERROR_INVALID_IMAGE_HASH"),
            entry(995, "ERROR_OPERATION_ABORTED"),
            entry(996, "ERROR_IO_INCOMPLETE"),
            entry(997, "ERROR_IO_PENDING"),
            entry(998, "ERROR_NOACCESS"),
            entry(1004, "ERROR_INVALID_FLAGS"),
            entry(1018, "ERROR_KEY_DELETED"),
            entry(1060, "ERROR_SERVICE_DOES_NOT_EXIST"),
            entry(1117, "ERROR_IO_DEVICE"),
            entry(1167, "ERROR_DEVICE_NOT_CONNECTED"),
            entry(1168, "ERROR_NOT_FOUND"),
            entry(1223, "ERROR_CANCELLED"),
            entry(1237, "ERROR_RETRY"),
            entry(1275, "ERROR_DRIVER_BLOCKED"),
            entry(1306, "ERROR_REVISION_MISMATCH"),
            entry(1314, "ERROR_PRIVILEGE_NOT_HELD"),
            entry(1450, "ERROR_NO_SYSTEM_RESOURCES"),
            entry(1460, "ERROR_TIMEOUT"),
            entry(1617, "ERROR_DEVICE_REMOVED"),
            entry(1784, "ERROR_INVALID_USER_BUFFER"),
            entry(1816, "ERROR_NOT_ENOUGH_QUOTA"),
            entry(2404, "ERROR_DEVICE_IN_USE"),
            entry(3010, "ERROR_SUCCESS_REBOOT_REQUIRED"),
            entry(4319, "ERROR_DEVICE_NOT_AVAILABLE"),
            entry(5023, "ERROR_INVALID_STATE"),
            entry(0xE0000201, "ERROR_DEVINFO_NOT_REGISTERED"),
            entry(0xE0000204, "ERROR_KEY_DOES_NOT_EXIST"),
            entry(0xE000020B, "ERROR_NO_SUCH_DEVINST"),
            entry(0xE000020D, "ERROR_INVALID_CLASS_INSTALLER"),
            entry(0xE0000231, "ERROR_NOT_DISABLEABLE"),
            entry(0xE0000235, "ERROR_IN_WOW64"));

    private Win32Error() {
    }

    /** {@code ERROR_ACCESS_DENIED}; of a code without a known name the number. */
    public static String name(int code) {
        String name = NAMES.get(code);
        return name != null ? name : number(code);
    }

    /** {@code ERROR_ACCESS_DENIED (5)}; of a code without a known name {@code Win32 error 5}. */
    public static String describe(int code) {
        String name = NAMES.get(code);
        return name != null ? name + " (" + number(code) + ")" : "Win32 error " + number(code);
    }

    /* Codes of the set-up functions have their high bits set and are known by their hexadecimal form. */
    private static String number(int code) {
        return code < 0 ? String.format("0x%08X", code) : Integer.toString(code);
    }
}
