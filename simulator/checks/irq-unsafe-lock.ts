// Reports a lock that an interrupt takes and others hold with that interrupt on.
// That happens directly or by way of other locks, in the words of lockdep.

import type { Moment } from "../engine/trace.ts";
import type { KernelEvent } from "../kernel/events.ts";
import type { Check } from "./check.ts";
import { INVERSION, inversionLines, inversionsOf } from "./irq-inversion.ts";
import { classOf, type Ledger } from "./ledger.ts";
import { type Conflict, type Dependency, LockGraph, type Usage, usageName } from "./lock-graph.ts";
import {
  className,
  comm,
  dumpStack,
  heldLocks,
  irqState,
  lockClass,
  lockdepHead,
  lockToken,
  siteOf,
  trace,
} from "./wording.ts";

type Acquire = Extract<KernelEvent, { kind: "lock-acquire" }>;
type Used = NonNullable<ReturnType<LockGraph["usage"]>>;

const INCONSISTENT = "WARNING: inconsistent lock state";
const KINDS = ["HARDIRQ", "SOFTIRQ"] as const;

export const irqUnsafeLock: Check = {
  id: "irq-unsafe-lock",
  summary: "A lock that an interrupt takes is held with the interrupt on",
  start({ ledger, lockGraph: graph, report }) {
    const told = new Set<string>();
    const once = (key: string): boolean => !told.has(key) && told.add(key) !== undefined;
    return {
      "lock-acquire": (event, moment) => {
        const site = siteOf(event.stack);
        const { conflict, fresh } = graph.use(event, moment);
        if (conflict !== undefined && once(`${conflict.now.irq} ${classOf(event.lock)}`)) {
          report({ title: INCONSISTENT, lines: inconsistent(conflict, event, moment, ledger), site });
        }
        for (const inversion of inversionsOf(graph, fresh)) {
          if (!once(`${inversion.irq} ${classOf(inversion.safe)} ${classOf(inversion.unsafe)}`)) continue;
          report({ title: INVERSION, lines: inversionLines(inversion, event, moment, ledger), site });
        }
        if (event.isRecursive) return;
        for (const dependency of LockGraph.made(event).reverse()) {
          if (graph.has(dependency)) continue;
          graph.add(dependency);
          for (const irq of KINDS) {
            const ends = connected(graph, dependency, irq);
            if (ends === undefined) continue;
            if (!once(`${irq} ${classOf(ends.safe.lock)} ${classOf(ends.unsafe.lock)}`)) continue;
            const title = `WARNING: ${irq}-safe -> ${irq}-unsafe lock order detected`;
            report({ title, lines: [...order(title, ends, dependency, event, moment, ledger)], site });
          }
        }
      },
    };
  },
};

interface Ends {
  readonly irq: Usage["irq"];
  readonly safe: Used;
  readonly unsafe: Used;
}

/** Of a new dependency: a lock that an interrupt takes leads to one that is held with it on. Not by readers, who let others in. */
function connected(graph: LockGraph, { from, to }: Dependency, irq: Usage["irq"]): Ends | undefined {
  const unsafe = found(graph.path(to, (lock) => isUsed(graph, lock, irq, false))?.at(-1)?.to ?? to, false);
  const safe = found(from, true);
  if (safe === undefined || unsafe === undefined || classOf(safe.lock) === classOf(unsafe.lock)) return undefined;
  return { irq, safe, unsafe };

  function found(lock: Dependency["to"], isIn: boolean): Used | undefined {
    const used = graph.usage(lock, irq, isIn);
    return used === undefined || used.isRead ? undefined : used;
  }
}

function isUsed(graph: LockGraph, lock: Dependency["to"], irq: Usage["irq"], isIn: boolean): boolean {
  const used = graph.usage(lock, irq, isIn);
  return used !== undefined && !used.isRead;
}

/** `print_usage_bug()`: kernel/locking/lockdep.c. */
function inconsistent({ before, now }: Conflict, event: Acquire, moment: Moment, ledger: Ledger): string[] {
  const name = className(event.lock);
  return [
    ...lockdepHead(INCONSISTENT, ledger),
    `inconsistent {${usageName(before)}} -> {${usageName(now)}} usage.`,
    `${comm(moment)} ${irqState(moment, event)} takes:`,
    lockToken(event.lock, event.stack, ledger),
    `{${usageName(before)}} state was registered at:`,
    ...trace(before.stack, 2),
    "",
    "other info that might help us debug this:",
    " Possible unsafe locking scenario:",
    "",
    "       CPU0",
    "       ----",
    `  lock(${name});`,
    "  <Interrupt>",
    `    lock(${name});`,
    "",
    " *** DEADLOCK ***",
    "",
    ...heldLocks(event.held, moment, ledger),
    "",
    "stack backtrace:",
    ...dumpStack(moment, event.stack, ledger),
  ];
}

/** `print_bad_irq_dependency()`: kernel/locking/lockdep.c. */
function order(
  title: string,
  { irq, safe, unsafe }: Ends,
  { from, to }: Dependency,
  event: Acquire,
  moment: Moment,
  ledger: Ledger,
): string[] {
  return [
    ...lockdepHead(title, ledger, 53),
    `${comm(moment)} ${irqState(moment, event)} is trying to acquire:`,
    lockToken(to, event.stack, ledger),
    "",
    "and this task is already holding:",
    lockToken(from, from.stack, ledger),
    "which would create a new lock dependency:",
    ` ${lockClass(from, ledger)} -> ${lockClass(to, ledger)}`,
    "",
    `but this new dependency connects a ${irq}-irq-safe lock:`,
    ` ${lockClass(safe.lock, ledger)}`,
    "",
    `... which became ${irq}-irq-safe at:`,
    ...trace(safe.stack, 2),
    "",
    `to a ${irq}-irq-unsafe lock:`,
    ` ${lockClass(unsafe.lock, ledger)}`,
    "",
    `... which became ${irq}-irq-unsafe at:`,
    "...",
    ...trace(unsafe.stack, 2),
    "",
    "other info that might help us debug this:",
    "",
    " Possible interrupt unsafe locking scenario:",
    "",
    "       CPU0                    CPU1",
    "       ----                    ----",
    `  lock(${className(unsafe.lock)});`,
    "                               local_irq_disable();",
    `                               lock(${className(safe.lock)});`,
    `                               lock(${className(to)});`,
    "  <Interrupt>",
    `    lock(${className(safe.lock)});`,
    "",
    " *** DEADLOCK ***",
    "",
    ...heldLocks(event.held, moment, ledger),
    "",
    "stack backtrace:",
    ...dumpStack(moment, event.stack, ledger),
  ];
}
