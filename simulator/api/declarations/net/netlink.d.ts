// Netlink messages, and the attributes that they are made of.
import type { gfp_t } from "../linux/gfp.d.ts";
import type { PrintkArgument } from "../linux/printk.d.ts";
import type { sk_buff } from "../linux/skbuff.d.ts";
import type {
  ArrayOf,
  CString,
  InitialisedBy,
  int,
  Pointer,
  Ref,
  Struct,
  s32,
  size_t,
  u8,
  u16,
  u32,
  u64,
} from "../linux/types.d.ts";

type Skb = Ref<sk_buff>;
type Attribute = Ref<nlattr>;

/** `struct nlmsghdr`, the header of a message. Source: include/uapi/linux/netlink.h */
export type nlmsghdr = Struct<
  "nlmsghdr",
  { nlmsg_len: u32; nlmsg_type: u16; nlmsg_flags: u16; nlmsg_seq: u32; nlmsg_pid: u32 }
>;
/** `struct nlmsghdr`, the header of a message. Source: include/uapi/linux/netlink.h */
export const nlmsghdr: nlmsghdr;
/** `struct nlattr`, the header of an attribute. Source: include/uapi/linux/netlink.h */
export type nlattr = Struct<"nlattr", { nla_len: u16; nla_type: u16 }>;
/** `struct nlattr`, the header of an attribute. Source: include/uapi/linux/netlink.h */
export const nlattr: nlattr;

/** `struct netlink_ext_ack`, what is wrong with a request in words. Source: include/linux/netlink.h */
export type netlink_ext_ack = Struct<
  "netlink_ext_ack",
  { readonly _msg: CString | null; readonly bad_attr: Ref<nlattr> | null }
>;
/** `struct netlink_ext_ack`, what is wrong with a request in words. Source: include/linux/netlink.h */
export const netlink_ext_ack: netlink_ext_ack;
/** `struct netlink_skb_parms`, what netlink keeps with a buffer. Source: include/linux/netlink.h */
export type netlink_skb_parms = Struct<"netlink_skb_parms", { portid: u32; dst_group: u32; flags: u32 }>;
/** `struct netlink_skb_parms`, what netlink keeps with a buffer. Source: include/linux/netlink.h */
export const netlink_skb_parms: netlink_skb_parms;
/** `struct netlink_callback`, a dump that is under way. Source: include/linux/netlink.h */
export type netlink_callback = Struct<
  "netlink_callback",
  {
    readonly skb: Ref<sk_buff>;
    readonly nlh: Ref<nlmsghdr>;
    readonly extack: Ref<netlink_ext_ack> | null;
    prev_seq: u32;
    seq: u32;
    flags: int;
    /** The driver's own, from one call of dumpit to the next: all 0 at first. */
    readonly ctx: Ref<ArrayOf<typeof u8>>;
    /** The same as six numbers. */
    readonly args: Ref<ArrayOf<typeof s32>>;
  }
>;
/** `struct netlink_callback`, a dump that is under way. Source: include/linux/netlink.h */
export const netlink_callback: netlink_callback;

/** What netlink keeps with a buffer: `portid` is the socket that sent it. Context: any. Source: include/linux/netlink.h */
export function NETLINK_CB(skb: Skb): Ref<netlink_skb_parms>;
/** Says what is wrong, for the program that asked; NULL is ignored. Context: any. Source: include/linux/netlink.h */
export function NL_SET_ERR_MSG(extack: Ref<netlink_ext_ack> | null, msg: string): void;
/** The same with values; what is longer than 79 characters is cut. Context: any. Source: include/linux/netlink.h */
export function NL_SET_ERR_MSG_FMT(
  extack: Ref<netlink_ext_ack> | null,
  format: string,
  ...args: PrintkArgument[]
): void;
/** Says what is wrong with an attribute. Context: any. Source: include/linux/netlink.h */
export function NL_SET_ERR_MSG_ATTR(extack: Ref<netlink_ext_ack> | null, attr: Attribute, msg: string): void;
/** Says only which attribute is wrong. Context: any. Source: include/linux/netlink.h */
export function NL_SET_BAD_ATTR(extack: Ref<netlink_ext_ack> | null, attr: Attribute): void;

/** Members of `struct nla_policy` that drivers set. */
export interface NlaPolicyInit {
  type?: u8;
  /** NLA_VALIDATE_RANGE and the like, with `min` and `max`. */
  validation_type?: u8;
  /** The longest string or binary, the largest type of nested attributes. */
  len?: u16;
  nested_policy?: readonly NlaPolicyInit[];
  min?: int;
  max?: int;
  mask?: u32;
  strict_start_type?: u16;
}
/**
 * `struct nla_policy`, what an attribute must be like. Source: include/net/netlink.h. Differs from Linux: what
 * NLA_POLICY_RANGE and its kin stand for is written out: `{ type: NLA_U32, validation_type: NLA_VALIDATE_RANGE, min: 1, max: 9 }`.
 */
export type nla_policy = Struct<"nla_policy", InitialisedBy<NlaPolicyInit> & { type: u8; len: u16 }>;
/** `struct nla_policy`, what an attribute must be like. Source: include/net/netlink.h */
export const nla_policy: nla_policy;

/** The `type` of a policy. */
export const NLA_UNSPEC: u8;
export const NLA_U8: u8;
export const NLA_U16: u8;
export const NLA_U32: u8;
export const NLA_U64: u8;
export const NLA_STRING: u8;
export const NLA_FLAG: u8;
export const NLA_MSECS: u8;
export const NLA_NESTED: u8;
export const NLA_NESTED_ARRAY: u8;
export const NLA_NUL_STRING: u8;
export const NLA_BINARY: u8;
export const NLA_S8: u8;
export const NLA_S16: u8;
export const NLA_S32: u8;
export const NLA_S64: u8;
export const NLA_BITFIELD32: u8;
export const NLA_REJECT: u8;
export const NLA_BE16: u8;
export const NLA_BE32: u8;
export const NLA_SINT: u8;
export const NLA_UINT: u8;
/** The `validation_type` of a policy. */
export const NLA_VALIDATE_NONE: u8;
export const NLA_VALIDATE_RANGE: u8;
export const NLA_VALIDATE_RANGE_WARN_TOO_LONG: u8;
export const NLA_VALIDATE_MIN: u8;
export const NLA_VALIDATE_MAX: u8;
export const NLA_VALIDATE_MASK: u8;
/** What fits in a page. */
export const NLMSG_DEFAULT_SIZE: size_t;
export const NLMSG_HDRLEN: int;
export const NLA_HDRLEN: int;
export const NLA_F_NESTED: u16;
export const NLM_F_REQUEST: u16;
export const NLM_F_MULTI: u16;
/** An acknowledgement is wanted. */
export const NLM_F_ACK: u16;
/** All that there is is wanted. */
export const NLM_F_DUMP: u16;

/** A buffer for a message with so much payload. Context: any with GFP_ATOMIC; otherwise process context, may sleep. Result: NULL when there is no memory. Source: include/net/netlink.h, as for all of these */
export function nlmsg_new(payload: size_t, flags: gfp_t): Skb | null;
/** Frees a message that was not sent. Context: process, softirq. */
export function nlmsg_free(skb: Skb): void;

/** An attribute with a copy of `attrlen` bytes. Context: any. Result: 0, or -EMSGSIZE when the message is full. Source: lib/nlattr.c */
export function nla_put(skb: Skb, attrtype: int, attrlen: int, data: Pointer<unknown>): int;
/** An attribute with 8 bits. Context: any. Result: 0 or -EMSGSIZE. */
export function nla_put_u8(skb: Skb, attrtype: int, value: u8): int;
/** An attribute with 16 bits. Context: any. Result: 0 or -EMSGSIZE. */
export function nla_put_u16(skb: Skb, attrtype: int, value: u16): int;
/** An attribute with 32 bits. Context: any. Result: 0 or -EMSGSIZE. */
export function nla_put_u32(skb: Skb, attrtype: int, value: u32): int;
/** An attribute with 32 bits and a sign. Context: any. Result: 0 or -EMSGSIZE. */
export function nla_put_s32(skb: Skb, attrtype: int, value: int): int;
/** An attribute with 16 bits in network order. Context: any. Result: 0 or -EMSGSIZE. */
export function nla_put_be16(skb: Skb, attrtype: int, value: u16): int;
/** An attribute with 32 bits in network order. Context: any. Result: 0 or -EMSGSIZE. */
export function nla_put_be32(skb: Skb, attrtype: int, value: u32): int;
/** An attribute with 64 bits. Context: any. Result: 0 or -EMSGSIZE. Differs from Linux: no `padattr` is needed for alignment. */
export function nla_put_u64_64bit(skb: Skb, attrtype: int, value: u64, padattr: int): int;
/** An attribute with a text and its NUL. Context: any. Result: 0 or -EMSGSIZE. */
export function nla_put_string(skb: Skb, attrtype: int, str: CString): int;
/** An attribute that says yes by being there. Context: any. Result: 0 or -EMSGSIZE. */
export function nla_put_flag(skb: Skb, attrtype: int): int;
/** Room for an attribute, to be filled in. Context: any. Result: NULL when the message is full. Source: lib/nlattr.c */
export function nla_reserve(skb: Skb, attrtype: int, attrlen: int): Attribute | null;
/** What is put from here on lies in this attribute. Context: any. Result: NULL when the message is full. */
export function nla_nest_start(skb: Skb, attrtype: int): Attribute | null;
/** Up to here. Context: any. Result: the length of the message. */
export function nla_nest_end(skb: Skb, start: Attribute): int;
/** Takes back what was put since. Context: any. */
export function nla_nest_cancel(skb: Skb, start: Attribute): void;
/** What an attribute with so many bytes takes in a message. Context: any. */
export function nla_total_size(payload: int): int;

/** The bytes of an attribute. Context: any. */
export function nla_data(nla: Attribute): Ref<ArrayOf<typeof u8>>;
/** How many bytes an attribute has. Context: any. */
export function nla_len(nla: Attribute): int;
/** What an attribute is. Context: any. */
export function nla_type(nla: Attribute): int;
/** The 8 bits in an attribute: a policy has looked at its length. Context: any. */
export function nla_get_u8(nla: Attribute): u8;
/** The 16 bits in an attribute. Context: any. */
export function nla_get_u16(nla: Attribute): u16;
/** The 32 bits in an attribute. Context: any. */
export function nla_get_u32(nla: Attribute): u32;
/** The 32 bits and their sign in an attribute. Context: any. */
export function nla_get_s32(nla: Attribute): int;
/** The 16 bits in network order in an attribute. Context: any. */
export function nla_get_be16(nla: Attribute): u16;
/** The 32 bits in network order in an attribute. Context: any. */
export function nla_get_be32(nla: Attribute): u32;
/** The 64 bits in an attribute. Context: any. */
export function nla_get_u64(nla: Attribute): u64;
/** Whether an attribute that is a flag is there. Context: any. */
export function nla_get_flag(nla: Attribute | null): int;
/** Copies a text, always with a NUL, and fills what is left with zeroes. Context: any. Result: its length, or -E2BIG when it was cut. Source: lib/nlattr.c */
export function nla_strscpy(dst: Pointer<unknown>, nla: Attribute, dstsize: size_t): int;
/**
 * Takes a nested attribute apart: `tb`, an array of pointers to attributes, by their types up to `maxtype`.
 *
 * Context: any. Result: 0, or a negative errno when they do not fit the policy.
 */
export function nla_parse_nested(
  tb: Pointer<unknown>,
  maxtype: int,
  nla: Attribute,
  policy: Ref<nla_policy> | null,
  extack: Ref<netlink_ext_ack> | null,
): int;
