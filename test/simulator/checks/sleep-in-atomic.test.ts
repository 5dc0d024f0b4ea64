// Sleeping and scheduling in atomic context, in the kernel's words.
import { expect, test } from "vitest";
import { at, held, inKernel, lock, state, trial } from "./trial.ts";

const where = "include/linux/sched/mm.h:321";

test("a sleeping function below a spinlock", () => {
  const { feed, text, reports } = trial();
  const taken = [inKernel("_raw_spin_lock"), at("foo_write", 40), inKernel("vfs_write")];
  feed({ kind: "lock-acquired", lock, stack: taken });
  feed({
    kind: "might-sleep",
    callee: "kmalloc",
    where,
    state: state({ preemptCount: 1, held: [held(lock, ...taken)], preemptDisabledAt: taken }),
    stack: [inKernel("kmalloc"), at("foo_write", 42), inKernel("vfs_write")],
  });
  expect(text()).toBe(`
BUG: sleeping function called from invalid context at include/linux/sched/mm.h:321
in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 214, name: cat
preempt_count: 1, expected: 0
RCU nest depth: 0, expected: 0
1 lock held by cat/214:
 #0: 100000a8 (&foo->lock){+.+.}-{3:3}, at: foo_write (foo.ts:40) foo
Preemption disabled at:
foo_write (foo.ts:40) foo
CPU: 0 UID: 0 PID: 214 Comm: cat Not tainted 6.12.0 #1
Hardware name: driverlab
Call Trace:
 <TASK>
 kmalloc
 foo_write (foo.ts:42) foo
 vfs_write
 </TASK>
`);
  expect(reports[0]).toMatchObject({
    id: "sleep-in-atomic",
    title: "BUG: sleeping function called from invalid context at include/linux/sched/mm.h:321",
    site: { line: 42 },
  });
});

test("a sleeping function in an interrupt handler, on top of a task", () => {
  const { feed, text } = trial();
  const stack = [
    inKernel("mutex_lock", "hardirq"),
    at("foo_irq", 20, "hardirq"),
    inKernel("handle_irq", "hardirq"),
    at("foo_write", 50),
    inKernel("vfs_write"),
  ];
  const where = "kernel/locking/mutex.c:586";
  const context = state({ preemptCount: 0x10000, irqsDisabled: true });
  feed({ kind: "might-sleep", callee: "mutex_lock", where, state: context, stack }, { context: "hardirq", cpu: 1 });
  expect(text()).toBe(`
BUG: sleeping function called from invalid context at kernel/locking/mutex.c:586
in_atomic(): 1, irqs_disabled(): 1, non_block: 0, pid: 214, name: cat
preempt_count: 10000, expected: 0
RCU nest depth: 0, expected: 0
no locks held by cat/214.
CPU: 1 UID: 0 PID: 214 Comm: cat Not tainted 6.12.0 #1
Hardware name: driverlab
Call Trace:
 <IRQ>
 mutex_lock
 foo_irq (foo.ts:20) foo
 handle_irq
 </IRQ>
 <TASK>
 foo_write (foo.ts:50) foo
 vfs_write
 </TASK>
`);
});

test("the scheduler entered below a spinlock", () => {
  const { feed, text, reports } = trial();
  feed({ kind: "module", name: "bar", phase: "loading", result: 0 });
  feed({ kind: "module", name: "foo", phase: "loading", result: 0 });
  feed({
    kind: "schedule-atomic",
    state: state({ preemptCount: 2, preemptDisabledAt: [at("foo_read", 8)] }),
    stack: [inKernel("schedule"), at("foo_read", 9)],
  });
  expect(text()).toBe(`
BUG: scheduling while atomic: cat/214/0x00000002
no locks held by cat/214.
Modules linked in: foo bar
Preemption disabled at:
foo_read (foo.ts:8) foo
CPU: 0 UID: 0 PID: 214 Comm: cat Tainted: G           O       6.12.0 #1
Tainted: [O]=OOT_MODULE
Hardware name: driverlab
Call Trace:
 <TASK>
 schedule
 foo_read (foo.ts:9) foo
 </TASK>
`);
  expect(reports[0]?.id).toBe("sleep-in-atomic");
});

test("nothing where the CPU may be given up", () => {
  const { feed, reports } = trial();
  feed({ kind: "might-sleep", callee: "kmalloc", where, state: state(), stack: [at("foo_write", 42)] });
  expect(reports).toEqual([]);
});

test("once for a statement, again for another one", () => {
  const { feed, reports } = trial();
  for (const line of [42, 42, 43]) {
    const context = state({ preemptCount: 1 });
    feed({ kind: "might-sleep", callee: "kmalloc", where, state: context, stack: [at("foo_write", line)] });
  }
  expect(reports.map(({ site }) => site?.line)).toEqual([42, 43]);
});
