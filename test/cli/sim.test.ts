// The program `driverlab-sim` as a person or a script calls it: log, problems, exit codes, limits, odd use.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const program = join(root, "dist/driverlab-sim.js");
let folder = "";

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function sim(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

const driver = (
  body: string,
  imports = "",
): string => `import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { pr_info } from "linux/printk";
import type { int } from "linux/types";
${imports}
function foo_init(): int {
  ${body}
  return 0;
}

function foo_exit(): void {
  pr_info("foo: bye\\n");
}

module_init(foo_init);
module_exit(foo_exit);
MODULE_LICENSE("GPL");
`;

beforeAll(() => {
  if (!existsSync(program)) throw new Error("dist/ is not built: npm run build");
  folder = mkdtempSync(join(tmpdir(), "driverlab-sim-"));
  write("good/foo.ts", driver('pr_info("foo: hello %d\\n", two());', 'import { two } from "./lib/two.ts";'));
  write("good/lib/two.ts", 'import type { int } from "linux/types";\n\nexport function two(): int {\n  return 2;\n}\n');
  write(
    "good/twice.scenario.ts",
    'import { insmod, rmmod } from "driverlab/scenario";\ninsmod();\nrmmod();\ninsmod();\n',
  );
  write("leak.ts", driver("kmalloc(20, GFP_KERNEL);", 'import { GFP_KERNEL, kmalloc } from "linux/slab";'));
  write("oops.ts", driver("null_deref(0);").replace("null_deref(0)", "let p: any = null; p.x = 1"));
  write("loop.ts", driver("for (;;) {}"));
  write("syntax.ts", "const a = ;\n");
  write("names.ts", driver("pr_inof(1);"));
  write("escape.ts", driver('pr_info.constructor.constructor("return process")().exit(0);'));
  write("sly.ts", driver('const k = "con" + "structor"; (pr_info as any)[k][k]("return process")().exit(0);'));
  write("notes.txt", "nothing");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a run", () => {
  test("prints the kernel log, and follows imports", () => {
    const { code, out } = sim("run", "good/foo.ts");
    expect(out).toMatch(/^\[ {4}0\.\d{6}\] foo: loading out-of-tree module taints kernel\.\n/);
    expect(out).toMatch(/\] foo: hello 2\n/);
    expect(out).toMatch(/\] foo: bye\n$/);
    expect(code).toBe(0);
  });

  test("follows the scenario that it is given", () => {
    const { code, out } = sim("run", "good/foo.ts", "--scenario", "good/twice.scenario.ts");
    expect(out.match(/hello 2/g)).toHaveLength(2);
    expect(out.match(/bye/g)).toHaveLength(1);
    expect(code).toBe(0);
  });

  test("ends with 1 when a check reported", () => {
    const { code, out, err } = sim("run", "leak.ts");
    expect(out).toContain("] unreferenced object 0x");
    expect(err).toBe("driverlab-sim: 1 report: missing-release\n");
    expect(code).toBe(1);
  });

  test("ends with 1 after an oops", () => {
    const { code, out, err } = sim("run", "oops.ts");
    expect(out).toContain("] BUG: kernel NULL pointer dereference, address: 00000000\n");
    expect(err).toContain("driverlab-sim: 1 report: oops\n");
    expect(code).toBe(1);
  });

  test("looks for data races when that is asked for", () => {
    const body = `kthread_run(count, null, "one"); kthread_run(count, null, "other"); msleep(5);`;
    const counted = `import { msleep } from "linux/delay";
import { kthread_run } from "linux/kthread";
import { struct, u32 } from "linux/types";
const shared = struct("shared", { hits: u32 })({});
function count(): int {
  shared.hits += 1;
  return 0;
}
`;
    write("racy.ts", driver(body, counted));
    expect(sim("run", "racy.ts")).toMatchObject({ code: 0 });
    const { code, out } = sim("run", "--kcsan", "racy.ts");
    expect(code).toBe(1);
    expect(out).toContain("BUG: KCSAN: data-race in count / count\n");
  });

  test("is bounded", () => {
    const { code, err } = sim("run", "loop.ts", "--limit", "10000");
    expect(err).toMatch(/^driverlab-sim: stopped after 10000 statements: does the driver end\?/);
    expect(code).toBe(1);
  });

  test("of an example ends well, and has a seed", () => {
    const example = join(root, "simulator/examples/edu.ts");
    const { code, out } = sim("run", example, "--seed", "7", "--cpus", "1");
    expect(out).toContain("edu 0000:00:04.0: edu version 1.0");
    expect(code).toBe(0);
    expect(sim("run", example, "--seed", "7", "--cpus", "1").out).toBe(out);
  });

  test("has the devices that are asked for", () => {
    const counting = join(root, "test/simulator/devices/programs/counting.ts");
    expect(sim("run", counting).out).toContain("counted to 0, with 2 reads");
    const svd = join(root, "test/simulator/devices/sample.svd");
    expect(
      sim("run", counting, "--devices", `edu,${svd}#UART0`, "--device", join(counting, "../counter.ts")).code,
    ).toBe(0);
    expect(sim("run", counting, "--devices", "edu,uart").err).toContain("error: no such device: uart; there are at24,");
    expect(sim("run", counting, "--devices", `${svd}#NOPE`).err).toContain(
      "sample.svd:1:1: error: no peripheral NOPE;",
    );
    const messages = join(counting, "../messages.ts");
    expect(sim("run", messages, "--device-log").err).toContain("0000:00:04.0: fault injected: the device is gone");
  });

  test("lets a driver reach nothing of the machine", () => {
    expect(sim("run", "escape.ts").code).toBe(2);
    const { code, out } = sim("run", "sly.ts");
    expect(code).toBe(1);
    expect(out).toContain("Oops:");
  });
});

test("the registers of a CMSIS-SVD file are printed", () => {
  const svd = join(root, "test/simulator/devices/sample.svd");
  expect(sim("svd", svd).out).toContain("GPIO1            0x50001000    4 registers\n");
  expect(sim("svd", svd, "UART0").out).toContain("[6:4]    MODE             0=SLOW 1=SLOW 2=FAST\n");
  expect(sim("svd", svd, "UART9")).toMatchObject({ code: 2, out: "" });
  expect(sim("svd", "notes.txt").err).toMatch(/notes\.txt: line 1: no well-formed XML/);
  expect(sim("svd", "nowhere.svd").err).toContain("nowhere.svd: no such file");
  expect(sim("svd", "sp804,pl061").out).toMatch(/<name>sp804<\/name>\n +<baseAddress>0x9020000</);
  expect(sim("svd", "uart")).toMatchObject({ code: 2, out: "" });
  expect(sim("svd", "uart").err).toContain("no such device: uart; there are at24,");
});

describe("what does not run", () => {
  test("is shown as a compiler shows it", () => {
    expect(sim("run", "syntax.ts")).toMatchObject({ code: 2, out: "" });
    expect(sim("run", "syntax.ts").err).toMatch(/^syntax\.ts:1:\d+: error: Unexpected token/);
    expect(sim("run", "names.ts").err).toMatch(/^names\.ts:6:3: error: /);
  });

  test.each([
    [[], /no command given/],
    [["walk"], /no such command: walk/],
    [["run"], /no driver given/],
    [["run", "nowhere.ts"], /nowhere\.ts: no such file/],
    [["run", "notes.txt"], /notes\.txt: not a TypeScript driver/],
    [["run", "leak.ts", "oops.ts"], /one driver at a time: oops\.ts/],
    [["run", "leak.ts", "--cpus", "9"], /--cpus is a number from 1 to 8: not 9/],
    [["run", "leak.ts", "--seed", "-1"], /seed/],
    [["run", "leak.ts", "--scenario", "nowhere.ts"], /nowhere\.ts: no such file/],
    [["run", "leak.ts", "--fast"], /--fast/],
  ])("%j is wrong use", (args, message) => {
    const { code, err, out } = sim(...args);
    expect(err).toMatch(message);
    expect([code, out]).toEqual([2, ""]);
  });
});

test("it says how it is used, and its version", () => {
  expect(sim("--help").out).toMatch(/^Usage: driverlab-sim run/);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(sim("--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
});
