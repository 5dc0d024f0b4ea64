// A language server protocol client without an editor: starts the built server and speaks with it over its pipes.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type ClientCapabilities,
  type CodeAction,
  type CodeActionContext,
  createMessageConnection,
  type Diagnostic,
  type InitializeResult,
  type MessageConnection,
  type Position,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";

export const serverProgram = join(import.meta.dirname, "../../dist/driverlab-lsp.js");

/** What a client says it can do in these tests. */
export const pushing: ClientCapabilities = {
  textDocument: { publishDiagnostics: { relatedInformation: true } },
  workspace: { workspaceEdit: { documentChanges: true } },
};
export const pulling: ClientCapabilities = {
  ...pushing,
  textDocument: { ...pushing.textDocument, diagnostic: { dynamicRegistration: false, relatedDocumentSupport: false } },
};

const answerMilliseconds = 10_000;

export class RawClient {
  readonly connection: MessageConnection;
  readonly published: PublishDiagnosticsParams[] = [];
  readonly notified: { method: string; params: unknown }[] = [];
  readonly exited: Promise<number | null>;
  private readonly process: ChildProcess;
  private readonly waiting = new Set<() => void>();

  constructor() {
    if (!existsSync(serverProgram)) throw new Error("dist/ is not built: npm run build");
    const process = spawn(globalThis.process.execPath, [serverProgram, "--stdio"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.process = process;
    this.exited = new Promise((done) => process.once("exit", done));
    this.connection = createMessageConnection(
      new StreamMessageReader(process.stdout),
      new StreamMessageWriter(process.stdin),
    );
    this.connection.onNotification((method, params) => {
      if (method === "textDocument/publishDiagnostics") this.published.push(params as PublishDiagnosticsParams);
      this.notified.push({ method, params });
      for (const wake of this.waiting) wake();
    });
    this.connection.listen();
  }

  async initialize(
    capabilities: ClientCapabilities,
    initializationOptions?: unknown,
    rootUri: string | null = null,
  ): Promise<InitializeResult> {
    const params = { processId: null, rootUri, capabilities, initializationOptions };
    const result = await this.connection.sendRequest<InitializeResult>("initialize", params);
    await this.connection.sendNotification("initialized", {});
    return result;
  }

  async open(uri: string, text: string, version = 1): Promise<void> {
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "c", version, text },
    });
  }

  async replace(uri: string, text: string, version: number): Promise<void> {
    await this.change(uri, { text }, version);
  }

  async change(uri: string, change: { text: string; range?: Range }, version: number): Promise<void> {
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [change],
    });
  }

  /** The first message that fits, of those that came and those that will come. */
  async notification<Params>(method: string, fits: (params: Params) => boolean): Promise<Params> {
    const found = () => this.notified.find((one) => one.method === method && fits(one.params as Params));
    const deadline = Date.now() + answerMilliseconds;
    while (found() === undefined) {
      if (Date.now() > deadline) throw new Error(`no fitting ${method} within ${answerMilliseconds} ms`);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, 200);
        const wake = () => {
          clearTimeout(timer);
          this.waiting.delete(wake);
          done();
        };
        this.waiting.add(wake);
      });
    }
    return found()!.params as Params;
  }

  async diagnosticsOf(uri: string, version: number): Promise<Diagnostic[]> {
    const params = await this.notification<PublishDiagnosticsParams>(
      "textDocument/publishDiagnostics",
      (published) => published.uri === uri && published.version === version,
    );
    return params.diagnostics;
  }

  async pull(uri: string): Promise<Diagnostic[]> {
    const report = await this.connection.sendRequest<{ kind: string; items: Diagnostic[] }>("textDocument/diagnostic", {
      textDocument: { uri },
    });
    return report.items;
  }

  async actions(uri: string, range: Range, context: Partial<CodeActionContext> = {}): Promise<CodeAction[]> {
    return this.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri },
      range,
      context: { diagnostics: [], ...context },
    });
  }

  async hover(uri: string, position: Position): Promise<string | undefined> {
    const found = await this.connection.sendRequest<{ contents: { value: string } } | null>("textDocument/hover", {
      textDocument: { uri },
      position,
    });
    return found?.contents.value;
  }

  async stop(): Promise<number | null> {
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    const code = await this.exited;
    this.connection.dispose();
    return code;
  }

  kill(): void {
    this.connection.dispose();
    this.process.kill();
  }
}

/** Where a piece of a text stands. */
export function rangeOf(text: string, piece: string): Range {
  const position = (offset: number): Position => {
    const before = text.slice(0, offset).split("\n");
    return { line: before.length - 1, character: before.at(-1)!.length };
  };
  const at = text.indexOf(piece);
  if (at === -1) throw new Error(`no ${piece} in the text`);
  return { start: position(at), end: position(at + piece.length) };
}

/** The text after the edits of one document. */
export function edited(text: string, edit: WorkspaceEdit, uri: string): string {
  const changes = edit.documentChanges?.flatMap((change) =>
    "edits" in change && change.textDocument.uri === uri ? change.edits : [],
  ) as TextEdit[] | undefined;
  const edits = changes ?? edit.changes?.[uri] ?? [];
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const offset = (position: Position) => starts[position.line]! + position.character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((now, one) => now.slice(0, offset(one.range.start)) + one.newText + now.slice(offset(one.range.end)), text);
}
