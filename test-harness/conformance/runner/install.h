/* What only Windows has: the driver is installed on two devices that are made for it. Elsewhere each says so. */
#ifndef INSTALL_H
#define INSTALL_H

int InstallDriver(const char *Inf);
int InstallRemove(void);
int InstallDie(const char *Path);                   /* the other process of WorldProcessDies: does not return on Windows */

#endif
