// `driverlab/locks`: every lock, who has it and waits for it, how lockdep has seen it used, and who waits in a circle.

import { classOf } from "../../checks/ledger.ts";
import { type Dependency, LockGraph, usageName } from "../../checks/lock-graph.ts";
import { className } from "../../checks/wording.ts";
import { hex } from "../../engine/interfaces.ts";
import type { Task } from "../../engine/task.ts";
import type { LockName } from "../../kernel/events.ts";
import type { LockTurn, LockView } from "../../kernel/locks.ts";
import type { Machine } from "../../machine.ts";
import type { Lock, LockClass, LockEdge, Locks, LockUser } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { placeOf, placeOfTask, placeOnStack } from "../place.ts";
import { deadlocksOf } from "../waits.ts";

export function locks(debuggee: Debuggee): Locks {
  const machine = debuggee.still;
  const all = machine.kernel.locks.all();
  const isUsed = ({ owner, waiters }: LockView) => owner !== undefined || waiters.length > 0;
  return {
    locks: all.filter(isUsed).map((lock) => describe(machine, lock)),
    classes: classesOf(machine, all),
    deadlocks: deadlocksOf(all).map((waits) => ({
      waits: waits.map(({ task, lock }) => ({ task: nameOf(task), lock: lock.name, ...at(placeOfTask(task)) })),
    })),
  };
}

function classesOf(machine: Machine, all: readonly LockView[]): readonly LockClass[] {
  const { ledger, lockGraph } = machine.learnt;
  const edges = edgesOf(lockGraph.dependencies);
  const first = new Map<string, LockName>();
  for (const lock of [...all, ...lockGraph.dependencies.flatMap(({ from, to }) => [from, to])]) {
    if (!first.has(classOf(lock))) first.set(classOf(lock), lock);
  }
  return [...first].map(([id, lock]) => ({
    name: className(lock),
    flavour: lock.flavour,
    usage: ledger.usage(lock),
    uses: lockGraph.usesOf(lock).map((used) => ({ name: usageName(used), ...at(placeOnStack(used.stack)) })),
    instances: all.filter((one) => classOf(one) === id).map((one) => describe(machine, one)),
    before: edges.get(id) ?? [],
  }));
}

/** By class: what was taken while it was held. A circle is closed by the dependency that came last. */
function edgesOf(dependencies: readonly Dependency[]): ReadonlyMap<string, readonly LockEdge[]> {
  const before = new LockGraph();
  const edges = new Map<string, LockEdge[]>();
  for (const dependency of dependencies) {
    const { from, to, stack } = dependency;
    const id = classOf(from);
    const chain = before.path(to, (lock) => classOf(lock) === id);
    const heldAt = placeOnStack(from.stack);
    const known = edges.get(id) ?? [];
    edges.set(id, known);
    known.push({
      to: className(to),
      ...at(placeOnStack(stack)),
      ...(heldAt === undefined ? {} : { heldAt }),
      ...(chain === undefined ? {} : { cycle: [from, to, ...chain.map((link) => link.to)].map(className) }),
    });
    before.add(dependency);
  }
  return edges;
}

function describe({ kernel }: Machine, lock: LockView): Lock {
  const { name, address, flavour, owner, takenAt, turns, waiting } = lock;
  const takenBy = ({ task }: LockTurn) =>
    kernel.core.contextOf(task).held.findLast((one) => one.address === address)?.stack ?? [];
  const user = (turn: LockTurn, place: LockUser["place"]): LockUser => ({
    task: nameOf(turn.task),
    isRead: turn.isRead,
    ...at(place),
  });
  return {
    name,
    address: hex(address),
    flavour,
    ...(owner === undefined ? {} : { owner: ownerOf(owner) }),
    takenAt: owner === undefined ? [] : takenAt.map(placeOf),
    waiters: waiting.map(({ task }) => nameOf(task)),
    owners: turns.map((turn) => user(turn, placeOnStack(takenBy(turn)))),
    waiting: waiting.map((turn) => user(turn, placeOfTask(turn.task))),
  };
}

function ownerOf(task: Task): string {
  return task.state === "done" ? `${nameOf(task)}, which is over` : `${nameOf(task)} on CPU ${task.cpu}`;
}

function nameOf({ name, id }: Task): string {
  return `${name}/${id}`;
}

function at<T>(place: T | undefined): { readonly place?: T } {
  return place === undefined ? {} : { place };
}
