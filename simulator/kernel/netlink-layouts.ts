// Structs of netlink as drivers see them: messages and attributes, policies, generic netlink families.
import { type Layout, layOut, type MemberType, type Scalar } from "../engine/layout.ts";
import { module } from "./layouts.ts";
import { sk_buff } from "./net-layouts.ts";

function scalar(name: Scalar): MemberType {
  return { kind: "scalar", scalar: name };
}

function pointer(to: Extract<MemberType, { kind: "pointer" }>["to"]): Extract<MemberType, { kind: "pointer" }> {
  return { kind: "pointer", to };
}

function text(length: number): MemberType {
  return { kind: "array", of: scalar("u8"), length };
}

const u8 = scalar("u8");
const u16 = scalar("u16");
const u32 = scalar("u32");
const s32 = scalar("s32");
const fn = pointer("function");
const anything = pointer("void");

export const nlmsghdr = layOut("nlmsghdr", [
  ["nlmsg_len", u32],
  ["nlmsg_type", u16],
  ["nlmsg_flags", u16],
  ["nlmsg_seq", u32],
  ["nlmsg_pid", u32],
]);

export const genlmsghdr = layOut("genlmsghdr", [
  ["cmd", u8],
  ["version", u8],
  ["reserved", u16],
]);

export const nlattr = layOut("nlattr", [
  ["nla_len", u16],
  ["nla_type", u16],
]);

const policy = layOut("nla_policy", [
  ["type", u8],
  ["validation_type", u8],
  ["len", u16],
  ["nested_policy", anything],
]);

/** What follows `len` is a union. */
export const nla_policy: Layout = {
  ...policy,
  members: [
    ...policy.members.slice(0, 3),
    {
      name: "nested_policy",
      type: {
        kind: "pointer",
        get to() {
          return nla_policy;
        },
      },
      offset: 4,
    },
    { name: "mask", type: u32, offset: 4 },
    { name: "strict_start_type", type: u16, offset: 4 },
    { name: "min", type: scalar("s16"), offset: 4 },
    { name: "max", type: scalar("s16"), offset: 6 },
  ],
};

export const genl_multicast_group = layOut("genl_multicast_group", [
  ["name", text(16)],
  ["flags", u8],
]);

export const genl_ops = layOut("genl_ops", [
  ["doit", fn],
  ["start", fn],
  ["dumpit", fn],
  ["done", fn],
  ["policy", pointer(nla_policy)],
  ["maxattr", u32],
  ["cmd", u8],
  ["internal_flags", u8],
  ["flags", u8],
  ["validate", u8],
]);

export const genl_small_ops = layOut("genl_small_ops", [
  ["doit", fn],
  ["dumpit", fn],
  ["cmd", u8],
  ["internal_flags", u8],
  ["flags", u8],
  ["validate", u8],
]);

export const genl_family = layOut("genl_family", [
  ["hdrsize", u32],
  ["name", text(16)],
  ["version", u32],
  ["maxattr", u32],
  ["netnsok", u8],
  ["parallel_ops", u8],
  ["n_ops", u8],
  ["n_small_ops", u8],
  ["n_mcgrps", u8],
  ["resv_start_op", u8],
  ["policy", pointer(nla_policy)],
  ["pre_doit", fn],
  ["post_doit", fn],
  ["ops", pointer(genl_ops)],
  ["small_ops", pointer(genl_small_ops)],
  ["mcgrps", pointer(genl_multicast_group)],
  ["module", pointer(module)],
  ["id", s32],
  ["mcgrp_offset", u32],
]);

/** What is wrong with a request, in words. */
export const netlink_ext_ack = layOut("netlink_ext_ack", [
  ["_msg", pointer("s8")],
  ["bad_attr", pointer(nlattr)],
  ["_msg_buf", text(80)],
]);

/** Of a buffer's `cb`. */
export const netlink_skb_parms = layOut("netlink_skb_parms", [
  ["portid", u32],
  ["dst_group", u32],
  ["flags", u32],
]);

const callback = layOut("netlink_callback", [
  ["skb", pointer(sk_buff)],
  ["nlh", pointer(nlmsghdr)],
  ["data", anything],
  ["extack", pointer(netlink_ext_ack)],
  ["prev_seq", u32],
  ["seq", u32],
  ["flags", s32],
  ["ctx", text(48)],
]);

/** `args` lies on `ctx`. */
export const netlink_callback: Layout = {
  ...callback,
  members: [
    ...callback.members,
    { name: "args", type: { kind: "array", of: s32, length: 6 }, offset: callback.members.at(-1)!.offset },
  ],
};

export const genl_info = layOut("genl_info", [
  ["snd_seq", u32],
  ["snd_portid", u32],
  ["family", pointer(genl_family)],
  ["nlhdr", pointer(nlmsghdr)],
  ["genlhdr", pointer(genlmsghdr)],
  ["attrs", pointer(pointer(nlattr))],
  ["user_ptr", { kind: "array", of: anything, length: 2 }],
  ["extack", pointer(netlink_ext_ack)],
]);
