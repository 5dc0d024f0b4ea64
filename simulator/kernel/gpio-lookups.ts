// GPIO lines by the names that devices have for them, as the tables of a board tell.
// Source: drivers/gpio/gpiolib.c

import type { Steps } from "../engine/interfaces.ts";
import { layOut } from "../engine/layout.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import type { Gpio } from "./gpio.ts";
import { offsetOf } from "./layouts.ts";
import { textAt } from "./text.ts";

const string = { kind: "pointer", to: "s8" } as const;
const u32 = { kind: "scalar", scalar: "u32" } as const;

export const gpiod_lookup = layOut("gpiod_lookup", [
  ["key", string],
  ["chip_hwnum", { kind: "scalar", scalar: "u16" }],
  ["con_id", string],
  ["idx", u32],
  ["flags", u32],
]);

export const gpiod_lookup_table = layOut("gpiod_lookup_table", [
  ["dev_id", string],
  ["table", { kind: "pointer", to: gpiod_lookup }],
]);

export const GPIO_ACTIVE_LOW = 1;
/** enum gpiod_flags: what a line is made when it is taken. */
export const GPIOD = { GPIOD_ASIS: 0, GPIOD_IN: 1, GPIOD_OUT_LOW: 3, GPIOD_OUT_HIGH: 7 } as const;

export class GpioLookups {
  private readonly core: Core;
  private readonly devices: Devices;
  private readonly gpio: Gpio;
  private readonly tables: number[] = [];

  constructor(core: Core, devices: Devices, gpio: Gpio) {
    this.core = core;
    this.devices = devices;
    this.gpio = gpio;
  }

  add(table: number): void {
    this.core.mightSleep("gpiod_add_lookup_table", "kernel/locking/mutex.c:586");
    this.tables.push(table);
  }

  remove(table: number): void {
    this.core.mightSleep("gpiod_remove_lookup_table", "kernel/locking/mutex.c:586");
    const index = this.tables.indexOf(table);
    if (index >= 0) this.tables.splice(index, 1);
  }

  /** gpiod_get(): the descriptor, or a negative errno. */
  *get(dev: number, connection: string, flags: number): Steps<number> {
    this.core.mightSleep("gpiod_get", "kernel/locking/mutex.c:586");
    const entry = this.find(this.devices.nameOf(dev), connection);
    if (entry === undefined) return -errno.ENOENT;
    const desc = this.gpio.lineOfChip(this.text(entry, "key"), this.half(entry, "chip_hwnum"));
    if (desc <= 0) return desc;
    const label = connection === "" ? this.devices.nameOf(dev) : connection;
    const requested = yield* this.gpio.request(this.gpio.numberOf(desc), label);
    if (requested < 0) return requested;
    this.gpio.setActiveLow(desc, (this.word(entry, "flags") & GPIO_ACTIVE_LOW) !== 0);
    const result = yield* this.configure(desc, flags);
    if (result === 0) return desc;
    yield* this.put(desc);
    return result;
  }

  /** gpiod_put(): NULL is fine. */
  *put(desc: number): Steps<void> {
    if (desc === 0) return;
    this.gpio.setActiveLow(desc, false);
    yield* this.gpio.free(this.gpio.numberOf(desc));
  }

  private *configure(desc: number, flags: number): Steps<number> {
    if (flags === GPIOD.GPIOD_IN) return yield* this.gpio.directionInput(desc);
    if (flags === GPIOD.GPIOD_OUT_LOW || flags === GPIOD.GPIOD_OUT_HIGH) {
      return yield* this.gpio.directionOutput(desc, this.gpio.physical(desc, flags === GPIOD.GPIOD_OUT_HIGH ? 1 : 0));
    }
    return 0;
  }

  /** The entry of a device's table with a name; one without a name is for any. */
  private find(device: string, connection: string): number | undefined {
    for (const table of this.tables) {
      const own = this.core.memory.load(table + offsetOf(gpiod_lookup_table, "dev_id"), 4, false);
      if (own === 0 || textAt(this.core.memory, own) !== device) continue;
      let entry = this.core.memory.load(table + offsetOf(gpiod_lookup_table, "table"), 4, false);
      for (; entry !== 0 && this.word(entry, "key") !== 0; entry += gpiod_lookup.size) {
        if (this.word(entry, "con_id") === 0 || this.text(entry, "con_id") === connection) return entry;
      }
    }
    return undefined;
  }

  private text(entry: number, name: string): string {
    return textAt(this.core.memory, this.word(entry, name));
  }

  private word(entry: number, name: string): number {
    return this.core.memory.load(entry + offsetOf(gpiod_lookup, name), 4, false);
  }

  private half(entry: number, name: string): number {
    return this.core.memory.load(entry + offsetOf(gpiod_lookup, name), 2, false);
  }
}
