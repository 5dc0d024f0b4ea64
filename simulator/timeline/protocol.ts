// What the debug adapter and its clients say to each other about the timeline of a run.
import type { Place } from "../protocol.ts";

/** Client → adapter, a request: what ran on which CPU and what tasks did, as far as the run has ever been. */
export type TimelineRequest = "driverlab/timeline";

export interface TimelineArguments {
  /** What `from` and `to` count: statements run, or nanoseconds of virtual time; statements without it. */
  readonly by?: "statements" | "nanos";
  /** The part that is wanted; the whole run so far without it. */
  readonly from?: number;
  readonly to?: number;
  /** Into so many parts the client can tell it: what is shorter than one of them is merged. 1000 without it. */
  readonly resolution?: number;
}

export interface Timeline {
  /** Where the run stands. */
  readonly now: TimelinePoint;
  /** How far it has ever been: behind `now` when one has gone back. */
  readonly end: TimelinePoint;
  /** CPUs first, then tasks in the order in which they ran first. */
  readonly lanes: readonly TimelineLane[];
  /** Tasks that are left out, as there are too many. */
  readonly leftOut: number;
  /** Some spans or marks stand for several short ones. */
  readonly isMerged: boolean;
}

export interface TimelinePoint {
  /** Statements run before it: `driverlab/seek` leads there. */
  readonly clock: number;
  readonly nanos: number;
}

export interface TimelineLane {
  /** `cpu0`, `task5`. */
  readonly id: string;
  readonly name: string;
  readonly spans: readonly TimelineSpan[];
  readonly marks: readonly TimelineMark[];
}

export interface TimelineSpan {
  /** Of a CPU: a task has it, and interrupts on top. Of a task: it has a CPU, sleeps, could run, is in a system call; locks. */
  readonly kind: "run" | "softirq" | "hardirq" | "sleep" | "ready" | "wait" | "hold" | "syscall";
  readonly name: string;
  readonly from: TimelinePoint;
  /** Undefined while it lasts. */
  readonly to?: TimelinePoint;
  /** It stands for so many short ones, of which it has the name of the first. */
  readonly count?: number;
  /** Where it began, if a driver began it. */
  readonly place?: Place;
}

export interface TimelineMark {
  readonly kind: "mmio" | "log" | "report";
  readonly name: string;
  readonly at: TimelinePoint;
  readonly count?: number;
  readonly place?: Place;
}
