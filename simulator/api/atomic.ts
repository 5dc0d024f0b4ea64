// linux/atomic: integers that are changed in one step.
import type { Kernel } from "../kernel/kernel.ts";
import { atomic_t } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

export function atomic({ core }: Kernel): Header {
  const header = new Header(core);
  header.layout("atomic_t", atomic_t);
  const get = (it: number): number => core.memory.load(it, 4, true);
  const set = (it: number, value: number): number => {
    core.memory.store(it, 4, value);
    return value | 0;
  };

  /** Reads and writes. Any context. */
  header.plain("atomic_read", [atomic_t], "int", get);
  header.plain("atomic_set", [atomic_t, "int"], "void", set);
  /** Adds and subtracts; with `_return` the result is the new value. Any context. */
  for (const [name, sign] of [
    ["add", 1],
    ["sub", -1],
  ] as const) {
    const change = (by: number, it: number): number => set(it, get(it) + sign * by);
    header.plain(`atomic_${name}`, ["int", atomic_t], "void", change);
    header.plain(`atomic_${name}_return`, ["int", atomic_t], "int", change);
  }
  for (const [name, by] of [
    ["inc", 1],
    ["dec", -1],
  ] as const) {
    const change = (it: number): number => set(it, get(it) + by);
    header.plain(`atomic_${name}`, [atomic_t], "void", change);
    header.plain(`atomic_${name}_return`, [atomic_t], "int", change);
  }
  /** Subtracts 1. Any context. Whether it is 0 now. */
  header.plain("atomic_dec_and_test", [atomic_t], "bool", (it: number) => set(it, get(it) - 1) === 0);
  /** Writes. Any context. The value before. */
  header.plain("atomic_xchg", [atomic_t, "int"], "int", (it: number, value: number) => {
    const before = get(it);
    set(it, value);
    return before;
  });
  /** Writes where `old` stands. Any context. The value before. */
  header.plain("atomic_cmpxchg", [atomic_t, "int", "int"], "int", (it: number, old: number, value: number) => {
    const before = get(it);
    if (before === old) set(it, value);
    return before;
  });
  return header;
}
