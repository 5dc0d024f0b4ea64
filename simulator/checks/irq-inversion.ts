// A lock comes to be used in an interrupt, or with it on, and locks taken before or behind it in the past are used otherwise.
import type { Moment } from "../engine/trace.ts";
import type { KernelEvent, LockName } from "../kernel/events.ts";
import { classOf, type Ledger } from "./ledger.ts";
import type { Dependency, LockGraph, Usage, Used } from "./lock-graph.ts";
import { className, comm, dumpStack, heldLocks, lockClass, lockdepHead, lockToken, trace } from "./wording.ts";

export const INVERSION = "WARNING: possible irq lock inversion dependency detected";

export interface Inversion {
  readonly irq: Usage["irq"];
  /** An interrupt takes it. */
  readonly safe: LockName;
  /** It is held with the interrupt on. */
  readonly unsafe: LockName;
  /** From the safe one to the unsafe one. */
  readonly chain: readonly Dependency[];
  /** The lock whose use changed is the safe one. */
  readonly isForwards: boolean;
}

/** check_usage_forwards() and check_usage_backwards(), of writers. */
export function inversionsOf(graph: LockGraph, fresh: readonly Used[]): readonly Inversion[] {
  return fresh
    .filter(({ isRead }) => !isRead)
    .flatMap(({ irq, isIn, lock }): readonly Inversion[] => {
      const isOther = (one: LockName): boolean => classOf(one) !== classOf(lock);
      if (isIn) {
        const isUnsafe = (one: LockName): boolean => isOther(one) && graph.usage(one, irq, false)?.isRead === false;
        const chain = graph.path(lock, isUnsafe);
        return chain === undefined ? [] : [{ irq, safe: lock, unsafe: chain.at(-1)!.to, chain, isForwards: true }];
      }
      for (const { lock: safe, isRead } of graph.usages(irq, true)) {
        if (isRead || !isOther(safe)) continue;
        const chain = graph.path(safe, (one) => classOf(one) === classOf(lock));
        if (chain !== undefined) return [{ irq, safe, unsafe: lock, chain, isForwards: false }];
      }
      return [];
    });
}

type Acquire = Extract<KernelEvent, { kind: "lock-acquire" }>;

/** `print_irq_inversion_bug()`: kernel/locking/lockdep.c. */
export function inversionLines(
  { irq, safe, unsafe, chain, isForwards }: Inversion,
  { lock, held, stack }: Acquire,
  moment: Moment,
  ledger: Ledger,
): string[] {
  const other = isForwards ? unsafe : safe;
  const past = isForwards
    ? `but this lock took another, ${irq}-unsafe lock in the past:`
    : `but this lock was taken by another, ${irq}-safe lock in the past:`;
  return [
    ...lockdepHead(INVERSION, ledger, 56),
    `${comm(moment)} just changed the state of lock:`,
    lockToken(lock, stack, ledger),
    past,
    ` ${lockClass(other, ledger)}`,
    "",
    "",
    "and interrupts could create inverse lock ordering between them.",
    "",
    "",
    "other info that might help us debug this:",
    ...scenario(safe, chain[0]!.to, unsafe),
    ...heldLocks(held, moment, ledger),
    "",
    "the shortest dependencies between 2nd lock and 1st lock:",
    ...chain
      .toReversed()
      .flatMap(({ from, to, stack: taken }) => [
        ` -> ${lockClass(isForwards ? to : from, ledger)}`,
        "  ... acquired at:",
        ...trace(taken, 3),
        "",
      ]),
    "",
    "stack backtrace:",
    ...dumpStack(moment, stack, ledger),
  ];
}

/** `print_irq_lock_scenario()`; `middle` is the first lock behind the safe one. */
function scenario(safe: LockName, middle: LockName, unsafe: LockName): string[] {
  const chain = [safe, middle, unsafe].map((one) => className(one)).join(" --> ");
  return [
    ...(classOf(middle) === classOf(unsafe) ? [] : ["Chain exists of:", `  ${chain}`, ""]),
    " Possible interrupt unsafe locking scenario:",
    "",
    "       CPU0                    CPU1",
    "       ----                    ----",
    `  lock(${className(unsafe)});`,
    "                               local_irq_disable();",
    `                               lock(${className(safe)});`,
    `                               lock(${className(middle)});`,
    "  <Interrupt>",
    `    lock(${className(safe)});`,
    "",
    " *** DEADLOCK ***",
    "",
  ];
}
