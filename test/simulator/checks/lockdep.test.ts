// What a task keeps beyond its end, and orders of locks by way of interrupts, in the words of lockdep.
import { expect, test } from "vitest";
import type { LockName } from "../../../simulator/kernel/events.ts";
import { at, HEAP, held, inKernel, trial } from "./trial.ts";

const first: LockName = { address: HEAP + 0x40, name: "&foo->first", flavour: "spinlock", key: "first" };
const second: LockName = { address: HEAP + 0x80, name: "&foo->second", flavour: "spinlock", key: "second" };
const on = { irqsDisabled: false, bhDisabled: false } as const;

test("a lock held when returning to user space is told where it was taken, once", () => {
  const { feed, text, reports } = trial();
  const own = held(first, inKernel("_raw_spin_lock"), at("foo_ioctl", 40));
  const event = { kind: "locks-held", where: "user", id: 214, comm: "cat", held: [own], stack: [] } as const;
  feed(event);
  feed(event);
  expect(text()).toBe(`

================================================
WARNING: lock held when returning to user space!
6.12.0 #1 Not tainted
------------------------------------------------
cat/214 is leaving the kernel with locks still held!
1 lock held by cat/214:
 #0: 10000040 (&foo->first){....}-{3:3}, at: foo_ioctl (foo.ts:40) foo
`);
  expect(reports[0]).toMatchObject({ id: "missing-unlock", site: { line: 40 } });
});

test("two orders are told once, and readers in interrupts and tries make none", () => {
  const { feed, reports } = trial();
  const take = (lock: LockName, line: number, before: readonly LockName[], extra = {}): void =>
    feed({
      kind: "lock-acquire",
      lock,
      held: before.map((one) => held(one, at("foo", line - 1))),
      stack: [at("foo", line)],
      ...on,
      ...extra,
    });
  take(second, 10, [first]);
  take(first, 20, [second], { isTry: true });
  take(first, 25, [second], { isRecursive: true });
  expect(reports).toEqual([]);
  take(first, 30, [second]);
  take(first, 31, [second]);
  expect(reports.map(({ id, site }) => [id, site?.line])).toEqual([["lock-order-inversion", 30]]);
});

test("a softirq's lock and a lock held with softirqs on are no two readers", () => {
  const { feed, reports } = trial();
  const read: LockName = { ...first, flavour: "rwlock", isRead: true };
  feed(
    { kind: "lock-acquire", lock: read, held: [], stack: [at("foo_bh", 5, "softirq")], ...on },
    { context: "softirq" },
  );
  feed({ kind: "lock-acquire", lock: read, held: [], stack: [at("foo", 9)], ...on }, { context: "task" });
  expect(reports).toEqual([]);
  const { isRead, ...write } = read;
  expect(isRead).toBe(true);
  feed({ kind: "lock-acquire", lock: write, held: [], stack: [at("foo", 12)], ...on });
  expect(reports.map(({ id, lines }) => [id, lines[5]])).toEqual([
    ["irq-unsafe-lock", "inconsistent {IN-SOFTIRQ-R} -> {SOFTIRQ-ON-W} usage."],
  ]);
});
