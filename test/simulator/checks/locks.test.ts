// Locks taken twice and released by others, in the words of lockdep.
import { expect, test } from "vitest";
import { at, held, inKernel, lock, mutex, trial } from "./trial.ts";

test("a spinlock taken twice", () => {
  const { feed, text, reports } = trial();
  const first = [inKernel("_raw_spin_lock"), at("foo_read", 30)];
  feed({ kind: "lock-acquired", lock, stack: [at("foo_irq", 12, "hardirq")] }, { context: "hardirq" });
  feed({ kind: "lock-acquired", lock, stack: first, irqsDisabled: true }, { context: "task" });
  const stack = [inKernel("_raw_spin_lock"), at("foo_reset", 20), at("foo_read", 32), inKernel("vfs_read")];
  feed({ kind: "lock-recursion", lock, held: [held(lock, ...first)], stack });
  expect(text()).toBe(`

============================================
WARNING: possible recursive locking detected
6.12.0 #1 Not tainted
--------------------------------------------
cat/214 is trying to acquire lock:
100000a8 (&foo->lock){-...}-{3:3}, at: foo_reset (foo.ts:20) foo

but task is already holding lock:
100000a8 (&foo->lock){-...}-{3:3}, at: foo_read (foo.ts:30) foo

other info that might help us debug this:
 Possible unsafe locking scenario:

       CPU0
       ----
  lock(&foo->lock);
  lock(&foo->lock);

 *** DEADLOCK ***

 May be due to missing lock nesting notation

1 lock held by cat/214:
 #0: 100000a8 (&foo->lock){-...}-{3:3}, at: foo_read (foo.ts:30) foo

stack backtrace:
CPU: 0 UID: 0 PID: 214 Comm: cat Not tainted 6.12.0 #1
Hardware name: driverlab
Call Trace:
 <TASK>
 _raw_spin_lock
 foo_reset (foo.ts:20) foo
 foo_read (foo.ts:32) foo
 vfs_read
 </TASK>
`);
  expect(reports[0]).toMatchObject({ id: "double-lock", site: { line: 20 } });
});

test("a lock that the interrupt handler takes while the task on its CPU holds it", () => {
  const { feed, reports } = trial();
  const first = [at("foo_read", 30)];
  feed({ kind: "lock-acquired", lock, stack: first });
  const stack = [at("foo_irq", 12, "hardirq"), at("foo_read", 31)];
  feed({ kind: "lock-recursion", lock, held: [held(lock, ...first)], stack }, { context: "hardirq" });
  expect(reports[0]?.lines).toContain(" #0: 100000a8 (&foo->lock){+.+.}-{3:3}, at: foo_read (foo.ts:30) foo");
});

test("a mutex that is not held is released", () => {
  const { feed, text, reports } = trial();
  const taken = [at("foo_write", 50)];
  feed({ kind: "lock-acquired", lock: mutex, stack: taken });
  const two = [held(mutex, ...taken), held({ ...mutex, address: mutex.address + 32 }, at("foo_write", 51))];
  const stack = [inKernel("_raw_spin_unlock"), at("foo_write", 52)];
  feed({ kind: "lock-unbalance", lock, held: two, stack }, { comm: "sh", task: 7 });
  expect(text()).toBe(`

=====================================
WARNING: bad unlock balance detected!
6.12.0 #1 Not tainted
-------------------------------------
sh/7 is trying to release lock (&foo->lock) at:
foo_write (foo.ts:52) foo
but there are no more locks to release!

other info that might help us debug this:
2 locks held by sh/7:
 #0: 100000c0 (foo_mutex){+.+.}-{4:4}, at: foo_write (foo.ts:50) foo
 #1: 100000e0 (foo_mutex){+.+.}-{4:4}, at: foo_write (foo.ts:51) foo

stack backtrace:
CPU: 0 UID: 0 PID: 7 Comm: sh Not tainted 6.12.0 #1
Hardware name: driverlab
Call Trace:
 <TASK>
 _raw_spin_unlock
 foo_write (foo.ts:52) foo
 </TASK>
`);
  expect(reports[0]).toMatchObject({ id: "unlock-not-held", site: { line: 52 } });
});
