// Counts of references that never wrap: a count that goes wrong saturates, and says so.
// Source: lib/refcount.c
import { layOut } from "../engine/layout.ts";
import type { Core } from "./core.ts";

export { kref, refcount_t } from "./link-layouts.ts";

export const atomic64_t = layOut("atomic64", [["counter", { kind: "scalar", scalar: "s64" }]]);

/** INT_MIN / 2: far from everything that a count could be. */
export const REFCOUNT_SATURATED = -0x40000000;

type Trouble =
  | "addition on 0; use-after-free"
  | "saturated; leaking memory"
  | "underflow; use-after-free"
  | "decrement hit 0; leaking memory";

export class ReferenceCounts {
  private readonly core: Core;

  constructor(core: Core) {
    this.core = core;
  }

  set(address: number, value: number): void {
    this.core.memory.store(address, 4, value);
  }

  /** As refcount_read() gives it, unsigned. */
  read(address: number): number {
    return this.core.memory.load(address, 4, true) >>> 0;
  }

  add(address: number, by: number): void {
    const old = this.core.memory.load(address, 4, true);
    this.set(address, old + by);
    if (old === 0) this.saturate(address, "addition on 0; use-after-free");
    else if (old < 0 || ((old + by) | 0) < 0) this.saturate(address, "saturated; leaking memory");
  }

  addNotZero(address: number, by: number): boolean {
    const old = this.core.memory.load(address, 4, true);
    if (old === 0) return false;
    this.set(address, old + by);
    if (old < 0 || ((old + by) | 0) < 0) this.saturate(address, "saturated; leaking memory");
    return true;
  }

  subAndTest(address: number, by: number): boolean {
    const old = this.core.memory.load(address, 4, true);
    this.set(address, old - by);
    if (old === by) return true;
    if (old <= 0 || ((old - by) | 0) < 0) this.saturate(address, "underflow; use-after-free");
    return false;
  }

  dec(address: number): void {
    const old = this.core.memory.load(address, 4, true);
    this.set(address, old - 1);
    if (old <= 1) this.saturate(address, "decrement hit 0; leaking memory");
  }

  private saturate(address: number, trouble: Trouble): void {
    this.set(address, REFCOUNT_SATURATED);
    this.core.emit({ kind: "refcount", address, text: `refcount_t: ${trouble}.`, stack: this.core.stack() });
  }
}
