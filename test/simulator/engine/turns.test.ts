// Turns drawn ahead change nothing of the schedule: neither with pauses in their middle, nor with interrupts and others.
import { expect, test } from "vitest";
import type { Task } from "../../../simulator/engine/task.ts";
import { createMachine, type Machine, type Recipe } from "../../../simulator/machine.ts";
import { compile } from "../../../simulator/typescript/compile.ts";

const text = `
import { MODULE_LICENSE, module_init } from "linux/module";
import { jiffies } from "linux/jiffies";
import { GFP_KERNEL, kzalloc } from "linux/slab";
import { mod_timer, timer_list, timer_setup } from "linux/timer";
import { spin_lock_init, spin_lock_irqsave, spin_unlock_irqrestore, spinlock_t } from "linux/spinlock";
import { struct } from "linux/types";
import { kthread_run } from "linux/kthread";
import { msleep } from "linux/delay";
const load = struct("load", { timer: timer_list, lock: spinlock_t });
const own = kzalloc(load, GFP_KERNEL)!;
let fired = 0;
let sum = 0;
function step(value: number): number {
  if (value > 1000)
    return value - 999;
  return value + 7;
}
function fire(): void {
  for (let i = 0; i < 20; i++)
    fired = step(fired);
  if (sum < 100000)
    mod_timer(own.timer, jiffies() + 1);
}
function work(rounds: number): void {
  for (let i = 0; i < rounds; i++) {
    sum += step(i);
    if ((i & 31) === 31) {
      const flags = spin_lock_irqsave(own.lock);
      for (let j = 0; j < 30; j++)
        fired = step(fired);
      spin_unlock_irqrestore(own.lock, flags);
    }
  }
}
function other(): number {
  msleep(2);
  work(500);
  return 0;
}
function turns_init(): number {
  spin_lock_init(own.lock);
  timer_setup(own.timer, fire, 0);
  mod_timer(own.timer, jiffies() + 1);
  work(1500);
  kthread_run(other, null, "other");
  work(1500);
  return 0;
}
module_init(turns_init);
MODULE_LICENSE("GPL");
`;

function recipe(seed: number, cpus: number): Recipe {
  const driver = compile([{ path: "turns.ts", text }]);
  expect(driver.problems).toEqual([]);
  return { name: "turns", driver, seed, cpus, devices: [] };
}

/** Who had which CPU from when on, and what happened. */
function watched(machine: Machine, run: () => void): readonly string[] {
  const noted: string[] = [];
  machine.engine.onSwitch = (cpu: number, task: Task | undefined) =>
    noted.push(`${machine.engine.clock.nanos} ${cpu} ${task?.name}`);
  machine.engine.trace.listen(({ kind }, { clock, nanos, cpu, context }) =>
    noted.push(`${clock} ${nanos} ${cpu} ${context} ${kind}`),
  );
  run();
  return noted;
}

/** As it would be without them: somebody may always come. */
function withoutThem(machine: Machine): Machine {
  machine.kernel.isStill = () => false;
  return machine;
}

test.each([
  [1, 1],
  [2, 2],
  [3, 4],
])("seed %i on %i CPUs", (seed, cpus) => {
  const of = recipe(seed, cpus);
  const single = withoutThem(createMachine(of));
  const expected = watched(single, () => single.run());
  expect(single.engine.clock.statements).toBeGreaterThan(10_000);
  expect(expected.length).toBeGreaterThan(100);
  const machine = createMachine(of);
  expect(watched(machine, () => machine.run())).toEqual(expected);
  for (const piece of [1, 37, 1000]) {
    const paused = createMachine(of);
    const noted = watched(paused, () => {
      while (paused.run(paused.engine.clock.statements + piece).kind === "clock");
    });
    expect(noted).toEqual(expected);
  }
});
