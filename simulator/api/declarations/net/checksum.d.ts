// Sums over the headers of packets.
import type { Pointer, u16, uint } from "../linux/types.d.ts";

/** The checksum of an IP header of `ihl` 32-bit words, as it goes into `check`; 0 over a header whose sum is right. Context: any. Source: lib/checksum.c */
export function ip_fast_csum(iph: Pointer<unknown>, ihl: uint): u16;
