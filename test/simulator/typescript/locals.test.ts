// Functions whose variables all stand at their head show, and do, what functions with a closure for each block do.
import { describe, expect, test } from "vitest";
import type { Activation } from "../../../simulator/engine/interfaces.ts";
import { compile } from "../../../simulator/typescript/compile.ts";
import { finish, outcome, start } from "./world.ts";

const HEAD = `import { module_init } from "linux/module"; import { struct, u32, on_stack } from "linux/types";
const pair = struct("pair", { a: u32, b: u32 });
let calls = 0;
const jiffies = 5;
`;

/** A comment is where a function may have a function in it, which nobody calls. */
const TEXTS: Readonly<Record<string, string>> = {
  "loops and blocks": `function add(a: number, b: number) { return a + b; /* more */ }
    function f(n = 2, { x, ...rest } = { x: 1, y: 2 }) {
      let sum = 0; let later; var old; const list = [1, 2];
      for (let i = 0, j = 9; i < n; i++) { const jiffies = add(i, j); { let sum = jiffies; sum += 1; } later = jiffies; }
      for (const one of list) { if (one === 2) continue; let unset; sum += one; unset = sum; }
      for (const [k, v] of [["a", 1], ["b", 2]] as const) { sum += v; old = k; }
      for (const key in { p: 1 }) { old = key; }
      for (let n = 3; n > 2; n--) { let once: number; once = n; }
      while (n-- > 1) { let round = n; round++; }
      do { const last = sum; sum = last + jiffies; } while (sum < 0);
      out: for (let i = 0; ; i++) { for (let i = 7; i < 9; i++) { if (i === 8) break out; } }
      switch (sum) { case 1: { let one = 1; one++; break; } default: { const other = sum; calls = other; } }
      return sum + x + rest.y + jiffies; /* more */ }`,
  "what was thrown": `function g(depth: number): number { const own = depth; if (own > 2) throw { code: own }; return g(own + 1); /* more */ }
    function f() { let seen = 0;
      try { const before = 1; seen = g(before); } catch ({ code }: any) { const twice = code * 2; seen = twice; } finally { const end = seen; seen = end + 1; }
      try { g(0); } catch { seen++; } try { g(0); } catch (e) { const e2 = e; seen += (e2 as any).code; }
      const [p, q = seen, ...more] = [1, undefined, 2, 3]; let { length: count = p } = more; [count, seen] = [q, count];
      return seen + count; /* more */ }`,
  "structs on the stack": `function f() { const d = on_stack(pair); let n = 1; { const e = on_stack(pair); e.a = 3; n = e.a; } return d.b + n; /* more */ }`,
  "objects and this": `const of = { base: 4, get(x: number) { const sum = this.base + x; return sum; /* more */ }, without(x: number) { return x; /* more */ } };
    const arrow = (x: number) => { let twice = x * 2; twice++; return twice; /* more */ };
    const short = (x: number) => x + 1;
    function f() { const a = of.get(of.without(1)); return a + arrow(a) + short(a); /* more */ }`,
  "a fault": `function h(of: any) { const own = 1; { let inner = own + 1; inner = of.first.second; } return own; /* more */ } function f() { const none = { first: null }; let result = 5; result = h(none); return result; /* more */ }`,
  "a use before the declaration": `function f() { let n = 0; { n = early + 1; const early = 2; n = early; } return n; /* more */ }`,
  "an assignment before the declaration": `function f() { let n = 0; { early = 1; let early = 2; n = early; } return n; /* more */ }`,
  "an assignment to a constant": `function f() { const n = 1; let more = n; { const n = 2; more = n; (n as any) += 3; } return more; /* more */ }`,
  "no function": `function f() { const n = 0; for (const once of [5]) { (once as any)(); } return n; /* more */ }`,
};

/** With a function in each function, their variables stay where they are declared. */
const inBlocks = (text: string): string => text.replaceAll("/* more */", "(() => 0);");

function shown(activation: Activation): string[] {
  return activation.frames().flatMap((frame) => {
    const views = frame.scopes()[0]!.variables.map(({ name, value }) => `${name} = ${value}`);
    const asked = ["this?.base", "calls + 1", "early", "n + 1"].map((source) => {
      try {
        return `${source}: ${frame.evaluate(source).value}`;
      } catch (error) {
        return `${source}: ${(error as Error).message}`;
      }
    });
    return [`${frame.fn} ${frame.site.line}:${frame.site.column}`, ...views, ...asked];
  });
}

function stepped(text: string): { readonly seen: readonly string[][]; readonly end: unknown } {
  const started = start(`${HEAD}${text}\nmodule_init(f);`);
  const { image, entry } = [...started.world.functions.values()].at(-1)!;
  const activation = image.call(entry, []);
  const seen: string[][] = [];
  for (;;) {
    const stop = activation.run(1);
    seen.push(shown(activation));
    if (stop.kind !== "budget") return { seen, end: outcome(stop) };
  }
}

describe.each(Object.entries(TEXTS))("%s", (_, text) => {
  const atHead = stepped(text);

  test("shows the same before each statement, and at its end", () => {
    const expected = stepped(inBlocks(text));
    expect(atHead.seen.length).toBeGreaterThan(1);
    expect(atHead).toEqual(expected);
  });

  test("does the same without scopes", () => {
    const started = start(`${HEAD}${text}\nmodule_init(f);`);
    const { world } = started;
    const image = started.program.link(Object.assign(world, { isBare: true }));
    finish({ ...started, image }, image.start());
    const { entry } = [...world.functions.values()].at(-1)!;
    expect(outcome(finish({ ...started, image }, image.call(entry, [])).end)).toEqual(atHead.end);
  });
});

test("variables can be set in every frame, and go on with what they were set to", () => {
  const text = `function add(a: number, b: number) { return a + b; }
    function f() { let sum = 0; for (let i = 0; i < 3; i++) { let by = i; sum = add(sum, by) + by; } return sum; }`;
  const started = start(`${HEAD}${text}\nmodule_init(f);`);
  const { image, entry } = [...started.world.functions.values()].at(-1)!;
  const activation = image.call(entry, []);
  while (activation.frames()[0]?.fn !== "add") activation.run(1);
  const [inner, outer] = activation.frames();
  inner!.set("b", "b + 100");
  outer!.set("by", "1000");
  outer!.set("i", "1");
  expect(() => outer!.set("calls", "jiffies")).not.toThrow();
  expect(() => outer!.set("jiffies", "1")).toThrow("a constant cannot be set");
  expect(outer!.evaluate("[by, i, sum, calls]").value).toBe("[1000, 1, 0, 5]");
  // The first round: 0 + 100 and 1000; the one that is left: 1100 + 2 and 2.
  expect(outcome(finish(started, activation).end)).toBe(1104);
});

test("there is nothing for each round of a loop to make", () => {
  const made: string[] = [];
  const { Function: own } = globalThis;
  globalThis.Function = new Proxy(own, {
    construct: (target, args) => {
      made.push(args.at(-1) as string);
      return Reflect.construct(target, args) as object;
    },
  });
  try {
    compile([{ path: "driver.ts", text: `${HEAD}${TEXTS["loops and blocks"]}` }]);
  } finally {
    globalThis.Function = own;
  }
  const body = made[0]!.slice(made[0]!.indexOf("function*f("));
  expect(body).not.toContain("eval");
});
