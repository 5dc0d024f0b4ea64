// Headers of TCP segments.
import type { sk_buff } from "./skbuff.d.ts";
import type { Ref, Struct, u8, u16, u32 } from "./types.d.ts";

/**
 * `struct tcphdr`; everything longer than a byte is in network order. Source: include/uapi/linux/tcp.h. Differs from
 * Linux: `doff` is the upper half of `doff_res`, and the flags are bits of one byte, the TCPHDR_ constants.
 */
export type tcphdr = Struct<
  "tcphdr",
  {
    source: u16;
    dest: u16;
    seq: u32;
    ack_seq: u32;
    doff_res: u8;
    flags: u8;
    window: u16;
    check: u16;
    urg_ptr: u16;
  }
>;
/** `struct tcphdr`, the header of a TCP segment. Source: include/uapi/linux/tcp.h */
export const tcphdr: tcphdr;

/** The TCP header of a buffer whose transport header is known. Context: any. Source: include/linux/tcp.h */
export function tcp_hdr(skb: Ref<sk_buff>): Ref<tcphdr>;

/** Bits of `flags`. Source: include/net/tcp.h */
export const TCPHDR_FIN: u8;
export const TCPHDR_SYN: u8;
export const TCPHDR_RST: u8;
export const TCPHDR_PSH: u8;
export const TCPHDR_ACK: u8;
export const TCPHDR_URG: u8;
