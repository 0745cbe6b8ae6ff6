/* What only Windows has: the driver is installed on two devices that are made for it. Elsewhere each says so. */
#ifndef INSTALL_H
#define INSTALL_H

int InstallDriver(const char *Inf);
int InstallRemove(void);
/* the other process of WorldProcessDies: does not return on Windows */
int InstallDie(const char *Path);

#endif
