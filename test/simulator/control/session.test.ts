// Stepping, breakpoints and time travel through a small driver.
import { describe, expect, test } from "vitest";
import type { Session } from "../../../simulator/control/session.ts";
import { travel } from "../../../simulator/control/stop.ts";
import { drive, FILE } from "./drive.ts";

const source = `import { module_init, module_exit } from "linux/module";
import { pr_info } from "linux/printk";
import { type int } from "linux/types";

function leaf(n: int): int {
  const doubled = n * 2;
  return doubled;
}

function foo_init(): int {
  let total = 0;
  for (let i = 0; i < 10; i++) {
    total += leaf(i);
    total += 1;
  }
  pr_info("total %d\\n", total);
  return 0;
}

module_init(foo_init);
`;

function printed({ machine }: Session): string[] {
  return machine.log.map(({ text }) => text.replace(/^\[.*?\] /, ""));
}

/** At the first statement of foo_init. */
function inInit(options = {}) {
  const made = drive(source, options);
  made.session.setBreakpoints(FILE, [{ line: 11 }]);
  made.go("continue");
  made.session.setBreakpoints(FILE, []);
  return made;
}

describe("breakpoints", () => {
  test("stand on the statement of their line, or on the next one", () => {
    const { session } = drive(source);
    const bound = session.setBreakpoints(FILE, [{ line: 13 }, { line: 9 }, { line: 6, column: 1 }, { line: 99 }]);
    expect(bound.map(({ site }) => site?.line)).toEqual([13, 11, 6, undefined]);
    expect(bound[3]?.message).toBe("No statement of the driver stands here or below.");
  });

  test("stop each time, and at the end the run is over", () => {
    const { session, go, value, trail } = drive(source);
    session.setBreakpoints(FILE, [{ line: 7 }]);
    for (let i = 0; i < 3; i++) go("continue");
    expect(trail).toEqual(["<module>:20 entry", "leaf:7 breakpoint", "leaf:7 breakpoint", "leaf:7 breakpoint"]);
    expect(value("doubled")).toBe("4");
    session.setBreakpoints(FILE, []);
    expect(go("continue")).toBe("nowhere ended");
    expect(printed(session)).toContain("total 100");
  });

  test("stop where a condition is true", () => {
    const { session, go, value } = drive(source);
    session.setBreakpoints(FILE, [{ line: 6, condition: "n === 7" }]);
    go("continue");
    expect(value("n")).toBe("7");
    expect(go("continue")).toBe("nowhere ended");
  });

  test("complain once of a condition that cannot be evaluated", () => {
    const said: string[] = [];
    const { session, go } = drive(source, { onLog: (text) => said.push(text) });
    session.setBreakpoints(FILE, [{ line: 6, condition: "nothing === 7" }]);
    expect(go("continue")).toBe("nowhere ended");
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("condition nothing === 7: ");
  });

  test("count their hits, also when the run goes back", () => {
    const { session, go, value } = drive(source);
    session.setBreakpoints(FILE, [{ line: 6, hitCondition: "% 4" }]);
    go("continue");
    expect(value("n")).toBe("3");
    go("continue");
    expect(value("n")).toBe("7");
    go("reverse");
    expect(value("n")).toBe("3");
    go("continue");
    expect(value("n")).toBe("7");
    expect(session.setBreakpoints(FILE, [{ line: 6, hitCondition: "often" }])[0]?.message).toMatch(/A hit count is/);
  });

  test("count the hits that a journey has passed by", () => {
    const { session, go, value } = drive(source);
    session.setBreakpoints(FILE, [{ line: 6, hitCondition: "6" }]);
    travel(session.goTo(8));
    go("continue");
    expect(value("n")).toBe("5");
    const blind = drive(source);
    blind.session.setBreakpoints(FILE, [{ line: 6, hitCondition: "6" }]);
    travel(blind.session.nextReport());
    blind.go("reverse");
    expect(blind.value("n")).toBe("5");
  });

  test("write messages instead of stopping", () => {
    const said: string[] = [];
    const { session, go } = drive(source, { onLog: (text) => said.push(text) });
    session.setBreakpoints(FILE, [{ line: 7, condition: "n > 7", logMessage: "n {n} gives {doubled}" }]);
    expect(go("continue")).toBe("nowhere ended");
    expect(said).toEqual(["n 8 gives 16", "n 9 gives 18"]);
    go("reverse");
    expect(said).toHaveLength(2);
  });
});

describe("steps", () => {
  test("go over calls", () => {
    const { go, trail } = inInit();
    for (let i = 0; i < 4; i++) go("over");
    expect(trail.slice(1)).toEqual([
      "foo_init:11 breakpoint",
      "foo_init:12 step",
      "foo_init:13 step",
      "foo_init:14 step",
      "foo_init:12 step",
    ]);
  });

  test("go into calls and out of them", () => {
    const { go, trail } = inInit();
    for (const move of ["over", "over", "in", "over", "out", "over"] as const) go(move);
    expect(trail.slice(2)).toEqual([
      "foo_init:12 step",
      "foo_init:13 step",
      "leaf:6 step",
      "leaf:7 step",
      "foo_init:14 step",
      "foo_init:12 step",
    ]);
  });

  test("stop at breakpoints on their way", () => {
    const { session, go } = inInit();
    session.setBreakpoints(FILE, [{ line: 7 }]);
    go("over");
    go("over");
    expect(go("over")).toBe("leaf:7 breakpoint");
  });

  test("lead to the end", () => {
    const { session, go } = inInit();
    session.setBreakpoints(FILE, [{ line: 17 }]);
    expect(go("continue")).toBe("foo_init:17 breakpoint");
    expect(go("over")).toBe("nowhere ended");
  });
});

describe("time", () => {
  test("goes back a line, over calls", () => {
    const { session, go, value } = inInit();
    session.setBreakpoints(FILE, [{ line: 14, condition: "i === 2" }]);
    go("continue");
    expect(value("total")).toBe("8");
    expect(go("back")).toBe("foo_init:13 step");
    expect(value("total")).toBe("4");
    expect(go("back")).toBe("foo_init:12 step");
    expect(go("back")).toBe("foo_init:14 step");
    expect([value("total"), value("i")]).toEqual(["3", "1"]);
    expect(go("over")).toBe("foo_init:12 step");
    expect(go("over")).toBe("foo_init:13 step");
    expect(go("over")).toBe("foo_init:14 breakpoint");
    expect(value("total")).toBe("8");
  });

  test("goes back from the start of a function to who called", () => {
    const { session, go } = drive(source);
    session.setBreakpoints(FILE, [{ line: 6 }]);
    go("continue");
    expect(go("back")).toBe("foo_init:13 step");
  });

  test("goes back to the last breakpoint, then to the beginning", () => {
    const { session, go, value } = drive(source);
    session.setBreakpoints(FILE, [{ line: 6, condition: "n % 4 == 0" }]);
    for (let i = 0; i < 3; i++) go("continue");
    expect(value("n")).toBe("8");
    expect(go("reverse")).toBe("leaf:6 breakpoint");
    expect(value("n")).toBe("4");
    go("reverse");
    expect(value("n")).toBe("0");
    expect(go("reverse")).toBe("<module>:20 entry");
    expect(session.clock).toBe(0);
  });

  test("goes back from the end", () => {
    const { session, go, value } = drive(source);
    expect(go("continue")).toBe("nowhere ended");
    session.setBreakpoints(FILE, [{ line: 16 }]);
    expect(go("reverse")).toBe("foo_init:16 breakpoint");
    expect(value("total")).toBe("100");
  });

  test("keeps what was set by hand", () => {
    const { session, go, value, task } = inInit();
    go("over");
    session.setVariable(task(), 0, "total", "1000");
    session.setBreakpoints(FILE, [{ line: 16 }]);
    go("continue");
    expect(value("total")).toBe("1100");
    expect(go("back")).toBe("foo_init:12 step");
    expect(value("total")).toBe("1100");
    go("over");
    go("continue");
    expect(printed(session)).toContain("total 1100");
  });

  test("runs the same however it is looked at", () => {
    for (const seed of [1, 2, 3]) {
      const watched = drive(source, { seed });
      for (let i = 0; i < 50; i++) watched.go("in");
      watched.go("back");
      watched.go("continue");
      const plain = drive(source, { seed });
      plain.go("continue");
      expect(watched.session.machine.log).toEqual(plain.session.machine.log);
      expect(watched.session.clock).toBe(plain.session.clock);
    }
  });
});

describe("a run", () => {
  test("can be paused", () => {
    const { session } = drive(source.replace("i < 10", "i >= 0"));
    const journey = session.continue();
    expect(journey.next().done).toBe(false);
    session.pause();
    const next = journey.next();
    expect(next.done === true && next.value.reason.kind).toBe("pause");
    expect(session.clock).toBe(2_000);
  });

  test("takes breakpoints while it is under way", () => {
    const { session } = drive(source.replace("i < 10", "i >= 0"));
    const journey = session.continue();
    journey.next();
    const [set] = session.setBreakpoints(FILE, [{ line: 7 }]);
    const next = journey.next();
    expect(next.done === true && next.value.reason).toEqual({ kind: "breakpoint", ids: [set?.id] });
  });

  test("is bounded", () => {
    const { session, go } = drive(source.replace("i < 10", "i >= 0"), { limit: 5_000 });
    expect(go("continue")).toMatch(/ limit$/);
    expect(session.clock).toBe(5_000);
  });

  test("goes to a moment", () => {
    const { session } = drive(source);
    expect(travel(session.goTo(20)).clock).toBe(20);
    expect(travel(session.goTo(7)).clock).toBe(7);
  });
});
