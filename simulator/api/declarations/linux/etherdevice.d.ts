// Interfaces for Ethernet, and the addresses of their frames.
import type { net_device } from "./netdevice.d.ts";
import type { sk_buff } from "./skbuff.d.ts";
import type { int, Layout, Pointer, Ref, u16 } from "./types.d.ts";

export { ether_setup } from "./netdevice.ts";

type Address = Pointer<unknown>;

/**
 * An interface for Ethernet, `eth%d`, with room of `sizeof_priv` for the driver: `alloc_etherdev(my_priv)`.
 *
 * Context: process, may sleep. Result: NULL when there is no memory. Source: include/linux/etherdevice.h
 */
export function alloc_etherdev(sizeof_priv: Layout | number): Ref<net_device> | null;

/**
 * What a received frame is: sets `dev`, `pkt_type` and the link-level header, and takes the Ethernet header off.
 *
 * Context: any. Result: the protocol, in network order. Source: net/ethernet/eth.c
 */
export function eth_type_trans(skb: Ref<sk_buff>, dev: Ref<net_device>): u16;

/** Gives an interface its address. Context: process, before it is registered or under the RTNL. Source: include/linux/etherdevice.h */
export function eth_hw_addr_set(dev: Ref<net_device>, addr: Address): void;
/** Gives an interface an address of no maker's. Context: as eth_hw_addr_set. Source: include/linux/etherdevice.h. Differs from Linux: the same in every run. */
export function eth_hw_addr_random(dev: Ref<net_device>): void;
/** An `ndo_set_mac_address` for devices that need to know nothing of it. Context: process, under the RTNL. Result: 0, -EBUSY while it is up, -EADDRNOTAVAIL. Source: net/ethernet/eth.c */
export function eth_mac_addr(dev: Ref<net_device>, p: Pointer<unknown>): int;
/** An `ndo_validate_addr`. Context: process, under the RTNL. Result: 0, or -EADDRNOTAVAIL. Source: net/ethernet/eth.c */
export function eth_validate_addr(dev: Ref<net_device>): int;

/** Whether an interface can have this address: neither zero nor of many. Context: any. Source: include/linux/etherdevice.h */
export function is_valid_ether_addr(addr: Address): boolean;
/** Whether all bytes are 0. Context: any. Source: include/linux/etherdevice.h */
export function is_zero_ether_addr(addr: Address): boolean;
/** Whether it is an address of many. Context: any. Source: include/linux/etherdevice.h */
export function is_multicast_ether_addr(addr: Address): boolean;
/** Whether it is the address of all. Context: any. Source: include/linux/etherdevice.h */
export function is_broadcast_ether_addr(addr: Address): boolean;
/** Whether two addresses are the same. Context: any. Source: include/linux/etherdevice.h */
export function ether_addr_equal(addr1: Address, addr2: Address): boolean;
/** Copies an address. Context: any. Source: include/linux/etherdevice.h */
export function ether_addr_copy(dst: Address, src: Address): void;
/** Makes up an address of no maker's. Context: any. Source: include/linux/etherdevice.h. Differs from Linux: the same in every run. */
export function eth_random_addr(addr: Address): void;
/** Sets the address of all. Context: any. Source: include/linux/etherdevice.h */
export function eth_broadcast_addr(addr: Address): void;
/** Sets the address of none. Context: any. Source: include/linux/etherdevice.h */
export function eth_zero_addr(addr: Address): void;
