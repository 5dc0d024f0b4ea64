// Clocks: a tree of them, who prepared and enabled each, and their rates.
// Source: drivers/clk/clk.c
import type { Steps } from "../engine/interfaces.ts";
import { clk, clk_hw, clk_init_data, clk_ops, clk_parent_data } from "./clk-layouts.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { atOnce } from "./kernel-functions.ts";
import { mutex, offsetOf, spinlock_t } from "./layouts.ts";
import type { Locks } from "./locks.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";
import { textAt } from "./text.ts";

/** What a clock does; the kernel's own kinds have it in TypeScript, others call their drivers. */
export interface ClkOps {
  /** Of a clock whose rate never changes, in hertz. */
  readonly fixedRate?: number;
  prepare?(): Steps<number>;
  unprepare?(): Steps<void>;
  enable?(): Steps<number>;
  disable?(): Steps<void>;
  recalcRate?(parentRate: number): Steps<number>;
  roundRate?(rate: number, parentRate: number): Steps<number>;
  setRate?(rate: number, parentRate: number): Steps<number>;
}

export interface ClkCore {
  readonly name: string;
  /** Of its `struct clk_hw`. */
  readonly hw: number;
  readonly ops: ClkOps;
  readonly flags: number;
  /** Names or addresses of its parents; the first one is used. */
  readonly parent: string | number | undefined;
  rate: number;
  prepared: number;
  enabled: number;
}

const CLK_SET_RATE_PARENT = 4;
const FILE = "drivers/clk/clk.c";
const MUTEX = "kernel/locking/mutex.c:586";

export class Clocks {
  private readonly core: Core;
  private readonly statics: Statics;
  private readonly slab: Slab;
  private readonly locks: Locks;
  private readonly resources: Resources;
  private readonly cores = new Map<number, ClkCore>();
  /** By the address of a `struct clk`. */
  private readonly users = new Map<number, ClkCore>();
  private readonly owned = new Map<ClkCore, number>();
  private lockAddresses: { readonly prepare: number; readonly enable: number } | undefined;

  constructor(core: Core, statics: Statics, slab: Slab, locks: Locks, resources: Resources) {
    this.core = core;
    this.statics = statics;
    this.slab = slab;
    this.locks = locks;
    this.resources = resources;
  }

  /** Every clock, for the views: /sys/kernel/debug/clk/clk_summary. */
  get all(): readonly Readonly<ClkCore>[] {
    return [...this.cores.values()];
  }

  /** __clk_register() of a clock of the kernel's own kind. */
  add(hw: number, name: string, ops: ClkOps, parent?: string | number, flags = 0): ClkCore | number {
    if (this.named(name) !== undefined) return -errno.EEXIST;
    const made = { name, hw, ops, flags, parent, rate: ops.fixedRate ?? 0, prepared: 0, enabled: 0 };
    this.cores.set(hw, made);
    return made;
  }

  /** clk_hw_register() of a driver's: 0, or a negative errno. */
  *register(hw: number): Steps<number> {
    this.core.mightSleep("clk_hw_register", "include/linux/sched/mm.h:321");
    const init = this.read(hw + offsetOf(clk_hw, "init"));
    if (init === 0) return -errno.EINVAL;
    const name = textAt(this.core.memory, this.read(init + offsetOf(clk_init_data, "name")));
    const data = this.read(init + offsetOf(clk_init_data, "parent_data"));
    const isChild = this.core.memory.load(init + offsetOf(clk_init_data, "num_parents"), 1, false) > 0;
    const parent = isChild && data !== 0 ? this.parentAt(data) : undefined;
    const flags = this.read(init + offsetOf(clk_init_data, "flags"));
    const ops = this.driverOps(hw, this.read(init + offsetOf(clk_init_data, "ops")));
    const made = this.add(hw, name, ops, parent, flags);
    // The description may be on the stack of the caller, and is looked at no more.
    this.core.memory.store(hw + offsetOf(clk_hw, "init"), 4, 0);
    if (typeof made === "number") return made;
    yield* this.recalculate(made);
    this.resources.obtain(`clk_hw ${hw}`, `clock ${name}`);
    return 0;
  }

  /** clk_hw_unregister(): whoever still has it gets nothing from it any more. */
  unregister(hw: number): void {
    this.core.mightSleep("clk_hw_unregister", MUTEX);
    const found = this.cores.get(hw);
    if (found === undefined) return;
    if (found.prepared > 0) {
      const text = `clk_unregister: unregistering prepared clock: ${found.name}`;
      this.core.emit({ kind: "misuse", text, stack: this.core.stack() });
    }
    this.cores.delete(hw);
    this.resources.giveBack(`clk_hw ${hw}`);
  }

  named(name: string): ClkCore | undefined {
    return [...this.cores.values()].find((one) => one.name === name);
  }

  /** A user of a clock: the address of its `struct clk`. */
  take(found: ClkCore, who: string): number {
    const address = this.slab.reserve(clk.size, "clk");
    this.users.set(address, found);
    this.resources.obtain(`clk ${address}`, `clock ${found.name} of ${who}`);
    return address;
  }

  /** clk_put(): NULL and errors are ignored. */
  put(address: number): void {
    this.core.mightSleep("clk_put", MUTEX);
    if (!this.users.delete(address)) return;
    this.resources.giveBack(`clk ${address}`);
    this.slab.kfree(address);
  }

  *prepare(address: number): Steps<number> {
    return yield* this.prepared(this.of(address));
  }

  *unprepare(address: number): Steps<void> {
    yield* this.preparing(this.unprepared(this.of(address)));
  }

  *enable(address: number): Steps<number> {
    const found = this.of(address);
    return found === undefined ? 0 : yield* this.enabling(this.enableCore(found));
  }

  *disable(address: number): Steps<void> {
    const found = this.of(address);
    if (found !== undefined) yield* this.enabling(this.disableCore(found));
  }

  /** clk_prepare_enable(): 0, or a negative errno. */
  *prepareEnable(address: number): Steps<number> {
    const result = yield* this.prepare(address);
    if (result !== 0) return result;
    const enabled = yield* this.enable(address);
    if (enabled !== 0) yield* this.unprepare(address);
    return enabled;
  }

  *disableUnprepare(address: number): Steps<void> {
    yield* this.disable(address);
    yield* this.unprepare(address);
  }

  /** In hertz; 0 for NULL. */
  *rate(address: number): Steps<number> {
    const found = this.of(address);
    if (found === undefined) return 0;
    return yield* this.preparing(this.recalculate(found));
  }

  *roundRate(address: number, rate: number): Steps<number> {
    const found = this.of(address);
    return found === undefined ? 0 : yield* this.preparing(this.rounded(found, rate));
  }

  *setRate(address: number, rate: number): Steps<number> {
    const found = this.of(address);
    return found === undefined ? 0 : yield* this.preparing(this.setCore(found, rate));
  }

  /** clk_get_parent(): the parent's own `struct clk`, which nobody puts; 0 when there is none. */
  *parentOf(address: number): Steps<number> {
    const found = this.of(address);
    return found === undefined ? 0 : yield* this.preparing(atOnce(this.ownOf(this.parent(found))));
  }

  private ownOf(it: ClkCore | undefined): number {
    if (it === undefined) return 0;
    let address = this.owned.get(it);
    if (address === undefined) {
      address = this.statics.global(clk.size, clk.align, it.name);
      this.owned.set(it, address);
      this.users.set(address, it);
    }
    return address;
  }

  /** The clock behind a `struct clk_hw`. */
  atHw(hw: number): ClkCore | undefined {
    return this.cores.get(hw);
  }

  /** NULL is a clock that is always on. */
  private of(address: number): ClkCore | undefined {
    if (address === 0 || address > 0xfffff000) return undefined;
    this.core.memory.touch(address, 4, false);
    return this.users.get(address);
  }

  private *prepared(found: ClkCore | undefined): Steps<number> {
    // clk_prepare() of NULL may sleep, too, as far as its callers know.
    return yield* this.preparing(found === undefined ? atOnce(0) : this.prepareCore(found));
  }

  private *prepareCore(it: ClkCore): Steps<number> {
    if (it.prepared === 0) {
      const parent = this.parent(it);
      const above = parent === undefined ? 0 : yield* this.prepareCore(parent);
      if (above !== 0) return above;
      const result = it.ops.prepare === undefined ? 0 : yield* it.ops.prepare();
      if (result !== 0) {
        if (parent !== undefined) yield* this.unprepared(parent);
        return result;
      }
    }
    it.prepared++;
    return 0;
  }

  private *unprepared(it: ClkCore | undefined): Steps<void> {
    if (it === undefined) return;
    if (it.prepared === 0) {
      this.warn(`${it.name} already unprepared`, 1059);
      return;
    }
    if (--it.prepared > 0) return;
    if (it.enabled > 0) this.warn(`Unpreparing enabled ${it.name}`, 1073);
    if (it.ops.unprepare !== undefined) yield* it.ops.unprepare();
    yield* this.unprepared(this.parent(it));
  }

  private *enableCore(it: ClkCore): Steps<number> {
    if (it.prepared === 0) {
      this.warn(`Enabling unprepared ${it.name}`, 1259);
      return -errno.ESHUTDOWN;
    }
    if (it.enabled === 0) {
      const parent = this.parent(it);
      const above = parent === undefined ? 0 : yield* this.enableCore(parent);
      if (above !== 0) return above;
      const result = it.ops.enable === undefined ? 0 : yield* it.ops.enable();
      if (result !== 0) {
        if (parent !== undefined) yield* this.disableCore(parent);
        return result;
      }
    }
    it.enabled++;
    return 0;
  }

  private *disableCore(it: ClkCore): Steps<void> {
    if (it.enabled === 0) {
      this.warn(`${it.name} already disabled`, 1200);
      return;
    }
    if (--it.enabled > 0) return;
    if (it.ops.disable !== undefined) yield* it.ops.disable();
    const parent = this.parent(it);
    if (parent !== undefined) yield* this.disableCore(parent);
  }

  private *recalculate(it: ClkCore): Steps<number> {
    const parent = this.parent(it);
    const above = parent === undefined ? 0 : yield* this.recalculate(parent);
    it.rate = it.ops.recalcRate === undefined ? above : yield* it.ops.recalcRate(above);
    return it.rate;
  }

  private *rounded(it: ClkCore, rate: number): Steps<number> {
    const parent = this.parent(it);
    if (it.ops.roundRate !== undefined) {
      return yield* it.ops.roundRate(rate, parent === undefined ? 0 : yield* this.recalculate(parent));
    }
    if ((it.flags & CLK_SET_RATE_PARENT) !== 0 && parent !== undefined) return yield* this.rounded(parent, rate);
    return yield* this.recalculate(it);
  }

  private *setCore(it: ClkCore, rate: number): Steps<number> {
    const wanted = yield* this.rounded(it, rate);
    if (wanted < 0) return wanted;
    if (wanted === (yield* this.recalculate(it))) return 0;
    const parent = this.parent(it);
    if (it.ops.setRate === undefined) {
      if ((it.flags & CLK_SET_RATE_PARENT) === 0 || parent === undefined) return -errno.EINVAL;
      return yield* this.setCore(parent, rate);
    }
    const result = yield* it.ops.setRate(wanted, parent?.rate ?? 0);
    yield* this.recalculate(it);
    return result;
  }

  private parent(it: ClkCore): ClkCore | undefined {
    if (it.parent === undefined) return undefined;
    return typeof it.parent === "number" ? this.cores.get(it.parent) : this.named(it.parent);
  }

  private parentAt(data: number): string | number | undefined {
    const hw = this.read(data + offsetOf(clk_parent_data, "hw"));
    if (hw !== 0) return hw;
    const name =
      this.read(data + offsetOf(clk_parent_data, "fw_name")) || this.read(data + offsetOf(clk_parent_data, "name"));
    return name === 0 ? undefined : textAt(this.core.memory, name);
  }

  /** The functions of a driver's clock; those that it does not have are left out. */
  private driverOps(hw: number, table: number): ClkOps {
    const { core } = this;
    const fn = (name: string): number => (table === 0 ? 0 : this.read(table + offsetOf(clk_ops, name)));
    const call = function* (name: string, ...more: readonly number[]): Steps<number> {
      return yield* core.callDriver(fn(name), [hw, ...more]);
    };
    const scratch = fn("round_rate") === 0 ? 0 : this.statics.global(4, 4, "parent_rate");
    return {
      ...(fn("prepare") && { prepare: () => call("prepare") }),
      ...(fn("unprepare") && { unprepare: () => ignore(call("unprepare")) }),
      ...(fn("enable") && { enable: () => call("enable") }),
      ...(fn("disable") && { disable: () => ignore(call("disable")) }),
      ...(fn("recalc_rate") && { recalcRate: (above: number) => unsigned(call("recalc_rate", above)) }),
      ...(fn("round_rate") && {
        roundRate: (rate: number, above: number) => {
          core.memory.poke(scratch, 4, above);
          return call("round_rate", rate, scratch);
        },
      }),
      ...(fn("set_rate") && { setRate: (rate: number, above: number) => call("set_rate", rate, above) }),
    };
  }

  /** With prepare_lock, which its owner may take again. */
  private *preparing<T>(run: Steps<T>): Steps<T> {
    const { prepare } = this.own;
    const isOurs = this.locks.isHeld(prepare);
    if (!isOurs) yield* this.locks.sleepLock(prepare, { flavour: "mutex", callee: "clk_prepare_lock", where: MUTEX });
    const value = yield* run;
    if (!isOurs) this.locks.mutexUnlock(prepare);
    return value;
  }

  /** With enable_lock, interrupts disabled, which its owner may take again. */
  private *enabling<T>(run: Steps<T>): Steps<T> {
    const { enable } = this.own;
    if (this.locks.isHeld(enable)) return yield* run;
    const flags = Number(yield* this.locks.spinLock(enable, "_irqsave"));
    const value = yield* run;
    yield* this.locks.spinUnlock(enable, "_irqsave", flags);
    return value;
  }

  /** prepare_lock and enable_lock, made when a driver first has a clock. */
  private get own(): { readonly prepare: number; readonly enable: number } {
    if (this.lockAddresses === undefined) {
      const prepare = this.statics.global(mutex.size, mutex.align, "prepare_lock");
      const enable = this.statics.global(spinlock_t.size, spinlock_t.align, "enable_lock");
      this.locks.init(prepare, "mutex", "prepare_lock");
      this.locks.init(enable, "spinlock", "enable_lock");
      this.lockAddresses = { prepare, enable };
    }
    return this.lockAddresses;
  }

  private warn(text: string, line: number): void {
    const where = `${FILE}:${line}`;
    this.core.emit({ kind: "warn", id: "lifecycle-misuse", text, where, stack: this.core.stack() });
  }

  private read(address: number): number {
    return this.core.memory.load(address, 4, false);
  }
}

function* ignore(steps: Steps<number>): Steps<void> {
  yield* steps;
}

function* unsigned(steps: Steps<number>): Steps<number> {
  return (yield* steps) >>> 0;
}
