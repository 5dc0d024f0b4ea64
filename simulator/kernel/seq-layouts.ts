// The structs of seq_file and procfs as drivers see them.
import { layOut } from "../engine/layout.ts";
import { file, mutex } from "./layouts.ts";

const u32 = { kind: "scalar", scalar: "u32" } as const;
const position = { kind: "scalar", scalar: "s64", safe: true } as const;
const fn = { kind: "pointer", to: "function" } as const;
const anything = { kind: "pointer", to: "void" } as const;

export const seq_operations = layOut("seq_operations", [
  ["start", fn],
  ["stop", fn],
  ["next", fn],
  ["show", fn],
]);

export const seq_file = layOut("seq_file", [
  ["buf", anything],
  ["size", u32],
  ["from", u32],
  ["count", u32],
  ["pad_until", u32],
  ["index", position],
  ["read_pos", position],
  ["lock", { kind: "struct", layout: mutex }],
  ["op", { kind: "pointer", to: seq_operations }],
  ["file", { kind: "pointer", to: file }],
  ["private", anything],
]);

export const proc_ops = layOut("proc_ops", [
  ["proc_flags", u32],
  ["proc_open", fn],
  ["proc_read", fn],
  ["proc_read_iter", fn],
  ["proc_write", fn],
  ["proc_lseek", fn],
  ["proc_release", fn],
  ["proc_poll", fn],
  ["proc_ioctl", fn],
  ["proc_mmap", fn],
]);

/** Drivers only have its address. */
export const proc_dir_entry = layOut("proc_dir_entry", [
  ["mode", u32],
  ["uid", u32],
  ["gid", u32],
  ["size", position],
  ["data", anything],
]);
