// Structs of the input layer as drivers and processes see them.
// Source: include/linux/input.h and include/uapi/linux/input.h
import { type Layout, layOut, type MemberType } from "../engine/layout.ts";
import { device, mutex, spinlock_t } from "./layouts.ts";
import { timer_list } from "./time-layouts.ts";

const u32: MemberType = { kind: "scalar", scalar: "u32" };
const u16: MemberType = { kind: "scalar", scalar: "u16" };
const s32: MemberType = { kind: "scalar", scalar: "s32" };
const fn: MemberType = { kind: "pointer", to: "function" };
const string: MemberType = { kind: "pointer", to: "s8" };
const nested = (layout: Layout): MemberType => ({ kind: "struct", layout });
const array = (of: MemberType, length: number): MemberType => ({ kind: "array", of, length });

export const input_id = layOut("input_id", [
  ["bustype", u16],
  ["vendor", u16],
  ["product", u16],
  ["version", u16],
]);

export const input_absinfo = layOut("input_absinfo", [
  ["value", s32],
  ["minimum", s32],
  ["maximum", s32],
  ["fuzz", s32],
  ["flat", s32],
  ["resolution", s32],
]);

/** As it is read from an event node, with `__sec` and `__usec` of 32 bits. */
export const input_event = layOut("input_event", [
  ["input_event_sec", u32],
  ["input_event_usec", u32],
  ["type", u16],
  ["code", u16],
  ["value", s32],
]);

/** Bitmaps of codes by the type of their events: what a device has, how it stands, and the largest code. */
export const BITMAPS: Readonly<
  Record<number, { readonly has: string; readonly state?: string; readonly most: number }>
> = {
  1: { has: "keybit", state: "key", most: 0x2ff },
  2: { has: "relbit", most: 0x0f },
  3: { has: "absbit", most: 0x3f },
  4: { has: "mscbit", most: 0x07 },
  5: { has: "swbit", state: "sw", most: 0x10 },
  17: { has: "ledbit", state: "led", most: 0x0f },
  18: { has: "sndbit", state: "snd", most: 0x07 },
  21: { has: "ffbit", most: 0x7f },
};

const longs = (bits: number): MemberType => array(u32, Math.ceil(bits / 32));

export const input_dev = layOut("input_dev", [
  ["name", string],
  ["phys", string],
  ["uniq", string],
  ["id", nested(input_id)],
  ["propbit", longs(0x20)],
  ["evbit", longs(0x20)],
  ["keybit", longs(0x300)],
  ["relbit", longs(0x10)],
  ["absbit", longs(0x40)],
  ["mscbit", longs(0x08)],
  ["ledbit", longs(0x10)],
  ["sndbit", longs(0x08)],
  ["ffbit", longs(0x80)],
  ["swbit", longs(0x11)],
  ["hint_events_per_packet", u32],
  ["repeat_key", u32],
  ["timer", nested(timer_list)],
  ["rep", array(s32, 2)],
  ["absinfo", { kind: "pointer", to: input_absinfo }],
  ["key", longs(0x300)],
  ["led", longs(0x10)],
  ["snd", longs(0x08)],
  ["sw", longs(0x11)],
  ["open", fn],
  ["close", fn],
  ["flush", fn],
  ["event", fn],
  ["event_lock", nested(spinlock_t)],
  ["mutex", nested(mutex)],
  ["users", u32],
  ["dev", nested(device)],
]);
