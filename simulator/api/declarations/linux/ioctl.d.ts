// How the commands of an ioctl are numbered.
import type { Layout, uint } from "./types.d.ts";

/** A command without an argument. `type` is the driver's letter or number, 8 bits. Context: any. Source: include/uapi/asm-generic/ioctl.h */
export function _IO(type: uint, nr: uint): uint;
/** A command that reads a `size` from the driver. Context: any. Source: include/uapi/asm-generic/ioctl.h */
export function _IOR(type: uint, nr: uint, size: Layout): uint;
/** A command that writes a `size` to the driver. Context: any. Source: include/uapi/asm-generic/ioctl.h */
export function _IOW(type: uint, nr: uint, size: Layout): uint;
/** A command that writes a `size` and reads it back. Context: any. Source: include/uapi/asm-generic/ioctl.h */
export function _IOWR(type: uint, nr: uint, size: Layout): uint;
/** Directions of a command, as user space sees them. */
export const _IOC_NONE: uint;
export const _IOC_WRITE: uint;
export const _IOC_READ: uint;
/** A command from its parts. Context: any. Source: include/uapi/asm-generic/ioctl.h */
export function _IOC(dir: uint, type: uint, nr: uint, size: uint): uint;
/** The direction of a command. Context: any. Source: include/uapi/asm-generic/ioctl.h */
export function _IOC_DIR(cmd: uint): uint;
/** The type of a command. Context: any. Source: include/uapi/asm-generic/ioctl.h */
export function _IOC_TYPE(cmd: uint): uint;
/** The number of a command. Context: any. Source: include/uapi/asm-generic/ioctl.h */
export function _IOC_NR(cmd: uint): uint;
/** The size in bytes of a command. Context: any. Source: include/uapi/asm-generic/ioctl.h */
export function _IOC_SIZE(cmd: uint): uint;
