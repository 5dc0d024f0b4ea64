// What a hostile driver would try, each as the body of its init function, with a word that its success would print.

export const escaped = "ESCAPED";

const viaConstructor = (code: string) => `({}).constructor.constructor(${JSON.stringify(code)})()`;

/** Each statement prints `ESCAPED` by pr_info only if it reached something of the machine. */
export const attempts: Readonly<Record<string, string>> = {
  "process by name": `if (typeof process !== "undefined") pr_info("${escaped}\\n");`,
  "process by constructor": `if (${viaConstructor("return typeof process === 'object'")}) pr_info("${escaped}\\n");`,
  "require by constructor": `if (${viaConstructor("return typeof require === 'function'")}) pr_info("${escaped}\\n");`,
  "network by constructor": `if (${viaConstructor("return typeof fetch === 'function'")}) pr_info("${escaped}\\n");`,
  "global object": `if (${viaConstructor("return this.process !== undefined")}) pr_info("${escaped}\\n");`,
  eval: `if ((0, eval)("typeof process === 'object'")) pr_info("${escaped}\\n");`,
  "new Function": `if (new Function("return typeof process === 'object'")()) pr_info("${escaped}\\n");`,
  "function's constructor": `if ((() => {}).constructor("return typeof process === 'object'")()) pr_info("${escaped}\\n");`,
  "generator's constructor": `if ((function* () {}).constructor("yield typeof process === 'object'")().next().value) pr_info("${escaped}\\n");`,
  "getter of an error": `try { (null as any).x; } catch (e: any) { if (e.constructor.constructor("return typeof process === 'object'")()) pr_info("${escaped}\\n"); }`,
  "globalThis by name": `if ((globalThis as any).process !== undefined) pr_info("${escaped}\\n");`,
};

/** These reach for a file or another process later, behind a promise; success would leave a file behind. */
export const delayed = (mark: string): Readonly<Record<string, string>> => ({
  "import of fs": `${viaConstructor(`return import("node:fs").then((fs) => fs.writeFileSync(${JSON.stringify(mark)}, "x"))`)};`,
  "import of child_process": `${viaConstructor(`return import("node:child_process").then((c) => c.execSync("touch ${mark}"))`)};`,
  "a plain import": `import("node:fs").then((fs: any) => fs.writeFileSync(${JSON.stringify(mark)}, "x"));`,
});

/** These take more than they may, each with what the oops says that their task ends in. */
export const greedy: Readonly<Record<string, readonly [statement: string, report: RegExp]>> = {
  throws: ["throw new Error('odd');", /uncaught exception: Error: odd/],
  "calls itself without end": ["const f = (n: number): number => f(n + 1) + 1; f(1);", /stack guard page was hit/],
  "calls itself in a getter": [
    "const o = { get x(): number { return (this as any).x + 1; } }; o.x;",
    /stack guard page was hit/,
  ],
  "calls itself in a callback": [
    "const f = (n: number): number => [2, 1].sort(() => f(n + 1))[0]!; f(0);",
    /stack guard page was hit/,
  ],
  "waits in a getter": ["const o = { get x(): number { for (;;); } }; o.x;", /soft lockup/],
  "wants an array that is too long": ["new Array(1e9).fill(0);", /Invalid array length: 1000000000 elements/],
  "wants a typed array that is too long": ["new Uint8Array(2 ** 32);", /Invalid array length: 4294967296 elements/],
  "makes texts without end": ["let s = 'x'; for (;;) s += s;", /Invalid string length: 8388608 characters/],
  "repeats a text": ["'x'.repeat(1e9).length;", /Invalid string length: 1000000000 characters/],
  "joins without end": ["let s = 'x'; for (;;) s = [s, s].join(',');", /Invalid string length/],
  "makes arrays without end": ["let a: any[] = [1]; for (;;) a = [...a, ...a];", /Invalid array length/],
  "goes through an array of nothing": ["const a: any[] = []; a.length = 4e9; a.indexOf(1);", /Invalid array length/],
  "fills what is no array": ["([] as any).fill.call({ length: 2 ** 50 }, 0);", /Invalid array length/],
  "keeps all that it makes": [
    "const k: any[] = []; for (;;) k.push(new Uint8Array(1 << 22));",
    /Out of memory: the driver/,
  ],
  "matches without end": ["/(a+)+\\1$/.test('a'.repeat(60) + 'b');", /came to no end, and was cut short/],
};

export const hostileDriver = (statement: string) => `// A driver that reaches for the machine.
import { module_init, module_exit, MODULE_LICENSE } from "linux/module";
import { pr_info } from "linux/printk";

function hostile_init(): number {
  ${statement}
  return 0;
}

function hostile_exit(): void {
  pr_info("bye\\n");
}

module_init(hostile_init);
module_exit(hostile_exit);
MODULE_LICENSE("GPL");
`;
