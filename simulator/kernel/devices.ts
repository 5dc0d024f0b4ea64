// The driver model: devices by their names, what drivers keep with them, and memory that goes with the driver.
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { Devres } from "./devres.ts";
import { device, device_driver, offsetOf } from "./layouts.ts";
import type { Log } from "./printk.ts";
import type { Statics } from "./statics.ts";

interface Known {
  readonly name: string;
  /** Its bus or class, as messages begin with it until a driver is bound. */
  readonly subsystem: string;
  state: DeviceState;
}

/** Where a device is in its life: `unbound` without a driver, `removed` while somebody still refers to it. */
export type DeviceState = "unbound" | "probing" | "bound" | "suspended" | "removing" | "removed";

const DRIVER = offsetOf(device, "driver");
const DRIVER_DATA = offsetOf(device, "driver_data");

export class Devices {
  private readonly core: Core;
  private readonly log: Log;
  private readonly statics: Statics;
  /** What goes with the drivers. */
  readonly managed: Devres;
  private readonly known = new Map<number, Known>();
  private readonly onAdd: ((address: number) => void)[] = [];
  private readonly onRemove: ((address: number) => void)[] = [];
  private readonly onRelease: ((address: number) => void)[] = [];

  constructor(core: Core, log: Log, statics: Statics) {
    this.core = core;
    this.log = log;
    this.statics = statics;
    this.managed = new Devres(core);
  }

  /** Makes a `struct device` a device of this name. */
  add(address: number, name: string, subsystem: string, devt = 0, parent = 0): void {
    const poke = (member: string, value: number): void =>
      this.core.memory.poke(address + offsetOf(device, member), 4, value);
    poke("parent", parent);
    poke("init_name", this.statics.literal(name));
    poke("devt", devt);
    this.known.set(address, { name, subsystem, state: "unbound" });
    for (const listener of this.onAdd) listener(address);
  }

  /** Calls back when there is a new device. */
  whenAdded(listener: (address: number) => void): void {
    this.onAdd.push(listener);
  }

  /** Every device, in the order in which it was added. */
  get all(): readonly number[] {
    return [...this.known.keys()];
  }

  has(address: number): boolean {
    return this.known.has(address);
  }

  /** Its bus or class; empty: none. */
  subsystemOf(address: number): string {
    return this.known.get(address)?.subsystem ?? "";
  }

  stateOf(address: number): DeviceState | undefined {
    return this.known.get(address)?.state;
  }

  /** Something that the state of a device, or of all of them, does not allow; nothing in the kernel says so. */
  misuse(text: string, stack = this.core.stack()): void {
    this.core.emit({ kind: "misuse", text, stack });
  }

  /** Its next step in life. */
  enter(address: number, state: DeviceState): void {
    const known = this.known.get(address);
    if (known === undefined || known.state === state) return;
    const [device, from] = [known.name, known.state];
    this.core.emit({ kind: "lifecycle", device, from, to: state, stack: this.core.stack() });
    known.state = state;
  }

  /** The address of its `struct device_driver`, 0 while none is bound. */
  driverOf(address: number): number {
    return this.core.memory.peek(address + DRIVER, 4);
  }

  remove(address: number): void {
    for (const listener of this.onRemove) listener(address);
    this.known.delete(address);
  }

  /** Calls back when one is gone. */
  whenRemoved(listener: (address: number) => void): void {
    this.onRemove.push(listener);
  }

  /** dev_name(); the memory is touched as a driver's access would. */
  nameOf(address: number): string {
    this.core.memory.touch(address, 4, false);
    return this.known.get(address)?.name ?? "(null)";
  }

  /** dev_printk(): `edu 0000:00:04.0: …`, with the subsystem where no driver is bound. */
  printk(address: number, level: number, format: number, values: readonly (number | bigint | undefined)[]): void {
    this.log.printk(format, values, level, `${this.label(address)}: `);
  }

  /** dev_driver_string() and dev_name(): `edu 0000:00:04.0`. */
  label(address: number): string {
    const name = this.nameOf(address);
    const driver = this.core.memory.peek(address + DRIVER, 4);
    const driverName =
      driver === 0
        ? (this.known.get(address)?.subsystem ?? "(NULL device *)")
        : this.log.format("%s", [this.core.memory.peek(driver + offsetOf(device_driver, "name"), 4)]);
    return `${driverName} ${name}`;
  }

  /** Calls back when a driver leaves a device, after its remove function. */
  whenReleased(listener: (address: number) => void): void {
    this.onRelease.push(listener);
  }

  bind(address: number, driver: number): void {
    this.core.memory.poke(address + DRIVER, 4, driver);
    this.enter(address, "probing");
  }

  /** device_unbind_cleanup(): what it manages is undone, the last first, and its data is forgotten. */
  *unbind(address: number): Steps<void> {
    const { memory } = this.core;
    yield* this.core.steps("device_unbind_cleanup", this.managed.releaseAll(address));
    for (const listener of this.onRelease) listener(address);
    memory.poke(address + DRIVER, 4, 0);
    memory.poke(address + DRIVER_DATA, 4, 0);
    this.enter(address, "unbound");
  }

  getData(address: number): number {
    return this.core.memory.load(address + DRIVER_DATA, 4, false);
  }

  setData(address: number, data: number): void {
    this.core.memory.store(address + DRIVER_DATA, 4, data);
  }
}
