// Ethernet frames.
import type { sk_buff } from "./skbuff.d.ts";
import type { ArrayOf, int, Ref, Struct, u8, u16 } from "./types.d.ts";

/** `struct ethhdr`; `h_proto` is in network order. Source: include/uapi/linux/if_ether.h */
export type ethhdr = Struct<
  "ethhdr",
  { readonly h_dest: Ref<ArrayOf<typeof u8>>; readonly h_source: Ref<ArrayOf<typeof u8>>; h_proto: u16 }
>;
/** `struct ethhdr`, the header of an Ethernet frame. Source: include/uapi/linux/if_ether.h */
export const ethhdr: ethhdr;

/** The Ethernet header of a buffer whose link-level header is known. Context: any. Source: include/linux/if_ether.h */
export function eth_hdr(skb: Ref<sk_buff>): Ref<ethhdr>;

/** Bytes of an address, and of the header. */
export const ETH_ALEN: int;
export const ETH_HLEN: int;
/** Bytes of the shortest frame and of the longest payload and frame, without the checksum. */
export const ETH_ZLEN: int;
export const ETH_DATA_LEN: int;
export const ETH_FRAME_LEN: int;
export const ETH_MIN_MTU: int;
/** Protocols, in host order. */
export const ETH_P_IP: u16;
export const ETH_P_ARP: u16;
export const ETH_P_IPV6: u16;
export const ETH_P_8021Q: u16;
export const ETH_P_ALL: u16;
export const ETH_P_802_3_MIN: u16;
