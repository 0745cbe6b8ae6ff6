/*
 * RtlNtStatusToDosError for the statuses that a driver of ours, the simulated kernel and the registry give. Most
 * pairs are what Wine 8.0's ntdll answers (asked on Debian 12); that Windows has the same table is assumed. A status that
 * is not here becomes ERROR_MR_MID_NOT_FOUND, as on Windows.
 */
#include "host.h"

#define ERROR_MR_MID_NOT_FOUND 317

static const struct {
    NTSTATUS Status;
    uint32_t Error;
} Errors[] = {
    { STATUS_SUCCESS, 0 },
    { STATUS_PENDING, 997 },
    { STATUS_BUFFER_OVERFLOW, 234 },
    { STATUS_DEVICE_BUSY, 170 },
    { STATUS_INFO_LENGTH_MISMATCH, 24 },
    { STATUS_ACCESS_VIOLATION, 998 },
    { STATUS_INVALID_HANDLE, 6 },
    { STATUS_INVALID_PARAMETER, 87 },
    { STATUS_NO_SUCH_DEVICE, 433 },
    { STATUS_INVALID_DEVICE_REQUEST, 1 },
    { STATUS_NO_MEMORY, 8 },
    { STATUS_CONFLICTING_ADDRESSES, 487 },
    { STATUS_ACCESS_DENIED, 5 },
    { STATUS_BUFFER_TOO_SMALL, 122 },
    { STATUS_OBJECT_NAME_INVALID, 123 },
    { STATUS_OBJECT_NAME_NOT_FOUND, 2 },
    { STATUS_SHARING_VIOLATION, 32 },
    { STATUS_QUOTA_EXCEEDED, 1295 },
    { STATUS_DELETE_PENDING, 5 },
    { STATUS_REVISION_MISMATCH, 1306 },
    { STATUS_INSUFFICIENT_RESOURCES, 1450 },
    { STATUS_DEVICE_NOT_CONNECTED, 1167 },
    { STATUS_DEVICE_NOT_READY, 21 },
    { STATUS_IO_TIMEOUT, 121 },
    { STATUS_NOT_SUPPORTED, 50 },
    { STATUS_INVALID_PARAMETER_1, 87 },
    { STATUS_INVALID_PARAMETER_2, 87 },
    { STATUS_INVALID_PARAMETER_3, 87 },
    { STATUS_INVALID_PARAMETER_4, 87 },
    { STATUS_INVALID_PARAMETER_5, 87 },
    { STATUS_INVALID_PARAMETER_6, 87 },
    { STATUS_INVALID_PARAMETER_7, 87 },
    { STATUS_INVALID_PARAMETER_8, 87 },
    { STATUS_INVALID_PARAMETER_9, 87 },
    { STATUS_INVALID_PARAMETER_10, 87 },
    { STATUS_CANCELLED, 995 },
    { STATUS_DEVICE_CONFIGURATION_ERROR, 87 },
    { STATUS_INVALID_DEVICE_STATE, 22 },
    { STATUS_IO_DEVICE_ERROR, 1117 },
    { STATUS_INVALID_BUFFER_SIZE, 1784 },
    { STATUS_IMAGE_CHECKSUM_MISMATCH, 193 },
    { STATUS_NOT_FOUND, 1168 },
    { STATUS_DRIVER_ENTRYPOINT_NOT_FOUND, 127 },
    { STATUS_DEVICE_REMOVED, 1617 },
};

uint32_t HostErrorOfStatus(NTSTATUS Status)
{
    size_t Index;

    for (Index = 0; Index < sizeof(Errors) / sizeof(Errors[0]); Index++) {
        if (Errors[Index].Status == Status) {
            return Errors[Index].Error;
        }
    }
    return ERROR_MR_MID_NOT_FOUND;
}
