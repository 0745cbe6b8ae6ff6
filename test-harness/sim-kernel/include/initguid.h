/* Includes after this one define the GUIDs that they name. */
#define INITGUID
#include <guiddef.h>
