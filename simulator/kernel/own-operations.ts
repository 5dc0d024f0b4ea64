// Tables of operations whose functions are the kernel's own, for files that no driver serves.
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { kernelFunction } from "./kernel-functions.ts";
import { file_operations, offsetOf } from "./layouts.ts";
import type { Statics } from "./statics.ts";

type Operation = readonly [name: string, run: (...args: number[]) => Steps<number>];

/** The address of a `struct file_operations` of this name. */
export function ownOperations(
  core: Core,
  statics: Statics,
  name: string,
  operations: Readonly<Record<string, Operation>>,
): number {
  const table = statics.global(file_operations.size, file_operations.align, name);
  for (const [member, [fn, run]] of Object.entries(operations)) {
    const address = kernelFunction(core.engine, fn, (...args) => core.steps(fn, run(...args)));
    core.memory.poke(table + offsetOf(file_operations, member), 4, address);
  }
  return table;
}
