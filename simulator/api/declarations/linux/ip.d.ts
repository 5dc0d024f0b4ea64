// Headers of IP packets.
import type { sk_buff } from "./skbuff.d.ts";
import type { Ref, Struct, u8, u16, u32 } from "./types.d.ts";

/**
 * `struct iphdr`; everything longer than a byte is in network order. Source: include/uapi/linux/ip.h. Differs from
 * Linux: `version` and `ihl` are bit fields there; here they are the upper and the lower half of `version_ihl`.
 */
export type iphdr = Struct<
  "iphdr",
  {
    version_ihl: u8;
    tos: u8;
    tot_len: u16;
    id: u16;
    frag_off: u16;
    ttl: u8;
    protocol: u8;
    check: u16;
    saddr: u32;
    daddr: u32;
  }
>;
/** `struct iphdr`, the header of an IP packet. Source: include/uapi/linux/ip.h */
export const iphdr: iphdr;

/** The IP header of a buffer whose network header is known. Context: any. Source: include/linux/ip.h */
export function ip_hdr(skb: Ref<sk_buff>): Ref<iphdr>;

/** Values of `protocol`. */
export const IPPROTO_ICMP: u8;
export const IPPROTO_TCP: u8;
export const IPPROTO_UDP: u8;
