// Clocks of common kinds: of a fixed rate, with a gate, with a divider; and by what names drivers find clocks.
// Source: drivers/clk/{clk-fixed-rate,clk-gate,clk-divider,clkdev,clk}.c
import type { MmioDevice } from "../devices/device.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { ClkCore, ClkOps, Clocks } from "./clk.ts";
import { clk_hw } from "./clk-layouts.ts";
import type { Core } from "./core.ts";
import type { DeviceTree, Property } from "./device-tree.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import { atOnce } from "./kernel-functions.ts";
import { device, offsetOf } from "./layouts.ts";
import type { Locks } from "./locks.ts";
import type { DeviceMemory } from "./mmio.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";

/** Flags of gates and dividers, include/linux/clk-provider.h. */
export const CLK_GATE_SET_TO_DISABLE = 1;
export const CLK_DIVIDER_ONE_BASED = 1;
export const CLK_DIVIDER_POWER_OF_TWO = 2;

/** Where a gate or a divider has its bits, and the lock that guards the register; 0: none. */
export interface Bits {
  readonly reg: number;
  readonly shift: number;
  readonly width: number;
  readonly flags: number;
  readonly lock: number;
}

interface Lookup {
  readonly device: string;
  readonly connection: string;
  readonly hw: number;
}

/** The clock that all of QEMU's virt machine has, in hertz. */
const APB_PCLK = 24_000_000;

export class ClockKinds {
  private readonly core: Core;
  private readonly statics: Statics;
  private readonly slab: Slab;
  private readonly devices: Devices;
  private readonly tree: DeviceTree;
  private readonly mmio: DeviceMemory;
  private readonly locks: Locks;
  private readonly clocks: Clocks;
  private readonly lookups: Lookup[] = [];
  /** The clocks that nodes of the device tree are. */
  private readonly byPhandle = new Map<number, number>();
  private readonly boardClocks = new Map<string, number>();

  constructor(
    core: Core,
    statics: Statics,
    slab: Slab,
    devices: Devices,
    tree: DeviceTree,
    mmio: DeviceMemory,
    locks: Locks,
    clocks: Clocks,
  ) {
    this.core = core;
    this.statics = statics;
    this.slab = slab;
    this.devices = devices;
    this.tree = tree;
    this.mmio = mmio;
    this.locks = locks;
    this.clocks = clocks;
  }

  /** What the device tree says of the clocks of one of the machine's devices. */
  propertiesOf({ name, mmio: { clockHz, compatible } }: MmioDevice): Readonly<Record<string, Property>> {
    const bus = this.board("clk24mhz", APB_PCLK);
    if (clockHz === undefined) return { clocks: [bus], "clock-names": ["apb_pclk"] };
    const own = this.board(`${name}-clk`, clockHz);
    if (compatible.includes("arm,sp804")) {
      return { clocks: [own, own, bus], "clock-names": ["timer0clk", "timer1clk", "apb_pclk"] };
    }
    if (compatible.includes("snps,designware-i2c")) return { clocks: [own, bus], "clock-names": ["ref", "pclk"] };
    return { clocks: [own, bus], "clock-names": ["refclk", "apb_pclk"] };
  }

  /** clk_get(): a user of the clock that a device calls by a name, `undefined` for its first; or a negative errno. */
  get(dev: number, connection: string | undefined): number {
    this.core.mightSleep("clk_get", "kernel/locking/mutex.c:586");
    const found = this.find(dev, connection);
    return typeof found === "number" ? found : this.clocks.take(found, dev === 0 ? "?" : this.devices.nameOf(dev));
  }

  /** clk_hw_register_clkdev(): devices of a name find the clock under a name of theirs; empty: any. */
  addLookup(hw: number, connection: string, dev: string): void {
    this.lookups.push({ device: dev, connection, hw });
  }

  dropLookup(hw: number): void {
    const index = this.lookups.findIndex((one) => one.hw === hw);
    if (index >= 0) this.lookups.splice(index, 1);
  }

  fixedRate(name: string, parent: string | undefined, flags: number, rate: number): number {
    return this.make(name, { fixedRate: rate, recalcRate: () => atOnce(rate) }, parent, flags);
  }

  gate(name: string, parent: string | undefined, flags: number, bits: Bits): number {
    const set = (isOn: boolean): Steps<number> => {
      const value = isOn === ((bits.flags & CLK_GATE_SET_TO_DISABLE) === 0) ? 1 : 0;
      return this.update(bits, value);
    };
    const ops = {
      enable: () => set(true),
      *disable() {
        yield* set(false);
      },
    };
    return this.make(name, ops, parent, flags);
  }

  divider(name: string, parent: string | undefined, flags: number, bits: Bits): number {
    const most = (1 << bits.width) - 1;
    const isPower = (bits.flags & CLK_DIVIDER_POWER_OF_TWO) !== 0;
    const isOneBased = (bits.flags & CLK_DIVIDER_ONE_BASED) !== 0;
    const divisorOf = (value: number): number => (isPower ? 1 << value : isOneBased ? value || 1 : value + 1);
    const fieldOf = (divisor: number): number => (isPower ? Math.log2(divisor) : isOneBased ? divisor : divisor - 1);
    const bestFor = (rate: number, above: number): number => {
      const wanted = Math.max(1, Math.ceil(above / rate));
      const divisor = isPower ? 2 ** Math.ceil(Math.log2(wanted)) : wanted;
      return Math.min(divisor, divisorOf(most));
    };
    const { mmio } = this;
    const update = (value: number): Steps<number> => this.update(bits, value);
    const ops: ClkOps = {
      *recalcRate(above) {
        const value = (Number(yield* mmio.readSteps(bits.reg, 4)) >>> bits.shift) & most;
        return Math.ceil(above / divisorOf(value));
      },
      roundRate: (rate, above) => atOnce(Math.ceil(above / bestFor(rate, above))),
      setRate: (rate, above) => update(fieldOf(bestFor(rate, above))),
    };
    return this.make(name, ops, parent, flags);
  }

  /** Of the kernel's own kinds: the memory goes with the clock. */
  *drop(hw: number): Steps<void> {
    yield* [];
    this.clocks.unregister(hw);
    this.slab.kfree(hw);
  }

  private make(name: string, ops: ClkOps, parent: string | undefined, flags: number): number {
    this.core.mightSleep("clk_hw_register", "include/linux/sched/mm.h:321");
    const hw = this.slab.reserve(clk_hw.size, "clk_hw");
    const made = this.clocks.add(hw, name, ops, parent, flags);
    if (typeof made !== "number") return hw;
    this.slab.kfree(hw);
    return made;
  }

  private *update({ reg, shift, width, lock }: Bits, value: number): Steps<number> {
    const flags = lock === 0 ? 0 : Number(yield* this.locks.spinLock(lock, "_irqsave"));
    const old = Number(yield* this.mmio.readSteps(reg, 4));
    const mask = ((1 << width) - 1) << shift;
    yield* this.mmio.writeSteps(reg, 4, BigInt(((old & ~mask) | (value << shift)) >>> 0));
    if (lock !== 0) yield* this.locks.spinUnlock(lock, "_irqsave", flags);
    return 0;
  }

  private find(dev: number, connection: string | undefined): ClkCore | number {
    const node = dev === 0 ? 0 : this.core.memory.load(dev + offsetOf(device, "of_node"), 4, false);
    const index = connection === undefined ? 0 : this.tree.indexOf(node, "clock-names", connection);
    const phandle = index < 0 ? undefined : this.tree.cell(node, "clocks", index);
    if (phandle !== undefined) {
      return this.clocks.atHw(this.byPhandle.get(phandle) ?? 0) ?? -errno.EPROBE_DEFER;
    }
    const name = dev === 0 ? "" : this.devices.nameOf(dev);
    const fits = (own: string, wanted: string): boolean => own === "" || own === wanted;
    const found = this.lookups.find((one) => fits(one.device, name) && fits(one.connection, connection ?? ""));
    return (found && this.clocks.atHw(found.hw)) ?? -errno.ENOENT;
  }

  /** A fixed clock of the board: its phandle. */
  private board(name: string, rate: number): number {
    const known = this.boardClocks.get(name);
    if (known !== undefined) return known;
    const phandle = 0x8000 + this.boardClocks.size;
    this.tree.add(name, {
      ...{ compatible: ["fixed-clock"], "#clock-cells": [0], "clock-frequency": [rate] },
      ...{ "clock-output-names": [name], phandle: [phandle] },
    });
    const hw = this.statics.global(clk_hw.size, clk_hw.align, name);
    this.clocks.add(hw, name, { fixedRate: rate, recalcRate: () => atOnce(rate) });
    this.byPhandle.set(phandle, hw);
    this.boardClocks.set(name, phandle);
    return phandle;
  }
}
