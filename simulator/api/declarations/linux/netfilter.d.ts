// Functions that see IP packets on their way through the stack, and decide whether they go on.
import type { net_device } from "./netdevice.d.ts";
import type { sk_buff } from "./skbuff.d.ts";
import type { InitialisedBy, int, Pointer, Ref, Struct, u8, uint } from "./types.d.ts";

/** Members of `struct nf_hook_ops` that modules set. */
export interface NfHookOpsInit {
  /** Under RCU: it must not sleep. NF_ACCEPT, NF_DROP or NF_STOLEN. */
  hook: (priv: Ref<unknown> | null, skb: Ref<sk_buff>, state: Ref<nf_hook_state>) => uint;
  priv?: Pointer<unknown>;
  pf: u8;
  hooknum: uint;
  /** Lower ones come first. */
  priority?: int;
}
/** `struct nf_hook_ops`, a function and where it is called. Source: include/linux/netfilter.h */
export type nf_hook_ops = Struct<"nf_hook_ops", InitialisedBy<NfHookOpsInit>>;
/** `struct nf_hook_ops`, a function and where it is called. Source: include/linux/netfilter.h */
export const nf_hook_ops: nf_hook_ops;

/** `struct nf_hook_state`, where a packet is. Source: include/linux/netfilter.h */
export type nf_hook_state = Struct<
  "nf_hook_state",
  { hook: u8; pf: u8; in: Ref<net_device> | null; out: Ref<net_device> | null; net: Ref<unknown> | null }
>;
/** `struct nf_hook_state`, where a packet is. Source: include/linux/netfilter.h */
export const nf_hook_state: nf_hook_state;

/** The one network namespace. */
export const init_net: Ref<unknown>;
/** What becomes of a packet. */
export const NF_DROP: uint;
export const NF_ACCEPT: uint;
export const NF_STOLEN: uint;
export const NFPROTO_IPV4: u8;
export const PF_INET: u8;
/** Packets that an interface delivered. */
export const NF_INET_PRE_ROUTING: uint;
/** The same, before a socket gets them. */
export const NF_INET_LOCAL_IN: uint;
/** Packets that a program sends. */
export const NF_INET_LOCAL_OUT: uint;
/** The same, before they go to an interface. */
export const NF_INET_POST_ROUTING: uint;
export const NF_IP_PRI_FIRST: int;
export const NF_IP_PRI_FILTER: int;
export const NF_IP_PRI_LAST: int;

/**
 * Has a function called for packets. Context: process, may sleep. Result: 0 or a negative errno. Source:
 * net/netfilter/core.c. Differs from Linux: there is no forwarding and only IPv4.
 */
export function nf_register_net_hook(net: Pointer<unknown>, ops: Ref<nf_hook_ops>): int;
/** Has it not called any more. Context: process, may sleep. Source: net/netfilter/core.c */
export function nf_unregister_net_hook(net: Pointer<unknown>, ops: Ref<nf_hook_ops>): void;
