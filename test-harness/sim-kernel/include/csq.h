/* The cancel-safe queue's types are in wdm.h here; the name exists for those who look for them where mingw has them. */
#ifndef CSQ_H
#define CSQ_H

#include <wdm.h>

#endif
