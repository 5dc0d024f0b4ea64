// KUnit: the test cases of a module, each in a task of its own, run when the module is live; results in KTAP.
// Source: lib/kunit/test.c, lib/kunit/assert.c, Documentation/dev-tools/ktap.rst
import type { Raw, Steps } from "../engine/interfaces.ts";
import { layOut } from "../engine/layout.ts";
import type { Core } from "./core.ts";
import { type Expectation, expectationOf } from "./expectations.ts";
import { KERN_ERR, KERN_INFO } from "./kern-levels.ts";
import type { Modules } from "./modules.ts";
import type { Log } from "./printk.ts";
import type { Statics } from "./statics.ts";
import { textAt } from "./text.ts";

const fn = { kind: "pointer", to: "function" } as const;
const string = { kind: "pointer", to: "s8" } as const;

export const kunit = layOut("kunit", [
  ["priv", { kind: "pointer", to: "void" }],
  ["name", string],
]);

export const kunit_case = layOut("kunit_case", [
  ["run_case", fn],
  ["name", string],
]);

export const kunit_suite = layOut("kunit_suite", [
  ["name", string],
  ["init", fn],
  ["exit", fn],
  ["suite_init", fn],
  ["suite_exit", fn],
  ["test_cases", { kind: "pointer", to: kunit_case }],
]);

const INDENT = "    ";

type Status = "ok" | "not ok" | "skipped";

interface Running {
  readonly name: string;
  status: Status;
  comment: string;
}

export class KUnit {
  private readonly core: Core;
  private readonly log: Log;
  private readonly statics: Statics;
  private readonly modules: Modules;
  /** By the address of the module, which is another one each time that it is loaded. */
  private readonly suites = new Map<number, number[]>();
  /** By the address of its `struct kunit`. */
  private readonly running = new Map<number, Running>();

  constructor(core: Core, log: Log, statics: Statics, modules: Modules) {
    this.core = core;
    this.log = log;
    this.statics = statics;
    this.modules = modules;
    modules.whenLive((name) => this.runModule(name));
  }

  /** kunit_test_suite(): the suite of the module that is being loaded. */
  register(suite: number): void {
    const address = this.addressOf(this.modules.current);
    this.suites.set(address, [...(this.suites.get(address) ?? []), suite]);
  }

  /** KUNIT_CASE(): an entry for a table of cases. */
  caseOf(run: number, name: string): number {
    const address = this.statics.global(kunit_case.size, kunit_case.align, name);
    this.core.memory.poke(address, 4, run);
    this.core.memory.poke(address + 4, 4, this.statics.literal(name));
    return address;
  }

  /** KUNIT_EXPECT_…(): writes what was expected when it is not so; true when it is. */
  expect(test: number, expectation: Expectation): boolean {
    const lines = expectationOf(expectation);
    if (lines === undefined) return true;
    this.fail(test, [`EXPECTATION FAILED at ${this.core.here}`, ...lines]);
    return false;
  }

  /** KUNIT_ASSERT_…(): the same, and ends the test case. */
  *assert(test: number, expectation: Expectation): Steps<void> {
    const lines = expectationOf(expectation);
    if (lines === undefined) return;
    this.fail(test, [`ASSERTION FAILED at ${this.core.here}`, ...lines]);
    yield { kind: "exit", value: 0 };
  }

  /** KUNIT_FAIL(), with a message. */
  failWith(test: number, message: string): void {
    this.fail(test, [`EXPECTATION FAILED at ${this.core.here}`, message]);
  }

  /** kunit_skip(): ends the test case without a verdict. */
  *skip(test: number, reason: string): Steps<void> {
    const running = this.running.get(test);
    if (running !== undefined) Object.assign(running, { status: "skipped", comment: reason });
    yield { kind: "exit", value: 0 };
  }

  /** kunit_info() and its kin. */
  print(test: number, text: string, level: number): void {
    this.log.write(`${INDENT}# ${this.running.get(test)?.name ?? "kunit"}: ${text}`, level);
  }

  private fail(test: number, lines: readonly string[]): void {
    const running = this.running.get(test);
    if (running !== undefined) running.status = "not ok";
    this.print(test, lines.join("\n"), KERN_ERR);
  }

  private addressOf(module: string | undefined): number {
    return module === undefined ? 0 : (this.modules.find(module)?.address ?? 0);
  }

  private *runModule(module: string): Steps<void> {
    const suites = this.suites.get(this.addressOf(module));
    if (suites === undefined) return;
    this.say("KTAP version 1");
    this.say(`1..${suites.length}`);
    for (const [index, suite] of suites.entries()) yield* this.runSuite(module, suite, index + 1);
  }

  private *runSuite(module: string, suite: number, number: number): Steps<void> {
    const { memory } = this.core;
    const [name, init, exit, suiteInit, suiteExit, cases] = [0, 1, 2, 3, 4, 5].map((n) =>
      memory.peek(suite + 4 * n, 4),
    );
    const title = textAt(memory, name!);
    const entries: { readonly run: number; readonly name: string }[] = [];
    for (let at = cases!; at !== 0 && memory.peek(at, 4) !== 0; at += kunit_case.size) {
      entries.push({ run: memory.peek(at, 4), name: textAt(memory, memory.peek(at + 4, 4)) });
    }
    const failed = suiteInit === 0 ? 0 : yield* this.core.callDriver(suiteInit!, [suite]);
    const count = { ok: 0, "not ok": 0, skipped: 0 };
    if (failed !== 0) this.log.write(`${INDENT}# failed to initialize (${failed})`, KERN_ERR);
    else {
      this.say(`${INDENT}KTAP version 1`);
      this.say(`${INDENT}# Subtest: ${title}`);
      this.say(`${INDENT}# module: ${module}`);
      this.say(`${INDENT}1..${entries.length}`);
      for (const [index, entry] of entries.entries()) {
        const { status, comment } = yield* this.runCase(entry, init!, exit!);
        count[status]++;
        this.say(`${INDENT}${verdict(status, index + 1, entry.name, comment)}`);
      }
      if (suiteExit !== 0) yield* this.core.callDriver(suiteExit!, [suite]);
      if (entries.length > 1) {
        const { ok, "not ok": bad, skipped } = count;
        const numbers = `pass:${ok} fail:${bad} skip:${skipped} total:${entries.length}`;
        this.say(`# ${title}: ${numbers}`);
        this.say(`# Totals: ${numbers}`);
      }
    }
    const all = failed !== 0 || count["not ok"] > 0 ? "not ok" : count.ok > 0 ? "ok" : "skipped";
    this.say(verdict(all, number, title, ""));
  }

  /** kunit_run_case_catch_errors(): what the case does to its task, an oops among it, does nothing to the others. */
  private *runCase(entry: { run: number; name: string }, init: number, exit: number): Steps<Running> {
    const { core } = this;
    const test = this.statics.global(kunit.size, kunit.align, entry.name);
    core.memory.poke(test + 4, 4, this.statics.literal(entry.name));
    const running: Running = { name: entry.name, status: "ok", comment: "" };
    this.running.set(test, running);
    yield* this.inTask(running, function* () {
      const error = init === 0 ? 0 : yield* core.callDriver(init, [test]);
      if (error !== 0) running.status = "not ok";
      else yield* core.callDriver(entry.run, [test]);
      return 0;
    });
    if (exit !== 0) {
      yield* this.inTask(running, function* () {
        yield* core.callDriver(exit, [test]);
        return 0;
      });
    }
    this.running.delete(test);
    core.emit({ kind: "test", name: entry.name, status: running.status });
    return running;
  }

  private *inTask(running: Running, work: () => Steps<Raw>): Steps<void> {
    const { core } = this;
    const runner = core.task;
    let isOver = false;
    const task = core.engine.spawn("kunit_try_catch", work(), (value) => {
      isOver = true;
      if (value === undefined) running.status = "not ok";
      core.emit({ kind: "task", phase: "exit", id: task.id, comm: task.name });
      core.engine.wake(runner);
    });
    core.emit({ kind: "task", phase: "start", id: task.id, comm: task.name });
    while (!isOver) yield* core.schedule({ words: `test case ${running.name}` });
  }

  private say(text: string): void {
    this.log.write(text, KERN_INFO);
  }
}

function verdict(status: Status, number: number, name: string, comment: string): string {
  return `${status === "not ok" ? "not ok" : "ok"} ${number} ${name}${status === "skipped" ? ` # SKIP ${comment}`.trimEnd() : ""}`;
}
