// A module of several files in the editor: what is open is checked at once, and again once the other files were read.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PublishDiagnosticsParams } from "vscode-languageserver-protocol/node";
import { pushing, RawClient } from "./raw-client.ts";

const files = {
  Makefile: "obj-m := foo.o\nfoo-y := a.o b.o\n",
  "foo.h": "struct foo {\n\tspinlock_t lock;\n};\nvoid foo_refill(struct foo *foo);\n",
  "a.c": `#include <linux/module.h>
#include "foo.h"
void foo_start(struct foo *foo)
{
	spin_lock(&foo->lock);
	foo_refill(foo);
	spin_unlock(&foo->lock);
}
`,
  "b.c": '#include <linux/delay.h>\n#include "foo.h"\nvoid foo_refill(struct foo *foo)\n{\n\tmsleep(10);\n}\n',
};

let folder: string;
let client: RawClient;
const outerCache = process.env.XDG_CACHE_HOME;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "driverlab-module-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  process.env.XDG_CACHE_HOME = join(folder, "cache");
});

afterEach(() => {
  client.kill();
  if (outerCache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = outerCache;
  rmSync(folder, { recursive: true });
});

/** What is published for a.c first, and what once there is something to say. */
async function published(): Promise<readonly PublishDiagnosticsParams[]> {
  client = new RawClient();
  await client.initialize(pushing);
  const uri = pathToFileURL(join(folder, "a.c")).href;
  await client.open(uri, files["a.c"]);
  await client.notification<PublishDiagnosticsParams>(
    "textDocument/publishDiagnostics",
    (each) => each.uri === uri && each.diagnostics.length > 0,
  );
  return client.published.filter((each) => each.uri === uri);
}

test("the check does not wait for other files, and what was read of them serves the next start", async () => {
  const counts = (await published()).map((each) => each.diagnostics.length);
  expect(counts).toEqual([0, 1]);
  expect(readdirSync(join(folder, "cache", "driverlab"))).toHaveLength(1);
  client.kill();
  const [first] = await published();
  expect(first!.diagnostics.map((each) => each.code)).toEqual(["sleep-in-atomic"]);
  const last = first!.diagnostics[0]!.relatedInformation!.at(-1)!;
  expect(last.location.uri).toBe(pathToFileURL(join(folder, "b.c")).href);
});

test("what another module of the workspace exports, and what it exports no more", async () => {
  const lib = files["b.c"].replaceAll("foo_refill", "lib_refill");
  const user = files["a.c"].replaceAll("foo_refill", "lib_refill");
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "lib", "lib.c"), `${lib}EXPORT_SYMBOL(lib_refill);\n`);
  writeFileSync(join(folder, "a.c"), user);
  client = new RawClient();
  await client.initialize(pushing, undefined, pathToFileURL(folder).href);
  const uri = pathToFileURL(join(folder, "a.c")).href;
  await client.open(uri, user);
  const published = (count: number) =>
    client.notification<PublishDiagnosticsParams>(
      "textDocument/publishDiagnostics",
      (each) => each.uri === uri && each.diagnostics.length === count,
    );
  expect((await published(1)).diagnostics[0]!.code).toBe("sleep-in-atomic");
  client.notified.length = 0;
  writeFileSync(join(folder, "lib", "lib.c"), lib.replace("10", "10 "));
  const changes = [{ uri: pathToFileURL(join(folder, "lib", "lib.c")).href, type: 2 }];
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
  await published(0);
});
