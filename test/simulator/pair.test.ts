// The two statements of one fact: what the knowledge base says of sleeping, and what the simulated functions do.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Knowledge } from "../../server/knowledge/knowledge.ts";
import { headerNames } from "../../simulator/api/index.ts";
import type { StackEntry } from "../../simulator/kernel/events.ts";
import { asKernelEvent } from "../../simulator/kernel/events.ts";
import { createMachine } from "../../simulator/machine.ts";
import { createChecker } from "../checker.ts";
import { counting, driversIn, load } from "./drivers.ts";
import { Bench } from "./kernel/fake-driver.ts";

const simulator = join(import.meta.dirname, "../../simulator");
const folders = [join(import.meta.dirname, "kunit"), join(import.meta.dirname, "failing"), join(simulator, "examples")];

/** Functions where the two differ, and why both are right. */
const DIFFERENT: Readonly<Record<string, string>> = {
  pm_runtime_irq_safe: "resumes the parent, which only some devices have",
};

let knowledge: Knowledge;
const called = new Set<string>();
/** Those that said in some call that they may sleep, in whatever context, or slept. */
const sleeping = new Set<string>();

beforeAll(async () => {
  knowledge = (await createChecker()).knowledge;
  for (const path of folders.flatMap(driversIn)) {
    const machine = createMachine({ ...load(path).recipe, symbols: (table) => counting(table, called) });
    machine.engine.trace.listen((event) => {
      const known = asKernelEvent(event);
      const sleeps = known.kind === "might-sleep" || (known.kind === "task" && known.phase === "block");
      const name = sleeps ? calledBy(machine.kernel.core.stack()) : undefined;
      if (name !== undefined) sleeping.add(name);
    });
    machine.run(10_000_000);
  }
}, 120_000);

/** The function of the kernel that the innermost driver function called, or that an operations table led to. */
function calledBy(stack: readonly StackEntry[]): string | undefined {
  const driver = stack.findIndex(({ site }) => site !== undefined);
  return stack[Math.max(0, driver - 1)]?.fn;
}

const simulated = (): string[] => {
  const { symbols } = new Bench();
  return headerNames
    .filter((header) => !/^(driverlab|kunit)\//.test(header))
    .flatMap((header) => symbols.names(header)!.filter((name) => symbols.find(header, name)!.kind === "function"));
};

test("what the knowledge base calls sleeping says so, and nothing else does", () => {
  const wrong = [...new Set(simulated())].sort().flatMap((name) => {
    const fact = knowledge.fact(name);
    if (fact === undefined || !called.has(name) || Object.hasOwn(DIFFERENT, name)) return [];
    const { maySleep } = fact;
    if (maySleep === "always" && !sleeping.has(name)) return [`${name}: always sleeps, but never says so here`];
    if (maySleep === "never" && sleeping.has(name)) return [`${name}: never sleeps, but says here that it may`];
    return [];
  });
  expect(wrong).toEqual([]);
});

test("the knowledge base knows what is simulated", () => {
  // Macros of the language, and words of this simulator, are no functions of the kernel.
  const all = [...new Set(simulated())];
  const unknown = all.filter((name) => knowledge.fact(name) === undefined);
  expect(unknown.length, unknown.join(" ")).toBeLessThan(all.length / 10);
});

test("differences are of functions that there are", () => {
  expect(Object.keys(DIFFERENT).filter((name) => !simulated().includes(name))).toEqual([]);
});

test("what a declaration says of sleeping is what the knowledge base says", () => {
  const folder = join(simulator, "api/declarations");
  const wrong = globSync("{asm,linux,net}/**/*.d.ts", { cwd: folder }).flatMap((path) => {
    const text = readFileSync(join(folder, path), "utf8");
    const functions = text.matchAll(/Context: ([^.]*)\.(?:(?!\*\/)[\s\S])*\*\/\nexport function (\w+)/g);
    return [...functions].flatMap(([, context, name]) => {
      const maySleep = knowledge.fact(name!)?.maySleep;
      // might_sleep() only says so.
      if (Object.hasOwn(DIFFERENT, name!) || name === "might_sleep") return [];
      const saysSo = context!.includes("may sleep");
      const isWrong =
        maySleep === "always" ? !saysSo && /^(any|process)/.test(context!) : maySleep === "never" && saysSo;
      return isWrong ? [`${path}: ${name}: ${context}`] : [];
    });
  });
  expect(wrong).toEqual([]);
});
