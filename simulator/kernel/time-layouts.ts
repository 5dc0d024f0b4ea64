// Structs of timers and tasklets as drivers see them, with the members that drivers use.
import { type Layout, layOut, type MemberType } from "../engine/layout.ts";

const u32: MemberType = { kind: "scalar", scalar: "u32" };
const s64: MemberType = { kind: "scalar", scalar: "s64" };
const s32: MemberType = { kind: "scalar", scalar: "s32" };
const u8: MemberType = { kind: "scalar", scalar: "u8" };
const anything: MemberType = { kind: "pointer", to: "void" };
const fn: MemberType = { kind: "pointer", to: "function" };

function nested(layout: Layout): MemberType {
  return { kind: "struct", layout };
}

export const hlist_node = layOut("hlist_node", [
  ["next", anything],
  ["pprev", anything],
]);

export const timer_list = layOut("timer_list", [
  ["entry", nested(hlist_node)],
  ["expires", u32],
  ["function", fn],
  ["flags", u32],
]);

const timerqueue_node = layOut("timerqueue_node", [
  ["rb_parent_color", u32],
  ["rb_right", anything],
  ["rb_left", anything],
  ["expires", s64],
]);

export const hrtimer = layOut("hrtimer", [
  ["node", nested(timerqueue_node)],
  ["_softexpires", s64],
  ["function", fn],
  ["base", anything],
  ["state", u8],
  ["is_rel", u8],
  ["is_soft", u8],
  ["is_hard", u8],
]);

const tasklet = layOut("tasklet_struct", [
  ["next", anything],
  ["state", u32],
  ["count", s32],
  ["use_callback", { kind: "scalar", scalar: "bool" }],
  ["func", fn],
  ["data", u32],
]);

/** `func` and `callback` are a union. */
export const tasklet_struct: Layout = {
  ...tasklet,
  members: tasklet.members.flatMap((member) =>
    member.name === "func" ? [member, { ...member, name: "callback" }] : member,
  ),
};

export const timespec64 = layOut("timespec64", [
  ["tv_sec", s64],
  ["tv_nsec", s32],
]);

export const rtc_time = layOut("tm", [
  ["tm_sec", s32],
  ["tm_min", s32],
  ["tm_hour", s32],
  ["tm_mday", s32],
  ["tm_mon", s32],
  ["tm_year", s32],
  ["tm_wday", s32],
  ["tm_yday", s32],
]);
