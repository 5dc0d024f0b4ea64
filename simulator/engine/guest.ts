// What the engine and the kernel that it runs want of each other.
import type { Fault, Raw, Site, Steps, WaitToken } from "./interfaces.ts";
import type { Task } from "./task.ts";
import type { Context } from "./trace.ts";

/** What the engine asks of the kernel that it runs. */
export interface Guest {
  /** An interrupt or softirq that is to run now on a CPU, on top of whatever runs there. */
  interrupt(cpu: number): { readonly steps: Steps<Raw>; readonly context: Context } | undefined;
  /** Whether another task may take the CPU from the one that runs there. */
  preemptible(cpu: number): boolean;
  /** Whether nothing will interrupt a CPU, or be told of it, by the passing of statements alone. */
  isStill?(cpu: number): boolean;
  /** A task ended in a fault: the kernel reports its oops; the task is gone afterwards. */
  fault(task: Task, fault: Fault): void;
  /** A task is over, by a fault or by its end. */
  exited?(task: Task): void;
  /** A task begins to wait with its CPU. */
  spinning?(task: Task): void;
}

/** How a task begins. */
export interface Birth {
  readonly cpu?: number;
  /** It waits until somebody wakes it. */
  readonly asleep?: WaitToken;
  readonly isDaemon?: boolean;
}

/** Why `run` came back. */
export type Pause =
  | { readonly kind: "breakpoint"; readonly task: Task; readonly site: Site }
  /** The statement count that was asked for is reached, and the next statement is about to run. */
  | { readonly kind: "clock" }
  /** Nothing is left to run and no alarm is set. */
  | { readonly kind: "idle" }
  /** Only this task may run, and it cannot. */
  | { readonly kind: "frozen"; readonly task: Task }
  /** Somebody asked for it, from a listener of the trace. */
  | { readonly kind: "asked"; readonly task: Task };
