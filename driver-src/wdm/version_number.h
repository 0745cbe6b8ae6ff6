/*
 * The driver's version, for its resource. The same as pom.xml's and as DriverVer's in inf/: a test compares them. The
 * contract between driver and client has a version of its own.
 */
#ifndef VERSION_NUMBER_H
#define VERSION_NUMBER_H

#define IRQSCOPE_VERSION_NUMBERS 0,1,0,0
#define IRQSCOPE_VERSION_TEXT "0.1.0.0"

#endif
