// The environment of a uevent: what a driver tells user space of a device besides what everybody tells.
// Source: lib/kobject_uevent.c
import { layOut } from "../engine/layout.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { offsetOf } from "./layouts.ts";
import { encode } from "./text.ts";

const UEVENT_NUM_ENVP = 64;
const UEVENT_BUFFER_SIZE = 2048;

const anything = { kind: "pointer", to: "void" } as const;
const s32 = { kind: "scalar", scalar: "s32" } as const;

export const kobj_uevent_env = layOut("kobj_uevent_env", [
  ["envp", { kind: "array", of: anything, length: UEVENT_NUM_ENVP }],
  ["envp_idx", s32],
  ["buf", { kind: "array", of: { kind: "scalar", scalar: "u8" }, length: UEVENT_BUFFER_SIZE }],
  ["buflen", s32],
]);

/** add_uevent_var(): adds `NAME=value`; 0, or -ENOMEM when there is no room for it, which the kernel warns of. */
export function addVariable(core: Core, env: number, text: string): number {
  const { memory } = core;
  const index = memory.load(env + offsetOf(kobj_uevent_env, "envp_idx"), 4, true);
  const length = memory.load(env + offsetOf(kobj_uevent_env, "buflen"), 4, true);
  if (index >= UEVENT_NUM_ENVP) {
    core.emit({ kind: "warn", text: "add_uevent_var: too many keys", stack: core.stack() });
    return -errno.ENOMEM;
  }
  const bytes = encode(text);
  if (bytes.length >= UEVENT_BUFFER_SIZE - length) {
    core.emit({ kind: "warn", text: "add_uevent_var: buffer size too small", stack: core.stack() });
    return -errno.ENOMEM;
  }
  const at = env + offsetOf(kobj_uevent_env, "buf") + length;
  memory.touch(at, bytes.length + 1, true);
  memory.bytesAt(at, bytes.length + 1).set([...bytes, 0]);
  memory.store(env + offsetOf(kobj_uevent_env, "envp") + 4 * index, 4, at);
  memory.store(env + offsetOf(kobj_uevent_env, "envp_idx"), 4, index + 1);
  memory.store(env + offsetOf(kobj_uevent_env, "buflen"), 4, length + bytes.length + 1);
  return 0;
}
