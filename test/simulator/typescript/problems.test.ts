// What is refused before it runs, at its line and column; and drivers that try to reach the host.
import { describe, expect, test } from "vitest";
import { compile } from "../../../simulator/typescript/compile.ts";
import { FakeWorld, finish, outcome, start } from "./world.ts";

function problems(text: string, more: Record<string, string> = {}): string[] {
  const files = [{ path: "driver.ts", text }, ...Object.entries(more).map(([path, each]) => ({ path, text: each }))];
  const program = compile(files);
  const image = program.link(new FakeWorld());
  return [...program.problems, ...(image.problems ?? [])].map(
    (one) => `${one.file}:${one.line}:${one.column} ${one.message}`,
  );
}

const PRINTK = 'import { pr_info } from "linux/printk"; let x = 1;\n';

describe("problems", () => {
  test.each([
    ["let a = ;", "driver.ts:1:9 Unexpected token"],
    ["\n  let y = unknwon;", "driver.ts:2:11 'unknwon' undeclared"],
    ["const count = 1;\nconst y = cuont;", "driver.ts:2:11 'cuont' undeclared; did you mean 'count'?"],
    ["async function f() {}", "driver.ts:1:1 async is not available: drivers are synchronous, and blocking calls wait"],
    [
      "function* f() {}",
      "driver.ts:1:1 generator functions are not available: every function can be suspended as it is",
    ],
    [
      'import { kmaloc } from "linux/slab"; kmaloc();',
      "driver.ts:1:10 'linux/slab' has no 'kmaloc'; did you mean 'kzalloc'?",
    ],
    ['import { x } from "linux/slub"; x();', "driver.ts:1:10 no header 'linux/slub'; did you mean 'linux/slab'?"],
    [
      "let p = malloc(8);",
      "driver.ts:1:9 'malloc' undeclared: the C library is not there, the kernel has kmalloc of linux/slab",
    ],
    [
      'import { printf } from "linux/printk"; printf("x");',
      "driver.ts:1:10 'linux/printk' has no 'printf': the C library is not there, the kernel has pr_info of linux/printk",
    ],
    ["let fd = open(1);", "driver.ts:1:10 'open' undeclared: it is a call of user space"],
    ['import { y } from "./other"; y();', "driver.ts:1:19 no file './other' belongs to this program"],
    [
      'import { kfree } from "linux/slab"; kfree();',
      "driver.ts:1:37 too few arguments to function 'kfree'; expected 1, have 0",
    ],
    [
      'import { kfree } from "linux/slab"; kfree(null, 1);',
      "driver.ts:1:37 too many arguments to function 'kfree'; expected 1, have 2",
    ],
    ['import { kfree } from "linux/slab"; kfree = 1;', "driver.ts:1:37 'kfree' is imported and cannot be assigned to"],
    ["const $a = 1;", "driver.ts:1:7 names that begin with $ are reserved"],
    [
      "const x = 5; if ((x & 0xf0000000) === 0x80000000) {}",
      "driver.ts:1:18 comparison of a signed bitwise result with an unsigned value: '&' gives a negative number when bit 31 is set; cast it with u32(…)",
    ],
    [
      "const TOP = 0x80000000; function f(x: number) { return (x & TOP) === TOP; }",
      "driver.ts:1:56 comparison of a signed bitwise result with an unsigned value: '&' gives a negative number when bit 31 is set; cast it with u32(…)",
    ],
    ["export default 1;", "driver.ts:1:1 export by name: there is no default export"],

    ["namespace N { export const a = 1; }", "driver.ts:1:1 TSModuleDeclaration is not supported in driver code"],
    [
      "class A { constructor(private a: number) {} }",
      "driver.ts:1:23 TSParameterProperty is not supported in driver code",
    ],
  ])("%s", (text, expected) => expect(problems(text)).toEqual([expected]));

  test.each([
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a driver.
      "pr_info(`x ${x}`);",
      "2:9 format not a string literal: a template hides the values from the check of the format; use conversions such as %d and pass the values",
    ],
    ["pr_info(String(x));", "2:9 format not a string literal: its conversions cannot be checked"],
    ['pr_info("%d %d\\n", x);', "2:9 format '%d' expects a matching 'int' argument"],
    ['pr_info("%d\\n", x, x);', "2:20 too many arguments for format"],
    ['pr_info("%d\\n", "one");', "2:17 format '%d' expects argument of type 'int', but argument 2 has type 'char *'"],
    ['pr_info("%s\\n", 1);', "2:17 format '%s' expects argument of type 'char *', but argument 2 has type 'int'"],
    [
      'pr_info("%d\\n", 1n);',
      "2:17 format '%d' expects argument of type 'int', but argument 2 has type 'long long int'",
    ],
    ['pr_info("%y\\n", x);', "2:9 unknown conversion type character 'y' in format"],
    ['pr_info("100%");', "2:9 spurious trailing '%' in format"],
  ])("of formats: %s", (text, expected) => expect(problems(PRINTK + text)[0]).toBe(`driver.ts:${expected}`));

  test.each([
    'pr_info("%5.2d%% %-8s %lld %pM %*d %c\\n", x, "s", 1n, x, 3, x, 65);',
    'pr_info("a " + "b %d\\n", x);',
    'pr_info("%u %08x %zu %p\\n", x, x, x, null);',
  ])("none: %s", (text) => expect(problems(PRINTK + text)).toEqual([]));

  test("none of comparisons that bit 31 does not touch", () => {
    expect(
      problems(
        "const x = 1; if ((x & 0xff) === 0x80 || (x & 0xff) < 0xf0000000 || (x & x) === 5 || x === 0xf0000000) {}",
      ),
    ).toEqual([]);
  });

  test("none of names that are types only", () => {
    expect(
      problems(
        'import { irqreturn_t, kfree } from "linux/slab"; import type { x } from "linux/nowhere"; function f(): irqreturn_t { kfree(null); return 0; }',
      ),
    ).toEqual([]);
  });

  test("of several files", () => {
    expect(problems('import { a, b } from "./b.ts"; a();', { "b.ts": "export function a() {}" })).toEqual([
      "driver.ts:1:13 'b.ts' has no 'b'",
    ]);
    expect(
      problems('import { a } from "./b.ts"; export const c = () => a;', {
        "b.ts": 'import { c } from "./driver.ts"; export const a = () => c;',
      }),
    ).toEqual(["b.ts:1:1 'b.ts' and 'driver.ts' import each other"]);
  });

  test("keep a program from starting", () => {
    const program = compile([{ path: "driver.ts", text: "let y = unknwon;" }]);
    expect(outcome(program.link(new FakeWorld()).start().run(10))).toBe("driver.ts:1:9: 'unknwon' undeclared");
  });
});

test("files import each other's live variables", () => {
  const started = start(
    'import { module_init } from "linux/module"; import { n, bump as more, type T } from "./lib/b"; import * as b from "./lib/b.ts"; function main() { more(); const o: any = { n }; return n * 10 + o.n + b.n; } module_init(main);',
    {
      "lib/b.ts":
        'import { step } from "../c.ts"; export let n = 1; export type T = number; export function bump() { n += step; } export { step } from "../c.ts";',
      "c.ts": "const step = 2; export { step };",
    },
  );
  const { image, entry } = [...started.world.functions.values()][0]!;
  expect(outcome(finish(started, image.call(entry, []), () => 1).end)).toBe(36);
});

describe("a hostile driver", () => {
  test.each([
    ["process.exit(1)", "'process' is not available: a driver cannot reach the machine that simulates it"],
    ["globalThis.x", "'globalThis' is not available: a driver sees what it imports"],
    ['require("fs")', "'require' is not available: use import"],
    ['Function("return this")()', "'Function' is not available: code cannot be made from text"],
    ['eval("1")', "'eval' is not available: code cannot be made from text"],
    ['import("node:fs")', "import() is not available: import at the top of the file"],
    ["import.meta.url", "import.meta and new.target are not available"],
    ["new Date()", "'Date' is not available: a driver reads virtual time: ktime_get() of linux/ktime"],
    ["Math.random()", "Math has no 'random': a run is repeatable; use get_random_u32 of linux/random"],
    ["setTimeout(() => 1)", "'setTimeout' is not available: use timers of linux/timer or work of linux/workqueue"],
    ["(() => 1).constructor", "the property 'constructor' is not available to driver code"],
    ['(() => 1)["constructor"]', "the property 'constructor' is not available to driver code"],
    ["(() => 1).const\\u0072uctor", "the property 'constructor' is not available to driver code"],
    ["({}).__proto__", "the property '__proto__' is not available to driver code"],
    ["({ __proto__: null })", "the property '__proto__' is not available to driver code"],
    ["(({ constructor: c }) => c)(f)", "the property 'constructor' is not available to driver code"],
    ["(({ [`constructor`]: c }: any) => c)(f)", undefined],
    ["Array.prototype", "the property 'prototype' is not available to driver code"],
    ["$.top", "'$' undeclared"],
    ["new Proxy({}, {})", "'Proxy' is not available: it cannot be stepped"],
    ["Reflect.ownKeys({})", "'Reflect' is not available: it reaches behind objects"],
    ["arguments[0]", "'arguments' is not available: use rest parameters"],
    ["String.raw`a`", "tagged templates are not available: call the function"],
    ["{ m() { super.x = 1; } }", "assign to 'this' instead of 'super'"],
    ["f?.constructor", "the property 'constructor' is not available to driver code"],
  ])("is refused: %s", (source, message) => {
    const found = problems(`function f() { return ${source}; }`);
    if (message === undefined) expect(found).toEqual([]);
    else expect(found.join("\n")).toContain(message);
  });

  const denied = "the property 'constructor' is not available to driver code";
  test.each([
    ['const k = "const" + "ructor"; return (f as any)[k];', denied],
    ['const k = ["const", "ructor"].join(""); return (f as any)?.[k];', denied],
    [
      "let n = 0; const k: any = { toString() { return n++ ? 'constructor' : 'name'; } }; return [(f as any)[k], (f as any)[k]];",
      denied,
    ],
    ['const { ["const" + "ructor"]: c } = f as any; return c;', denied],
    ['let c; ({ ["const" + "ructor"]: c } = f as any); return c;', denied],
    ['return (f as any)[["constructor"] as any];', denied],
    ['class A { m() { return (super["const" + "ructor" as "x"] as any); } } return new A().m();', denied],
    ["([].map as any).call = f;", "the properties of a function that is not the driver's own cannot be changed"],
    ["const o = { set(this: any) { this.call = f; } }; o.set.call([].map as any);", "not the driver's own"],
    ["[([].map as any).call] = [f];", "not the driver's own"],
    ["delete (f.call as any).name;", "not the driver's own"],
    ["for ((Math.floor as any).x of [1]);", "not the driver's own"],
    ["(Math as any).floor = 1;", "the driver stopped: TypeError"],
    ["(Array as any).isArray = 1;", "not the driver's own"],
    ["(Error as any).x = 1;", "not the driver's own"],
    [
      'try { (null as any).x; } catch (e) { return (e as any)["const" + "ructor"]; }',
      "BUG: kernel NULL pointer dereference",
    ],
    ["try { [].reduce((a) => a); } catch (e) { return e; }", "the driver stopped: TypeError"],
  ])("is stopped: %s", (body, message) => {
    const started = start(`import { module_init } from "linux/module"; function f(): any { ${body} } module_init(f);`);
    const { image, entry } = [...started.world.functions.values()][0]!;
    const end = image.call(entry, []).run(1000);
    expect(end.kind).toBe("fault");
    expect(outcome(end)).toContain(message);
  });

  test("finds no stack of the host in its errors", () => {
    const started = start(
      'import { module_init } from "linux/module"; function f(): any { try { throw new Error("a"); } catch (e) { return (e as any).stack === undefined ? 1 : 0; } } module_init(f);',
    );
    const { image, entry } = [...started.world.functions.values()][0]!;
    expect(outcome(image.call(entry, []).run(1000))).toBe(1);
  });
});

test("names in quotes, which would become code, are refused", () => {
  const other = { "b.ts": "export const a = 1;" };
  expect(problems('import { "x.y" as z } from "./b.ts"; z;', other)).toContain(
    "driver.ts:1:10 names in quotes are not available",
  );
  expect(problems('const a = 1; export { a as "b(){},get c" };')).toEqual([
    "driver.ts:1:28 names in quotes are not available",
  ]);
  expect(problems('import { constructor as c } from "./b.ts"; c;', other)).toEqual([
    "driver.ts:1:10 'b.ts' has no 'constructor'",
  ]);
});
