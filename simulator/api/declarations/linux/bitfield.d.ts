// Fields of registers.
import type { u32 } from "./types.d.ts";

/** A value moved to where the mask of its field is. Context: any. Source: include/linux/bitfield.h */
export function FIELD_PREP(mask: u32, val: u32): u32;
/** The value of the field that the mask is of. Context: any. Source: include/linux/bitfield.h */
export function FIELD_GET(mask: u32, reg: u32): u32;
/** Whether a value fits into the field. Context: any. Source: include/linux/bitfield.h */
export function FIELD_FIT(mask: u32, val: u32): boolean;
