// Inputs: what a person does to a run from outside of it. They are data, and a part of the recipe: a replay makes them again.
import type { Device, Fault, Register } from "../devices/device.ts";
import type { Variable } from "../engine/interfaces.ts";
import { framesOf } from "../engine/task.ts";
import type { Machine } from "../machine.ts";
import { taskBy } from "./tasks.ts";

/** `task` is the number of a task, see tasks.ts. Everything here can be written as JSON but for bigints. */
export type Action =
  /** A variable or member gets another value; `frame` counts from the innermost one of the task. */
  | {
      readonly kind: "set";
      readonly task: number;
      readonly frame: number;
      readonly name: string;
      readonly source: string;
    }
  /** Bytes of memory are changed, as no driver could: nothing is checked. */
  | { readonly kind: "memory"; readonly address: number; readonly bytes: readonly number[] }
  /** A register is written as a driver would write it, with all that follows from that. */
  | { readonly kind: "register"; readonly device: string; readonly register: string; readonly value: bigint }
  /** A register is read as a driver would read it, with all that follows from that. */
  | { readonly kind: "read"; readonly device: string; readonly register: string }
  /** An interrupt arrives that no device asked for, as an edge. */
  | { readonly kind: "interrupt"; readonly irq: number }
  /** Something goes wrong with a device. */
  | { readonly kind: "fault"; readonly device: string; readonly fault: Fault }
  /** The device is sound again, and back. */
  | { readonly kind: "repair"; readonly device: string };

/** An action at a moment of the run: `clock` statements have run. */
export interface Input {
  readonly clock: number;
  readonly action: Action;
}

/** Does it to a machine that stands between two statements. Throws an Error that says why it cannot be done. */
export function apply(machine: Machine, action: Action): Variable | undefined {
  switch (action.kind) {
    case "set":
      return set(machine, action);
    case "memory":
      action.bytes.forEach((byte, index) => {
        machine.memory.poke(action.address + index, 1, byte);
      });
      return undefined;
    case "register":
      writeRegister(machine, action);
      return undefined;
    case "read":
      return readRegister(machine, action);
    case "interrupt":
      machine.kernel.irqs.edge(action.irq);
      return undefined;
    case "fault":
      faultsOf(machine, action.device).inject(action.fault);
      return undefined;
    case "repair":
      faultsOf(machine, action.device).clear();
      return undefined;
  }
}

/** The inputs of a session, in the order of their moments, and how far the machine at hand has had them. */
export class Inputs {
  private all: readonly Input[] = [];
  private made = 0;

  /** The machine is a new one, which has had none of them, or one that has had those up to a moment, itself included. */
  rewind(clock = -1): void {
    this.made = this.all.filter((input) => input.clock <= clock).length;
  }

  /** When the next one is to be made; undefined when none is left. */
  get next(): number | undefined {
    return this.all[this.made]?.clock;
  }

  get list(): readonly Input[] {
    return this.all;
  }

  /** Does something now: whatever had been done later is forgotten, as that future does not come. */
  add(machine: Machine, action: Action): Variable | undefined {
    const result = apply(machine, action);
    this.all = [...this.all.slice(0, this.made), { clock: machine.engine.clock.statements, action }];
    this.made++;
    return result;
  }

  /** Makes those of the moment at which the machine stands. */
  makeDue(machine: Machine): boolean {
    const { statements } = machine.engine.clock;
    const before = this.made;
    for (; this.next === statements; this.made++) apply(machine, this.all[this.made]!.action);
    return this.made > before;
  }
}

function set(machine: Machine, { task, frame, name, source }: Extract<Action, { kind: "set" }>): Variable {
  const found = taskBy(machine.engine, task);
  const of = found && framesOf(found)[frame]?.frame;
  if (of === undefined) throw new Error("there is no such frame");
  return of.set(name, source);
}

function writeRegister(machine: Machine, { device, register, value }: Extract<Action, { kind: "register" }>): void {
  const found = deviceOf(machine, device);
  const named = registerOf(found, register);
  const { offset, bits, when } = named;
  const bytes = (bits / 8) as 1 | 2 | 4 | 8;
  if (found.reaches(offset, bytes, true) !== named) {
    throw new Error(when === undefined ? `${register} cannot be written` : `${register} is there only while ${when}`);
  }
  found.write(offset, bytes, BigInt.asUintN(bits, value));
}

function readRegister(machine: Machine, { device, register }: Extract<Action, { kind: "read" }>): Variable {
  const found = deviceOf(machine, device);
  const { offset, bits } = registerOf(found, register);
  const value = found.read(offset, (bits / 8) as 1 | 2 | 4 | 8);
  return { name: register, value: `0x${value.toString(16).padStart(bits / 4, "0")}`, type: "" };
}

function registerOf({ name: device, registers }: Device, register: string): Register {
  const named = registers.find(({ name }) => name === register);
  if (named === undefined) throw new Error(`${device} has no register ${register}`);
  return named;
}

function faultsOf(machine: Machine, name: string) {
  const { faults } = deviceOf(machine, name);
  if (faults === undefined) throw new Error(`${name} cannot be broken`);
  return faults;
}

function deviceOf(machine: Machine, name: string) {
  const found = machine.kernel.hardware.find(name);
  if (found === undefined) throw new Error(`there is no device ${name}`);
  return found;
}
