// What a statement of a TypeScript driver costs in the simulator against the same run plainly, and whole runs and queues.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { loadDriver } from "../../simulator/control/load.ts";
import { createMachine, type Recipe } from "../../simulator/machine.ts";
import { compile } from "../../simulator/typescript/compile.ts";

const MODULE = `import { MODULE_LICENSE, module_init } from "linux/module";\n`;

/** Plain integer work, as a checksum over a ring does it. */
const checksum = `
function work(rounds: number): number {
  let sum = 1;
  let at = 0;
  for (let i = 0; i < rounds; i++) {
    at = (at + 7) & 255;
    if ((sum & 1) !== 0)
      sum = (sum >>> 1) ^ 0x6db88320;
    else
      sum = sum >>> 1;
    sum = (sum + at) | 0;
  }
  return sum;
}`;

/** Calls, objects and branches: what drivers do between calls of the kernel. */
const mixed = `
function step(value: number, by: number): number {
  if (value > 1000000)
    return value - 999999;
  return value + by;
}
function work(rounds: number): number {
  const queue = [0, 0, 0, 0, 0, 0, 0, 0];
  let sum = 0;
  for (let i = 0; i < rounds; i++) {
    const slot = i & 7;
    queue[slot] = step(queue[slot]!, i);
    if ((i & 3) === 0)
      sum += queue[slot]!;
    else
      sum ^= slot;
  }
  return sum;
}`;

const IN_MEMORY = `import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { array, type Ref, struct, u32 } from "linux/types";
const dev = struct("dev", { count: u32, ring: array(u32, 16) });
`;

/** A ring in a struct: members and elements, each a checked access. */
const inMemory = `
function push(d: Ref<typeof dev>, value: number): number {
  const at = d.count & 15;
  d.ring[at] = value;
  d.count++;
  return d.ring[at]!;
}
function work(rounds: number): number {
  const d = kzalloc(dev, GFP_KERNEL);
  if (d === null)
    return 0;
  let sum = 0;
  for (let i = 0; i < rounds; i++)
    sum = (sum + push(d, i)) | 0;
  kfree(d);
  return sum;
}`;

function recipeOf(text: string): Recipe {
  const driver = compile([{ path: "work.ts", text }]);
  const [problem] = driver.problems;
  if (problem !== undefined) throw new Error(`${problem.line}: ${problem.message}`);
  return { name: "work", driver, seed: 1 };
}

function median(rounds: number, run: () => number): number {
  const times = Array.from({ length: rounds }, run).sort((a, b) => a - b);
  return times[rounds >> 1]!;
}

/** Processor time, as others may use the machine too. */
function milliseconds(run: () => void): number {
  const started = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What needs `imports` of the kernel cannot run plainly. */
function perStatement(name: string, work: string, rounds: number, imports?: string): void {
  const init = `function work_init(): number {\n  const sum = work(${rounds});\n  return sum === 0 ? -1 : 0;\n}\nmodule_init(work_init);\n`;
  const recipe = recipeOf(`${MODULE}${imports ?? ""}${work}\n${init}MODULE_LICENSE("GPL");\n`);
  const plain = imports === undefined ? plainCost(work, rounds) : undefined;
  for (const scopes of [true, false]) {
    let statements = 0;
    const simulated = median(7, () => {
      const machine = createMachine({ ...recipe, scopes });
      const took = milliseconds(() => void machine.run());
      statements = machine.engine.clock.statements;
      return took;
    });
    const each = ((simulated * 1e6) / statements).toFixed(1);
    const what = scopes ? `${each} ns a statement` : `without scopes ${each} ns`;
    const than = plain === undefined ? "" : `, ${(simulated / plain).toFixed(1)} times plain V8`;
    say(`${name}: ${what}${scopes && plain !== undefined ? " (aim 20)" : ""}${than}`);
  }
}

function plainCost(work: string, rounds: number): number {
  const plainly = new Function(`${work.replaceAll(/: number|!(?=[,;)])/g, "")}\nreturn work;`)() as (
    n: number,
  ) => number;
  return median(7, () => milliseconds(() => void plainly(rounds)));
}

const EMPTY = `import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
function work_init(): number {
  return 0;
}
function work_exit(): void {}
module_init(work_init);
module_exit(work_exit);
MODULE_LICENSE("GPL");
`;

/** About 900 statements: some 80 calls of the kernel, and arithmetic and accesses to memory between them. */
const WORK = `import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { LIST_HEAD, list_add_tail, list_del, list_head } from "linux/list";
import { GFP_KERNEL, kfree, kmalloc } from "linux/slab";
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from "linux/spinlock";
import { struct, u32 } from "linux/types";
const item = struct("item", { value: u32, entry: list_head });
const lock = DEFINE_SPINLOCK("lock");
const items = LIST_HEAD("items");
function sum(n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++)
    s = (s * 31 + i) >>> 0;
  return s;
}
function work_init(): number {
  let total = 0;
  for (let i = 0; i < 16; i++) {
    const it = kmalloc(item, GFP_KERNEL);
    if (it === null)
      return -12;
    it.value = sum(20);
    spin_lock(lock);
    list_add_tail(it.entry, items);
    total = (total + it.value) >>> 0;
    list_del(it.entry);
    spin_unlock(lock);
    kfree(it);
  }
  return total === 0 ? -1 : 0;
}
function work_exit(): void {}
module_init(work_init);
module_exit(work_exit);
MODULE_LICENSE("GPL");
`;

/** A search through schedules makes thousands of runs: what counts is how long one takes then. */
function wholeRuns(): void {
  const files = { read: (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined) };
  const loaded = loadDriver(files, join(import.meta.dirname, "../../simulator/examples/edu.ts"))!;
  say("whole runs without scopes, after 1000 of their kind:");
  wholeRun("an empty module", recipeOf(EMPTY), "");
  wholeRun("mixed work", recipeOf(WORK), " (aim 10000)");
  wholeRun("edu and its scenario", loaded.recipe, "");
}

function wholeRun(name: string, given: Recipe, aim: string): void {
  const recipe: Recipe = { ...given, scopes: false };
  let statements = 0;
  const many = 50;
  const run = (): void => {
    const machine = createMachine(recipe);
    machine.run();
    statements = machine.engine.clock.statements;
  };
  const first = milliseconds(run);
  if (statements === 0) throw new Error(`${name} does not run`);
  repeat(1000, run);
  const each = median(9, () => milliseconds(() => repeat(many, run))) / many;
  const made = median(9, () => milliseconds(() => repeat(many, () => void createMachine(recipe)))) / many;
  say(
    `  ${name}, ${statements} statements: ${(1000 / each).toFixed(0)} a second${aim}, ${each.toFixed(2)} ms each, of which ${made.toFixed(2)} make the machine; the first took ${first.toFixed(0)} ms`,
  );
}

function repeat(times: number, run: () => void): void {
  for (let i = 0; i < times; i++) run();
}

const tasks = (count: number): string => `import { MODULE_LICENSE, module_init } from "linux/module";
import { kthread_run } from "linux/kthread";
import { msleep } from "linux/delay";
function body(): number {
  for (let i = 0; i < 10; i++)
    msleep(1);
  return 0;
}
function work_init(): number {
  for (let i = 0; i < ${count}; i++)
    kthread_run(body, null, "work");
  return 0;
}
module_init(work_init);
MODULE_LICENSE("GPL");
`;

const timers = (count: number): string => `import { MODULE_LICENSE, module_init } from "linux/module";
import { add_timer, timer_list, timer_setup } from "linux/timer";
import { jiffies } from "linux/jiffies";
import { array, struct } from "linux/types";
import { vmalloc } from "linux/vmalloc";
const many = struct("many", { timer: array(timer_list, ${count}) });
function fire(): void {}
function work_init(): number {
  const all = vmalloc(many);
  if (all === null)
    return -12;
  for (let i = 0; i < ${count}; i++) {
    const timer = all.timer[i]!;
    timer_setup(timer, fire, 0);
    timer.expires = jiffies() + 1 + i % 50;
    add_timer(timer);
  }
  return 0;
}
module_init(work_init);
MODULE_LICENSE("GPL");
`;

/** What an event costs with few and with many of its kind: the time of a run by what happened in it. */
function queues(name: string, text: (count: number) => string, [few, many]: readonly [number, number]): void {
  const cost = (count: number): number => {
    const recipe = recipeOf(text(count));
    const rounds = Math.max(1, Math.round(many / count / 10));
    return (
      (median(3, () => milliseconds(() => repeat(rounds, () => void createMachine(recipe).run()))) / rounds / count) *
      1000
    );
  };
  const [small, large] = [cost(few), cost(many)];
  say(`${name}: ${small.toFixed(1)} µs each with ${few}, ${large.toFixed(1)} µs each with ${many}`);
}

perStatement("checksum", checksum, 1_000_000);
perStatement("mixed load", mixed, 1_000_000);
perStatement("ring in memory", inMemory, 200_000, IN_MEMORY);
wholeRuns();
queues("tasks that sleep ten times", tasks, [100, 1000]);
queues("timers", timers, [1000, 10_000]);
