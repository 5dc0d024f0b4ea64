// Structs of networking as drivers see them: buffers, interfaces, their queues and operations, NAPI, headers of packets.
import { type Layout, layOut, type MemberType, type Scalar } from "../engine/layout.ts";
import { device, list_head, spinlock_t } from "./layouts.ts";
import { hlist_node } from "./link-layouts.ts";
import { timer_list } from "./time-layouts.ts";

function scalar(name: Scalar): MemberType {
  return { kind: "scalar", scalar: name };
}

function nested(layout: Layout): MemberType {
  return { kind: "struct", layout };
}

function bytes(length: number): MemberType {
  return { kind: "array", of: scalar("u8"), length };
}

/** A pointer to a struct that is declared later, or that the member lies in. */
function to(layout: () => Layout): MemberType {
  return {
    kind: "pointer",
    get to() {
      return layout();
    },
  };
}

const u8 = scalar("u8");
const u16 = scalar("u16");
const u32 = scalar("u32");
const s32 = scalar("s32");
const u64 = scalar("u64");
const fn: MemberType = { kind: "pointer", to: "function" };
const anything: MemberType = { kind: "pointer", to: "void" };
/** `unsigned char *`. */
const data: MemberType = { kind: "pointer", to: "u8" };

/** As on other 32-bit machines `tail` and `end` are pointers; the headers are offsets from `head`. */
export const sk_buff: Layout = layOut("sk_buff", [
  ["next", to(() => sk_buff)],
  ["prev", to(() => sk_buff)],
  ["dev", to(() => net_device)],
  ["cb", bytes(48)],
  ["destructor", fn],
  ["len", u32],
  ["data_len", u32],
  ["mac_len", u16],
  ["queue_mapping", u16],
  ["cloned", u8],
  ["pkt_type", u8],
  ["ip_summed", u8],
  ["csum", u32],
  ["priority", u32],
  ["skb_iif", s32],
  ["hash", u32],
  ["mark", u32],
  ["protocol", u16],
  ["transport_header", u16],
  ["network_header", u16],
  ["mac_header", u16],
  ["tail", data],
  ["end", data],
  ["head", data],
  ["data", data],
  ["truesize", u32],
  ["users", s32],
]);

export const sk_buff_head = layOut("sk_buff_head", [
  ["next", to(() => sk_buff)],
  ["prev", to(() => sk_buff)],
  ["qlen", u32],
  ["lock", nested(spinlock_t)],
]);

/** Behind the data, at `end`: how many buffers share them. */
export const skb_shared_info = layOut("skb_shared_info", [
  ["nr_frags", u8],
  ["gso_size", u16],
  ["frag_list", anything],
  ["dataref", s32],
]);

export const net_device_ops = layOut(
  "net_device_ops",
  [
    ...["ndo_init", "ndo_uninit", "ndo_open", "ndo_stop", "ndo_start_xmit", "ndo_set_rx_mode", "ndo_set_mac_address"],
    ...["ndo_validate_addr", "ndo_change_mtu", "ndo_tx_timeout", "ndo_get_stats64", "ndo_get_stats"],
  ].map((name) => [name, fn] as const),
);

/** Of `struct net_device_stats`, in longs, and of `struct rtnl_link_stats64`. */
export const STATISTICS = [
  ...["rx_packets", "tx_packets", "rx_bytes", "tx_bytes", "rx_errors", "tx_errors", "rx_dropped", "tx_dropped"],
  ...["multicast", "collisions", "rx_length_errors", "rx_over_errors", "rx_crc_errors", "rx_frame_errors"],
  ...["rx_fifo_errors", "rx_missed_errors", "tx_aborted_errors", "tx_carrier_errors", "tx_fifo_errors"],
  ...["tx_heartbeat_errors", "tx_window_errors", "rx_compressed", "tx_compressed"],
] as const;

export const net_device_stats = layOut(
  "net_device_stats",
  STATISTICS.map((name) => [name, u32] as const),
);

export const rtnl_link_stats64 = layOut(
  "rtnl_link_stats64",
  STATISTICS.map((name) => [name, u64] as const),
);

export const netdev_queue = layOut("netdev_queue", [
  ["dev", to(() => net_device)],
  ["_xmit_lock", nested(spinlock_t)],
  ["xmit_lock_owner", s32],
  ["trans_start", u32],
  ["state", u32],
]);

export const net_device: Layout = layOut("net_device", [
  ["name", bytes(16)],
  ["state", u32],
  ["flags", u32],
  ["priv_flags", u32],
  ["features", u64],
  ["hw_features", u64],
  ["netdev_ops", { kind: "pointer", to: net_device_ops }],
  ["header_ops", anything],
  ["ethtool_ops", anything],
  ["mtu", u32],
  ["min_mtu", u32],
  ["max_mtu", u32],
  ["type", u16],
  ["hard_header_len", u16],
  ["min_header_len", u8],
  ["needed_headroom", u16],
  ["needed_tailroom", u16],
  ["addr_len", u8],
  ["dev_addr", data],
  ["perm_addr", bytes(32)],
  ["broadcast", bytes(32)],
  ["addr_assign_type", u8],
  ["ifindex", s32],
  ["irq", s32],
  ["base_addr", u32],
  ["mem_start", u32],
  ["mem_end", u32],
  ["tx_queue_len", u32],
  ["num_tx_queues", u32],
  ["real_num_tx_queues", u32],
  ["_tx", { kind: "pointer", to: netdev_queue }],
  ["watchdog_timeo", s32],
  ["watchdog_timer", nested(timer_list)],
  ["tx_global_lock", nested(spinlock_t)],
  ["addr_list_lock", nested(spinlock_t)],
  ["napi_list", nested(list_head)],
  ["stats", nested(net_device_stats)],
  ["reg_state", u8],
  ["name_assign_type", u8],
  ["needs_free_netdev", scalar("bool")],
  ["lltx", scalar("bool")],
  ["priv_destructor", fn],
  ["ml_priv", anything],
  ["dev", nested(device)],
  // What Linux allocates beside it.
  ["addr_storage", bytes(32)],
  ["queue", nested(netdev_queue)],
]);

export const napi_struct = layOut("napi_struct", [
  ["poll_list", nested(list_head)],
  ["state", u32],
  ["weight", s32],
  ["poll", fn],
  ["dev", { kind: "pointer", to: net_device }],
  ["dev_list", nested(list_head)],
  ["napi_hash_node", nested(hlist_node)],
  ["napi_id", u32],
]);

export const sockaddr = layOut("sockaddr", [
  ["sa_family", u16],
  ["sa_data", bytes(14)],
]);

export const ethhdr = layOut("ethhdr", [
  ["h_dest", bytes(6)],
  ["h_source", bytes(6)],
  ["h_proto", u16],
]);

/** Its first byte is two bit fields: `version` in the upper half, `ihl` in the lower. */
export const iphdr = layOut("iphdr", [
  ["version_ihl", u8],
  ["tos", u8],
  ["tot_len", u16],
  ["id", u16],
  ["frag_off", u16],
  ["ttl", u8],
  ["protocol", u8],
  ["check", u16],
  ["saddr", u32],
  ["daddr", u32],
]);

/** `doff` is in the upper half of its byte; `flags` are the TCPHDR_ bits. */
export const tcphdr = layOut("tcphdr", [
  ["source", u16],
  ["dest", u16],
  ["seq", u32],
  ["ack_seq", u32],
  ["doff_res", u8],
  ["flags", u8],
  ["window", u16],
  ["check", u16],
  ["urg_ptr", u16],
]);

export const udphdr = layOut("udphdr", [
  ["source", u16],
  ["dest", u16],
  ["len", u16],
  ["check", u16],
]);

export const nf_hook_ops = layOut("nf_hook_ops", [
  ["hook", fn],
  ["dev", { kind: "pointer", to: net_device }],
  ["priv", anything],
  ["pf", u8],
  ["hooknum", u32],
  ["priority", s32],
]);

export const nf_hook_state = layOut("nf_hook_state", [
  ["hook", u8],
  ["pf", u8],
  ["in", { kind: "pointer", to: net_device }],
  ["out", { kind: "pointer", to: net_device }],
  ["net", anything],
]);
