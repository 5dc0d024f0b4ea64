// Why a driver stops: budgets, breakpoints, kernel functions that block or call back, faults.
import { describe, expect, test } from "vitest";
import { finish, outcome, type Started, start } from "./world.ts";

const HEAD = `import { module_init } from "linux/module"; import { schedule, call } from "linux/wait"; import { pr_info } from "linux/printk"; import { struct, u32, ptr, type int, type u64 } from "linux/types";
`;

function entry(text: string): Started & { activation: ReturnType<Started["image"]["call"]> } {
  const started = start(HEAD + text);
  const { image, entry: fn } = [...started.world.functions.values()][0]!;
  return { ...started, activation: image.call(fn, []) };
}

const LOOP = `function f() {
  let s = 0;
  for (let i = 0; i < 3; i++)
    s += i;
  return s;
}
module_init(f);`;

describe("a budget", () => {
  test("is the number of statements that run", () => {
    const { activation } = entry(LOOP);
    expect(activation.run(0)).toEqual({ kind: "budget" });
    expect(activation.used).toBe(0);
    expect(activation.run(2)).toEqual({ kind: "budget" });
    expect(activation.used).toBe(2);
    expect(activation.frames()[0]!.site.line).toBe(5);
    expect(activation.run(0)).toEqual({ kind: "budget" });
    expect(activation.run(100)).toEqual({ kind: "done", value: 3 });
    expect(activation.used).toBe(7);
    expect(activation.frames()).toEqual([]);
  });

  test("gives the same statements however it is cut", () => {
    const sites = (slice: number): readonly number[] => {
      const { activation } = entry(LOOP);
      const seen: number[] = [];
      while (activation.run(slice).kind === "budget") seen.push(activation.frames()[0]!.site.id);
      return seen;
    };
    const all = sites(1);
    expect(sites(1)).toEqual(all);
    expect(sites(3)).toEqual(all.filter((_, i) => i % 3 === 2));
  });
});

describe("a breakpoint", () => {
  test("stops before its statement each time that it is reached, and not where a run starts", () => {
    const { activation, program, image } = entry(LOOP);
    const site = program.sites.find((one) => one.line === 5)!;
    image.breakpoints[site.id] = 1;
    for (const s of ["0", "0", "1"]) {
      expect(activation.run(1000)).toEqual({ kind: "breakpoint", site });
      expect(activation.frames()[0]!.evaluate("s").value).toBe(s);
    }
    expect(activation.run(1000)).toEqual({ kind: "done", value: 3 });
  });

  test("is told when the turn of its statement has come, after the end of a budget", () => {
    const { activation, program, image } = entry(LOOP);
    image.breakpoints[program.sites.find((one) => one.line === 5)!.id] = 1;
    expect(activation.run(2).kind).toBe("budget");
    expect(activation.used).toBe(2);
    expect(activation.run(1).kind).toBe("breakpoint");
    expect(activation.used).toBe(0);
    expect(activation.run(1).kind).toBe("budget");
    expect(activation.used).toBe(1);
  });

  test("stops in a callback of an array method, which is not called as what becomes of it", () => {
    const { activation, program, image } = entry(
      "function f() { const both = [1, 2].map((x) =>\n x + 1); return both[1]!; }\nmodule_init(f);",
    );
    image.breakpoints[program.sites.find((one) => one.line === 3)!.id] = 1;
    expect(activation.run(100).kind).toBe("breakpoint");
    expect(activation.frames().map((one) => one.fn)).toEqual(["(anonymous)", "f"]);
  });
});

describe("the kernel", () => {
  test("makes a driver wait", () => {
    const { activation } = entry("function f() { const n = schedule() + 1;\n return n; }\nmodule_init(f);");
    expect(activation.run(10)).toEqual({ kind: "block", on: { words: "a test" } });
    expect(activation.used).toBe(1);
    expect(activation.frames()[0]!.site.line).toBe(2);
    expect(activation.run(10, 41)).toEqual({ kind: "done", value: 42 });
    expect(activation.used).toBe(1);
  });

  test("sees the running statement while it is called", () => {
    const { activation, world } = entry(`function g() {
        pr_info("here");
      }
      function f() {
        g(); } module_init(f);`);
    const lines: (readonly [string, number])[] = [];
    world.log.push = () => lines.push(...activation.frames().map((one) => [one.fn, one.site.line] as const));
    activation.run(100);
    expect(lines).toEqual([
      ["g", 3],
      ["f", 6],
    ]);
  });

  test("calls drivers back, functions by one address each", () => {
    const started = entry(`let sum = 0; const add = (x: int) => { sum += x; return sum; };
      function f() { call(add, 4); call(add, 5); return call((x: u64) => { sum++; return sum + schedule(); }, 0); }
      module_init(f);`);
    const ran = finish(started, started.activation);
    expect(outcome(ran.end)).toBe(4 + 5 + 1 + 7);
    expect(started.world.functions.size).toBe(3);
    expect([...started.world.functions.values()].map((one) => one.name)).toEqual(["f", "add", "(anonymous)"]);
  });

  test("cannot make a constructor or a getter wait", () => {
    const { activation } = entry(
      "const o = { get x() { return schedule(); } }; function f() { return o.x; } module_init(f);",
    );
    expect(outcome(activation.run(10))).toMatch("BUG: scheduling while atomic");
  });
});

describe("a fault", () => {
  const fault = (body: string): unknown => {
    const { activation } = entry(`const dev = struct("dev", { n: u32, next: ptr() }); const none = () => null as any;
      function f() {
        ${body}
      } module_init(f);`);
    const end = activation.run(1e7);
    expect(end.kind).toBe("fault");
    expect(activation.run(1)).toBe(end);
    return outcome(end);
  };

  test.each([
    ["none().x = 1;", "BUG: kernel NULL pointer dereference, address: 00000000"],
    ["const p = none(); return p.a.b;", "BUG: kernel NULL pointer dereference, address: 00000000"],
    ["const { q } = none(); return q;", "BUG: kernel NULL pointer dereference, address: 00000000"],
    ['throw new Error("why");', "uncaught exception: Error: why"],
    ["throw 5;", "uncaught exception: 5"],
    ["const o: any = {}; o.f();", "the driver stopped: TypeError: o.f is not a function"],
    ["const g = (): number => g() + 1; return g();", "BUG: TASK stack guard page was hit: calls are nested too deeply"],
    [
      "class A { constructor() { for (;;); } } new A();",
      "BUG: soft lockup: code that cannot be suspended does not end",
    ],
  ])("ends the task: %s", (body, message) => expect(fault(body)).toBe(message));

  // Each of these would keep V8 busy for long, or take its memory, with no statement in between.
  test.each([
    "let b = 3n; for (;;) b = b * b;",
    "let b = 3n; for (;;) b *= b;",
    "const o = { b: 3n }; for (;;) o.b *= o.b;",
    "const n = 1n << 40n; return Number(3n ** n);",
    "let b = 3n; const n = 1n << 40n; b **= n; return 0;",
    "const n = 1n << 29n; return Number(1n << n);",
    "const n = -(1n << 29n); return Number(1n >> n);",
    "let b = 3n; const n = 1n << 29n; b <<= n; return 0;",
    "return Number(BigInt.asUintN(0x10000000, -1n));",
    'return Number(BigInt("9".repeat(100000)));',
  ])("ends the task when BigInts grow: %s", (body) => {
    expect(fault(body)).toBe("the driver stopped: RangeError: Maximum BigInt size exceeded");
  });

  test("passes by the driver's catch and finally, and leaves the frames to look at", () => {
    const { activation, world } = entry(`function g(p: any) { const here = 3;
        try { p.x = here; } catch { pr_info("caught"); } finally { pr_info("finally"); } }
      function f() { try { g(null); } finally { pr_info("outer"); } } module_init(f);`);
    expect(activation.run(100).kind).toBe("fault");
    expect(world.log.slice(1)).toEqual([]);
    expect(activation.frames().map((one) => [one.fn, one.site.line])).toEqual([
      ["g", 3],
      ["f", 4],
    ]);
    expect(activation.frames()[0]!.evaluate("here").value).toBe("3");
  });

  test("of memory is worded by the machine", () => {
    const started =
      start(`import { module_init } from "linux/module"; import { cast, struct, u32, type Ref } from "linux/types";
      const dev = struct("dev", { n: u32, m: u32 }); function f(d: Ref<typeof dev>) { return d.m; } module_init(f);`);
    const { image, entry: fn } = [...started.world.functions.values()][0]!;
    expect(outcome(image.call(fn, [0x10]).run(10))).toBe("BUG: kernel NULL pointer dereference, address: 00000014");
    expect(outcome(image.call(fn, [0x90000000]).run(10))).toBe(
      "BUG: unable to handle page fault for address: 90000004",
    );
  });
});
