// A file of a module as the other files see it: plain data, so that it can be kept on disk.
import type { Entry } from "../program/entries.ts";
import type { Caller } from "./contexts.ts";
import type { Acquisition } from "./outcome.ts";
import type { Summary } from "./summary.ts";

export interface Sibling {
  readonly path: string;
  readonly functions: ReadonlyMap<string, SiblingFunction>;
  readonly entries: readonly Entry[];
  /** Last words of the places that its conditions look at. */
  readonly tested: ReadonlySet<string>;
  /** Members with works and timers that it stops. */
  readonly stopped: ReadonlySet<string>;
}

export interface SiblingFunction extends Caller {
  readonly isStatic: boolean;
  readonly summary: Summary;
  /** Spinlocks that it takes, each with its class. */
  readonly locks: readonly { readonly lock: string; readonly at: Acquisition }[];
}
