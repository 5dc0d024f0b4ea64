// `driverlab/contexts`: what runs on each CPU and what it interrupted, what tasks wait for, and what is due to run.

import type {
  ContextLayer,
  Contexts,
  CpuContexts,
  DeviceLife,
  DriverLife,
  PreemptCount,
  TaskState,
  WaitedFor,
} from "../../contexts/protocol.ts";
import { hex } from "../../engine/interfaces.ts";
import type { Task } from "../../engine/task.ts";
import { device, offsetOf } from "../../kernel/layouts.ts";
import { devicesOf, driversOf, modulesOf } from "../../kernel/lifecycle.ts";
import type { LockView } from "../../kernel/locks.ts";
import type { Machine } from "../../machine.ts";
import { pendingTimers } from "../console/lx.ts";
import { isInUserSpace, stateOf } from "../console/task-states.ts";
import { fieldsOf } from "../context.ts";
import type { Debuggee } from "../debuggee.ts";
import { interruptOn, nameOfTask } from "../interrupts.ts";
import { placeInContext, placeOfTask, placeOnStack } from "../place.ts";

export function contexts(debuggee: Debuggee): Contexts {
  const machine = debuggee.still;
  const { engine, kernel } = machine;
  const running = debuggee.stoppedThread()?.task;
  return {
    cpus: Array.from({ length: engine.cpuCount }, (_, cpu) => cpuContexts(machine, cpu, running)),
    tasks: engine.tasks.filter(({ state }) => state !== "done").map((task) => taskState(machine, task)),
    timers: pendingTimers(machine)
      .map(({ kind, fn, cpu, inNanos }) => ({ kind, fn, cpu, inNanos }))
      .sort((a, b) => a.inNanos - b.inNanos),
    works: kernel.workqueues.waiting.map(({ fn, wq, cpu }) => ({ fn, wq, ...(cpu < 0 ? {} : { cpu }) })),
    modules: modulesOf(kernel),
    drivers: driverLives(machine),
    devices: deviceLives(machine),
  };
}

function driverLives({ kernel }: Machine): readonly DriverLife[] {
  return driversOf(kernel).map(({ name, bus, module, state }) => ({
    name,
    bus,
    ...(module === undefined ? {} : { module }),
    state,
  }));
}

/** Devices of classes are never bound to anything. */
function deviceLives({ kernel, memory }: Machine): readonly DeviceLife[] {
  const { all } = kernel.devices;
  return devicesOf(kernel)
    .filter((_, index) => memory.peek(all[index]! + offsetOf(device, "bus"), 4) !== 0)
    .map(({ name, subsystem, state, driver, deferred, runtime, users, managed }) => ({
      name,
      bus: subsystem,
      state,
      ...(driver === undefined ? {} : { driver }),
      ...(deferred === undefined ? {} : { deferred }),
      ...(runtime === "unsupported" ? {} : { runtime: { status: runtime, users } }),
      managed,
    }));
}

function cpuContexts(machine: Machine, cpu: number, running: Task | undefined): CpuContexts {
  const { engine, kernel } = machine;
  const task = engine.taskOn(cpu);
  const { irqsDisabled, preemptCount, preemptDisabledAt, held } = kernel.core.contextOf(task);
  return {
    cpu,
    isRunning: task === running,
    layers: layersOf(machine, cpu, task),
    preemptCount: describe(preemptCount, preemptDisabledAt),
    irqsDisabled,
    held: held.map(({ name, stack }) => ({ name, takenAt: placeOnStack(stack) })).reverse(),
  };
}

function layersOf(machine: Machine, cpu: number, task: Task): readonly ContextLayer[] {
  const isIdle = task === machine.engine.idleOf(cpu);
  const interrupts = new Set(task.layers.map(({ context }) => context).reverse());
  interrupts.delete("task");
  const layer = (context: ContextLayer["context"], name: string): ContextLayer => {
    const place = context === "idle" ? undefined : placeInContext(task, context);
    return { context, name, ...(place === undefined ? {} : { place }) };
  };
  return [
    ...[...interrupts].map((context) => layer(context, interruptOn(machine, cpu, context))),
    isIdle ? layer("idle", task.name) : layer("task", nameOfTask(machine, task)),
  ];
}

function describe(count: number, stack: Parameters<typeof placeOnStack>[0] | undefined): PreemptCount {
  const disabledAt = stack && placeOnStack(stack);
  return {
    value: `0x${hex(count)}`,
    fields: fieldsOf(count),
    ...(disabledAt === undefined ? {} : { disabledAt }),
  };
}

function waitedFor({ kernel }: Machine, task: Task, lock: LockView | undefined): { readonly waitsOn?: WaitedFor } {
  const queue = task.waitingOn?.address;
  if (lock === undefined) return queue === undefined ? {} : { waitsOn: { kind: "queue", address: hex(queue) } };
  const { address, turns } = lock;
  const [first] = turns;
  const held = first && kernel.core.contextOf(first.task).held.findLast((one) => one.address === address);
  const takenAt = held && placeOnStack(held.stack);
  return { waitsOn: { kind: "lock", address: hex(address), ...(takenAt === undefined ? {} : { takenAt }) } };
}

function taskState(machine: Machine, task: Task): TaskState {
  const { core, locks, statics } = machine.kernel;
  const { letter, word, now, waitsFor } = stateOf(machine.kernel, task);
  const lock = locks.all().find(({ waiting }) => waiting.some((turn) => turn.task === task));
  const place = placeOfTask(task);
  // Calls of user space are on a stack of its own.
  const depth = isInUserSpace(machine.kernel, task)
    ? 0
    : core.stackOf(task).filter(({ site }) => site !== undefined).length;
  return {
    id: task.id,
    name: nameOfTask(machine, task),
    cpu: task.cpu,
    letter,
    word,
    now,
    ...(waitsFor === undefined ? {} : { waitsFor }),
    owners: (lock?.turns ?? []).map((turn) => nameOfTask(machine, turn.task)),
    ...waitedFor(machine, task, lock),
    ...(place === undefined ? {} : { place }),
    stackUsed: statics.stack.used(task, depth),
    stackSize: statics.stack.threadSize,
    held: core.contextOf(task).held.map(({ name }) => name),
  };
}
