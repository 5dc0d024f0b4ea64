// Network interfaces, their queues and figures, and polling for packets.
import type { device } from "./device.d.ts";
import type { sk_buff } from "./skbuff.d.ts";
import type {
  AnyStruct,
  ArrayOf,
  InitialisedBy,
  int,
  Layout,
  Pointer,
  Ref,
  Struct,
  u8,
  u16,
  u32,
  u64,
  uint,
  ulong,
} from "./types.d.ts";

type Bytes = Ref<ArrayOf<typeof u8>>;
type Dev = Ref<net_device>;
/** NETDEV_TX_OK or NETDEV_TX_BUSY. */
export type netdev_tx_t = int;

/** Members of `struct net_device_ops` that drivers set. */
export interface NetDeviceOpsInit {
  /** When it is registered, and unregistered. Process context, under the RTNL. */
  ndo_init?: (dev: Dev) => int;
  ndo_uninit?: (dev: Dev) => void;
  /** When it goes up, and down. Process context, under the RTNL. */
  ndo_open?: (dev: Dev) => int;
  ndo_stop?: (dev: Dev) => int;
  /** Sends a buffer, which is the driver's from then on. Softirqs are off and the transmit lock is held: it must not sleep. */
  ndo_start_xmit: (skb: Ref<sk_buff>, dev: Dev) => netdev_tx_t;
  /** The addresses that are listened to changed. Under a spinlock, softirqs are off. */
  ndo_set_rx_mode?: (dev: Dev) => void;
  /** `addr` is a `struct sockaddr`. Process context, under the RTNL. */
  ndo_set_mac_address?: (dev: Dev, addr: Ref<sockaddr>) => int;
  ndo_validate_addr?: (dev: Dev) => int;
  ndo_change_mtu?: (dev: Dev, new_mtu: int) => int;
  /** The queue has been stopped for `watchdog_timeo`. In a timer, under a spinlock. */
  ndo_tx_timeout?: (dev: Dev, txqueue: uint) => void;
  /** Fills in figures, all 0 before. Under RCU: it must not sleep. */
  ndo_get_stats64?: (dev: Dev, storage: Ref<rtnl_link_stats64>) => void;
  ndo_get_stats?: (dev: Dev) => Ref<net_device_stats>;
}
/**
 * `struct net_device_ops`. Source: include/linux/netdevice.h. Differs from Linux: the operations that the simulated
 * kernel never calls are not there.
 */
export type net_device_ops = Struct<"net_device_ops", InitialisedBy<NetDeviceOpsInit>>;
/** `struct net_device_ops`, what an interface can do. Source: include/linux/netdevice.h */
export const net_device_ops: net_device_ops;

type Statistics<T> = {
  [K in
    | "rx_packets"
    | "tx_packets"
    | "rx_bytes"
    | "tx_bytes"
    | "rx_errors"
    | "tx_errors"
    | "rx_dropped"
    | "tx_dropped"
    | "multicast"
    | "collisions"
    | "rx_length_errors"
    | "rx_over_errors"
    | "rx_crc_errors"
    | "rx_frame_errors"
    | "rx_fifo_errors"
    | "rx_missed_errors"
    | "tx_aborted_errors"
    | "tx_carrier_errors"
    | "tx_fifo_errors"
    | "tx_heartbeat_errors"
    | "tx_window_errors"
    | "rx_compressed"
    | "tx_compressed"]: T;
};
/** `struct net_device_stats`, in `dev.stats`. Source: include/linux/netdevice.h */
export type net_device_stats = Struct<"net_device_stats", Statistics<ulong>>;
/** `struct net_device_stats`; a member type. Source: include/linux/netdevice.h */
export const net_device_stats: net_device_stats;
/** `struct rtnl_link_stats64`, for ndo_get_stats64. Source: include/uapi/linux/if_link.h */
export type rtnl_link_stats64 = Struct<"rtnl_link_stats64", Statistics<u64>>;
/** `struct rtnl_link_stats64`, for ndo_get_stats64. Source: include/uapi/linux/if_link.h */
export const rtnl_link_stats64: rtnl_link_stats64;

/** `struct netdev_queue`, a queue for sending. Source: include/linux/netdevice.h */
export type netdev_queue = Struct<"netdev_queue", { dev: Dev | null; trans_start: ulong; state: ulong }>;
/** `struct netdev_queue`, a queue for sending. Source: include/linux/netdevice.h */
export const netdev_queue: netdev_queue;

/** `struct sockaddr`; an Ethernet address is in the first six bytes of `sa_data`. Source: include/linux/socket.h */
export type sockaddr = Struct<"sockaddr", { sa_family: u16; readonly sa_data: Bytes }>;
/** `struct sockaddr`. Source: include/linux/socket.h */
export const sockaddr: sockaddr;

export interface NetDeviceMembers {
  readonly name: Bytes;
  /** IFF_UP and the like. */
  flags: uint;
  /** IFF_NO_QUEUE and the like. */
  priv_flags: u32;
  features: u64;
  hw_features: u64;
  netdev_ops: Ref<net_device_ops> | null;
  header_ops: Ref<unknown> | null;
  ethtool_ops: Ref<unknown> | null;
  mtu: uint;
  min_mtu: uint;
  max_mtu: uint;
  type: u16;
  hard_header_len: u16;
  min_header_len: u8;
  needed_headroom: u16;
  needed_tailroom: u16;
  addr_len: u8;
  /** To be read only: eth_hw_addr_set writes it. */
  readonly dev_addr: Bytes;
  readonly perm_addr: Bytes;
  readonly broadcast: Bytes;
  addr_assign_type: u8;
  readonly ifindex: int;
  irq: int;
  base_addr: ulong;
  mem_start: ulong;
  mem_end: ulong;
  tx_queue_len: uint;
  /** In ticks. */
  watchdog_timeo: int;
  readonly stats: Ref<net_device_stats>;
  /** free_netdev is done when it is unregistered. */
  needs_free_netdev: boolean;
  /** The driver's own locks do for ndo_start_xmit. */
  lltx: boolean;
  priv_destructor: ((dev: Dev) => void) | null;
  ml_priv: Ref<unknown> | null;
  readonly dev: Ref<device>;
}
/** `struct net_device`, a network interface. Source: include/linux/netdevice.h. Differs from Linux: it has one queue. */
export type net_device = Struct<"net_device", NetDeviceMembers>;
/** `struct net_device`, a network interface. Source: include/linux/netdevice.h */
export const net_device: net_device;

/** `struct napi_struct`, a member type. Source: include/linux/netdevice.h */
export type napi_struct = Struct<"napi_struct", { readonly state: ulong; readonly weight: int; dev: Dev | null }>;
/** `struct napi_struct`, a member type. Source: include/linux/netdevice.h */
export const napi_struct: napi_struct;

/** The driver has taken the buffer. */
export const NETDEV_TX_OK: netdev_tx_t;
/** The driver has not; a queue that is stopped in time needs no such answer. */
export const NETDEV_TX_BUSY: netdev_tx_t;
export const NET_RX_SUCCESS: int;
export const NET_RX_DROP: int;
export const NET_XMIT_SUCCESS: int;
export const NET_XMIT_DROP: int;
export const NET_XMIT_CN: int;
export const NAPI_POLL_WEIGHT: int;
export const IFNAMSIZ: int;
export const NET_NAME_UNKNOWN: u8;
export const NET_NAME_ENUM: u8;
export const NET_NAME_PREDICTABLE: u8;
export const NET_NAME_USER: u8;
export const IFF_UP: uint;
export const IFF_BROADCAST: uint;
export const IFF_LOOPBACK: uint;
export const IFF_RUNNING: uint;
export const IFF_NOARP: uint;
export const IFF_PROMISC: uint;
export const IFF_ALLMULTI: uint;
export const IFF_MULTICAST: uint;
export const IFF_LOWER_UP: uint;
/** Bits of `priv_flags`. */
export const IFF_TX_SKB_SHARING: uint;
export const IFF_LIVE_ADDR_CHANGE: uint;
export const IFF_NO_QUEUE: uint;
/** Values of `addr_assign_type`. */
export const NET_ADDR_PERM: u8;
export const NET_ADDR_RANDOM: u8;
export const NET_ADDR_SET: u8;
/** The `type` of Ethernet. */
export const ARPHRD_ETHER: u16;

/**
 * An interface with room of `sizeof_priv` for the driver; `setup` fills it in: `alloc_netdev(snull_priv, "sn%d",
 * NET_NAME_ENUM, ether_setup)`.
 *
 * Context: process, may sleep. Result: NULL when there is no memory. Source: include/linux/netdevice.h
 */
export function alloc_netdev(
  sizeof_priv: Layout | number,
  name: string,
  name_assign_type: u8,
  setup: (dev: Dev) => void,
): Dev | null;
/** Makes an interface one for Ethernet. Context: any. Source: net/ethernet/eth.c */
export function ether_setup(dev: Dev): void;
/** Frees an interface, which must not be registered. Context: process, may sleep. Source: net/core/dev.c */
export function free_netdev(dev: Dev): void;
/** The driver's own room. Context: any. Source: include/linux/netdevice.h */
export function netdev_priv<T extends AnyStruct>(dev: Dev, layout: T): Ref<T>;
/** Says which device an interface belongs to, before it is registered. Context: process. Source: include/linux/netdevice.h */
export function SET_NETDEV_DEV(net: Dev, pdev: Ref<device>): void;

/** Makes an interface known; it may be opened before this returns. Context: process, may sleep. Result: 0 or a negative errno. Source: net/core/dev.c */
export function register_netdev(dev: Dev): int;
/** register_netdev where the caller has the RTNL. Context: process, may sleep. Result: 0 or a negative errno. Source: net/core/dev.c */
export function register_netdevice(dev: Dev): int;
/** Takes an interface down and away; it is not freed. Context: process, may sleep. Source: net/core/dev.c */
export function unregister_netdev(dev: Dev): void;
/** unregister_netdev where the caller has the RTNL; rtnl_unlock finishes it. Context: process, may sleep. Source: include/linux/netdevice.h */
export function unregister_netdevice(dev: Dev): void;
/** Takes an interface up. Context: process, under the RTNL, may sleep. Result: 0 or what ndo_open says. Source: net/core/dev.c */
export function dev_open(dev: Dev, extack: Pointer<unknown> | null): int;
/** Takes an interface down. Context: process, under the RTNL, may sleep. Source: net/core/dev.c */
export function dev_close(dev: Dev): void;

/** Lets the stack send; nothing that waits is looked at. Context: any, in ndo_open. Source: include/linux/netdevice.h */
export function netif_start_queue(dev: Dev): void;
/** Keeps the stack from sending. Context: any. Source: include/linux/netdevice.h */
export function netif_stop_queue(dev: Dev): void;
/** Lets the stack send again, and what waits goes first. Context: any. Source: include/linux/netdevice.h */
export function netif_wake_queue(dev: Dev): void;
/** netif_start_queue for all queues. Context: any. Source: include/linux/netdevice.h */
export function netif_tx_start_all_queues(dev: Dev): void;
/** netif_stop_queue for all queues. Context: any. Source: include/linux/netdevice.h */
export function netif_tx_stop_all_queues(dev: Dev): void;
/** netif_wake_queue for all queues. Context: any. Source: include/linux/netdevice.h */
export function netif_tx_wake_all_queues(dev: Dev): void;
/** Whether the driver stopped the queue. Context: any. Source: include/linux/netdevice.h */
export function netif_queue_stopped(dev: Dev): boolean;
/** Stops the queues while no transmission is under way. Context: process, softirq. Source: include/linux/netdevice.h */
export function netif_tx_disable(dev: Dev): void;
/** Waits until no transmission is under way, and keeps others from one. Context: softirq. Source: include/linux/netdevice.h. Differs from Linux: it is the lock of the one queue. */
export function netif_tx_lock(dev: Dev): void;
/** Gives back what netif_tx_lock took. Context: softirq. Source: include/linux/netdevice.h */
export function netif_tx_unlock(dev: Dev): void;
/** netif_tx_lock with softirqs off. Context: process, softirq. Source: include/linux/netdevice.h */
export function netif_tx_lock_bh(dev: Dev): void;
/** Gives back what netif_tx_lock_bh took. Context: process, softirq. Source: include/linux/netdevice.h */
export function netif_tx_unlock_bh(dev: Dev): void;
/** The cable is there. Context: any. Source: net/sched/sch_generic.c. Differs from Linux: sending begins at once, not when a work item has run. */
export function netif_carrier_on(dev: Dev): void;
/** The cable is not there: what waits to be sent is dropped. Context: any. Source: net/sched/sch_generic.c. Differs from Linux: at once, not when a work item has run. */
export function netif_carrier_off(dev: Dev): void;
/** Whether the cable is there. Context: any. Source: include/linux/netdevice.h */
export function netif_carrier_ok(dev: Dev): boolean;
/** Whether the interface is up. Context: any. Source: include/linux/netdevice.h */
export function netif_running(dev: Dev): boolean;
/** Whether its device can be used. Context: any. Source: include/linux/netdevice.h */
export function netif_device_present(dev: Dev): boolean;
/** The device cannot be used, as while it is suspended. Context: any. Source: net/core/dev.c */
export function netif_device_detach(dev: Dev): void;
/** The device can be used again. Context: any. Source: net/core/dev.c */
export function netif_device_attach(dev: Dev): void;
/** A transmission begins now, for the watchdog. Context: any. Source: include/linux/netdevice.h */
export function netif_trans_update(dev: Dev): void;
/** A queue of an interface. Context: any. Source: include/linux/netdevice.h */
export function netdev_get_tx_queue(dev: Dev, index: uint): Ref<netdev_queue>;

/** Sends a buffer through its `dev`; it is not the caller's any more. Context: process, softirq. Result: NET_XMIT_SUCCESS, or why it was dropped. Source: include/linux/netdevice.h */
export function dev_queue_xmit(skb: Ref<sk_buff>): int;
/** Gives a received buffer to the stack, which looks at it in a softirq; it is not the caller's any more. Context: any. Result: NET_RX_SUCCESS, or NET_RX_DROP. Source: net/core/dev.c */
export function netif_rx(skb: Ref<sk_buff>): int;
/** Gives a received buffer to the stack now; it is not the caller's any more. Context: softirq. Result: NET_RX_SUCCESS, or NET_RX_DROP. Source: net/core/dev.c */
export function netif_receive_skb(skb: Ref<sk_buff>): int;
/** netif_receive_skb for who polls. Context: softirq. Source: net/core/gro.c. Differs from Linux: buffers are not put together. */
export function napi_gro_receive(napi: Ref<napi_struct>, skb: Ref<sk_buff>): int;

/**
 * Gives an interface a function that is polled for packets, at most `budget` at a time; it says how many there were.
 * It is disabled until napi_enable.
 *
 * Context: process. Source: include/linux/netdevice.h
 */
export function netif_napi_add(
  dev: Dev,
  napi: Ref<napi_struct>,
  poll: (napi: Ref<napi_struct>, budget: int) => int,
): void;
/** netif_napi_add with a budget of its own. Context: process. Source: net/core/dev.c */
export function netif_napi_add_weight(
  dev: Dev,
  napi: Ref<napi_struct>,
  poll: (napi: Ref<napi_struct>, budget: int) => int,
  weight: int,
): void;
/** Takes it away; it must be disabled. Context: process, may sleep. Source: include/linux/netdevice.h */
export function netif_napi_del(napi: Ref<napi_struct>): void;
/** Lets it be scheduled; one that is enabled already is a bug that ends the task. Context: any. Source: net/core/dev.c */
export function napi_enable(n: Ref<napi_struct>): void;
/** Waits until it is not scheduled, and keeps it so. Context: process, may sleep. Source: net/core/dev.c */
export function napi_disable(n: Ref<napi_struct>): void;
/** Whether the caller is to call __napi_schedule. Context: any. Source: net/core/dev.c */
export function napi_schedule_prep(n: Ref<napi_struct>): boolean;
/** Has it polled in NET_RX_SOFTIRQ of this CPU. Context: any. Source: net/core/dev.c */
export function __napi_schedule(n: Ref<napi_struct>): void;
/** napi_schedule_prep and __napi_schedule. Context: any. Result: whether it was not scheduled before. Source: include/linux/netdevice.h */
export function napi_schedule(n: Ref<napi_struct>): boolean;
/** The poll function found less than its budget: interrupts may come again. Context: softirq. Result: false when it was scheduled meanwhile. Source: net/core/dev.c */
export function napi_complete_done(n: Ref<napi_struct>, work_done: int): boolean;
/** napi_complete_done without a number. Context: softirq. Result: as napi_complete_done. Source: include/linux/netdevice.h */
export function napi_complete(n: Ref<napi_struct>): boolean;
/** Whether it is scheduled, or disabled. Context: any. Source: include/linux/netdevice.h */
export function napi_is_scheduled(n: Ref<napi_struct>): boolean;
/** A buffer for a frame that is received. Context: softirq. Result: NULL when there is no memory. Source: net/core/skbuff.c */
export function napi_alloc_skb(napi: Ref<napi_struct>, length: uint): Ref<sk_buff> | null;

type Values = readonly (number | bigint | boolean | string | Pointer<unknown> | null)[];
/** Writes a line about an interface to the log, as an error. Context: any. Source: include/net/net_debug.h */
export function netdev_err(dev: Dev, format: string, ...args: Values): void;
/** Writes a line about an interface to the log, as a warning. Context: any. Source: include/net/net_debug.h */
export function netdev_warn(dev: Dev, format: string, ...args: Values): void;
/** Writes a line about an interface to the log, as a notice. Context: any. Source: include/net/net_debug.h */
export function netdev_notice(dev: Dev, format: string, ...args: Values): void;
/** Writes a line about an interface to the log. Context: any. Source: include/net/net_debug.h */
export function netdev_info(dev: Dev, format: string, ...args: Values): void;
