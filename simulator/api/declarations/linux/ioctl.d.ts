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
