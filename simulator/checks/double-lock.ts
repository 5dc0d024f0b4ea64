// Reports a lock that is taken by whoever already holds it, in the words of lockdep.

import type { Moment } from "../engine/trace.ts";
import type { HeldLock, LockName, StackEntry } from "../kernel/events.ts";
import type { Check } from "./check.ts";
import type { Ledger } from "./ledger.ts";
import { comm, dumpStack, heldLocks, lockdepHead, lockToken, siteOf } from "./wording.ts";

const TITLE = "WARNING: possible recursive locking detected";

export const doubleLock: Check = {
  id: "double-lock",
  summary: "A lock is taken that is already held",
  start(bench) {
    return (event, moment) => {
      if (event.kind !== "lock-recursion") return;
      const { lock, held, stack } = event;
      bench.report({ title: TITLE, lines: recursion(lock, held, stack, moment, bench.ledger), site: siteOf(stack) });
    };
  },
};

/** `print_deadlock_bug()`: kernel/locking/lockdep.c. */
function recursion(
  lock: LockName,
  held: readonly HeldLock[],
  stack: readonly StackEntry[],
  moment: Moment,
  ledger: Ledger,
): string[] {
  const before = held.find(({ address }) => address === lock.address);
  return [
    ...lockdepHead(TITLE, ledger),
    `${comm(moment)} is trying to acquire lock:`,
    lockToken(lock, stack, ledger),
    "",
    "but task is already holding lock:",
    lockToken(lock, before?.stack ?? [], ledger),
    "",
    "other info that might help us debug this:",
    " Possible unsafe locking scenario:",
    "",
    "       CPU0",
    "       ----",
    `  lock(${lock.name});`,
    `  lock(${lock.name});`,
    "",
    " *** DEADLOCK ***",
    "",
    " May be due to missing lock nesting notation",
    "",
    ...heldLocks(held, moment, ledger),
    "",
    "stack backtrace:",
    ...dumpStack(moment, stack, ledger),
  ];
}
