// What a module leaves behind, in kmemleak's words and in ours.
import { expect, test } from "vitest";
import { at, HEAP, inKernel, trial } from "./trial.ts";

const stack = [inKernel("__kmalloc"), at("foo_probe", 10)];

test("memory", () => {
  const { memory, feed, text, reports } = trial();
  const insmod = { comm: "insmod", task: 12, nanos: 1_240_000_000 };
  feed({ kind: "alloc", address: HEAP, bytes: 20, cache: "kmalloc-32", stack }, insmod);
  feed({ kind: "alloc", address: HEAP + 64, bytes: 40, cache: "kmalloc-64", stack });
  feed({ kind: "alloc", address: HEAP + 128, bytes: 4, cache: "kmalloc-8", stack });
  feed({ kind: "alloc", address: HEAP + 192, bytes: 4, cache: "kmalloc-8", stack: [at("foo_probe", 11)] });
  feed({ kind: "free", address: HEAP + 128, cache: "kmalloc-8", stack: [at("foo_remove", 70)] });
  for (const [index, byte] of [..."hello, world"].entries()) memory.poke(HEAP + index, 1, byte.charCodeAt(0));
  const leak = { module: "foo", what: "kmalloc", count: 2, bytes: 60, stack };
  feed({ kind: "module-leak", ...leak }, { comm: "rmmod", task: 20, nanos: 2_000_000_000 });
  expect(text()).toBe(`
kmemleak: 2 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
unreferenced object 0x10000000 (size 20):
  comm "insmod", pid 12, jiffies 4294668536
  hex dump (first 20 bytes):
    68 65 6c 6c 6f 2c 20 77 6f 72 6c 64 00 00 00 00  hello, world....
    00 00 00 00                                      ....
  backtrace (crc bcb2ecf2):
    __kmalloc
    foo_probe (foo.ts:10) foo
unreferenced object 0x10000040 (size 40):
  comm "insmod", pid 12, jiffies 4294668536
  hex dump (first 32 bytes):
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................
  backtrace (crc 0):
    __kmalloc
    foo_probe (foo.ts:10) foo
`);
  expect(reports[0]).toMatchObject({ id: "missing-release", site: { line: 10 } });
});

test("an interrupt", () => {
  const { feed, text } = trial();
  const request = [inKernel("request_irq"), at("foo_probe", 15)];
  feed({ kind: "module-leak", module: "foo", what: "interrupt", count: 1, bytes: 0, stack: request });
  expect(text()).toBe(`
foo: gone, but 1 interrupt it obtained is still there
  backtrace:
    request_irq
    foo_probe (foo.ts:15) foo
`);
});
