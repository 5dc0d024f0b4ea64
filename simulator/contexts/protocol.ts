// What the debug adapter and its clients say to each other about what runs, what waits, and where drivers are in their lives.
import type { Place } from "../protocol.ts";

/** Client → adapter, a request without arguments: what runs on each CPU, and what tasks wait for. */
export type ContextsRequest = "driverlab/contexts";

export interface Contexts {
  readonly cpus: readonly CpuContexts[];
  readonly tasks: readonly TaskState[];
  /** Timers and high-resolution timers that wait, the first to expire first. */
  readonly timers: readonly PendingTimer[];
  /** Work items that are queued and not begun. */
  readonly works: readonly PendingWork[];
  /** All that were loaded, and those that are gone, too. */
  readonly modules: readonly ModuleLife[];
  /** Those that are registered. */
  readonly drivers: readonly DriverLife[];
  /** Those of buses, with a driver or without. */
  readonly devices: readonly DeviceLife[];
}

export interface CpuContexts {
  readonly cpu: number;
  /** It ran when the machine came to stand still. */
  readonly isRunning: boolean;
  /** What runs, and below it what that interrupted. */
  readonly layers: readonly ContextLayer[];
  readonly preemptCount: PreemptCount;
  readonly irqsDisabled: boolean;
  /** Locks that what runs here holds, the last one taken first. */
  readonly held: readonly { readonly name: string; readonly takenAt: Place | undefined }[];
}

export interface ContextLayer {
  readonly context: "hardirq" | "softirq" | "task" | "idle";
  /** `11 (edu)`, `TIMER`, `insmod 214`. */
  readonly name: string;
  readonly place?: Place;
}

export interface PreemptCount {
  /** `0x00010001`. */
  readonly value: string;
  readonly fields: readonly { readonly name: string; readonly count: number; readonly meaning: string }[];
  /** Where it left 0. */
  readonly disabledAt?: Place;
}

export interface TaskState {
  readonly id: number;
  /** `insmod 214`, `kworker/0:1 [events]`. */
  readonly name: string;
  readonly cpu: number;
  /** As `ps` shows it, and as /proc/PID/status says it: `D`, `disk sleep`. */
  readonly letter: string;
  readonly word: string;
  readonly now: "runs" | "ready" | "sleeps" | "spins";
  /** `mutex &dev->lock`, `msleep`. */
  readonly waitsFor?: string;
  /** Who has what it waits for, where that is known. */
  readonly owners: readonly string[];
  /** The lock or the queue that it waits for or on, where it is one. */
  readonly waitsOn?: WaitedFor;
  /** Its innermost statement of a driver. */
  readonly place?: Place;
  /** Bytes of its kernel stack that are in use, and THREAD_SIZE. */
  readonly stackUsed: number;
  readonly stackSize: number;
  readonly held: readonly string[];
}

export interface PendingTimer {
  readonly kind: "timer" | "hrtimer";
  readonly fn: string;
  readonly cpu: number;
  /** Nanoseconds of virtual time from now; not above 0 for one that is due. */
  readonly inNanos: number;
}

export interface PendingWork {
  readonly fn: string;
  readonly wq: string;
  /** Undefined: on any. */
  readonly cpu?: number;
}

export interface WaitedFor {
  readonly kind: "lock" | "queue";
  /** Eight hexadecimal digits. */
  readonly address: string;
  /** Where the first of those who have the lock took it. */
  readonly takenAt?: Place;
}

export interface ModuleLife {
  readonly name: string;
  readonly state: "unloaded" | "loading" | "loaded" | "unloading";
}

export interface DriverLife {
  readonly name: string;
  readonly bus: string;
  /** Whose function registered it. */
  readonly module?: string;
  /** `bound`: to a device at least. */
  readonly state: "bound" | "unbound";
}

export interface DeviceLife {
  /** `0000:00:04.0`. */
  readonly name: string;
  readonly bus: string;
  /** `unbound`, `probing`, `bound`, `suspended`, `removing`, `removed`. */
  readonly state: string;
  readonly driver?: string;
  /** Why its probe was put off, if it was; empty: nobody said. */
  readonly deferred?: string;
  /** Of runtime PM, with how many use it: undefined while that is off. */
  readonly runtime?: { readonly status: string; readonly users: number };
  /** What goes with its driver, in the order in which it was obtained. */
  readonly managed: readonly string[];
}
