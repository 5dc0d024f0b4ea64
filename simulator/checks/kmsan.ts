// The wording of KMSAN, which two checks share, and where the memory that it speaks of was allocated.
import type { Moment } from "../engine/trace.ts";
import type { StackEntry } from "../kernel/events.ts";
import type { Report } from "./check.ts";
import type { Handlers } from "./handlers.ts";
import type { Ledger } from "./ledger.ts";
import { caller, dumpStack, frame, siteOf } from "./wording.ts";

const RULE = "=".repeat(53);

/** Who allocated what is allocated now. */
export class Origins {
  private readonly live = new Map<number, { readonly bytes: number; readonly stack: readonly StackEntry[] }>();

  readonly handlers: Handlers = {
    alloc: ({ address, bytes, stack }) => this.live.set(address, { bytes, stack }),
    free: ({ address }) => this.live.delete(address),
  };

  of(address: number): readonly StackEntry[] {
    const found = [...this.live].find(([start, { bytes }]) => address >= start && address < start + bytes);
    return found?.[1].stack ?? [];
  }
}

export interface Uninitialised {
  readonly bug: "uninit-value" | "kernel-infoleak";
  readonly stack: readonly StackEntry[];
  readonly created: readonly StackEntry[];
  /** What follows the origin. */
  readonly details: readonly string[];
}

/** `kmsan_report()`: mm/kmsan/report.c. */
export function kmsanReport({ bug, stack, created, details }: Uninitialised, moment: Moment, ledger: Ledger): Report {
  const title = `BUG: KMSAN: ${bug} in ${frame(caller(stack))}`;
  const who = dumpStack(moment, [], ledger);
  const lines = [
    RULE,
    title,
    ...stack.map((entry) => ` ${frame(entry)}`),
    "",
    // Of a local variable nobody noted where it was made.
    ...(created.length > 0 ? ["Uninit was created at:", ...created.map((entry) => ` ${frame(entry)}`), ""] : []),
    ...details,
    ...(details.length > 0 ? [""] : []),
    ...who.slice(0, who.indexOf("Call Trace:")),
    RULE,
  ];
  return { title, lines, site: siteOf(stack) };
}
