// What the past has to say: moments of reports, late log points, calls begun anew.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadDriver } from "../../../simulator/control/load.ts";
import type { Portions } from "../../../simulator/control/run.ts";
import { Session } from "../../../simulator/control/session.ts";
import { travel } from "../../../simulator/control/stop.ts";
import { framesOf } from "../../../simulator/engine/task.ts";
import { drive, FILE } from "./drive.ts";

const mistakes = join(import.meta.dirname, "../../../simulator/examples/mistakes.ts");
const files = { read: (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined) };

const source = `import { module_init } from "linux/module";
import { type int } from "linux/types";

function leaf(n: int): int {
  const doubled = n * 2;
  return doubled;
}

function foo_init(): int {
  let total = 0;
  for (let i = 0; i < 10; i++)
    total += leaf(i);
  return total;
}

module_init(foo_init);
`;

function all<T>(portions: Portions<T>): T {
  for (;;) {
    const next = portions.next();
    if (next.done === true) return next.value;
  }
}

describe("the moments of reports", () => {
  test("lead to where memory was allocated and freed, and where locks were taken first", () => {
    const session = new Session(loadDriver(files, mistakes)!.recipe, { stopsAt: () => false });
    travel(session.continue());
    const { clock } = session;
    const found = all(session.moments());
    expect(found.map(({ report }) => report)).toEqual(session.machine.reports);
    expect(session.clock).toBe(clock);
    const text = (at: number): string => {
      travel(session.goTo(at));
      const { file, line } = framesOf(session.at.task!)[0]!.frame.site;
      return readFileSync(file, "utf8").split("\n")[line - 1]!.trim();
    };
    const of = (id: string) => found.find(({ report }) => report.id === id)!;
    const freed = of("use-after-free");
    expect(freed.related.map(({ what }) => what)).toEqual(["allocated", "freed"]);
    expect(text(freed.related[0]!.clock)).toMatch(/k[mz]alloc/);
    expect(text(freed.related[1]!.clock)).toMatch(/kfree/);
    expect(text(freed.report.clock)).toContain("reports: use-after-free");
    expect(of("double-free").related.map(({ what }) => what)).toEqual(["allocated", "freed"]);
    const [lock] = of("double-lock").related;
    expect(lock?.what).toMatch(/first taken$/);
    expect(text(lock!.clock)).toMatch(/lock/);
  });
});

describe("a late log point", () => {
  test("says what it would have said, and leaves the run where it is", () => {
    const { session } = drive(source);
    session.setBreakpoints(FILE, [{ line: 5, condition: "n === 4" }]);
    travel(session.continue());
    const { clock } = session;
    const logs = all(session.logPast(FILE, 6, "{n} gives {doubled}"));
    expect(logs?.map(({ text }) => text)).toEqual(["0 gives 0", "1 gives 2", "2 gives 4", "3 gives 6"]);
    expect(session.clock).toBe(clock);
    travel(session.goTo(logs![1]!.clock));
    expect(framesOf(session.at.task!)[0]!.frame.evaluate("n").value).toBe("1");
    expect(all(session.logPast(FILE, 99, "never"))).toBeUndefined();
  });
});

describe("a call", () => {
  const inLeaf = () => {
    const made = drive(source);
    made.session.setBreakpoints(FILE, [{ line: 6, condition: "n === 4" }]);
    made.go("continue");
    return made;
  };

  test("is begun anew, exactly as it was", () => {
    const { session, task, value } = inLeaf();
    const stopped = travel(session.restartFrame(task(), 0));
    expect(framesOf(stopped.task!)[0]!.frame.site.line).toBe(5);
    expect(value("n")).toBe("4");
    expect(framesOf(stopped.task!)).toHaveLength(2);
  });

  test("that called another is begun anew too", () => {
    const { session, task } = inLeaf();
    const stopped = travel(session.restartFrame(task(), 1));
    expect(framesOf(stopped.task!)).toHaveLength(1);
    expect(framesOf(stopped.task!)[0]!.frame.site.line).toBe(10);
  });
});
