// Static keys: branches that are code, changed when a key is.
// Source: kernel/jump_label.c
import { layOut } from "../engine/layout.ts";
import type { Core } from "./core.ts";

export const static_key = layOut("static_key", [["enabled", { kind: "scalar", scalar: "s32" }]]);

/** include/linux/percpu-rwsem.h: cpus_read_lock(), for the code is changed on all CPUs. */
const SLEEPS = "include/linux/percpu-rwsem.h:49";

export class StaticKeys {
  private readonly core: Core;

  constructor(core: Core) {
    this.core = core;
  }

  isOn(key: number): boolean {
    this.core.memory.touch(key, 4, false);
    return this.count(key) > 0;
  }

  set(key: number, isOn: boolean, callee: string): void {
    this.core.mightSleep(callee, SLEEPS);
    this.core.memory.touch(key, 4, true);
    const count = this.count(key);
    // Whether it is on or not is no count: who counts must use the other functions.
    if (count > 1) this.core.warn("kernel/jump_label.c", isOn ? 203 : 234, callee);
    else this.core.memory.poke(key, 4, Number(isOn));
  }

  add(key: number, amount: 1 | -1, callee: string): void {
    this.core.mightSleep(callee, SLEEPS);
    this.core.memory.touch(key, 4, true);
    const count = this.count(key) + amount;
    if (count < 0) this.core.warn("kernel/jump_label.c", 282, "static_key_dec_not_one");
    else this.core.memory.poke(key, 4, count);
  }

  /** static_key_count(). */
  count(key: number): number {
    return this.core.memory.peek(key, 4) | 0;
  }
}
