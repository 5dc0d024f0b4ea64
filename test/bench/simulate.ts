// What a statement of a TypeScript driver costs in the simulator, against the same code run plainly, and stepping back.
import { Session } from "../../simulator/control/session.ts";
import { travel } from "../../simulator/control/stop.ts";
import { createMachine } from "../../simulator/machine.ts";
import { compile } from "../../simulator/typescript/compile.ts";

const rounds = 200_000;

/** Plain integer work, as a checksum over a ring does it. */
const work = `
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

const driver = compile([
  {
    path: "work.ts",
    text: `import { MODULE_LICENSE, module_init, module_exit } from "linux/module";
${work}
function work_init(): number {
  const sum = work(${rounds});
  return sum === 0 ? -1 : 0;
}
function work_exit(): void {}
module_init(work_init);
module_exit(work_exit);
MODULE_LICENSE("GPL");
`,
  },
]);
if (driver.problems.length > 0)
  throw new Error(driver.problems.map((each) => `${each.line}: ${each.message}`).join("\n"));
const recipe = { name: "work", driver, seed: 1 };

function median(run: () => number): number {
  const times = Array.from({ length: 7 }, run).sort((a, b) => a - b);
  return times[3]!;
}

let statements = 0;
const simulated = median(() => {
  const machine = createMachine(recipe);
  const started = performance.now();
  machine.run(Number.MAX_SAFE_INTEGER);
  statements = machine.engine.clock.statements;
  return performance.now() - started;
});
const plainWork = new Function(`${work.replaceAll(": number", "")}\nreturn work;`)() as (rounds: number) => number;
const plain = median(() => {
  const started = performance.now();
  plainWork(rounds);
  return performance.now() - started;
});

const session = new Session(recipe);
session.start();
session.setBreakpoints("work.ts", [{ line: driver.sites.find((site) => site.fn === "work_init")!.line + 1 }]);
const stopped = travel(session.continue());
const clock = session.clock;
const task = stopped.task;
const backStarted = performance.now();
if (task !== undefined) travel(session.stepBack(task));
const back = performance.now() - backStarted;

const perStatement = (simulated * 1e6) / statements;
process.stdout.write(
  `${statements} statements: ${perStatement.toFixed(0)} ns a statement, ${(simulated / plain).toFixed(1)} times plain V8\n` +
    `step back after ${clock} statements: ${back.toFixed(0)} ms\n`,
);
