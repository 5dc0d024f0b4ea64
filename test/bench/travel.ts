// How long every way back takes after 10^6 and 10^7 statements: at once, and when there was time to prepare.
import process from "node:process";
import { Session } from "../../simulator/control/session.ts";
import { type Journey, travel } from "../../simulator/control/stop.ts";
import { registerNamed } from "../../simulator/control/targets.ts";
import type { Task } from "../../simulator/engine/task.ts";
import { compile } from "../../simulator/typescript/compile.ts";

const FILE = "work.ts";
const text = (rounds: number): string => `import { MODULE_LICENSE, module_init } from "linux/module";
import { struct, u32, type int } from "linux/types";
import { kzalloc, GFP_KERNEL } from "linux/slab";
import { ioremap, writeb } from "linux/io";
const foo = struct("foo", { early: u32, count: u32 });
function mixed(sum: int, at: int): int {
  let value = sum;
  if ((value & 1) !== 0)
    value = (value >>> 1) ^ 0x6db88320;
  else
    value = value >>> 1;
  return (value + at) | 0;
}
function early(): void {
  const once = 1;
}
function work(rounds: int): int {
  let sum = 1;
  for (let i = 0; i < rounds; i++) {
    sum = mixed(sum, i & 255);
    sum ^= i;
  }
  return sum;
}
function work_init(): int {
  const f = kzalloc(foo, GFP_KERNEL);
  const regs = ioremap(0x09000000, 8);
  if (f === null || regs === null)
    return -12;
  f.early = 1;
  writeb(0x80, regs.add(3));
  early();
  const sum = work(${rounds});
  f.count = sum;
  return 0;
}
module_init(work_init);
MODULE_LICENSE("GPL");
`;

function lineOf(part: string): number {
  return text(0).slice(0, text(0).indexOf(part)).split("\n").length;
}

interface Way {
  readonly name: string;
  go(session: Session, task: Task | undefined, address: number): Journey;
}

const ways: readonly Way[] = [
  { name: "step back, a statement", go: (session, task) => session.stepBack(task) },
  { name: "reverse step into", go: (session, task) => session.stepIntoBack(task) },
  { name: "reverse step out", go: (session, task) => session.stepOutBack(task) },
  { name: "reverse continue, near", go: (session) => session.reverseContinue() },
  { name: "reverse continue, to the beginning", go: (session) => session.reverseContinue() },
  { name: "run back to a line of long ago", go: (session) => session.runBackTo(FILE, lineOf("const once")) },
  {
    name: "back to the last write, near",
    go: (session, _, address) => session.lastWrite({ kind: "memory", address: address + 4, bytes: 4 }),
  },
  {
    name: "back to the last write, of long ago",
    go: (session, _, address) => session.lastWrite({ kind: "memory", address, bytes: 4 }),
  },
  {
    name: "back to the last write of a register bit, of long ago",
    go: (session) => session.lastWrite(registerNamed(session.machine.devices, "UART.LCR.DLAB")!),
  },
  { name: "seek to the middle", go: (session) => session.goTo(Math.floor(session.clock / 2)) },
  { name: "step back, over all of it", go: (session, task) => session.stepBack(task) },
];

/** At the end of the work, where the way begins. */
function arrive(statements: number, way: Way): { session: Session; address: number } {
  const driver = compile([{ path: FILE, text: text(Math.round(statements / 7)) }]);
  const [problem] = driver.problems;
  if (problem !== undefined) throw new Error(`${problem.line}: ${problem.message}`);
  const session = new Session({ name: "work", driver, seed: 1, devices: ["ns16550a"] });
  session.start();
  const rounds = Math.round(statements / 7);
  // Near the end of the work, or when all of it is over.
  const isOver = /over all|write/.test(way.name);
  const [line, condition] = way.name.includes("over all")
    ? [lineOf("f.count = sum"), undefined]
    : [lineOf(isOver ? "return 0;" : "sum ^= i"), isOver ? undefined : `i === ${rounds - 200}`];
  session.setBreakpoints(FILE, [{ line, ...(condition === undefined ? {} : { condition }) }]);
  travel(session.continue());
  session.setBreakpoints(FILE, []);
  const frames = session.at.task!.layers.at(-1)!.activation.frames();
  const address = frames.at(-1)!.evaluate("f").address!;
  if (way.name === "reverse continue, near") session.setBreakpoints(FILE, [{ line: lineOf("let value") }]);
  return { session, address };
}

function timed(session: Session, way: Way, address: number): number {
  // Processor time, as others may use the machine too.
  const started = process.cpuUsage();
  travel(way.go(session, session.at.task, address));
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

const least = (times: readonly number[]): string =>
  Math.min(...times)
    .toFixed(0)
    .padStart(6);

const AIMS = [
  [1e6, 50],
  [1e7, 250],
] as const;

/** `travel 1e6` measures that alone. */
const wanted = process.argv.slice(2).map(Number);
for (const [statements, aim] of AIMS) {
  if (wanted.length > 0 && !wanted.includes(statements)) continue;
  process.stdout.write(`${statements.toExponential(0)} statements, aim ${aim} ms:   at once  prepared  (to clock)\n`);
  for (const way of ways) {
    const [cold, warm]: [number[], number[]] = [[], []];
    let to = 0;
    for (let round = 0; round < 2; round++) {
      const first = arrive(statements, way);
      cold.push(timed(first.session, way, first.address));
      const second = arrive(statements, way);
      for (const _ of second.session.prepare());
      warm.push(timed(second.session, way, second.address));
      to = second.session.clock;
    }
    process.stdout.write(`  ${way.name.padEnd(56)} ${least(cold)} ${least(warm)}   ${to}\n`);
  }
}
