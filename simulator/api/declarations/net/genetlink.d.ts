// Generic netlink: families of commands that programs send, with attributes, and that are answered with messages.
import type { gfp_t } from "../linux/gfp.d.ts";
import type { module } from "../linux/module.d.ts";
import type { PrintkArgument } from "../linux/printk.d.ts";
import type { sk_buff } from "../linux/skbuff.d.ts";
import type {
  ArrayOf,
  InitialisedBy,
  int,
  Pointer,
  PointerTo,
  Ref,
  Struct,
  size_t,
  u8,
  u16,
  u32,
  uint,
} from "../linux/types.d.ts";
import type { NlaPolicyInit, netlink_callback, netlink_ext_ack, nla_policy, nlattr, nlmsghdr } from "./netlink.d.ts";

type Skb = Ref<sk_buff>;
type Doit = (skb: Skb, info: Ref<genl_info>) => int;

/** Members of `struct genl_ops` that drivers set. */
export interface GenlOpsInit {
  cmd: u8;
  /** Process context, under genl_mutex. The attributes fit the policy. */
  doit?: Doit;
  /** Before a dump. Process context, under genl_mutex. Result: 0, or a negative errno that ends it. */
  start?: (cb: Ref<netlink_callback>) => int;
  /** A piece of what there is, for NLM_F_DUMP. Process context, under genl_mutex. Result: `skb.len` while there is more, then 0, or a negative errno. */
  dumpit?: (skb: Skb, cb: Ref<netlink_callback>) => int;
  /** After a dump. Process context, under genl_mutex. */
  done?: (cb: Ref<netlink_callback>) => int;
  policy?: readonly NlaPolicyInit[] | Ref<nla_policy>;
  maxattr?: uint;
  flags?: u8;
  internal_flags?: u8;
  /** GENL_DONT_VALIDATE_STRICT: attributes may be longer than they should be, and unknown. */
  validate?: u8;
}
/** `struct genl_ops`, a command. Source: include/net/genetlink.h. Differs from Linux: a dump goes on at once, not as the program reads */
export type genl_ops = Struct<"genl_ops", InitialisedBy<GenlOpsInit>>;
/** `struct genl_ops`, a command. Source: include/net/genetlink.h */
export const genl_ops: genl_ops;
/** Members of `struct genl_small_ops` that drivers set. */
export type GenlSmallOpsInit = Omit<GenlOpsInit, "policy" | "maxattr" | "start" | "done">;
/** `struct genl_small_ops`, a command with the policy of its family. Source: include/net/genetlink.h */
export type genl_small_ops = Struct<"genl_small_ops", InitialisedBy<GenlSmallOpsInit>>;
/** `struct genl_small_ops`, a command with the policy of its family. Source: include/net/genetlink.h */
export const genl_small_ops: genl_small_ops;

/** `struct genl_multicast_group`. Source: include/net/genetlink.h */
export type genl_multicast_group = Struct<"genl_multicast_group", InitialisedBy<{ name: string; flags?: u8 }>>;
/** `struct genl_multicast_group`. Source: include/net/genetlink.h */
export const genl_multicast_group: genl_multicast_group;

/** Members of `struct genl_family` that drivers set. */
export interface GenlFamilyInit {
  name: string;
  version?: uint;
  hdrsize?: uint;
  /** The largest type of attributes. */
  maxattr?: uint;
  /** By type, from 0. */
  policy?: readonly NlaPolicyInit[] | Ref<nla_policy>;
  netnsok?: u8;
  /** Commands run beside each other. */
  parallel_ops?: u8;
  pre_doit?: (ops: Ref<unknown> | null, skb: Skb, info: Ref<genl_info>) => int;
  post_doit?: (ops: Ref<unknown> | null, skb: Skb, info: Ref<genl_info>) => void;
  ops?: readonly GenlOpsInit[];
  n_ops?: u8;
  small_ops?: readonly GenlSmallOpsInit[];
  n_small_ops?: u8;
  mcgrps?: readonly { name: string; flags?: u8 }[];
  n_mcgrps?: u8;
  resv_start_op?: u8;
  module?: Ref<module>;
}
/** `struct genl_family`; `id` is set when it is registered. Source: include/net/genetlink.h */
export type genl_family = Struct<"genl_family", InitialisedBy<GenlFamilyInit> & { readonly id: int; version: uint }>;
/** `struct genl_family`, commands under a name. Source: include/net/genetlink.h */
export const genl_family: genl_family;

/** `struct genlmsghdr`, behind that of netlink. Source: include/uapi/linux/genetlink.h */
export type genlmsghdr = Struct<"genlmsghdr", { cmd: u8; version: u8; reserved: u16 }>;
/** `struct genlmsghdr`, behind that of netlink. Source: include/uapi/linux/genetlink.h */
export const genlmsghdr: genlmsghdr;

/** `struct genl_info`, a request. Source: include/net/genetlink.h */
export type genl_info = Struct<
  "genl_info",
  {
    snd_seq: u32;
    snd_portid: u32;
    family: Ref<genl_family>;
    nlhdr: Ref<nlmsghdr>;
    genlhdr: Ref<genlmsghdr>;
    /** By type; NULL where there is none. */
    readonly attrs: Ref<ArrayOf<PointerTo<nlattr>>>;
    readonly user_ptr: Ref<ArrayOf<PointerTo<unknown>>>;
    /** Where the driver says what is wrong with the request. */
    extack: Ref<netlink_ext_ack> | null;
  }
>;
/** `struct genl_info`, a request. Source: include/net/genetlink.h */
export const genl_info: genl_info;

/** The one network namespace. */
export const init_net: Ref<unknown>;
export const GENL_NAMSIZ: int;
export const GENL_HDRLEN: int;
/** What fits in a page. */
export const GENLMSG_DEFAULT_SIZE: size_t;
/** Only for who may administer the network. */
export const GENL_ADMIN_PERM: u8;
export const GENL_DONT_VALIDATE_STRICT: u8;
export const GENL_DONT_VALIDATE_DUMP: u8;
/** Attributes of a dump's request may be longer than they should be, and unknown. */
export const GENL_DONT_VALIDATE_DUMP_STRICT: u8;

/** The request that is answered by a dump. Context: any. Source: include/net/genetlink.h */
export function genl_info_dump(cb: Ref<netlink_callback>): Ref<genl_info>;
/** Says what is wrong with a request, for the program that sent it. Context: any. Source: include/net/genetlink.h */
export function GENL_SET_ERR_MSG(info: Ref<genl_info>, msg: string): void;
/** The same with values; what is longer than 79 characters is cut. Context: any. Source: include/net/genetlink.h */
export function GENL_SET_ERR_MSG_FMT(info: Ref<genl_info>, format: string, ...args: PrintkArgument[]): void;

/** Makes a family known by its name. Context: process, may sleep. Result: 0, -EEXIST when there is one of this name, -EINVAL. Source: net/netlink/genetlink.c */
export function genl_register_family(family: Ref<genl_family>): int;
/** Makes it unknown, once no command of it runs. Context: process, may sleep. Result: 0 or -ENOENT. Source: net/netlink/genetlink.c */
export function genl_unregister_family(family: Ref<genl_family>): int;
/** A buffer for a message with so many bytes of attributes. Context: any with GFP_ATOMIC; otherwise process context, may sleep. Result: NULL when there is no memory. Source: include/net/genetlink.h, as for the following */
export function genlmsg_new(payload: size_t, flags: gfp_t): Skb | null;
/** Begins a message of a family. Context: any. Result: where its attributes begin, NULL when the buffer has no room. Source: net/netlink/genetlink.c */
export function genlmsg_put(
  skb: Skb,
  portid: u32,
  seq: u32,
  family: Ref<genl_family>,
  flags: int,
  cmd: u8,
): Ref<unknown> | null;
/** genlmsg_put for an answer. Context: any. Result: as genlmsg_put. */
export function genlmsg_put_reply(
  skb: Skb,
  info: Ref<genl_info>,
  family: Ref<genl_family>,
  flags: int,
  cmd: u8,
): Ref<unknown> | null;
/** The message is complete: what was put since counts. Context: any. */
export function genlmsg_end(skb: Skb, hdr: Ref<unknown>): void;
/** Takes the message back. Context: any. */
export function genlmsg_cancel(skb: Skb, hdr: Ref<unknown> | null): void;
/** Sends a message to a socket; it is not the caller's any more. Context: any. Result: 0, or -ECONNREFUSED when there is no such socket. */
export function genlmsg_unicast(net: Pointer<unknown>, skb: Skb, portid: u32): int;
/** Sends a message to whoever asked; it is not the caller's any more. Context: any. Result: as genlmsg_unicast. */
export function genlmsg_reply(skb: Skb, info: Ref<genl_info>): int;
/** Sends a message to all who joined a group, by its index; it is not the caller's any more. Context: any with GFP_ATOMIC; otherwise process context, may sleep. Result: 0, or -ESRCH when nobody did. */
export function genlmsg_multicast(family: Ref<genl_family>, skb: Skb, portid: u32, group: uint, flags: gfp_t): int;
/** Whether anybody joined a group. Context: any. */
export function genl_has_listeners(family: Ref<genl_family>, net: Pointer<unknown>, group: uint): int;
/** The namespace of whoever asked. Context: any. */
export function genl_info_net(info: Ref<genl_info>): Ref<unknown>;
