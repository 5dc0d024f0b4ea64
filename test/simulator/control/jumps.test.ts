// Jumps: a call goes on at another statement of its function, in the run and in every replay of it.
import { describe, expect, test } from "vitest";
import { jump } from "../../../simulator/control/jump.ts";
import { obstacleTo, statementsOn } from "../../../simulator/control/obstacles.ts";
import { travel } from "../../../simulator/control/stop.ts";
import { numberOf } from "../../../simulator/control/tasks.ts";
import { type Drive, drive, FILE } from "./drive.ts";

const head = `import { module_exit, module_init } from "linux/module";
import { pr_info } from "linux/printk";
import { struct, u32, type int } from "linux/types";
import { kfree, kzalloc, GFP_KERNEL } from "linux/slab";

const foo = struct("foo", { count: u32 });
`;

const freeing = `${head}
function foo_init(): int {
  const f = kzalloc(foo, GFP_KERNEL);
  if (f === null) return -12;
  f.count = 7;
  f.count *= 2;
  pr_info("count %d\\n", f.count);
  kfree(f);
  return 0;
}

function foo_exit(): void {}

module_init(foo_init);
module_exit(foo_exit);
`;

/** One of each kind of statement. */
const nesting = `${head}
function twice(n: int): int {
  const double = n * 2;
  return double;
}

function foo_init(): int {
  let sum = 10;
  for (let i = 0; i < 3; i++) {
    if (i % 2 === 1) {
      pr_info("odd %d\\n", i);
      sum += twice(i) - 1;
    } else {
      const half = i >> 1;
      pr_info("even %d\\n", half);
    }
  }
  switch (sum) {
    case 11:
      sum += 10;
    case 12:
      sum += 100;
      break;
    default:
      sum = 0;
  }
  let left = 0;
  while (left > 0) {
    sum += 1;
    left -= 1;
  }
  const once = 1;
  pr_info("once %d\\n", once);
  fail: {
    if (sum === 0) break fail;
    pr_info("after %d\\n", sum);
  }
  try {
    sum += 2;
    if (sum > 0) throw "much";
  } catch (words) {
    pr_info("caught %s\\n", words as string);
  } finally {
    pr_info("finally %d\\n", sum);
  }
  const end = sum;
  pr_info("end %d\\n", end);
  return 0;
}

function foo_exit(): void {}

module_init(foo_init);
module_exit(foo_exit);
`;

function lineOf(source: string, part: string): number {
  const at = source.indexOf(part);
  expect(at, part).toBeGreaterThan(-1);
  return source.slice(0, at).split("\n").length;
}

/** A session that stands before the statement whose line has this text. */
function stopAt(source: string, part: string, condition?: string): Drive {
  const made = drive(source);
  const at = { line: lineOf(source, part), ...(condition === undefined ? {} : { condition }) };
  made.session.setBreakpoints(FILE, [at]);
  expect(made.go("continue")).toMatch(new RegExp(`:${at.line} breakpoint$`));
  made.session.setBreakpoints(FILE, []);
  return made;
}

/** Why the call cannot go on at the line with this text; undefined when it can. */
function obstacle({ session, task }: Drive, source: string, part: string): string | undefined {
  const [site] = statementsOn(session.machine.programs, FILE, lineOf(source, part));
  return site === undefined ? "no statement" : obstacleTo(task(), site);
}

function to({ session, task }: Drive, source: string, part: string): number {
  const [site] = statementsOn(session.machine.programs, FILE, lineOf(source, part));
  const clock = session.clock;
  const stopped = travel(jump(session, numberOf(task()), site!));
  expect(stopped.reason.kind).toBe("jump");
  expect(session.clock).toBe(clock);
  expect(stopped.task?.layers.at(-1)?.activation.site).toBe(site);
  return clock;
}

function printed({ session }: Drive): string[] {
  return session.machine.log.map(({ text }) => text.replace(/^\[.*?\] /, "")).filter((text) => !/taint/.test(text));
}

/** All that can be seen of a run. */
function seen({ session }: Drive): unknown {
  const { machine } = session;
  return [machine.log.map(({ text, clock }) => [text, clock]), machine.reports, session.clock];
}

/** To the end, back to the beginning and to the end again: both are the same. */
function toTheEnd(made: Drive): string[] {
  while (!/ended$/.test(made.go("continue")));
  const once = JSON.stringify(seen(made));
  made.session.setStopsAt(() => false);
  travel(made.session.goTo(0));
  while (!/ended$/.test(made.go("continue")));
  expect(JSON.stringify(seen(made))).toBe(once);
  return printed(made);
}

describe("a jump", () => {
  test("forwards leaves out what lies between: memory is not freed, and a leak is reported", () => {
    const ordinary = stopAt(freeing, "kfree(f)");
    toTheEnd(ordinary);
    expect(ordinary.session.machine.reports).toEqual([]);
    const made = stopAt(freeing, "kfree(f)");
    to(made, freeing, "return 0;");
    expect(made.value("f.count")).toBe("14");
    toTheEnd(made);
    expect(made.session.machine.reports.map(({ id }) => id)).toEqual(["missing-release"]);
  });

  test("backwards does it again, with variables as they are", () => {
    const made = stopAt(freeing, "kfree(f)");
    to(made, freeing, "f.count *= 2;");
    expect(toTheEnd(made)).toEqual(["count 14", "count 28"]);
    expect(made.session.machine.reports).toEqual([]);
  });

  test("is made again at its moment when the run comes by, and not when something else was done before", () => {
    const made = stopAt(freeing, "kfree(f)");
    const clock = to(made, freeing, "f.count = 7;");
    expect(made.go("back")).toMatch(/foo_init:13 step/);
    expect(made.session.clock).toBe(clock - 1);
    expect(made.go("over")).toMatch(new RegExp(`foo_init:${lineOf(freeing, "f.count = 7;")} step`));
    expect(made.session.clock).toBe(clock);
    made.go("back");
    to(made, freeing, "return 0;");
    expect(made.session.inputs.map(({ action }) => action.kind)).toEqual(["jump"]);
    expect(toTheEnd(made)).not.toContain("count 14");
    expect(made.session.machine.reports.map(({ id }) => id)).toEqual(["missing-release"]);
  });

  test("leads out of a loop and a branch", () => {
    const made = stopAt(nesting, 'pr_info("odd %d', "i === 1");
    to(made, nesting, 'pr_info("after %d');
    expect(toTheEnd(made)).toEqual(["even 0", "after 10", "caught much", "finally 12", "end 12"]);
  });

  test("leads from the head of a loop to what follows it, without another round", () => {
    const made = stopAt(nesting, 'pr_info("even %d', "i === 0");
    expect(made.go("over")).toMatch(new RegExp(`:${lineOf(nesting, "for (let i")} step`));
    to(made, nesting, 'pr_info("after %d');
    expect(toTheEnd(made)[1]).toBe("after 10");
  });

  test("leads into the other branch, and the loop goes on", () => {
    const made = stopAt(nesting, 'pr_info("even %d', "i === 0");
    to(made, nesting, 'pr_info("odd %d');
    expect(toTheEnd(made).slice(0, 4)).toEqual(["odd 0", "odd 1", "even 1", "once 1"]);
  });

  test("leads into a case of a switch, which falls through as it does", () => {
    const made = stopAt(nesting, 'pr_info("after %d');
    to(made, nesting, "sum += 100;");
    expect(toTheEnd(made).slice(3, 6)).toEqual(["once 1", "once 1", "after 221"]);
  });

  test("leads into a while loop, whose condition is asked after that round", () => {
    const made = stopAt(nesting, "while (left");
    to(made, nesting, "sum += 1;");
    expect(toTheEnd(made)).toContain("after 122");
  });

  test("leads into a try, which catches", () => {
    const made = stopAt(nesting, 'pr_info("after %d');
    to(made, nesting, 'throw "much"');
    expect(toTheEnd(made).slice(4)).toEqual(["caught much", "finally 121", "end 121"]);
  });

  test("out of a try passes by its finally clause", () => {
    const made = stopAt(nesting, "sum += 2;");
    to(made, nesting, "const end");
    expect(toTheEnd(made).slice(5)).toEqual(["end 121"]);
  });

  test("is refused where it would not be what it seems", () => {
    const made = stopAt(nesting, "const half");
    const declared = (name: string, part: string) =>
      `'${name}' would have no value: its declaration in line ${lineOf(nesting, part)} has not run`;
    expect(obstacle(made, nesting, 'pr_info("even %d')).toBe(declared("half", "const half"));
    expect(obstacle(made, nesting, 'pr_info("odd %d')).toBeUndefined();
    expect(obstacle(made, nesting, 'pr_info("caught %s')).toBe("nothing was thrown that its catch clause could handle");
    expect(obstacle(made, nesting, 'pr_info("finally %d')).toBe("a finally clause runs when what it belongs to ends");
    expect(obstacle(made, nesting, "const end")).toBeUndefined();
    expect(obstacle(made, nesting, 'pr_info("end %d')).toBe(declared("end", "const end"));
    expect(obstacle(made, nesting, "return double;")).toBe("it is not in foo_init(): a jump stays in its function");
    const [site] = statementsOn(made.session.machine.programs, FILE, lineOf(nesting, "return double;"));
    expect(() => travel(jump(made.session, numberOf(made.task()), site!))).toThrow(/a jump stays in its function/);
    made.session.setBreakpoints(FILE, [{ line: lineOf(nesting, "let sum") }]);
    made.go("reverse");
    expect(obstacle(made, nesting, "const half")).toBe("the loop around it has not begun");
    const last = stopAt(nesting, 'pr_info("finally %d');
    expect(obstacle(last, nesting, 'pr_info("after %d')).toBe("a finally clause has to run to its end");
  });

  test("past a declaration leads to where nobody asks for the variable, as into the branch that it decides on", () => {
    const source = freeing.replace(
      "pr_info(",
      'const n = f.count;\n  if (n > 99) {\n    pr_info("large\\n");\n  }\n  pr_info(',
    );
    const made = stopAt(source, "const n");
    expect(obstacle(made, source, "if (n > 99)")).toMatch(/^'n' would have no value/);
    to(made, source, 'pr_info("large');
    expect(toTheEnd(made)).toEqual(["large", "count 14"]);
  });

  test("that was made once over a declaration is not made to where the variable is used", () => {
    const made = stopAt(nesting, "const once");
    to(made, nesting, 'pr_info("after %d');
    expect(obstacle(made, nesting, 'pr_info("once %d')).toMatch(/^'once' would have no value/);
    expect(() => made.value("once")).toThrow("'once' has no value yet");
    expect(() => made.value("once + 1")).toThrow("a variable has no value yet");
  });

  test("is not left out by machines that were on their way when nobody had thought of it", () => {
    const waste = (rounds: number): string => `for (let i = 0; i < ${rounds}; i++);`;
    const source = freeing
      .replace("const f =", `${waste(4000)} const f =`)
      .replace("kfree(f);", `kfree(f); ${waste(200)}`);
    const made = stopAt(source, "kfree(f)");
    const { clock } = made.session;
    const before = made.session.prepare();
    before.next();
    travel(made.session.goTo(clock + 150));
    const after = made.session.prepare();
    after.next();
    travel(made.session.goTo(clock));
    to(made, source, "return 0;");
    for (const _ of before);
    for (const _ of after);
    travel(made.session.goTo(clock - 5));
    toTheEnd(made);
    expect(made.session.machine.reports.map(({ id }) => id)).toEqual(["missing-release"]);
  });

  test("from every statement to others: the run goes on there, and can be repeated", () => {
    const { session } = drive(nesting, { limit: 1000 });
    session.setStopsAt(() => false);
    const [program] = session.machine.programs;
    const goals = program!.sites.filter(({ fn }) => fn === "foo_init");
    const left = new Set<number>();
    let made = 0;
    for (let clock = 0; clock < 60; clock++) {
      const from = travel(session.goTo(clock)).task?.layers.at(-1)?.activation.site;
      if (from?.fn !== "foo_init" || left.has(from.id)) continue;
      left.add(from.id);
      for (const goal of goals.filter(({ id }) => (id + clock) % 9 === 0)) {
        const { task } = travel(session.goTo(clock));
        if (obstacleTo(task!, goal) !== undefined) continue;
        const at = travel(jump(session, numberOf(task!), goal));
        expect(at.task?.layers.at(-1)?.activation.site).toBe(goal);
        travel(session.continue());
        const once = JSON.stringify(seen({ session } as Drive));
        expect(session.machine.reports.map(({ title }) => title)).toEqual([]);
        travel(session.goTo(0));
        travel(session.continue());
        expect(JSON.stringify(seen({ session } as Drive))).toBe(once);
        made++;
        travel(session.goTo(0));
        // Something else that is done forgets it.
        session.act({ kind: "freeze" });
      }
    }
    expect(made).toBeGreaterThan(40);
  });
});
