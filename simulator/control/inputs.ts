// Inputs: what a person does to a run from outside of it. They are data, and a part of the recipe: a replay makes them again.
import type { Device, Fault, Register } from "../devices/device.ts";
import type { Raw, Steps, Variable } from "../engine/interfaces.ts";
import { framesOf, KernelActivation } from "../engine/task.ts";
import type { Machine } from "../machine.ts";
import { obstacleTo } from "./obstacles.ts";
import { type Shell, startShell } from "./shell.ts";
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
  /** The innermost call of a task goes on at another statement of its function, without what lies between. */
  | { readonly kind: "jump"; readonly task: number; readonly site: number }
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
  | { readonly kind: "repair"; readonly device: string }
  /** The n-th allocation or user access of a task from now on fails; 0 takes that back. */
  | { readonly kind: "fail"; readonly task: number; readonly what: FaultName; readonly nth: number }
  /** Nobody but a task runs, and no interrupt comes, until no task is named. */
  | { readonly kind: "freeze"; readonly task?: number }
  /** A task ends in an oops, for what the process that runs the machine cannot bear. */
  | { readonly kind: "oops"; readonly task: number; readonly message: string }
  /** SIGKILL is sent to a task. */
  | { readonly kind: "kill"; readonly task: number }
  /** Somebody types a command at a shell of the machine. */
  | { readonly kind: "shell"; readonly shell: Shell };

/** As lib/fault-inject.c names them. */
export type FaultName = "failslab" | "fail_page_alloc" | "fail_usercopy";

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
    case "jump":
      jump(machine, action);
      return undefined;
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
    case "fail":
      machine.kernel.faults.failNth(action.nth, action.what, taskBy(machine.engine, action.task));
      return undefined;
    case "freeze":
      machine.engine.freezeAllBut(action.task === undefined ? undefined : taskBy(machine.engine, action.task));
      return undefined;
    case "oops":
      oops(machine, action);
      return undefined;
    case "kill":
      kill(machine, action.task);
      return undefined;
    case "shell":
      startShell(machine, action.shell);
      return undefined;
  }
}

/** The inputs of a session, in the order of their moments. */
export class Inputs {
  private all: readonly Input[] = [];

  get list(): readonly Input[] {
    return this.all;
  }

  /** When the one is to be made that follows so many; undefined when none is left. */
  after(had: number): number | undefined {
    return this.all[had]?.clock;
  }

  /** Notes what a person did to a machine that has had so many before: what came later is forgotten, as it does not come. */
  add(input: Input, had: number): void {
    this.all = [...this.all.slice(0, had), input];
  }

  /** Makes those of the moment at which a machine stands that has had so many; how many there were. */
  makeDue(machine: Machine, had: number): number {
    const { statements } = machine.engine.clock;
    let made = 0;
    for (; this.after(had + made) === statements; made++) apply(machine, this.all[had + made]!.action);
    return made;
  }
}

function set(machine: Machine, { task, frame, name, source }: Extract<Action, { kind: "set" }>): Variable {
  const found = taskBy(machine.engine, task);
  const of = found && framesOf(found)[frame]?.frame;
  if (of === undefined) throw new Error("there is no such frame");
  return of.set(name, source);
}

function jump(machine: Machine, { task, site }: Extract<Action, { kind: "jump" }>): void {
  const found = taskBy(machine.engine, task);
  const activation = found?.layers.at(-1)?.activation;
  const at = activation?.frames()[0]?.site;
  const program = machine.programs.find(({ sites }) => at !== undefined && sites[at.id] === at);
  const to = program?.sites[site];
  if (found === undefined || to === undefined) throw new Error("there is no such statement");
  const obstacle = obstacleTo(found, to);
  if (obstacle !== undefined) throw new Error(obstacle);
  activation?.jump?.(to);
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

function oops({ engine }: Machine, { task, message }: Extract<Action, { kind: "oops" }>): void {
  const found = taskBy(engine, task);
  const steps = (function* (): Steps<Raw> {
    yield { kind: "fault", fault: { message } };
    return undefined;
  })();
  const context = found?.layers.at(-1)?.context ?? "task";
  found?.layers.push({ activation: new KernelActivation(steps), context, resume: undefined });
}

function kill({ kernel, engine }: Machine, number: number): void {
  const task = taskBy(engine, number);
  if (task === undefined) throw new Error("there is no such task");
  kernel.signal(task, SIGKILL);
}

const SIGKILL = 9;

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
