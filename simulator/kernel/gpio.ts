// GPIO: chips that drivers provide, and lines that others use, by number or by descriptor.
// Source: drivers/gpio/gpiolib.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { device, offsetOf } from "./layouts.ts";
import { gpio_chip, gpio_desc } from "./model-layouts.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Statics } from "./statics.ts";
import { textAt } from "./text.ts";

interface Line {
  readonly chip: Chip;
  readonly offset: number;
  /** Of its `struct gpio_desc`. */
  readonly desc: number;
  /** Who requested it. */
  label: string | undefined;
  /** A low line means 1 to those who have its descriptor. */
  isActiveLow: boolean;
}

interface Chip {
  readonly address: number;
  readonly data: number;
  readonly base: number;
  readonly lines: Line[];
}

/** Chips that do not ask for numbers get them from here. */
const DYNAMIC_BASE = 512;

export class Gpio {
  private readonly core: Core;
  private readonly log: Log;
  private readonly statics: Statics;
  private readonly resources: Resources;
  private readonly chips: Chip[] = [];

  constructor(core: Core, log: Log, statics: Statics, resources: Resources) {
    this.core = core;
    this.log = log;
    this.statics = statics;
    this.resources = resources;
  }

  /** gpiochip_add_data(): 0, or a negative errno. */
  addChip(address: number, data: number): number {
    this.core.mightSleep("gpiochip_add_data_with_key", "include/linux/sched/mm.h:321");
    const count = this.core.memory.load(address + offsetOf(gpio_chip, "ngpio"), 2, false);
    if (count === 0) {
      this.log.write(`gpio gpiochip${this.chips.length}: tried to insert a GPIO chip with zero lines`, 3);
      return -errno.EINVAL;
    }
    let base = this.read(address, "base") | 0;
    if (base < 0) {
      base = Math.max(DYNAMIC_BASE, ...this.chips.map((chip) => chip.base + chip.lines.length));
      this.core.memory.store(address + offsetOf(gpio_chip, "base"), 4, base);
    }
    if (this.chips.some((chip) => base < chip.base + chip.lines.length && chip.base < base + count))
      return -errno.EBUSY;
    const chip: Chip = { address, data, base, lines: [] };
    for (let offset = 0; offset < count; offset++) {
      const desc = this.statics.global(gpio_desc.size, gpio_desc.align, `gpio-${base + offset}`);
      chip.lines.push({ chip, offset, desc, label: undefined, isActiveLow: false });
    }
    this.chips.push(chip);
    this.resources.obtain(`gpiochip ${address}`, `GPIO chip with lines ${base} to ${base + count - 1}`);
    return 0;
  }

  removeChip(address: number): void {
    this.core.mightSleep("gpiochip_remove", "kernel/locking/mutex.c:586");
    const chip = this.chips.find((one) => one.address === address);
    if (chip === undefined) return;
    this.chips.splice(this.chips.indexOf(chip), 1);
    this.resources.giveBack(`gpiochip ${address}`);
  }

  dataOf(address: number): number {
    return this.chips.find((one) => one.address === address)?.data ?? 0;
  }

  /** gpio_to_desc(): 0 where there is no such line. */
  descOf(number: number): number {
    for (const { base, lines } of this.chips) {
      const line = lines[number - base];
      if (line !== undefined) return line.desc;
    }
    return 0;
  }

  /** The descriptor of a chip's line, by the chip's label; -EPROBE_DEFER while there is no such chip. */
  lineOfChip(label: string, offset: number): number {
    const { memory } = this.core;
    const chip = this.chips.find(({ address }) => {
      const own = this.read(address, "label");
      return own !== 0 && textAt(memory, own) === label;
    });
    return chip === undefined ? -errno.EPROBE_DEFER : (chip.lines[offset]?.desc ?? -errno.EINVAL);
  }

  /** The descriptor of a line of the chip whose parent has this node; -EPROBE_DEFER while there is no such chip. */
  lineOfNode(node: number, offset: number): number {
    const chip = this.chips.find(({ address }) => {
      const parent = this.read(address, "parent");
      return parent !== 0 && this.core.memory.load(parent + offsetOf(device, "of_node"), 4, false) === node;
    });
    return chip === undefined ? -errno.EPROBE_DEFER : (chip.lines[offset]?.desc ?? -errno.EINVAL);
  }

  setActiveLow(desc: number, isActiveLow: boolean): void {
    const line = this.lineOf(desc);
    if (line !== undefined) line.isActiveLow = isActiveLow;
  }

  /** What a value of a descriptor is on its line, and the other way round. */
  physical(desc: number, value: number): number {
    const bit = value === 0 ? 0 : 1;
    return this.lineOf(desc)?.isActiveLow === true ? 1 - bit : bit;
  }

  numberOf(desc: number): number {
    const line = this.lineOf(desc);
    return line === undefined ? -errno.EINVAL : line.chip.base + line.offset;
  }

  /** gpio_request(): 0, or a negative errno; -EPROBE_DEFER while there is no such line. */
  *request(number: number, label: string): Steps<number> {
    const line = this.lineOf(this.descOf(number));
    if (line === undefined) return -errno.EPROBE_DEFER;
    if (line.label !== undefined) return -errno.EBUSY;
    line.label = label;
    const result = (yield* this.call(line, "request", [])) ?? 0;
    if (result < 0) line.label = undefined;
    else this.resources.obtain(`gpio ${line.desc}`, `GPIO ${number} (${label})`);
    return result;
  }

  *free(number: number): Steps<void> {
    this.core.mightSleep("gpiod_free", "drivers/gpio/gpiolib.c:2420");
    const line = this.lineOf(this.descOf(number));
    if (line?.label === undefined) return;
    yield* this.call(line, "free", []);
    line.label = undefined;
    this.resources.giveBack(`gpio ${line.desc}`);
  }

  *directionInput(desc: number): Steps<number> {
    const line = this.lineOf(desc);
    return line === undefined ? -errno.EINVAL : ((yield* this.call(line, "direction_input", [])) ?? -errno.EIO);
  }

  *directionOutput(desc: number, value: number): Steps<number> {
    const line = this.lineOf(desc);
    if (line === undefined) return -errno.EINVAL;
    return (yield* this.call(line, "direction_output", [value])) ?? -errno.EIO;
  }

  *get(desc: number): Steps<number> {
    const line = this.lineOf(desc);
    if (line === undefined) return 0;
    const value = (yield* this.call(line, "get", [])) ?? -errno.EIO;
    return value < 0 ? value : Math.min(1, value);
  }

  *set(desc: number, value: number): Steps<void> {
    const line = this.lineOf(desc);
    if (line !== undefined) yield* this.call(line, "set", [value === 0 ? 0 : 1]);
  }

  *toIrq(desc: number): Steps<number> {
    const line = this.lineOf(desc);
    return line === undefined ? -errno.EINVAL : ((yield* this.call(line, "to_irq", [])) ?? -errno.ENXIO);
  }

  private lineOf(desc: number): Line | undefined {
    return this.chips.flatMap(({ lines }) => lines).find((line) => line.desc === desc);
  }

  /** Calls an operation of the chip; undefined when it has none. */
  private *call({ chip, offset }: Line, member: string, rest: readonly number[]): Steps<number | undefined> {
    const fn = this.read(chip.address, member);
    if (fn === 0) return undefined;
    return yield* this.core.callDriver(fn, [chip.address, offset, ...rest]);
  }

  private read(chip: number, member: string): number {
    return this.core.memory.load(chip + offsetOf(gpio_chip, member), 4, false);
  }
}
