// Tests of a scenario, in the words of kselftest: each a process, results in KTAP in the log.
// Source: tools/testing/selftests/kselftest_harness.h, Documentation/dev-tools/ktap.rst
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";
import { type Expectation, expectationOf } from "./expectations.ts";
import { KERN_INFO } from "./kern-levels.ts";
import type { Log } from "./printk.ts";
import type { Processes } from "./processes.ts";
import { SIGNALS } from "./signals.ts";

/** TEST_TIMEOUT_DEFAULT of kselftest_harness.h, in nanoseconds. */
const PATIENCE = 30e9;

interface Test {
  readonly name: string;
  readonly task: Task;
  failed: boolean;
}

export class Selftests {
  private readonly core: Core;
  private readonly log: Log;
  private readonly processes: Processes;
  /** Those that run, the latest last. */
  private readonly running: Test[] = [];
  private count = 0;
  private failures = 0;

  constructor(core: Core, log: Log, processes: Processes) {
    this.core = core;
    this.log = log;
    this.processes = processes;
  }

  /** Runs a test in a process of its own, and waits for it; what does not end in 30 seconds has failed. */
  *run(name: string, body: number): Steps<void> {
    const { core } = this;
    const runner = core.task;
    if (this.count === 0) this.say("KTAP version 1");
    const task = this.processes.startCall(name, body);
    const { id } = task;
    const test: Test = { name, task, failed: false };
    this.running.push(test);
    let status: number | undefined;
    core.engine.spawn(
      "waitpid",
      this.wait(id, (ended) => {
        status = ended;
        core.engine.wake(runner);
      }),
    );
    let late = false;
    const alarm = core.engine.clock.after(PATIENCE, () => {
      late = true;
      core.engine.wake(runner);
    });
    while (status === undefined && !late) yield* core.schedule({ words: `test ${name}` });
    alarm.cancel();
    if (late) this.say(`# ${name}: Test terminated by timeout`);
    else if (status !== undefined && status !== 0)
      this.say(`# ${name}: Test terminated by signal ${Math.max(status, 0) || SIGNALS.SIGSEGV}`);
    this.running.splice(this.running.indexOf(test), 1);
    const isOk = !late && status === 0 && !test.failed;
    if (!isOk) this.failures++;
    this.say(`${isOk ? "ok" : "not ok"} ${++this.count} ${name}`);
    core.emit({ kind: "test", name, status: isOk ? "ok" : "not ok" });
  }

  /** The scenario is over: how many tests there were, ksft_finished(). */
  finish(): void {
    if (this.count === 0) return;
    const passed = this.count - this.failures;
    this.say(`# ${this.failures > 0 ? "FAILED" : "PASSED"}: ${passed} / ${this.count} tests passed.`);
    this.say(`# Totals: pass:${passed} fail:${this.failures} xfail:0 xpass:0 skip:0 error:0`);
  }

  /** EXPECT_…: says what is not as expected. */
  expect(expectation: Expectation): boolean {
    const lines = expectationOf(expectation);
    if (lines === undefined) return true;
    const test = this.running.findLast(({ task }) => task === this.core.task) ?? this.running.at(-1);
    if (test !== undefined) test.failed = true;
    const [first, ...rest] = lines.map((line) => line.trim());
    this.say(`# ${this.core.here}: ${test?.name ?? "scenario"}: ${first}`);
    for (const line of rest) this.say(`#   ${line}`);
    return false;
  }

  /** ASSERT_…: the same, and ends the process. */
  *assert(expectation: Expectation): Steps<void> {
    if (!this.expect(expectation)) yield* this.processes.exit();
  }

  private *wait(pid: number, ended: (status: number) => void): Steps<number> {
    ended(yield* this.processes.wait(pid));
    return 0;
  }

  private say(text: string): void {
    this.log.write(text, KERN_INFO);
  }
}
