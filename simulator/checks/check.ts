// What a run-time check is: it listens to the trace and reports in the kernel's own words.

import type { Site } from "../engine/interfaces.ts";
import type { Handlers } from "./handlers.ts";
import type { Ledger } from "./ledger.ts";
import type { LockGraph } from "./lock-graph.ts";

export interface Report {
  /** What a debugger shows in its heading: `BUG: KASAN: slab-use-after-free in edu_read`. */
  readonly title: string;
  /** The kernel's text, line by line. */
  readonly lines: readonly string[];
  /** The statement that it is about; one report for each. */
  readonly site: Site | undefined;
}

/** Memory as reports show it, seen without touching it. */
export interface MemoryView {
  shadowAt(address: number): number;
  isMapped(address: number, bytes?: number): boolean;
  peek(address: number, bytes: 1 | 2 | 4): number;
}

/** What a check is given. */
export interface Bench {
  readonly memory: MemoryView;
  readonly ledger: Ledger;
  /** What irq-unsafe-lock has learnt of lock classes, all orders among it; the debugger reads it too. */
  readonly lockGraph: LockGraph;
  report(report: Report): void;
}

export interface Check {
  /** The id of the defect, the same as the static rule's. */
  readonly id: string;
  readonly summary: string;
  /** Begins a run; what it keeps of it lives in the handlers that are returned. */
  start(bench: Bench): Handlers;
}
