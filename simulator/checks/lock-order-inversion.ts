// Reports locks that are taken in one order here and in the other there, in the words of lockdep.

import type { Moment } from "../engine/trace.ts";
import type { HeldLock, LockName, StackEntry } from "../kernel/events.ts";
import type { Check } from "./check.ts";
import { classOf, type Ledger } from "./ledger.ts";
import { type Dependency, LockGraph } from "./lock-graph.ts";
import { className, comm, dumpStack, heldLocks, lockClass, lockdepHead, lockToken, siteOf, trace } from "./wording.ts";

const TITLE = "WARNING: possible circular locking dependency detected";

export const lockOrderInversion: Check = {
  id: "lock-order-inversion",
  summary: "Two locks are taken in both orders",
  start({ ledger, report }) {
    const graph = new LockGraph();
    const told = new Set<string>();
    return {
      "lock-acquire": (event, moment) => {
        // A reader that may be there already does not wait for writers that wait: its edges close no circle by themselves.
        if (event.isRecursive) return;
        // The lock that was taken last is looked at first.
        for (const dependency of LockGraph.made(event).reverse()) {
          if (graph.has(dependency)) continue;
          const target = classOf(dependency.from);
          const chain = graph.path(dependency.to, (lock) => classOf(lock) === target);
          const pair = `${target} ${classOf(dependency.to)}`;
          if (chain === undefined) graph.add(dependency);
          else if (!told.has(pair)) {
            told.add(pair);
            const lines = circle(dependency, chain, event.held, moment, ledger);
            report({ title: TITLE, lines, site: siteOf(event.stack) });
          }
        }
      },
    };
  },
};

/** `print_circular_bug()`: kernel/locking/lockdep.c. The chain leads from the new lock to the one that is held. */
function circle(
  { from, to, stack }: Dependency,
  chain: readonly Dependency[],
  held: readonly HeldLock[],
  moment: Moment,
  ledger: Ledger,
): string[] {
  const entry = (depth: number, lock: LockName, at: readonly StackEntry[]): string[] => [
    "",
    `-> #${depth} ${lockClass(lock, ledger)}:`,
    ...trace(at, 7),
  ];
  const parent = chain.at(-1)!.from;
  const isLong = classOf(parent) !== classOf(to);
  return [
    ...lockdepHead(TITLE, ledger),
    `${comm(moment)} is trying to acquire lock:`,
    lockToken(to, stack, ledger),
    "",
    "but task is already holding lock:",
    lockToken(from, from.stack, ledger),
    "",
    "which lock already depends on the new lock.",
    "",
    "",
    "the existing dependency chain (in reverse order) is:",
    ...chain.flatMap((_, index) => {
      const depth = chain.length - index;
      const dependency = chain[depth - 1]!;
      return entry(depth, dependency.to, dependency.stack);
    }),
    ...entry(0, to, stack),
    "",
    "other info that might help us debug this:",
    "",
    ...(isLong ? ["Chain exists of:", `  ${[to, parent, from].map(className).join(" --> ")}`, ""] : []),
    " Possible unsafe locking scenario:",
    "",
    "       CPU0                    CPU1",
    "       ----                    ----",
    `  ${from.isRead ? "rlock" : "lock"}(${className(from)});`,
    `                               lock(${className(parent)});`,
    `                               lock(${className(from)});`,
    `  ${to.isRead ? "rlock" : "lock"}(${className(to)});`,
    "",
    " *** DEADLOCK ***",
    "",
    ...heldLocks(held, moment, ledger),
    "",
    "stack backtrace:",
    ...dumpStack(moment, stack, ledger),
  ];
}
