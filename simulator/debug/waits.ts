// Who waits for whom: circles of tasks that no other task can end.
import type { Task } from "../engine/task.ts";
import type { LockView } from "../kernel/locks.ts";

/** A task, and the lock that it waits for. */
export interface Wait {
  readonly task: Task;
  readonly lock: LockView;
}

/** The circles among tasks that wait for locks: each waits for a lock of the next, and the last for one of the first. */
export function deadlocksOf(locks: readonly LockView[]): readonly (readonly Wait[])[] {
  const waits = new Map<Task, { readonly lock: LockView; readonly for: readonly Task[] }>();
  for (const lock of locks) {
    lock.waiting.forEach(({ task }, place) => {
      if (task.state === "done") return;
      // A lock goes to those who came before first.
      const others = [...lock.turns, ...lock.waiting.slice(0, place)].map((turn) => turn.task);
      waits.set(task, { lock, for: others.filter((other) => other.state !== "done") });
    });
  }
  const circles: Wait[][] = [];
  const done = new Set<Task>();
  const follow = (task: Task, path: readonly Task[]): void => {
    const begins = path.indexOf(task);
    if (begins >= 0) circles.push(path.slice(begins).map((one) => ({ task: one, lock: waits.get(one)!.lock })));
    else if (!done.has(task)) for (const other of waits.get(task)?.for ?? []) follow(other, [...path, task]);
    done.add(task);
  };
  for (const task of waits.keys()) follow(task, []);
  return circles;
}
