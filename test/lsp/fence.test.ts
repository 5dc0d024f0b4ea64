// What goes wrong inside the server stays inside one request: it is logged with a name, and the next one is answered.
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { loadKnowledge } from "../../server/knowledge/knowledge.ts";
import type { Platform } from "../../server/lsp/platform.ts";
import { startServer } from "../../server/lsp/server.ts";
import type { Status } from "../../server/protocol.ts";
import { pulling } from "./raw-client.ts";

const uri = "file:///drivers/a.c";

interface Talk {
  readonly connection: MessageConnection;
  readonly logged: string[];
  readonly statuses: Status[];
}

async function talkTo(load: Platform["load"]): Promise<Talk> {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const clock: Platform["clock"] = {
    now: () => performance.now(),
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  };
  const host = { read: () => undefined, list: () => [] };
  const server = createConnection(ProposedFeatures.all, up, down);
  startServer(server, { host, clock, load, version: "0", rulePage: "file:///{id}" });

  const connection = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  const logged: string[] = [];
  const statuses: Status[] = [];
  connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
    logged.push(message);
  });
  connection.onNotification("driverlab/status", (status: Status) => {
    statuses.push(status);
  });
  connection.listen();
  await connection.sendRequest("initialize", {
    ...{ processId: null, rootUri: null, capabilities: pulling, initializationOptions: { status: true } },
  });
  await connection.sendNotification("initialized", {});
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "c", version: 1, text: "#include <linux/module.h>\nkmalloc" },
  });
  return { connection, logged, statuses };
}

const textDocument = { uri };
const position = { line: 1, character: 2 };

test("a check that throws leaves the other requests alone", async () => {
  const { connection, logged, statuses } = await talkTo(async () => ({
    parser: {
      parse: () => {
        throw new Error("the parser broke");
      },
    },
    knowledge: loadKnowledge([
      { schema: 1, area: "test", facts: [{ name: "kmalloc", kind: "function", maySleep: "always", source: "here" }] },
    ]),
  }));
  const report = await connection.sendRequest("textDocument/diagnostic", { textDocument });
  expect(report).toEqual({ kind: "full", items: [] });
  await expect.poll(() => statuses).toMatchObject([{ uri, state: "failed", reason: "the parser broke" }]);
  await expect
    .poll(() => logged.join("\n"))
    .toMatch(/^checking file:\/\/\/drivers\/a\.c failed: Error: the parser broke/);
  const card = await connection.sendRequest("textDocument/hover", { textDocument, position });
  expect(card).toMatchObject({ contents: { value: expect.stringContaining("**May sleep**") } });
  connection.dispose();
});

test("a server that cannot load says so, and still answers", async () => {
  const { connection, logged } = await talkTo(() => Promise.reject(new Error("no wasm here")));
  expect(await connection.sendRequest("textDocument/hover", { textDocument, position })).toBeNull();
  const range = { start: position, end: position };
  const actions = { textDocument, range, context: { diagnostics: [] } };
  expect(await connection.sendRequest("textDocument/codeAction", actions)).toEqual([]);
  await expect.poll(() => logged.join("\n")).toMatch(/^loading failed: Error: no wasm here/m);
  expect(logged.join("\n")).toMatch(/^textDocument\/hover failed: Error: no wasm here/m);
  expect(logged.join("\n")).toMatch(/^textDocument\/codeAction failed: Error: no wasm here/m);
  connection.dispose();
});
