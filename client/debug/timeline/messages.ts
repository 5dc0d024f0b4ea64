// What the timeline's page and the extension say to each other.
import type { Timeline, TimelineArguments } from "../../../simulator/timeline/protocol.ts";

/** Words of the page, in the language of the editor. */
export type Words = Readonly<Record<WordName, string>>;

export type WordName =
  | "timeline"
  | "keys"
  | "statements"
  | "time"
  | "zoomIn"
  | "zoomOut"
  | "whole"
  | "run"
  | "softirq"
  | "hardirq"
  | "sleep"
  | "ready"
  | "wait"
  | "hold"
  | "syscall"
  | "mmio"
  | "log"
  | "report"
  | "several"
  | "at"
  | "lasted"
  | "lasts"
  | "merged"
  | "leftOut"
  | "nothing";

export type ToPage =
  | { readonly kind: "timeline"; readonly timeline: Timeline }
  /** There is nothing to be seen, and why. */
  | { readonly kind: "empty"; readonly why: string }
  /** It is on the way to another moment, or runs. */
  | { readonly kind: "busy" }
  /** The keys go there again. */
  | { readonly kind: "focus" };

export type FromPage =
  /** It is there and listens, and wants this part of the run. */
  | { readonly kind: "want"; readonly part: TimelineArguments }
  | { readonly kind: "seek"; readonly clock: number; readonly isByKey: boolean };
