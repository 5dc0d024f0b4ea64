// What must not happen to the debug adapter: to break, to hang, or to let a driver out.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { Client, edu } from "./client.ts";
import { attempts, delayed, escaped, greedy, hostileDriver } from "./hostile.ts";

const folder = mkdtempSync(join(tmpdir(), "driverlab-debug-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function driver(name: string, text: string): string {
  const path = join(folder, `${name}.ts`);
  writeFileSync(path, text);
  return path;
}

describe("the debug adapter", () => {
  let client: Client;
  beforeEach(async () => {
    client = await Client.start([folder]);
  });
  afterEach(() => client.stop());

  const launch = async (settings: Record<string, unknown>) => {
    await client.dap.initializeRequest();
    return client.dap.launchRequest(settings as never);
  };

  test("says where a broken driver is broken", async () => {
    const program = driver("broken", 'import { pr_info } from "linux/printk";\n\npr_info("a\\n";\n');
    await expect(launch({ program })).rejects.toThrow(/broken\.ts:3:\d+: /);
  });

  test("says which name of the kernel is unknown", async () => {
    const program = driver("unknown", 'import { pr_inof } from "linux/printk";\n\npr_inof("a\\n");\n');
    await expect(launch({ program })).rejects.toThrow(/unknown\.ts:1:\d+: .*pr_inof/);
  });

  test("says that there is no such file", async () => {
    await expect(launch({ program: join(folder, "nothing.ts") })).rejects.toThrow(/nothing\.ts cannot be read/);
  });

  test.each([
    ["program", {}],
    ["seed", { program: edu, seed: "three" }],
    ["cpus", { program: edu, cpus: 1000 }],
    ["devices", { program: edu, devices: "edu" }],
  ])("names a setting that is wrong: %s", async (name, settings) => {
    await expect(launch(settings)).rejects.toThrow(new RegExp(name));
  });

  test("answers requests that make no sense with an error, and lives on", async () => {
    await client.dap.initializeRequest();
    await expect(client.dap.customRequest("driverlab/nothing")).rejects.toThrow(/no request/);
    await expect(client.dap.customRequest("constructor")).rejects.toThrow(/no request/);
    await expect(client.dap.customRequest("driverlab/locks")).rejects.toThrow(/No driver/);
    await expect(client.dap.customRequest("setBreakpoints", { breakpoints: 7 })).rejects.toThrow();
    await expect(client.dap.customRequest("scopes", { frameId: 12345 })).rejects.toThrow();
    await expect(client.dap.customRequest("variables", null)).rejects.toThrow();
    await expect(client.dap.continueRequest({ threadId: 1 })).rejects.toThrow(/No driver/);
    expect((await client.dap.threadsRequest()).body.threads).toEqual([]);
  });

  test("pauses a driver that never ends, and leaves it", async () => {
    const program = driver("endless", hostileDriver("let n = 0;\n  for (;;) n = (n + 1) & 0xff;"));
    await client.launch({ program });
    await new Promise((done) => setTimeout(done, 300));
    await client.dap.pauseRequest({ threadId: 1 });
    expect(await client.halt()).toMatchObject({ reason: "pause" });
  });

  test("what takes more than it may ends in an oops of its task, and the session goes on", async () => {
    const program = driver("greedy", hostileDriver(""));
    const scenario = driver(
      "greed",
      `// Each process takes more than it may.
import { process } from "driverlab/scenario";
${Object.entries(greedy)
  .map(([name, [statement]]) => `process(${JSON.stringify(name)}, () => {\n  ${statement}\n});`)
  .join("\n")}
`,
    );
    await client.launch({ program, scenario });
    const reports: string[] = [];
    for (let halt = await client.halt(); halt.kind === "stopped"; halt = await client.halt()) {
      expect(halt.reason).toBe("exception");
      reports.push(halt.description ?? "");
      await client.dap.continueRequest({ threadId: 1 });
    }
    const counts = (report: RegExp) => reports.filter((text) => report.test(text)).length;
    for (const [name, [, report]] of Object.entries(greedy)) expect(counts(report), name).toBeGreaterThan(0);
    expect(reports).toHaveLength(Object.keys(greedy).length);
  });

  test("a regular expression that backtracks without end comes to its end", async () => {
    const program = driver("pattern", hostileDriver('pr_info("%d\\n", /(a+)+$/.test("a".repeat(60) + "b") ? 1 : 0);'));
    await client.launch({ program, noDebug: true });
    expect(await client.halt()).toEqual({ kind: "terminated" });
  });

  test("a null pointer stops with the kernel's report", async () => {
    const text = hostileDriver('pr_info("%u\\n", (null as any).value);');
    await client.launch({ program: driver("null", text) });
    const halt = await client.halt();
    expect(halt).toMatchObject({ reason: "exception" });
    const { body } = await client.dap.exceptionInfoRequest({ threadId: 1 });
    expect(body).toMatchObject({
      exceptionId: "oops",
      description: expect.stringContaining("NULL pointer dereference"),
    });
    expect(body.details?.stackTrace).toMatch(/Call Trace:\n <TASK>\n hostile_init/);
  });

  test.each(Object.entries(attempts))("lets no driver out: %s", async (name, statement) => {
    const program = driver(name.replaceAll(/\W+/g, "-"), hostileDriver(statement));
    // Most are refused when they are compiled; what is let through finds nothing.
    const refused = await client.launch({ program, noDebug: true }).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (refused === undefined) await client.halt();
    else expect(refused).toContain(program);
    expect(client.output("stdout")).not.toContain(escaped);
  });

  test.each(Object.keys(delayed("")))("lets no driver write or start anything: %s", async (name) => {
    const mark = join(folder, `${name.replaceAll(/\W+/g, "-")}.mark`);
    const program = driver(name.replaceAll(/\W+/g, "-"), hostileDriver(delayed(mark)[name]!));
    const refused = await client.launch({ program, noDebug: true }).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (refused === undefined) await client.halt();
    await new Promise((done) => setTimeout(done, 200));
    expect(existsSync(mark)).toBe(false);
    expect(readFileSync(program, "utf8")).toContain(mark);
  });
});
