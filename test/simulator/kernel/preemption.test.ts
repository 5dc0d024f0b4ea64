// Where tasks may lose their CPU, by the preemption model; and what is told of tasks that wait for ever.
import { expect, test } from "vitest";
import { asKernelEvent, type KernelEvent } from "../../../simulator/kernel/events.ts";
import { createMachine, type Recipe } from "../../../simulator/machine.ts";
import { compile } from "../../../simulator/typescript/compile.ts";

function run(source: string, options: Partial<Recipe>): { readonly log: string[]; readonly events: KernelEvent[] } {
  const driver = compile([{ path: "foo.ts", text: source }]);
  expect(driver.problems).toEqual([]);
  const machine = createMachine({ name: "foo", driver, ...options });
  const events: KernelEvent[] = [];
  machine.engine.trace.listen((event) => events.push(asKernelEvent(event)));
  machine.run(2_000_000);
  return { log: machine.log.map(({ text }) => text.replace(/^\[.*?\] /, "")), events };
}

/** Two threads on one CPU that count, and how often the CPU went from one to the other. */
const counting = (between: string): string => `
  import { kthread_create, kthread_bind, kthread_should_stop, kthread_stop } from "linux/kthread";
  import { MODULE_LICENSE, module_init, module_exit } from "linux/module";
  import { mutex_lock, mutex_unlock, DEFINE_MUTEX } from "linux/mutex";
  import { pr_info } from "linux/printk";
  import { cond_resched, wake_up_process } from "linux/sched";
  import { msleep } from "linux/delay";
  const lock = DEFINE_MUTEX("lock");
  let last = 0;
  let switches = 0;
  function count(who) {
    for (let i = 0; i < 3000; i++) {
      if (last !== who) switches += 1;
      last = who;
      ${between}
    }
    while (!kthread_should_stop()) msleep(1);
    return 0;
  }
  module_init(() => {
    const a = kthread_create(() => count(1), null, "a");
    const b = kthread_create(() => count(2), null, "b");
    wake_up_process(a);
    wake_up_process(b);
    msleep(1000);
    kthread_stop(a);
    kthread_stop(b);
    pr_info("%d switches\\n", switches);
    return 0;
  });
  module_exit(() => {});
  MODULE_LICENSE("GPL");`;

function switches(between: string, preempt: "none" | "voluntary" | "full", seed: number): number {
  const { log } = run(counting(between), { preempt, cpus: 1, seed });
  return Number(/^(\d+) switches$/m.exec(log.join("\n"))?.[1]);
}

test("without preemption a task of the kernel keeps its CPU until it gives it away", () => {
  for (const seed of [1, 2, 3]) {
    expect(switches("", "none", seed)).toBe(2);
    expect(switches("", "voluntary", seed)).toBe(2);
    expect(switches("", "full", seed)).toBeGreaterThan(10);
  }
});

test("it gives it away at cond_resched(), and with voluntary preemption where it might sleep", () => {
  for (const seed of [1, 2, 3]) {
    expect(switches("cond_resched();", "none", seed)).toBeGreaterThan(10);
    expect(switches("mutex_lock(lock); mutex_unlock(lock);", "none", seed)).toBe(2);
    expect(switches("mutex_lock(lock); mutex_unlock(lock);", "voluntary", seed)).toBeGreaterThan(10);
  }
});

const waiting = (body: string): string => `
  import { MODULE_LICENSE, module_init } from "linux/module";
  import { mutex_lock, DEFINE_MUTEX } from "linux/mutex";
  import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from "linux/spinlock";
  import { kthread_run } from "linux/kthread";
  import { msleep } from "linux/delay";
  import { schedule, set_current_state, TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE } from "linux/sched";
  const mutex = DEFINE_MUTEX("mutex");
  const spin = DEFINE_SPINLOCK("spin");
  module_init(() => { ${body}; return 0; });
  MODULE_LICENSE("GPL");`;

test("a task that sleeps uninterruptibly for two minutes is told", () => {
  const { events } = run(
    waiting(`kthread_run(() => { set_current_state(TASK_UNINTERRUPTIBLE); schedule(); return 0; }, null, "stuck");
      kthread_run(() => { set_current_state(TASK_INTERRUPTIBLE); schedule(); return 0; }, null, "patient")`),
    {},
  );
  const hung = events.filter((event) => event.kind === "hung-task");
  expect(hung).toMatchObject([{ comm: "stuck", seconds: 120 }]);
  expect(hung[0]!.stack.map(({ fn }) => fn)).toContain("schedule");
});

test("a task that spins for long is told", () => {
  const { events } = run(
    waiting(`kthread_run(() => { spin_lock(spin); msleep(60000); spin_unlock(spin); return 0; }, null, "holder");
      msleep(1);
      kthread_run(() => { spin_lock(spin); spin_unlock(spin); return 0; }, null, "spinner")`),
    {},
  );
  expect(events.filter((event) => event.kind === "soft-lockup")).toMatchObject([{ comm: "spinner", seconds: 22 }]);
});
