// Reports a lock that is taken by whoever already holds it, in the words of lockdep.

import type { Moment } from "../engine/trace.ts";
import type { HeldLock, KernelEvent, LockName, StackEntry } from "../kernel/events.ts";
import type { Check } from "./check.ts";
import { classOf, type Ledger } from "./ledger.ts";
import { className, comm, dumpStack, heldLocks, lockdepHead, lockToken, siteOf } from "./wording.ts";

type Acquire = Extract<KernelEvent, { kind: "lock-acquire" }>;
type Recursion = Extract<KernelEvent, { kind: "lock-recursion" }>;

const TITLE = "WARNING: possible recursive locking detected";

export const doubleLock: Check = {
  id: "double-lock",
  summary: "A lock is taken that is already held",
  start(bench) {
    const look = (event: Acquire | Recursion, moment: Moment): void => {
      const { lock, held, stack } = event;
      const before = held.find((one) => one.address === lock.address) ?? alike(held, lock);
      if (before === undefined || (event.kind === "lock-acquire" && !isNested(event, before))) return;
      const lines = recursion(lock, before, held, stack, moment, bench.ledger);
      bench.report({ title: TITLE, lines, site: siteOf(stack) });
    };
    return { "lock-recursion": look, "lock-acquire": look };
  },
};

/** Another lock of the same class, of which lockdep cannot tell in which order they nest. */
function alike(held: readonly HeldLock[], lock: LockName): HeldLock | undefined {
  if (lock.key === undefined || lock.flavour === "rcu") return undefined;
  return held.find((one) => one.key !== undefined && classOf(one) === classOf(lock));
}

/** check_deadlock(): not of the same lock, whose recursion is told when the task waits for itself. */
function isNested({ lock, isTry, isRecursive }: Acquire, before: HeldLock): boolean {
  return !isTry && before.address !== lock.address && !(isRecursive && before.isRead);
}

/** `print_deadlock_bug()`: kernel/locking/lockdep.c. */
function recursion(
  lock: LockName,
  before: HeldLock,
  held: readonly HeldLock[],
  stack: readonly StackEntry[],
  moment: Moment,
  ledger: Ledger,
): string[] {
  return [
    ...lockdepHead(TITLE, ledger),
    `${comm(moment)} is trying to acquire lock:`,
    lockToken(lock, stack, ledger),
    "",
    "but task is already holding lock:",
    lockToken(before, before.stack, ledger),
    "",
    "other info that might help us debug this:",
    " Possible unsafe locking scenario:",
    "",
    "       CPU0",
    "       ----",
    `  lock(${className(before)});`,
    `  lock(${className(lock)});`,
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
