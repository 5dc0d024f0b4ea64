// The states of tasks as ps shows them, and what they wait for.
import type { Task } from "../../engine/task.ts";
import { TASK_IDLE, TASK_INTERRUPTIBLE, TASK_PARKED, TASK_UNINTERRUPTIBLE } from "../../kernel/core.ts";
import type { Kernel } from "../../kernel/kernel.ts";

/** A state's letter and word in /proc/PID/status, and whether the task has a CPU, wants one, or waits for what. */
export interface StateOfTask {
  readonly letter: "R" | "S" | "D" | "I" | "P";
  readonly word: string;
  readonly now: "runs" | "ready" | "sleeps" | "spins";
  readonly waitsFor: string | undefined;
}

/** `, waits for mutex &dev->lock`; empty for a task that does not wait. */
export function waitingOf({ now, waitsFor }: StateOfTask): string {
  return waitsFor === undefined ? "" : `, ${now === "spins" ? "spins" : "waits"} for ${waitsFor}`;
}

const words = { R: "running", S: "sleeping", D: "disk sleep", I: "idle", P: "parked" } as const;

export function stateOf(kernel: Kernel, task: Task): StateOfTask {
  const { state, waitingOn } = task;
  // A process that sleeps by itself is interruptible, however the machine makes it wait.
  const sleeps = isInUserSpace(kernel, task) ? TASK_INTERRUPTIBLE : kernel.core.contextOf(task).state;
  const letter = state === "blocked" ? letterOf(sleeps) : "R";
  const waitsFor = state === "blocked" || state === "spinning" ? waitingOn?.words : undefined;
  return { letter, word: words[letter], now: activities[state], waitsFor };
}

/** It runs a program of user space, and no system call is under way, so that nothing of it is on its kernel stack. */
export function isInUserSpace(kernel: Kernel, task: Task): boolean {
  const { isUser, calls } = kernel.core.contextOf(task);
  return isUser && !calls.some(({ fromUser }) => fromUser);
}

const activities = { ready: "ready", running: "runs", blocked: "sleeps", spinning: "spins", done: "sleeps" } as const;

/** task_index_to_char(), include/linux/sched.h: of states with several bits, the one that says most. */
function letterOf(state: number): StateOfTask["letter"] {
  if ((state & TASK_IDLE) === TASK_IDLE) return "I";
  if ((state & TASK_INTERRUPTIBLE) !== 0) return "S";
  if ((state & TASK_UNINTERRUPTIBLE) !== 0) return "D";
  return (state & TASK_PARKED) !== 0 ? "P" : "S";
}
