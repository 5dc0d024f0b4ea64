// Watches over memory, registers and variables: they tell of accesses, with the statement that makes them and what it changes.

import { hook } from "../engine/hook.ts";
import type { Site } from "../engine/interfaces.ts";
import type { AccessKind } from "../engine/memory.ts";
import type { Task } from "../engine/task.ts";
import { asKernelEvent, type KernelEvent } from "../kernel/events.ts";
import type { Machine } from "../machine.ts";
import {
  type AccessType,
  cut,
  heldBy,
  type MemoryTarget,
  partOf,
  type RegisterTarget,
  shownBytes,
  shownNumber,
  type Target,
} from "./targets.ts";
import { numberOf } from "./tasks.ts";
import { VariableWatch } from "./variable-watch.ts";

export interface Watch {
  readonly id: number;
  readonly target: Target;
  readonly access: AccessType;
}

/** An access to something watched. */
export interface Access {
  readonly watch: Watch;
  /** Statements run before the one that makes it. */
  readonly clock: number;
  /** The statement; undefined when it is the kernel or a device by itself. */
  readonly site: Site | undefined;
  /** Who runs, see tasks.ts. */
  readonly task: number | undefined;
  readonly isWrite: boolean;
  readonly before: string;
  /** What it is afterwards, when the access is over. */
  readonly after: string;
}

interface Pending extends Omit<Access, "after" | "isWrite"> {
  /** What it is that was done; undefined when only the value will tell. */
  readonly isWrite: boolean | undefined;
}

interface Memory {
  readonly watch: Watch;
  readonly target: MemoryTarget;
}

interface Register {
  readonly watch: Watch;
  readonly target: RegisterTarget;
  /** As it was last seen. */
  value: bigint;
}

export class Watches {
  /** What is accessed meanwhile was told before. */
  isPaused = false;
  private machine: Machine | undefined;
  private watched: readonly Watch[] = [];
  private memory: readonly Memory[] = [];
  private registers: Register[] = [];
  private variables: readonly { readonly watch: Watch; readonly variable: VariableWatch }[] = [];
  private readonly pending = new Map<Watch, Pending>();
  private readonly listened = new WeakSet<Machine>();
  private tell: (() => void) | undefined;
  private leave: (() => void) | undefined;
  private found: Access[] = [];
  private from = 0;
  private to = 0;

  /** The machine at hand is another one. */
  attach(machine: Machine): void {
    const { watched, tell } = this;
    this.silence();
    this.machine = machine;
    if (tell !== undefined) this.listen(watched, tell);
  }

  /** From now on these are watched, and nothing else; `tell` is called in the middle of whatever makes an access. */
  listen(watched: readonly Watch[], tell: () => void): void {
    this.silence();
    const { machine } = this;
    if (machine === undefined || watched.length === 0) return;
    this.watched = watched;
    this.tell = tell;
    this.memory = watched.flatMap((watch) => (watch.target.kind === "memory" ? { watch, target: watch.target } : []));
    this.registers = watched.flatMap(({ target, ...rest }) => {
      const part = target.kind === "register" ? partOf(machine, target) : undefined;
      if (target.kind !== "register" || part === undefined) return [];
      return [{ watch: watched.find(({ id }) => id === rest.id)!, target, value: heldBy(part) }];
    });
    this.variables = watched.flatMap((watch) =>
      watch.target.kind === "variable" ? { watch, variable: new VariableWatch(watch.target) } : [],
    );
    // What it is now, to know when it changes.
    if (this.variables.length > 0) for (const task of machine.engine.tasks) this.visit(task);
    this.found = [];
    if (this.memory.length > 0) {
      this.from = Math.min(...this.memory.map(({ target }) => target.address));
      this.to = Math.max(...this.memory.map(({ target }) => target.address + target.bytes));
      this.leave = machine.memory.onAccess((address, bytes, kind) => this.accessed(address, bytes, kind));
    }
    if (this.registers.length > 0) {
      hook(machine.engine.clock, "afterAlarm", () => this.look());
      if (!this.listened.has(machine)) {
        this.listened.add(machine);
        machine.engine.trace.listen((event) => {
          if (this.machine === machine && this.registers.length > 0) this.happened(asKernelEvent(event));
        });
      }
    }
  }

  /** Nothing is watched any more. */
  silence(): void {
    this.leave?.();
    this.leave = undefined;
    // Where no register is watched it is somebody else's.
    if (this.machine !== undefined && this.registers.length > 0) this.machine.engine.clock.afterAlarm = undefined;
    this.memory = [];
    this.registers = [];
    this.variables = [];
    this.watched = [];
    this.tell = undefined;
    this.pending.clear();
    this.found = [];
  }

  /** The statements at which variables want a look; undefined when none is watched. */
  get wanted(): ((site: Site) => boolean) | undefined {
    const { variables } = this;
    return variables.length === 0 ? undefined : (site) => variables.some(({ variable }) => variable.concerns(site));
  }

  /** A task is about to run such a statement; whether a variable has changed. */
  visit(task: Task): boolean {
    let isChanged = false;
    for (const { watch, variable } of this.variables) {
      const change = variable.look(task, this.machine!.engine.clock.statements);
      if (change === undefined) continue;
      this.found.push({ ...change, watch, isWrite: true });
      isChanged = true;
    }
    return isChanged;
  }

  /** The accesses since this was asked last that count; those that are being made are over. */
  take(): readonly Access[] {
    if (this.registers.length > 0) this.look();
    this.settle();
    return this.found.splice(0);
  }

  private accessed(address: number, bytes: number, kind: AccessKind): void {
    if (address >= this.to || address + bytes <= this.from) return;
    for (const { watch, target } of this.memory) {
      if (address >= target.address + target.bytes || address + bytes <= target.address) continue;
      const isRead = kind === "load" || kind === "read";
      this.note(watch, kind === "bytes" ? undefined : !isRead, () => this.bytesOf(target));
    }
  }

  private happened(event: KernelEvent): void {
    if (event.kind !== "mmio") {
      this.look();
      return;
    }
    const { device, register, isWrite, value } = event;
    if (isWrite) this.look();
    for (const one of this.registers) {
      const { watch, target } = one;
      if (target.device !== device) continue;
      const part = partOf(this.machine!, target)!;
      // A read is told when it is over, a write before it is made; what else it does to the device will be seen.
      const before = isWrite || target.register !== register ? one.value : cut(value, part.register, part.field);
      if (target.register === register) this.note(watch, isWrite, () => shownNumber(before));
      else if (isWrite) this.note(watch, undefined, () => shownNumber(before));
    }
    if (!isWrite) this.look();
  }

  /** Registers that have other values than they had, by themselves or by a write that is over. */
  private look(): void {
    for (const one of this.registers) {
      const part = partOf(this.machine!, one.target);
      const value = part === undefined ? one.value : heldBy(part);
      if (value === one.value) continue;
      const before = shownNumber(one.value);
      one.value = value;
      if (!this.pending.has(one.watch)) this.note(one.watch, undefined, () => before);
    }
  }

  private note(watch: Watch, isWrite: boolean | undefined, value: () => string): void {
    if (isWrite === true && watch.access === "read") return;
    if (isWrite === false && watch.access === "write") return;
    const { engine } = this.machine!;
    const { statements: clock } = engine.clock;
    const earlier = this.pending.get(watch);
    if (earlier !== undefined && earlier.clock === clock) {
      if (isWrite !== false && earlier.isWrite === false) this.pending.set(watch, { ...earlier, isWrite });
      return;
    }
    if (earlier !== undefined) this.settle();
    const { current } = engine;
    const { site } = engine.moment();
    const task = current === undefined ? undefined : numberOf(current);
    if (this.isPaused) return;
    this.pending.set(watch, { watch, clock, site, task, isWrite, before: value() });
    this.tell?.();
  }

  /** What is being done is over: values are what they have become. */
  private settle(): void {
    for (const { isWrite, ...access } of this.pending.values()) {
      const { watch, before } = access;
      const after = this.valueOf(watch.target);
      const isChange = after !== before;
      const counts = watch.access === "write" ? isChange : isWrite !== undefined || isChange;
      if (!counts || (watch.access === "read" && isWrite !== false)) continue;
      this.found.push({ ...access, after, isWrite: isWrite ?? true });
    }
    this.pending.clear();
  }

  private valueOf(target: Target): string {
    if (target.kind === "memory") return this.bytesOf(target);
    const part = target.kind === "register" ? partOf(this.machine!, target) : undefined;
    return part === undefined ? "" : shownNumber(heldBy(part));
  }

  private bytesOf({ address, bytes }: MemoryTarget): string {
    const { memory } = this.machine!;
    if (!memory.isMapped(address, bytes)) return "";
    return shownBytes(Uint8Array.from({ length: bytes }, (_, index) => memory.peek(address + index, 1)));
  }
}
