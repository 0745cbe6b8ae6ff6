/* Wine has no portcls.sys: what the driver with the port class imports from it is the machine's. In the image without
 * the port class nobody looks at these pointers. */
#include <portcls.h>

const void *const __imp_PcNewInterruptSync = (const void *)PcNewInterruptSync;
const void *const __imp_PcNewResourceList = (const void *)PcNewResourceList;
