// GPIO lines by the names that devices have for them, as their nodes or the tables of a board tell.
// Source: drivers/gpio/gpiolib.c

import type { Steps } from "../engine/interfaces.ts";
import { layOut } from "../engine/layout.ts";
import type { Core } from "./core.ts";
import type { DeviceTree } from "./device-tree.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import type { Gpio } from "./gpio.ts";
import { device, offsetOf } from "./layouts.ts";
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

/** A line, as the device that wants it sees it. */
interface Found {
  readonly desc: number;
  readonly isActiveLow: boolean;
}

export class GpioLookups {
  private readonly core: Core;
  private readonly devices: Devices;
  private readonly gpio: Gpio;
  private readonly tree: DeviceTree;
  private readonly tables: number[] = [];

  constructor(core: Core, devices: Devices, gpio: Gpio, tree: DeviceTree) {
    this.tree = tree;
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

  /** gpiod_get_index(): the descriptor, or a negative errno. */
  *get(dev: number, connection: string, index: number, flags: number): Steps<number> {
    this.core.mightSleep("gpiod_get_index", "kernel/locking/mutex.c:586");
    const found = this.find(dev, connection, index);
    if (typeof found === "number") return found;
    const { desc, isActiveLow } = found;
    const label = connection === "" ? this.devices.nameOf(dev) : connection;
    const requested = yield* this.gpio.request(this.gpio.numberOf(desc), label);
    if (requested < 0) return requested;
    this.gpio.setActiveLow(desc, isActiveLow);
    const result = yield* this.configure(desc, flags);
    if (result === 0) return desc;
    yield* this.put(desc);
    return result;
  }

  /** gpiod_count(): how many lines a device has under a name, or -ENOENT. */
  count(dev: number, connection: string): number {
    let count = 0;
    while (this.find(dev, connection, count) !== -errno.ENOENT) count++;
    return count === 0 ? -errno.ENOENT : count;
  }

  /** The device's own node first, then the tables of the board. */
  private find(dev: number, connection: string, index: number): Found | number {
    const found = this.inTree(dev, connection, index);
    return found === -errno.ENOENT ? this.inTables(this.devices.nameOf(dev), connection, index) : found;
  }

  /** of_find_gpio(): `NAME-gpios`, or `NAME-gpio`. */
  private inTree(dev: number, connection: string, index: number): Found | number {
    const node = this.core.memory.load(dev + offsetOf(device, "of_node"), 4, false);
    for (const suffix of ["gpios", "gpio"]) {
      const property = connection === "" ? suffix : `${connection}-${suffix}`;
      if (node === 0 || !this.tree.has(node, property)) continue;
      const found = this.tree.followWithArgs(node, property, "#gpio-cells", index);
      if (typeof found === "number") return found;
      const [offset = 0, flags = 0] = found.args;
      const desc = this.gpio.lineOfNode(found.node, offset);
      return desc < 0 ? desc : { desc, isActiveLow: (flags & GPIO_ACTIVE_LOW) !== 0 };
    }
    return -errno.ENOENT;
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
  private inTables(device: string, connection: string, index: number): Found | number {
    for (const table of this.tables) {
      const own = this.core.memory.load(table + offsetOf(gpiod_lookup_table, "dev_id"), 4, false);
      if (own === 0 || textAt(this.core.memory, own) !== device) continue;
      let entry = this.core.memory.load(table + offsetOf(gpiod_lookup_table, "table"), 4, false);
      for (; entry !== 0 && this.word(entry, "key") !== 0; entry += gpiod_lookup.size) {
        const isNamed = this.word(entry, "con_id") === 0 || this.text(entry, "con_id") === connection;
        if (!isNamed || this.word(entry, "idx") !== index) continue;
        const desc = this.gpio.lineOfChip(this.text(entry, "key"), this.half(entry, "chip_hwnum"));
        return desc <= 0 ? desc : { desc, isActiveLow: (this.word(entry, "flags") & GPIO_ACTIVE_LOW) !== 0 };
      }
    }
    return -errno.ENOENT;
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
