// The structs of the locks that are neither spinlock_t nor struct mutex, with the debugging members that show who has them.
import { layOut } from "../engine/layout.ts";
import { list_head, spinlock_t } from "./layouts.ts";

export const raw_spinlock_t = layOut("raw_spinlock", [
  ["slock", { kind: "scalar", scalar: "u32" }],
  ["magic", { kind: "scalar", scalar: "u32" }],
  ["owner_cpu", { kind: "scalar", scalar: "s32" }],
  ["owner", { kind: "scalar", scalar: "u32" }],
]);

/** `slock` counts the readers; 0xff is a writer, as in the writer's byte of a queued rwlock. */
export const rwlock_t = layOut("rwlock", [
  ["slock", { kind: "scalar", scalar: "u32" }],
  ["magic", { kind: "scalar", scalar: "u32" }],
  ["owner_cpu", { kind: "scalar", scalar: "s32" }],
  ["owner", { kind: "scalar", scalar: "u32" }],
]);

export const semaphore = layOut("semaphore", [
  ["lock", { kind: "struct", layout: spinlock_t }],
  ["count", { kind: "scalar", scalar: "u32" }],
  ["wait_list", { kind: "struct", layout: list_head }],
]);

/** `count` has a bit for the writer and counts readers from the ninth on, kernel/locking/rwsem.c. */
export const rw_semaphore = layOut("rw_semaphore", [
  ["count", { kind: "scalar", scalar: "s32" }],
  ["owner", { kind: "scalar", scalar: "u32" }],
  ["magic", { kind: "scalar", scalar: "u32" }],
  ["wait_list", { kind: "struct", layout: list_head }],
]);
