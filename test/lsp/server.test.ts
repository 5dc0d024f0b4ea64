// The language server as any client meets it: over pipes, in the protocol's own messages.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import type { CompletionList, InlayHint } from "vscode-languageserver-protocol";
import type { Status } from "../../server/protocol.ts";
import { sleeper, sleeperFixed, userProgram } from "./drivers.ts";
import { edited, pulling, pushing, RawClient, rangeOf } from "./raw-client.ts";

const uri = "file:///drivers/sleeper.c";
let client: RawClient;

async function start(...params: Parameters<RawClient["initialize"]>): Promise<RawClient> {
  client = new RawClient();
  await client.initialize(...params);
  return client;
}

afterEach(() => client.kill());

describe("diagnostics", () => {
  test("are pushed to a client that cannot pull, with the chain that proves them", async () => {
    await start(pushing);
    await client.open(uri, sleeper);
    const found = await client.diagnosticsOf(uri, 1);
    expect(found.map((one) => one.code)).toEqual(["sleep-in-atomic"]);
    const [diagnostic] = found;
    expect(diagnostic).toMatchObject({ severity: 1, source: "driverlab" });
    expect(diagnostic!.range.start.line).toBe(rangeOf(sleeper, "kmalloc").start.line);
    const chain = diagnostic!.relatedInformation!;
    expect(chain.every((step) => step.location.uri === uri && step.message !== "")).toBe(true);
    expect(chain[0]!.location.range.start.line).toBe(rangeOf(sleeper, "spin_lock").start.line);
  });

  test("name the page of their rule, which is there to be read", async () => {
    await start(pushing);
    await client.open(uri, sleeper);
    const href = (await client.diagnosticsOf(uri, 1))[0]!.codeDescription!.href;
    expect(existsSync(fileURLToPath(href))).toBe(true);
    expect(readFileSync(fileURLToPath(href), "utf8")).toContain("sleep-in-atomic");
  });

  test("name the page as the client wants it", async () => {
    await start(pushing, { rulePage: "command:show?{id}" });
    await client.open(uri, sleeper);
    const href = (await client.diagnosticsOf(uri, 1))[0]!.codeDescription!.href;
    expect(href).toBe("command:show?sleep-in-atomic");
  });

  test("carry the chain in their message where the client knows no related information", async () => {
    await start({});
    await client.open(uri, sleeper);
    const [diagnostic] = await client.diagnosticsOf(uri, 1);
    expect(diagnostic!.relatedInformation).toBeUndefined();
    expect(diagnostic!.message).toMatch(/\n {2}line 13: /);
  });

  test("are not pushed to a client that pulls", async () => {
    client = new RawClient();
    const { capabilities } = await client.initialize(pulling);
    expect(capabilities.diagnosticProvider).toMatchObject({ interFileDependencies: true });
    await client.open(uri, sleeper);
    expect((await client.pull(uri)).map((one) => one.code)).toEqual(["sleep-in-atomic"]);
    expect(client.published).toEqual([]);
  });

  test("are those of the last of many quick edits", async () => {
    await start(pushing);
    await client.open(uri, sleeperFixed);
    for (let version = 2; version <= 40; version++) {
      await client.replace(uri, version % 2 === 0 ? sleeper : sleeperFixed, version);
    }
    await client.replace(uri, sleeper, 41);
    expect(await client.diagnosticsOf(uri, 41)).toHaveLength(1);
    expect(client.published.length).toBeLessThan(10);
  });

  test("follow edits of a range", async () => {
    await start(pushing);
    await client.open(uri, sleeper);
    await client.change(uri, { range: rangeOf(sleeper, "GFP_KERNEL"), text: "GFP_ATOMIC" }, 2);
    expect(await client.diagnosticsOf(uri, 2)).toEqual([]);
  });

  test("stand in the right place in a file with CRLF line ends", async () => {
    await start(pushing);
    const text = sleeper.replaceAll("\n", "\r\n");
    await client.open(uri, text);
    const [diagnostic] = await client.diagnosticsOf(uri, 1);
    expect(diagnostic!.range.start).toEqual(rangeOf(text, "kmalloc(").start);
  });

  test("stand in the right place behind characters of two code units", async () => {
    await start(pushing);
    const text = sleeper.replace("sleeper_buffer = kmalloc", "/* 𝔡𝔯 */ sleeper_buffer = kmalloc");
    await client.open(uri, text);
    const [diagnostic] = await client.diagnosticsOf(uri, 1);
    expect(diagnostic!.range.start).toEqual(rangeOf(text, "kmalloc(").start);
  });

  test("are given for text that was never saved", async () => {
    await start(pushing);
    await client.open("untitled:Untitled-1", sleeper);
    expect(await client.diagnosticsOf("untitled:Untitled-1", 1)).toHaveLength(1);
  });

  test("are empty for what is not kernel code, and the status says why", async () => {
    await start(pushing, { status: true });
    await client.open(uri, userProgram);
    expect(await client.diagnosticsOf(uri, 1)).toEqual([]);
    const status = await client.notification<Status>("driverlab/status", () => true);
    expect(status).toMatchObject({ uri, state: "skipped", findings: 0 });
    expect(status.reason).not.toBe("");
  });

  test("are taken back when the document is closed", async () => {
    await start(pushing);
    await client.open(uri, sleeper);
    await client.diagnosticsOf(uri, 1);
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    await client.notification<{ uri: string; version?: number; diagnostics: unknown[] }>(
      "textDocument/publishDiagnostics",
      (params) => params.version === undefined && params.diagnostics.length === 0,
    );
  });
});

describe("settings", () => {
  test("change the severity of a rule, and switch it off", async () => {
    await start(pushing, { settings: { rules: { "sleep-in-atomic": "information" } } });
    await client.open(uri, sleeper);
    expect(await client.diagnosticsOf(uri, 1)).toMatchObject([{ severity: 3 }]);
    await client.connection.sendNotification("workspace/didChangeConfiguration", {
      settings: { driverlab: { rules: { "sleep-in-atomic": "off" } } },
    });
    await client.replace(uri, `${sleeper}\n`, 2);
    expect(await client.diagnosticsOf(uri, 2)).toEqual([]);
  });

  test("switch everything off", async () => {
    await start(pushing, { status: true, settings: { enable: false } });
    await client.open(uri, sleeper);
    expect(await client.diagnosticsOf(uri, 1)).toEqual([]);
    await client.notification<Status>("driverlab/status", ({ state }) => state === "off");
  });

  test("choose the kernel, which the status names", async () => {
    await start(pushing, { status: true, settings: { kernelVersion: "6.1" } });
    await client.open(uri, sleeper);
    expect(await client.notification<Status>("driverlab/status", () => true)).toMatchObject({ kernel: "6.1" });
  });

  test("may be nonsense", async () => {
    await start(pushing, {
      settings: { enable: 7, rules: { "sleep-in-atomic": "loud", "": null }, stackLimitBytes: "x", kernelVersion: "x" },
    });
    await client.open(uri, sleeper);
    expect(await client.diagnosticsOf(uri, 1)).toMatchObject([{ severity: 1 }]);
  });
});

describe("code actions", () => {
  test("fix what the cursor stands on", async () => {
    await start(pushing);
    await client.open(uri, sleeper);
    const shown = await client.diagnosticsOf(uri, 1);
    const actions = await client.actions(uri, shown[0]!.range, { diagnostics: shown });
    expect(actions).toMatchObject([
      { kind: "quickfix", isPreferred: true, diagnostics: shown },
      { title: "Allow sleep-in-atomic here, with a reason", isPreferred: false, diagnostics: shown },
    ]);
    expect(edited(sleeper, actions[0]!.edit!, uri)).toBe(sleeperFixed);
  });

  test("are none where nothing was found", async () => {
    await start(pushing);
    await client.open(uri, sleeper);
    expect(await client.actions(uri, rangeOf(sleeper, "module_exit"))).toEqual([]);
    expect(await client.actions(uri, rangeOf(sleeper, "kmalloc"), { only: ["refactor"] })).toEqual([]);
  });

  test("fix the whole file at once", async () => {
    await start(pushing);
    const twice = sleeper.replace(/static int sleeper_fill[^}]*}\n/, (text) => text + text.replace("_fill", "_again"));
    await client.open(uri, twice);
    const everything = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const actions = await client.actions(uri, everything, { only: ["source.fixAll"] });
    expect(actions.map((action) => action.kind)).toEqual(["source.fixAll.driverlab"]);
    expect(edited(twice, actions[0]!.edit!, uri)).toBe(twice.replaceAll("GFP_KERNEL", "GFP_ATOMIC"));
  });
});

describe("hover", () => {
  test("says what a kernel function does", async () => {
    await start(pushing);
    await client.open(uri, sleeper);
    const card = await client.hover(uri, rangeOf(sleeper, "kmalloc").start);
    expect(card).toMatch(/^```c\n.*\bkmalloc\(/);
    expect(card).toMatch(/\*\*May sleep\*\* if .* lets it/);
    expect(card).toContain("kfree()");
    expect(card).toMatch(/`include\/linux\/slab\.h:\d+`/);
  });

  test("says where the driver's own function runs", async () => {
    await start(pushing);
    await client.open(uri, sleeper);
    expect(await client.hover(uri, rangeOf(sleeper, "sleeper_init").start)).toContain("Runs in **process** context");
  });

  test("is silent on other names", async () => {
    await start(pushing);
    await client.open(uri, sleeper);
    expect(await client.hover(uri, rangeOf(sleeper, "sleeper_buffer").start)).toBeUndefined();
  });
});

describe("the contexts before functions", () => {
  const driver = sleeper.replace(
    "module_init(",
    'static irqreturn_t sleeper_irq(int irq, void *data)\n{\n\treturn IRQ_HANDLED;\n}\n\nint sleeper_ask(int irq)\n{\n\treturn request_irq(irq, sleeper_irq, 0, "sleeper", NULL);\n}\n\nmodule_init(',
  );
  const asked = { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } } };
  const hints = () => client.connection.sendRequest<InlayHint[]>("textDocument/inlayHint", asked);

  test("are shown", async () => {
    await start(pushing);
    await client.open(uri, driver);
    expect(await hints()).toMatchObject([
      { label: "hardirq", position: rangeOf(driver, "static irqreturn_t").start, paddingRight: true },
    ]);
  });

  test("are not where a setting says so", async () => {
    await start(pushing, { settings: { inlayHints: { contexts: false } } });
    await client.open(uri, driver);
    expect(await hints()).toEqual([]);
  });
});

describe("completion", () => {
  const driver = sleeper.replaceAll("kfree(sleeper_buffer);", "kfre");
  const complete = (text: string) => {
    const { line, character } = rangeOf(text, "kfre").start;
    const params = { textDocument: { uri }, position: { line, character: character + 4 } };
    return client.connection.sendRequest<CompletionList>("textDocument/completion", params);
  };

  test("offers the kernel's functions, with where they are from", async () => {
    await start(pushing);
    await client.open(uri, driver);
    await client.diagnosticsOf(uri, 1);
    const { items, isIncomplete } = await complete(driver);
    expect(isIncomplete).toBe(false);
    expect(items.map(({ label }) => label)).toContain("kfree");
    expect(items.find(({ label }) => label === "kfree_rcu")?.detail).toContain("linux/rcupdate.h");
  });

  test("offers nothing in a program for people", async () => {
    await start(pushing);
    const text = userProgram.replace("return 0", "kfre");
    await client.open(uri, text);
    await client.diagnosticsOf(uri, 1);
    expect((await complete(text)).items).toEqual([]);
  });
});

describe("the server", () => {
  test("lives through broken C", async () => {
    await start(pushing);
    const pieces = [
      "{{{{",
      "static int (*",
      '"never closed',
      "/* never closed",
      "#if\n#else\n#if",
      "\0\u0001\uD800",
      "}".repeat(2000),
    ];
    let version = 1;
    await client.open(uri, "", version);
    for (const piece of pieces) {
      await client.replace(uri, sleeper.slice(0, 300) + piece + sleeper.slice(300), ++version);
      await client.diagnosticsOf(uri, version);
    }
    await client.replace(uri, sleeper, ++version);
    expect(await client.diagnosticsOf(uri, version)).toHaveLength(1);
  });

  test("answers politely about documents it does not know", async () => {
    await start(pulling);
    expect(await client.pull("file:///nowhere.c")).toEqual([]);
    expect(await client.actions("file:///nowhere.c", rangeOf(sleeper, "kmalloc"))).toEqual([]);
    expect(await client.hover("file:///nowhere.c", { line: 0, character: 0 })).toBeUndefined();
  });

  test("ends as the protocol asks", async () => {
    await start(pushing);
    await client.open(uri, sleeper);
    expect(await client.stop()).toBe(0);
  });

  test("ends with its client", async () => {
    await start(pushing);
    client.connection.end();
    expect(await client.exited).toBe(1);
  });
});
