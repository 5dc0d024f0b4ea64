// Tasks: stacks of activations, the drivers' and the kernel's own, one above the other.
import {
  type Activation,
  type Frame,
  faultOfAccess,
  MemoryFault,
  type Raw,
  type Site,
  type Steps,
  type Stop,
  type WaitToken,
} from "./interfaces.ts";
import type { Context } from "./trace.ts";

/** One activation on a task's stack, and in which context it runs. */
export interface Layer {
  readonly activation: Activation;
  readonly context: Context;
  /** What its next `run` is sent. */
  resume: Raw;
  /** Told its result, or undefined when it ended in a fault. */
  readonly onDone?: (value: Raw) => void;
}

export type TaskState = "ready" | "running" | "blocked" | "spinning" | "done";

export interface Task {
  readonly id: number;
  name: string;
  cpu: number;
  /** 0, or a real-time priority up to 99: such a task runs before all with less. */
  priority: number;
  /** It serves others and never ends: a run in which only such tasks wait is complete. */
  readonly isDaemon: boolean;
  state: TaskState;
  waitingOn: WaitToken | undefined;
  /** The layer that waits; interrupts may run on top of one that spins. */
  waiter: Layer | undefined;
  readonly layers: Layer[];
}

/** Kernel code as an activation: it has no statements and no frames. */
export class KernelActivation implements Activation {
  readonly used = 0;
  readonly site = undefined;
  private readonly steps: Steps<Raw>;

  constructor(steps: Steps<Raw>) {
    this.steps = steps;
  }

  run(_budget: number, value?: Raw): Stop {
    try {
      const next = this.steps.next(value);
      return next.done === true ? { kind: "done", value: next.value } : next.value;
    } catch (error) {
      // The kernel was handed a bad pointer.
      if (error instanceof MemoryFault) return { kind: "fault", fault: faultOfAccess(error) };
      throw error;
    }
  }

  frames(): readonly Frame[] {
    return [];
  }

  sites(): readonly Site[] {
    return [];
  }
}

/** Frames of all layers, innermost first, each with the context it runs in. */
export function framesOf(task: Task): readonly { readonly frame: Frame; readonly context: Context }[] {
  return task.layers
    .toReversed()
    .flatMap(({ activation, context }) => activation.frames().map((frame) => ({ frame, context })));
}

/** The statement that a task is at. */
export function siteOf(task: Task): Site | undefined {
  for (let index = task.layers.length - 1; index >= 0; index--) {
    const { site } = task.layers[index]!.activation;
    if (site !== undefined) return site;
  }
  return undefined;
}
