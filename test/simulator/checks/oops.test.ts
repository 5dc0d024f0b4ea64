// An oops says what was touched and how, and with which locks its task went.
import { expect, test } from "vitest";
import { createMachine } from "../../../simulator/machine.ts";
import { compile } from "../../../simulator/typescript/compile.ts";
import { linesOf } from "../drivers.ts";

const HEAD = `import { MODULE_LICENSE, module_init } from "linux/module";
import { CLOCK_MONOTONIC, HRTIMER_MODE_REL, hrtimer, hrtimer_init, hrtimer_start } from "linux/hrtimer";
import { ns_to_ktime } from "linux/ktime";
import { DEFINE_SPINLOCK, spin_lock, spin_lock_irqsave } from "linux/spinlock";
import { type Ref, struct, u32 } from "linux/types";
const foo = struct("foo", { a: u32, timer: hrtimer });
const lock = DEFINE_SPINLOCK("lock");
let none: Ref<typeof foo> | null = null;
`;

/** What is printed of a driver's init function, but the stack and who ran. */
function oopsOf(body: string): string[] {
  const text = `${HEAD}module_init(function init() {${body}\n  return 0;\n});\nMODULE_LICENSE("GPL");\n`;
  const driver = compile([{ path: "foo.ts", text }]);
  expect(driver.problems).toEqual([]);
  const machine = createMachine({ name: "foo", driver, seed: 1 });
  machine.run(100_000);
  return linesOf(machine).filter((line) => /^(BUG|#PF|Oops|note)/.test(line));
}

test("a read through a null pointer, with nothing held", () => {
  expect(oopsOf("const a = none!.a;")).toEqual([
    "BUG: kernel NULL pointer dereference, address: 00000000",
    "#PF: supervisor read access in kernel mode",
    "#PF: error_code(0x0000) - not-present page",
    "Oops: Oops: 0000 [#1] PREEMPT SMP KASAN",
  ]);
});

test("a write under a lock, with and without interrupts", () => {
  const written = [
    "BUG: kernel NULL pointer dereference, address: 00000000",
    "#PF: supervisor write access in kernel mode",
    "#PF: error_code(0x0002) - not-present page",
    "Oops: Oops: 0002 [#1] PREEMPT SMP KASAN",
  ];
  const count = "note: insmod[1] exited with preempt_count 1";
  expect(oopsOf("spin_lock(lock); none!.a = 1;")).toEqual([...written, count]);
  const masked = "note: insmod[1] exited with irqs disabled";
  expect(oopsOf("spin_lock_irqsave(lock); none!.a = 1;")).toEqual([...written, masked, count]);
});

test("a timer without a function", () => {
  const body = "const f = foo({}); hrtimer_init(f.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);";
  expect(oopsOf(`${body} hrtimer_start(f.timer, ns_to_ktime(1000), HRTIMER_MODE_REL);`)).toEqual([
    "BUG: kernel NULL pointer dereference, address: 00000000",
    "#PF: supervisor instruction fetch in kernel mode",
    "#PF: error_code(0x0010) - not-present page",
    "Oops: Oops: 0010 [#1] PREEMPT SMP KASAN",
  ]);
});
