// The list of run-time checks, and how they are attached to a run.

import type { Listener, Trace } from "../engine/trace.ts";
import type { KernelEvent } from "../kernel/events.ts";
import type { Bench, Check, MemoryView, Report } from "./check.ts";
import { dmaMisuse } from "./dma-misuse.ts";
import { doubleFree } from "./double-free.ts";
import { doubleLock } from "./double-lock.ts";
import { floatInKernel } from "./float-in-kernel.ts";
import type { Handlers } from "./handlers.ts";
import { hungTask } from "./hung-task.ts";
import { infoLeakToUser } from "./info-leak-to-user.ts";
import { iomemDeref } from "./iomem-deref.ts";
import { irqMisuse } from "./irq-misuse.ts";
import { irqUnsafeLock } from "./irq-unsafe-lock.ts";
import { largeStack } from "./large-stack.ts";
import { Ledger } from "./ledger.ts";
import { lifecycleMisuse } from "./lifecycle-misuse.ts";
import { listCorruption } from "./list-corruption.ts";
import { LockGraph } from "./lock-graph.ts";
import { lockOrderInversion } from "./lock-order-inversion.ts";
import { missingCancelOnRemove } from "./missing-cancel-on-remove.ts";
import { missingRelease } from "./missing-release.ts";
import { missingUnlock } from "./missing-unlock.ts";
import { mmioOutOfRange } from "./mmio-out-of-range.ts";
import { outOfBounds } from "./out-of-bounds.ts";
import { raceUnsynchronised } from "./race-unsynchronised.ts";
import { rcuMisuse } from "./rcu-misuse.ts";
import { refcountLeak } from "./refcount-leak.ts";
import { refcountUnderflow } from "./refcount-underflow.ts";
import { sleepInAtomic } from "./sleep-in-atomic.ts";
import { uninitializedUse } from "./uninitialized-use.ts";
import { unlockNotHeld } from "./unlock-not-held.ts";
import { useAfterFree } from "./use-after-free.ts";
import { userPointerDeref } from "./user-pointer-deref.ts";

export const checks: readonly Check[] = [
  dmaMisuse,
  doubleFree,
  doubleLock,
  floatInKernel,
  hungTask,
  infoLeakToUser,
  iomemDeref,
  irqMisuse,
  irqUnsafeLock,
  largeStack,
  lifecycleMisuse,
  listCorruption,
  lockOrderInversion,
  missingCancelOnRemove,
  missingRelease,
  missingUnlock,
  mmioOutOfRange,
  outOfBounds,
  raceUnsynchronised,
  rcuMisuse,
  refcountLeak,
  refcountUnderflow,
  sleepInAtomic,
  uninitializedUse,
  unlockNotHeld,
  useAfterFree,
  userPointerDeref,
];

/** What is known of a run beside the reports. */
export type Learnt = Pick<Bench, "ledger" | "lockGraph">;

/** Lets all checks listen to a run. Each defect is told once for each statement, however often it comes. */
export function attachChecks(trace: Trace, memory: MemoryView): Learnt {
  const ledger = new Ledger();
  const lockGraph = new LockGraph();
  const told = new Set<string>();
  const tell = (id: string, report: Report): void => {
    const { site, title } = report;
    const key = site === undefined ? `${id} ${title}` : `${id} ${site.file}:${site.line}:${site.column}`;
    if (told.has(key)) return;
    told.add(key);
    const event: KernelEvent = { kind: "report", id, ...report };
    trace.emit(event);
  };
  attach(trace, ledger.handlers);
  for (const check of checks) {
    attach(trace, check.start({ memory, ledger, lockGraph, report: (report) => tell(check.id, report) }));
  }
  return { ledger, lockGraph };
}

function attach(trace: Trace, handlers: Handlers): void {
  for (const kind of Object.keys(handlers) as (keyof Handlers)[]) trace.listen(handlers[kind] as Listener, kind);
}
