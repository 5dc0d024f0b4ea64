// Numbers as networks and devices have them; this machine is little endian.
import type { u16, u32 } from "../linux/types.d.ts";

/** 16 bits of the host in network order. Context: any. Source: include/linux/byteorder/generic.h, as for all of these */
export function htons(value: u16): u16;
/** 16 bits in network order as the host has them. Context: any. */
export function ntohs(value: u16): u16;
/** 32 bits of the host in network order. Context: any. */
export function htonl(value: u32): u32;
/** 32 bits in network order as the host has them. Context: any. */
export function ntohl(value: u32): u32;
/** To big endian. Context: any. */
export function cpu_to_be16(value: u16): u16;
/** From big endian. Context: any. */
export function be16_to_cpu(value: u16): u16;
/** To big endian. Context: any. */
export function cpu_to_be32(value: u32): u32;
/** From big endian. Context: any. */
export function be32_to_cpu(value: u32): u32;
/** To little endian, which changes nothing. Context: any. */
export function cpu_to_le16(value: u16): u16;
/** From little endian, which changes nothing. Context: any. */
export function le16_to_cpu(value: u16): u16;
/** To little endian, which changes nothing. Context: any. */
export function cpu_to_le32(value: u32): u32;
/** From little endian, which changes nothing. Context: any. */
export function le32_to_cpu(value: u32): u32;
