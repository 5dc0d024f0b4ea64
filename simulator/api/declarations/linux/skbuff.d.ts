// Socket buffers: what is sent and received, with room for the headers of all layers.
import type { gfp_t } from "./gfp.d.ts";
import type { net_device } from "./netdevice.d.ts";
import type { spinlock_t } from "./spinlock.d.ts";
import type { ArrayOf, int, Pointer, Ref, Struct, u8, u16, u32, uint } from "./types.d.ts";

type Bytes = Ref<ArrayOf<typeof u8>>;
type Skb = Ref<sk_buff>;

export interface SkBuffMembers {
  next: Ref<sk_buff> | null;
  prev: Ref<sk_buff> | null;
  /** The interface through which it is sent, or came. */
  dev: Ref<net_device> | null;
  /** 48 bytes for whoever has the buffer. */
  readonly cb: Bytes;
  /** Bytes of data. */
  len: uint;
  data_len: uint;
  mac_len: u16;
  queue_mapping: u16;
  cloned: u8;
  pkt_type: u8;
  /** A CHECKSUM_ constant. */
  ip_summed: u8;
  csum: u32;
  priority: u32;
  skb_iif: int;
  hash: u32;
  mark: u32;
  /** In network order: compare with `htons(ETH_P_IP)`. */
  protocol: u16;
  transport_header: u16;
  network_header: u16;
  mac_header: u16;
  head: Bytes;
  data: Bytes;
  tail: Bytes;
  end: Bytes;
  truesize: uint;
}

/**
 * `struct sk_buff`. Source: include/linux/skbuff.h. Differs from Linux: the data lie in one piece, so that `data_len` is
 * 0; bit fields such as `ip_summed` have a byte each.
 */
export type sk_buff = Struct<"sk_buff", SkBuffMembers>;
/** `struct sk_buff`, a buffer. Source: include/linux/skbuff.h */
export const sk_buff: sk_buff;

/** `struct sk_buff_head`, a queue of buffers with its lock; a member type. Source: include/linux/skbuff.h */
export type sk_buff_head = Struct<
  "sk_buff_head",
  { next: Ref<sk_buff> | null; prev: Ref<sk_buff> | null; qlen: u32; readonly lock: Ref<spinlock_t> }
>;
/** `struct sk_buff_head`, a queue of buffers with its lock; a member type. Source: include/linux/skbuff.h */
export const sk_buff_head: sk_buff_head;

/** Nobody looked at the checksums: the stack must. */
export const CHECKSUM_NONE: u8;
/** The device found the checksums right. */
export const CHECKSUM_UNNECESSARY: u8;
export const CHECKSUM_COMPLETE: u8;
export const CHECKSUM_PARTIAL: u8;
/** What netdev_alloc_skb leaves before the data. */
export const NET_SKB_PAD: int;
/** What makes the IP header behind an Ethernet header lie at a multiple of four. */
export const NET_IP_ALIGN: int;

/**
 * A buffer without data and with room for `size` bytes behind them.
 *
 * Context: any with GFP_ATOMIC; otherwise process context, may sleep. Result: NULL when there is no memory. Source:
 * include/linux/skbuff.h
 */
export function alloc_skb(size: uint, priority: gfp_t): Skb | null;
/** netdev_alloc_skb for no interface yet. Context: any. Result: NULL when there is no memory. Source: include/linux/skbuff.h */
export function dev_alloc_skb(length: uint): Skb | null;
/** A buffer for a frame that is received: with NET_SKB_PAD bytes before the data. Context: any. Result: NULL when there is no memory. Source: include/linux/skbuff.h */
export function netdev_alloc_skb(dev: Ref<net_device>, length: uint): Skb | null;
/** netdev_alloc_skb, and NET_IP_ALIGN bytes more before the data. Context: any. Result: NULL when there is no memory. Source: include/linux/skbuff.h */
export function netdev_alloc_skb_ip_align(dev: Ref<net_device>, length: uint): Skb | null;

/** Gives a buffer back that was dropped; the last user's going frees it. Context: process, softirq. Source: net/core/skbuff.c */
export function kfree_skb(skb: Skb | null): void;
/** Gives a buffer back that was done with. Context: process, softirq. Source: net/core/skbuff.c */
export function consume_skb(skb: Skb | null): void;
/** consume_skb by its old name. Context: process, softirq. Source: include/linux/skbuff.h */
export function dev_kfree_skb(skb: Skb | null): void;
/** Gives a dropped buffer back, in a softirq later. Context: any. Source: include/linux/netdevice.h */
export function dev_kfree_skb_irq(skb: Skb | null): void;
/** Gives a buffer back that was sent, in a softirq later. Context: any. Source: include/linux/netdevice.h */
export function dev_consume_skb_irq(skb: Skb | null): void;
/** dev_kfree_skb or dev_kfree_skb_irq, as the context wants. Context: any. Source: include/linux/netdevice.h */
export function dev_kfree_skb_any(skb: Skb | null): void;
/** consume_skb or dev_consume_skb_irq, as the context wants. Context: any. Source: include/linux/netdevice.h */
export function dev_consume_skb_any(skb: Skb | null): void;
/** One more user of a buffer, who must give it back too. Context: any. Result: the buffer. Source: include/linux/skbuff.h */
export function skb_get(skb: Skb): Skb;

/** A private copy of a buffer, data included. Context: any with GFP_ATOMIC; otherwise process context, may sleep. Result: NULL when there is no memory. Source: net/core/skbuff.c */
export function skb_copy(skb: Skb, gfp_mask: gfp_t): Skb | null;
/** skb_copy with this room before and behind the data. Context: any with GFP_ATOMIC. Result: NULL when there is no memory. Source: net/core/skbuff.c */
export function skb_copy_expand(skb: Skb, newheadroom: int, newtailroom: int, priority: gfp_t): Skb | null;
/** Another buffer for the same data, which nobody may write any more. Context: any with GFP_ATOMIC; otherwise process context, may sleep. Result: NULL when there is no memory. Source: net/core/skbuff.c */
export function skb_clone(skb: Skb, priority: gfp_t): Skb | null;
/** Whether another buffer has the same data. Context: any. Source: include/linux/skbuff.h */
export function skb_cloned(skb: Skb): int;
/** Whether the buffer has another user. Context: any. Source: include/linux/skbuff.h */
export function skb_shared(skb: Skb): int;

/** `len` bytes more at the end, which the caller fills; more than there is room for is a bug that ends the task. Context: any. Result: where they begin. Source: net/core/skbuff.c */
export function skb_put(skb: Skb, len: uint): Bytes;
/** skb_put filled with zeroes. Context: any. Result: where they begin. Source: include/linux/skbuff.h */
export function skb_put_zero(skb: Skb, len: uint): Bytes;
/** skb_put filled with a copy. Context: any. Result: where it begins. Source: include/linux/skbuff.h */
export function skb_put_data(skb: Skb, data: Pointer<unknown>, len: uint): Bytes;
/** `len` bytes more at the start; more than there is room for is a bug that ends the task. Context: any. Result: where the data begin now. Source: net/core/skbuff.c */
export function skb_push(skb: Skb, len: uint): Bytes;
/** `len` bytes less at the start. Context: any. Result: where the data begin now, NULL when there are not so many. Source: net/core/skbuff.c */
export function skb_pull(skb: Skb, len: uint): Bytes | null;
/** Cuts the data to `len` bytes. Context: any. Source: net/core/skbuff.c */
export function skb_trim(skb: Skb, len: uint): void;
/** Leaves `len` bytes before the data of an empty buffer. Context: any. Source: include/linux/skbuff.h */
export function skb_reserve(skb: Skb, len: int): void;
/** The room before the data, in bytes. Context: any. Source: include/linux/skbuff.h */
export function skb_headroom(skb: Skb): uint;
/** The room behind the data, in bytes. Context: any. Source: include/linux/skbuff.h */
export function skb_tailroom(skb: Skb): int;
/** Bytes of the data that lie in one piece. Context: any. Source: include/linux/skbuff.h */
export function skb_headlen(skb: Skb): uint;
/** Where the data end. Context: any. Source: include/linux/skbuff.h */
export function skb_tail_pointer(skb: Skb): Bytes;

/** The link-level header begins where the data do. Context: any. Source: include/linux/skbuff.h */
export function skb_reset_mac_header(skb: Skb): void;
/** The network header begins where the data do. Context: any. Source: include/linux/skbuff.h */
export function skb_reset_network_header(skb: Skb): void;
/** The transport header begins where the data do. Context: any. Source: include/linux/skbuff.h */
export function skb_reset_transport_header(skb: Skb): void;
/** The link-level header begins `offset` bytes behind the start of the data. Context: any. Source: include/linux/skbuff.h */
export function skb_set_mac_header(skb: Skb, offset: int): void;
/** The network header begins `offset` bytes behind the start of the data. Context: any. Source: include/linux/skbuff.h */
export function skb_set_network_header(skb: Skb, offset: int): void;
/** The transport header begins `offset` bytes behind the start of the data. Context: any. Source: include/linux/skbuff.h */
export function skb_set_transport_header(skb: Skb, offset: int): void;
/** Where the link-level header begins. Context: any. Source: include/linux/skbuff.h */
export function skb_mac_header(skb: Skb): Bytes;
/** Where the network header begins. Context: any. Source: include/linux/skbuff.h */
export function skb_network_header(skb: Skb): Bytes;
/** Where the transport header begins. Context: any. Source: include/linux/skbuff.h */
export function skb_transport_header(skb: Skb): Bytes;

/** Makes an empty queue. Context: any. Source: include/linux/skbuff.h */
export function skb_queue_head_init(list: Ref<sk_buff_head>): void;
/** Puts a buffer last into a queue. Context: any. Source: net/core/skbuff.c */
export function skb_queue_tail(list: Ref<sk_buff_head>, newsk: Skb): void;
/** Puts a buffer first into a queue. Context: any. Source: net/core/skbuff.c */
export function skb_queue_head(list: Ref<sk_buff_head>, newsk: Skb): void;
/** skb_queue_tail where the caller has the lock. Context: any. Source: include/linux/skbuff.h */
export function __skb_queue_tail(list: Ref<sk_buff_head>, newsk: Skb): void;
/** skb_queue_head where the caller has the lock. Context: any. Source: include/linux/skbuff.h */
export function __skb_queue_head(list: Ref<sk_buff_head>, newsk: Skb): void;
/** Takes the first buffer out of a queue. Context: any. Result: NULL when it is empty. Source: net/core/skbuff.c */
export function skb_dequeue(list: Ref<sk_buff_head>): Skb | null;
/** Takes the last buffer out of a queue. Context: any. Result: NULL when it is empty. Source: net/core/skbuff.c */
export function skb_dequeue_tail(list: Ref<sk_buff_head>): Skb | null;
/** skb_dequeue where the caller has the lock. Context: any. Result: NULL when it is empty. Source: include/linux/skbuff.h */
export function __skb_dequeue(list: Ref<sk_buff_head>): Skb | null;
/** skb_dequeue_tail where the caller has the lock. Context: any. Result: NULL when it is empty. Source: include/linux/skbuff.h */
export function __skb_dequeue_tail(list: Ref<sk_buff_head>): Skb | null;
/** Takes a buffer out of the middle of a queue. Context: any. Source: net/core/skbuff.c */
export function skb_unlink(skb: Skb, list: Ref<sk_buff_head>): void;
/** The first buffer of a queue, which stays there. Context: any. Result: NULL when it is empty. Source: include/linux/skbuff.h */
export function skb_peek(list: Ref<sk_buff_head>): Skb | null;
/** Frees the buffers of a queue. Context: process, softirq. Source: net/core/skbuff.c */
export function skb_queue_purge(list: Ref<sk_buff_head>): void;
/** How many buffers a queue has. Context: any. Source: include/linux/skbuff.h */
export function skb_queue_len(list: Ref<sk_buff_head>): u32;
/** Whether a queue is empty. Context: any. Source: include/linux/skbuff.h */
export function skb_queue_empty(list: Ref<sk_buff_head>): int;
