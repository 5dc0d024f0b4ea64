// Headers of UDP datagrams.
import type { sk_buff } from "./skbuff.d.ts";
import type { Ref, Struct, u16 } from "./types.d.ts";

/** `struct udphdr`, all in network order. Source: include/uapi/linux/udp.h */
export type udphdr = Struct<"udphdr", { source: u16; dest: u16; len: u16; check: u16 }>;
/** `struct udphdr`, all in network order. Source: include/uapi/linux/udp.h */
export const udphdr: udphdr;

/** The UDP header of a buffer whose transport header is known. Context: any. Source: include/linux/udp.h */
export function udp_hdr(skb: Ref<sk_buff>): Ref<udphdr>;
