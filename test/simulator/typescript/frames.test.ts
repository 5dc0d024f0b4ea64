// At every stop: who called whom, which variables are in view, what expressions are worth, what can be set.
import { describe, expect, test } from "vitest";
import type { Activation, Frame } from "../../../simulator/engine/interfaces.ts";
import { finish, outcome, type Started, start } from "./world.ts";

const TEXT = `import { module_init } from "linux/module";
import { kzalloc, GFP_KERNEL } from "linux/slab";
import { struct, u32, s8, array, ptr, container_of, type Ref } from "linux/types";
const dev = struct("dev", { count: u32, small: s8, data: array(u32, 3), next: ptr() });
let total = 10;
const names = ["a", "b"];
function inner(d: Ref<typeof dev>, n: number): number {
  let later = 1;
  for (let i = 0; i < 2; i++) {
    const n = i + 100;
    d.count += n;
    later += i;
  }
  total += later;
  return n;
}
function outer(): number {
  const d = kzalloc(dev, GFP_KERNEL)!;
  const add = (x: number) => { const y = x + d.count; return y; };
  d.data[1] = 7;
  return inner(d, 5) + add(1);
}
module_init(outer);
`;

function calling(): { started: Started; activation: Activation } {
  const started = start(TEXT);
  const { image, entry } = [...started.world.functions.values()][0]!;
  return { started, activation: image.call(entry, []) };
}

/** Steps until the innermost frame is about to run a line. */
function stopAtLine(activation: Activation, line: number, times = 1): Frame {
  for (let left = times; ; ) {
    const stop = activation.run(1);
    if (stop.kind === "done" || stop.kind === "fault") throw new Error(`line ${line} was not reached`);
    const frame = activation.frames()[0]!;
    if (frame.site.line === line && --left === 0) return frame;
  }
}

const locals = (frame: Frame): Record<string, string> =>
  Object.fromEntries(frame.scopes()[0]!.variables.map((one) => [one.name, one.value]));

describe("frames", () => {
  test("are the calls, innermost first, each with its statement", () => {
    const { activation } = calling();
    stopAtLine(activation, 11);
    expect(activation.frames().map((one) => [one.fn, one.site.line, one.site.column])).toEqual([
      ["inner", 11, 5],
      ["outer", 21, 3],
    ]);
  });

  test("show the loop's variable between two iterations, as it is in each", () => {
    const seen = [2, 3].map((times) => {
      const { activation } = calling();
      const { i, n } = locals(stopAtLine(activation, 9, times));
      return [i, n];
    });
    expect(seen).toEqual([
      ["0", "5"],
      ["1", "5"],
    ]);
  });

  test("show the variables in view, the innermost of a name", () => {
    const { activation } = calling();
    const frame = stopAtLine(activation, 11, 2);
    expect(locals(frame)).toEqual({
      n: "101",
      i: "1",
      d: expect.stringMatching(/^struct dev @ [0-9a-f]{8}$/),
      later: "1",
    });
    expect(frame.scopes().map((one) => one.name)).toEqual(["Locals", "Module globals"]);
    expect(frame.scopes()[1]!.variables.map((one) => [one.name, one.value])).toEqual([
      ["total", "10"],
      ["names", '["a", "b"]'],
    ]);
  });

  test("leave out what does not exist yet, and what has gone", () => {
    const { activation } = calling();
    expect(Object.keys(locals(stopAtLine(activation, 10)))).toEqual(["i", "d", "later"].sort(() => 0));
    expect(Object.keys(locals(stopAtLine(activation, 14))).sort()).toEqual(["d", "later", "n"]);
  });

  test("show variables that a closure took from outside", () => {
    const { activation } = calling();
    const frame = stopAtLine(activation, 19, 2);
    expect(frame.fn).toBe("add");
    expect(locals(frame)).toMatchObject({ x: "1" });
    expect(Object.keys(locals(frame))).toContain("d");
  });

  test("show structs by member, without a checked access", () => {
    const { started, activation } = calling();
    const frame = stopAtLine(activation, 11);
    const before = started.world.memory.accesses.length;
    const d = frame.scopes()[0]!.variables.find((one) => one.name === "d")!;
    expect(d.type).toBe("struct dev *");
    expect(d.children!().map((one) => [one.name, one.value, one.type])).toEqual([
      ["count", "0", "u32"],
      ["small", "0", "s8"],
      ["data", expect.stringMatching(/^u32 \[3\] @/), "u32 [3]"],
      ["next", "NULL", "void *"],
    ]);
    expect(d.children!()[2]!.children!().map((one) => one.value)).toEqual(["0", "7", "0"]);
    expect(started.world.memory.accesses.length).toBe(before);
  });
});

describe("evaluate", () => {
  const at = (line: number): Frame => stopAtLine(calling().activation, line);

  test("sees the scopes of the statement", () => {
    const frame = at(11);
    expect(frame.evaluate("n + i").value).toBe("100");
    expect(frame.evaluate("d.data[1] * 2 + total").value).toBe("24");
    expect(frame.evaluate("(names as string[]).length").value).toBe("2");
    expect(frame.evaluate("d?.next").value).toBe("NULL");
    expect(frame.evaluate("u32(-1)").value).toBe("4294967295");
    expect(frame.evaluate("d").address).toBeGreaterThan(0);
  });

  test("of an outer frame sees the outer variables", () => {
    const { activation } = calling();
    stopAtLine(activation, 11);
    const outer = activation.frames()[1]!;
    expect(outer.evaluate("d.count").value).toBe("0");
    expect(() => outer.evaluate("later")).toThrow("'later' undeclared");
  });

  test.each([
    ["inner(d, 1)", "looking changes nothing: 'inner' cannot be called here"],
    ["kzalloc(dev, 0)", "looking changes nothing: 'kzalloc' cannot be called here"],
    ["total = 3", "looking changes nothing: assignments are not allowed"],
    ["total++", "looking changes nothing: assignments are not allowed"],
    ["names.push(1)", "looking changes nothing: 'push' cannot be called here"],
    ["nothing", "'nothing' undeclared"],
    ["n +", "Unexpected token"],
    ["names.constructor", "the property 'constructor' is not available to driver code"],
    ["names['const' + 'ructor']", "the property 'constructor' is not available to driver code"],
    ["d.cuont", "struct dev has no member named 'cuont'"],
  ])("refuses %s", (source, message) => {
    expect(() => at(11).evaluate(source)).toThrow(message);
  });

  test("works where the driver is between two statements of any frame, at every stop", () => {
    const { activation } = calling();
    while (activation.run(1).kind === "budget") {
      for (const frame of activation.frames()) {
        for (const { name } of frame.scopes()[0]!.variables) expect(frame.evaluate(name).name).toBe(name);
      }
    }
  });
});

describe("set", () => {
  test("changes a variable of the statement's own scope", () => {
    const { started, activation } = calling();
    const frame = stopAtLine(activation, 11, 2);
    frame.set("later", "later + 1000");
    expect(locals(frame).later).toBe("1001");
    stopAtLine(activation, 15).set("n", "50");
    expect(started.image.globals()[0]!.value).toBe("1012");
    expect(outcome(finish(started, activation).end)).toBe(50 + 1 + 100 + 101);
  });

  test("changes the loop's variable for the iterations that follow", () => {
    const { started, activation } = calling();
    const frame = stopAtLine(activation, 11);
    frame.set("i", "7");
    expect(outcome(finish(started, activation).end)).toBe(5 + 1 + 100);
  });

  test("changes a member and an element, and the value that a global has", () => {
    const { activation } = calling();
    const frame = stopAtLine(activation, 11);
    frame.set("d.count", "41");
    frame.set("d.data[2]", "d.count + 1");
    frame.set("total", "0");
    expect(frame.evaluate("[d.count, d.data[2], total]").value).toBe("[41, 42, 0]");
  });

  test("says what cannot be set", () => {
    const frame = stopAtLine(calling().activation, 11);
    expect(() => frame.set("names", "1")).toThrow("a constant cannot be set");
    expect(() => frame.set("n + 1", "1")).toThrow("'n + 1' is nothing that can be set");
    expect(() => frame.set("kzalloc", "1")).toThrow("imported");
  });
});

test("globals are seen without a frame", () => {
  expect(
    start(TEXT)
      .image.globals()
      .map((one) => [one.name, one.value]),
  ).toEqual([
    ["total", "10"],
    ["names", '["a", "b"]'],
  ]);
});
