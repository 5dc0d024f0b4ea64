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
