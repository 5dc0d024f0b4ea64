// Structs of tasks and of what they do as drivers see them, with the members that drivers use.
import { type Layout, layOut, type MemberType } from "../engine/layout.ts";
import { list_head } from "./layouts.ts";
import { timer_list } from "./time-layouts.ts";

const u32: MemberType = { kind: "scalar", scalar: "u32" };
const s32: MemberType = { kind: "scalar", scalar: "s32" };
const anything: MemberType = { kind: "pointer", to: "void" };
const fn: MemberType = { kind: "pointer", to: "function" };

function nested(layout: Layout): MemberType {
  return { kind: "struct", layout };
}

export const TASK_COMM_LEN = 16;

export const task_struct = layOut("task_struct", [
  ["__state", u32],
  ["flags", u32],
  ["usage", u32],
  ["on_cpu", s32],
  ["prio", s32],
  ["static_prio", s32],
  ["rt_priority", u32],
  ["policy", u32],
  ["mm", anything],
  ["exit_code", s32],
  ["pid", s32],
  ["tgid", s32],
  ["parent", anything],
  ["real_parent", anything],
  ["group_leader", anything],
  ["comm", { kind: "array", of: { kind: "scalar", scalar: "u8" }, length: TASK_COMM_LEN }],
]);

export const pid = layOut("pid", [
  ["count", u32],
  ["level", u32],
  ["nr", s32],
]);

export const sched_param = layOut("sched_param", [["sched_priority", s32]]);

export const work_struct = layOut("work_struct", [
  ["data", u32],
  ["entry", nested(list_head)],
  ["func", fn],
]);

export const delayed_work = layOut("delayed_work", [
  ["work", nested(work_struct)],
  ["timer", nested(timer_list)],
  ["wq", anything],
  ["cpu", s32],
]);

export const workqueue_struct = layOut("workqueue_struct", [
  ["flags", u32],
  ["max_active", s32],
]);
