package io.github.irqscope;

import static java.util.Map.entry;

import java.util.Map;

/**
 * Names of NTSTATUS values: those that the driver, the kernel routines it asks, and the I/O and PnP managers return.
 */
public final class NtStatus {
    /** STATUS_SUCCESS. */
    public static final int SUCCESS = 0;

    static final int TIMEOUT = 0x00000102;
    static final int PENDING = 0x00000103;
    static final int DELETE_PENDING = 0xC0000056;
    static final int NOT_FOUND = 0xC0000225;
    static final int DEVICE_NOT_READY = 0xC00000A3;
    static final int DEVICE_REMOVED = 0xC00002B6;
    static final int REVISION_MISMATCH = 0xC0000059;
    static final int ACCESS_DENIED = 0xC0000022;
    static final int DEVICE_NOT_CONNECTED = 0xC000009D;
    static final int CANCELLED = 0xC0000120;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            entry(0x00000000, "STATUS_SUCCESS"),
            entry(0x00000102, "STATUS_TIMEOUT"),
            entry(0x00000103, "STATUS_PENDING"),
            entry(0x00000119, "STATUS_RESOURCE_REQUIREMENTS_CHANGED"),
            entry(0x40000000, "STATUS_OBJECT_NAME_EXISTS"),
            entry(0x80000005, "STATUS_BUFFER_OVERFLOW"),
            entry(0x80000011, "STATUS_DEVICE_BUSY"),
            entry(0x8000001A, "STATUS_NO_MORE_ENTRIES"),
            entry(0x80000288, "STATUS_DEVICE_REQUIRES_CLEANING"),
            entry(0xC0000001, "STATUS_UNSUCCESSFUL"),
            entry(0xC0000002, "STATUS_NOT_IMPLEMENTED"),
            entry(0xC0000004, "STATUS_INFO_LENGTH_MISMATCH"),
            entry(0xC0000005, "STATUS_ACCESS_VIOLATION"),
            entry(0xC0000008, "STATUS_INVALID_HANDLE"),
            entry(0xC000000D, "STATUS_INVALID_PARAMETER"),
            entry(0xC000000E, "STATUS_NO_SUCH_DEVICE"),
            entry(0xC000000F, "STATUS_NO_SUCH_FILE"),
            entry(0xC0000010, "STATUS_INVALID_DEVICE_REQUEST"),
            entry(0xC0000011, "STATUS_END_OF_FILE"),
            entry(0xC0000015, "STATUS_NONEXISTENT_SECTOR"),
            entry(0xC0000017, "STATUS_NO_MEMORY"),
            entry(0xC0000022, "STATUS_ACCESS_DENIED"),
            entry(0xC0000023, "STATUS_BUFFER_TOO_SMALL"),
            entry(0xC0000024, "STATUS_OBJECT_TYPE_MISMATCH"),
            entry(0xC0000033, "STATUS_OBJECT_NAME_INVALID"),
            entry(0xC0000034, "STATUS_OBJECT_NAME_NOT_FOUND"),
            entry(0xC0000035, "STATUS_OBJECT_NAME_COLLISION"),
            entry(0xC000003A, "STATUS_OBJECT_PATH_NOT_FOUND"),
            entry(0xC0000043, "STATUS_SHARING_VIOLATION"),
            entry(0xC0000044, "STATUS_QUOTA_EXCEEDED"),
            entry(0xC0000056, "STATUS_DELETE_PENDING"),
            entry(0xC0000059, "STATUS_REVISION_MISMATCH"),
            entry(0xC0000061, "STATUS_PRIVILEGE_NOT_HELD"),
            entry(0xC000009A, "STATUS_INSUFFICIENT_RESOURCES"),
            entry(0xC000009C, "STATUS_DEVICE_DATA_ERROR"),
            entry(0xC000009D, "STATUS_DEVICE_NOT_CONNECTED"),
            entry(0xC000009E, "STATUS_DEVICE_POWER_FAILURE"),
            entry(0xC00000A3, "STATUS_DEVICE_NOT_READY"),
            entry(0xC00000B5, "STATUS_IO_TIMEOUT"),
            entry(0xC00000BB, "STATUS_NOT_SUPPORTED"),
            entry(0xC00000C0, "STATUS_DEVICE_DOES_NOT_EXIST"),
            entry(0xC00000E5, "STATUS_INTERNAL_ERROR"),
            entry(0xC00000EF, "STATUS_INVALID_PARAMETER_1"),
            entry(0xC00000F0, "STATUS_INVALID_PARAMETER_2"),
            entry(0xC00000F1, "STATUS_INVALID_PARAMETER_3"),
            entry(0xC00000F2, "STATUS_INVALID_PARAMETER_4"),
            entry(0xC00000F3, "STATUS_INVALID_PARAMETER_5"),
            entry(0xC00000F4, "STATUS_INVALID_PARAMETER_6"),
            entry(0xC00000F5, "STATUS_INVALID_PARAMETER_7"),
            entry(0xC00000F6, "STATUS_INVALID_PARAMETER_8"),
            entry(0xC00000F7, "STATUS_INVALID_PARAMETER_9"),
            entry(0xC00000F8, "STATUS_INVALID_PARAMETER_10"),
            entry(0xC00000F9, "STATUS_INVALID_PARAMETER_11"),
            entry(0xC00000FA, "STATUS_INVALID_PARAMETER_12"),
            entry(0xC0000120, "STATUS_CANCELLED"),
            entry(0xC0000128, "STATUS_FILE_CLOSED"),
            entry(0xC0000182, "STATUS_DEVICE_CONFIGURATION_ERROR"),
            entry(0xC0000184, "STATUS_INVALID_DEVICE_STATE"),
            entry(0xC0000185, "STATUS_IO_DEVICE_ERROR"),
            entry(0xC0000189, "STATUS_TOO_LATE"),
            entry(0xC0000206, "STATUS_INVALID_BUFFER_SIZE"),
            entry(0xC0000221, "STATUS_IMAGE_CHECKSUM_MISMATCH"),
            entry(0xC0000225, "STATUS_NOT_FOUND"),
            entry(0xC000022D, "STATUS_RETRY"),
            entry(0xC0000240, "STATUS_REQUEST_ABORTED"),
            entry(0xC0000262, "STATUS_DRIVER_ORDINAL_NOT_FOUND"),
            entry(0xC0000263, "STATUS_DRIVER_ENTRYPOINT_NOT_FOUND"),
            entry(0xC000026C, "STATUS_DRIVER_UNABLE_TO_LOAD"),
            entry(0xC00002B6, "STATUS_DEVICE_REMOVED"),
            entry(0xC00002CE, "STATUS_PNP_RESTART_ENUMERATION"),
            entry(0xC00002D2, "STATUS_PNP_REBOOT_REQUIRED"),
            entry(0xC00002D3, "STATUS_POWER_STATE_INVALID"),
            entry(0xC00002DE, "STATUS_INSUFFICIENT_POWER"),
            entry(0xC0000366, "STATUS_DEVICE_ENUMERATION_ERROR"),
            entry(0xC000036C, "STATUS_DRIVER_BLOCKED"),
            entry(0xC0000428, "STATUS_INVALID_IMAGE_HASH"),
            entry(0xC0000708, "STATUS_RESOURCE_IN_USE"),
            entry(0xC0040039, "STATUS_IO_REISSUE_AS_CACHED"));

    private NtStatus() {
    }

    /** Whether the kernel's NT_SUCCESS holds: success or information, no warning and no error. */
    public static boolean isSuccess(int status) {
        return status >= 0;
    }

    /** {@code STATUS_NOT_SUPPORTED}; of a value without a known name the number. */
    public static String name(int status) {
        String name = NAMES.get(status);
        return name != null ? name : hex(status);
    }

    /** {@code 0xC00000BB}. */
    public static String hex(int status) {
        return String.format("0x%08X", status);
    }

    /** {@code STATUS_NOT_SUPPORTED (0xC00000BB)}; of a value without a known name {@code NTSTATUS 0xC00000BB}. */
    public static String describe(int status) {
        String name = NAMES.get(status);
        return name != null ? name + " (" + hex(status) + ")" : "NTSTATUS " + hex(status);
    }
}
