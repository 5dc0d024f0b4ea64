// Memory touched after it was freed or beyond its end, and freed twice, in the words of KASAN.
import { expect, test } from "vitest";
import type { HeapObject } from "../../../simulator/kernel/events.ts";
import { at, HEAP, inKernel, trial } from "./trial.ts";

const object: HeapObject = {
  address: HEAP + 0x140,
  bytes: 52,
  cache: "kmalloc-64",
  allocated: { task: 12, stack: [inKernel("__kmalloc"), at("foo_probe", 10)], nanos: 0 },
  freed: { task: 13, stack: [inKernel("kfree"), at("foo_remove", 70)], nanos: 0 },
};
const { freed, ...live } = object;
const liveObject: HeapObject = { ...live, freed: undefined };

test("a read of freed memory", () => {
  const { memory, feed, text, reports } = trial();
  memory.allow(HEAP + 0x100, 64);
  memory.forbid(object.address, 64, 0xfb);
  memory.forbid(object.address, 8, 0xfa);
  feed({
    kind: "bad-access",
    access: { address: HEAP + 0x150, bytes: 4, isWrite: false, code: 0xfb },
    object,
    stack: [at("foo_irq", 20, "hardirq"), inKernel("handle_irq", "hardirq"), at("foo_write", 30)],
  });
  expect(text()).toBe(`
==================================================================
BUG: KASAN: slab-use-after-free in foo_irq (foo.ts:20) foo
Read of size 4 at addr 10000150 by task cat/214

CPU: 0 UID: 0 PID: 214 Comm: cat Not tainted 6.12.0 #1
Hardware name: driverlab
Call Trace:
 <IRQ>
 foo_irq (foo.ts:20) foo
 handle_irq
 </IRQ>
 <TASK>
 foo_write (foo.ts:30) foo
 </TASK>

Allocated by task 12:
 __kmalloc
 foo_probe (foo.ts:10) foo

Freed by task 13:
 kfree
 foo_remove (foo.ts:70) foo

The buggy address belongs to the object at 10000140
 which belongs to the cache kmalloc-64 of size 64
The buggy address is located 16 bytes inside of
 freed 52-byte region [10000140, 10000174)

Memory state around the buggy address:
 10000000: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
 10000080: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
>10000100: 00 00 00 00 00 00 00 00 fa fb fb fb fb fb fb fb
                                         ^
 10000180: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
 10000200: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
==================================================================
`);
  expect(reports[0]).toMatchObject({
    id: "use-after-free",
    title: "BUG: KASAN: slab-use-after-free in foo_irq (foo.ts:20) foo",
    site: { line: 20 },
  });
});

test("a write beyond the end", () => {
  const { memory, feed, text, reports } = trial();
  memory.allow(object.address, 52);
  memory.forbid(object.address + 56, 8, 0xfc);
  feed({
    kind: "bad-access",
    access: { address: object.address + 52, bytes: 1, isWrite: true, code: 0xfc },
    object: liveObject,
    stack: [at("foo_write", 33)],
  });
  expect(text()).toBe(`
==================================================================
BUG: KASAN: slab-out-of-bounds in foo_write (foo.ts:33) foo
Write of size 1 at addr 10000174 by task cat/214

CPU: 0 UID: 0 PID: 214 Comm: cat Not tainted 6.12.0 #1
Hardware name: driverlab
Call Trace:
 <TASK>
 foo_write (foo.ts:33) foo
 </TASK>

Allocated by task 12:
 __kmalloc
 foo_probe (foo.ts:10) foo

The buggy address belongs to the object at 10000140
 which belongs to the cache kmalloc-64 of size 64
The buggy address is located 0 bytes to the right of
 allocated 52-byte region [10000140, 10000174)

Memory state around the buggy address:
 10000000: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
 10000080: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
>10000100: ff ff ff ff ff ff ff ff 00 00 00 00 00 00 04 fc
                                                     ^
 10000180: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
 10000200: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
==================================================================
`);
  expect(reports[0]?.id).toBe("out-of-bounds");
});

test("memory before an object, a big cache, and memory of nobody", () => {
  const { feed, reports } = trial();
  const big: HeapObject = { ...liveObject, bytes: 3000, cache: "kmalloc-cg-4k" };
  const access = { address: object.address - 4, bytes: 4, isWrite: false, code: 0xfc };
  feed({ kind: "bad-access", access, object: big, stack: [at("foo_write", 1)] });
  expect(reports[0]?.lines).toEqual(
    expect.arrayContaining([
      " which belongs to the cache kmalloc-cg-4k of size 4096",
      "The buggy address is located 4 bytes to the left of",
      " allocated 3000-byte region [10000140, 10000cf8)",
    ]),
  );
  feed({ kind: "bad-access", access: { ...access, code: 0xff }, object: undefined, stack: [at("foo_write", 2)] });
  expect(reports[1]).toMatchObject({
    id: "out-of-bounds",
    title: "BUG: KASAN: wild-memory-access in foo_write (foo.ts:2) foo",
  });
});

test("who copies beyond the end is named, and not memcpy()", () => {
  const { feed, reports } = trial();
  const access = { address: object.address + 52, bytes: 8, isWrite: true, code: 0xfc };
  for (const [index, fn] of ["memcpy", "strlen"].entries()) {
    feed({ kind: "bad-access", access, object: liveObject, stack: [inKernel(fn), at("foo_write", index)] });
  }
  expect(reports.map(({ title }) => title)).toEqual([
    "BUG: KASAN: slab-out-of-bounds in foo_write (foo.ts:0) foo",
    "BUG: KASAN: slab-out-of-bounds in strlen",
  ]);
});

test("memory freed twice", () => {
  const { memory, feed, text, reports } = trial();
  memory.forbid(object.address, 64, 0xfb);
  const stack = [inKernel("kfree"), at("foo_remove", 71)];
  feed({ kind: "bad-free", address: object.address, why: "double", object, stack });
  expect(text().split("\n").slice(1, 10)).toEqual([
    "==================================================================",
    "BUG: KASAN: double-free in foo_remove (foo.ts:71) foo",
    "Free of addr 10000140 by task cat/214",
    "",
    "CPU: 0 UID: 0 PID: 214 Comm: cat Not tainted 6.12.0 #1",
    "Hardware name: driverlab",
    "Call Trace:",
    " <TASK>",
    " kfree",
  ]);
  expect(text()).toContain(" 52-byte region [10000140, 10000174)\n");
  expect(reports[0]).toMatchObject({ id: "double-free", site: { line: 71 } });
});

test("memory freed that is no object, outside of all memory", () => {
  const { feed, text } = trial();
  const stack = [inKernel("kfree"), at("foo_remove", 72)];
  feed({ kind: "bad-free", address: 0x20000000, why: "invalid", object: undefined, stack });
  expect(text()).toBe(`
==================================================================
BUG: KASAN: invalid-free in foo_remove (foo.ts:72) foo
Free of addr 20000000 by task cat/214

CPU: 0 UID: 0 PID: 214 Comm: cat Not tainted 6.12.0 #1
Hardware name: driverlab
Call Trace:
 <TASK>
 kfree
 foo_remove (foo.ts:72) foo
 </TASK>
==================================================================
`);
});
