#ifndef DEVICE_NIC_H
#define DEVICE_NIC_H

#include "device.h"

#define NIC_CTRL 0x00000
#define NIC_STATUS 0x00008
#define NIC_CTRL_EXT 0x00018
#define NIC_RCTL 0x00100
#define NIC_TCTL 0x00400
#define NIC_PBACLR 0x05B68

#define NIC_CTRL_RST 0x04000000u
#define NIC_CTRL_DEV_RST 0x20000000u    /* igb only */
#define NIC_STATUS_UP 0x00080083u       /* full duplex, link up, 1000 Mb/s, may be bus master */
#define NIC_CTRL_EXT_IAME 0x08000000u   /* a read of ICR masks what IAM says */
#define NIC_CTRL_EXT_EIAME 0x01000000u  /* a message masks what IAM says */

#define NIC_CAUSE_LSC 0x00000004u       /* link status change: what test interrupts are made of */
#define NIC_CAUSE_ASSERTED 0x80000000u

/* Sends the message of a vector, but not before Interval ns after the last one of it. */
void NicMessage(DEVICE *Device, ULONG Vector, ULONGLONG Interval);
void NicReset(DEVICE *Device);
ULONG NicTurn(DEVICE *Device, ULONG Candidates);    /* one bit of them after the other */

#endif
