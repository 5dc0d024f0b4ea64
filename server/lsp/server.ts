// The language server: answers the client's requests from the checks of its open documents.
import {
  type CodeAction,
  type CodeActionParams,
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  type CompletionParams,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  type Hover,
  type HoverParams,
  type InitializeResult,
  type InlayHint,
  type InlayHintParams,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { codeActions, fixAllKind } from "../features/codeactions.ts";
import { kernelNames } from "../features/completion.ts";
import { type DiagnosticStyle, diagnostics } from "../features/diagnostics.ts";
import { hover } from "../features/hover.ts";
import { contextHints } from "../features/inlay-hints.ts";
import type { Status, StatusMethod } from "../protocol.ts";
import { Checks, type Outcome, quietMilliseconds } from "./checks.ts";
import { type Client, readClient } from "./client.ts";
import { Places, pathOf } from "./documents.ts";
import { Fence } from "./fence.ts";
import type { Platform } from "./platform.ts";
import { SettingsStore } from "./settings.ts";
import { Workspace } from "./workspace.ts";

const statusMethod: StatusMethod = "driverlab/status";

/** Files whose change on the disk may change what other files mean. */
const watched = ["**/*.{c,h}", "**/{Kbuild,Makefile,driverlab.json}"];

export function startServer(connection: Connection, platform: Platform): void {
  const fence = new Fence(connection);
  const documents = new TextDocuments(TextDocument);
  let session: Session | undefined;
  documents.listen(connection);

  connection.onInitialize((params): InitializeResult => {
    const client = readClient(params);
    session = new Session(connection, platform, documents, client, fence);
    return {
      serverInfo: { name: "driverlab-lsp", version: platform.version },
      capabilities: {
        ...(client.utf16Offered ? { positionEncoding: "utf-16" } : {}),
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        hoverProvider: true,
        inlayHintProvider: true,
        completionProvider: {},
        codeActionProvider: { codeActionKinds: ["quickfix", fixAllKind] },
        ...(client.pulls
          ? {
              diagnosticProvider: { identifier: "driverlab", interFileDependencies: true, workspaceDiagnostics: false },
            }
          : {}),
      },
    };
  });

  connection.onInitialized(() => session?.begin());
  documents.onDidChangeContent(({ document }) => session?.changed(document.uri));
  documents.onDidClose(({ document }) => session?.closed(document.uri));
  documents.onDidSave(() => session?.worldChanged());
  connection.onDidChangeWatchedFiles(({ changes }) => session?.filesChanged(changes.map(({ uri }) => uri)));
  connection.onDidChangeConfiguration(({ settings }) => session?.settingsChanged(settings));

  connection.onHover(
    fence.request<HoverParams, Hover | null>("textDocument/hover", null, async (params) => {
      return (await session?.hover(params)) ?? null;
    }),
  );
  connection.languages.inlayHint.on(
    fence.request<InlayHintParams, InlayHint[]>("textDocument/inlayHint", [], async (params) => {
      return (await session?.inlayHints(params)) ?? [];
    }),
  );
  const nothing: CompletionList = { isIncomplete: true, items: [] };
  connection.onCompletion(
    fence.request<CompletionParams, CompletionList>("textDocument/completion", nothing, async (params) => {
      return (await session?.completion(params)) ?? nothing;
    }),
  );
  connection.onCodeAction(
    fence.request<CodeActionParams, CodeAction[]>("textDocument/codeAction", [], async (params) => {
      return (await session?.codeActions(params)) ?? [];
    }),
  );
  const empty: DocumentDiagnosticReport = { kind: "full", items: [] };
  connection.languages.diagnostics.on(
    fence.request<DocumentDiagnosticParams, DocumentDiagnosticReport>("textDocument/diagnostic", empty, (params) => {
      return session === undefined ? Promise.resolve(empty) : session.pulled(params);
    }),
  );

  connection.listen();
}

/** One client, from `initialize` on. */
class Session {
  private readonly connection: Connection;
  private readonly platform: Platform;
  private readonly documents: TextDocuments<TextDocument>;
  private readonly client: Client;
  private readonly fence: Fence;
  private readonly settings: SettingsStore;
  private readonly workspace: Workspace;
  private readonly checks: Checks;
  /** Calls off the next push of a document. */
  private readonly pending = new Map<string, () => void>();
  /** Files of some module are being read. */
  private reading = false;
  private refreshing: (() => void) | undefined;

  constructor(
    connection: Connection,
    platform: Platform,
    documents: TextDocuments<TextDocument>,
    client: Client,
    fence: Fence,
  ) {
    this.connection = connection;
    this.platform = platform;
    this.documents = documents;
    this.client = client;
    this.fence = fence;
    this.settings = new SettingsStore(connection, client);
    this.workspace = new Workspace(platform.host, platform.clock, client.folders);
    this.checks = new Checks(platform, documents, this.settings, fence, this.workspace);
  }

  begin(): void {
    const { connection, client } = this;
    this.workspace.read(() => this.worldChanged());
    if (client.registersConfiguration) {
      this.fence.detached("registering for settings", () =>
        connection.client.register(DidChangeConfigurationNotification.type, { section: "driverlab" }),
      );
    }
    if (client.watchesFiles) {
      const watchers = watched.map((globPattern) => ({ globPattern }));
      this.fence.detached("registering for files", () =>
        connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }),
      );
    }
  }

  changed(uri: string): void {
    const known = this.pending.has(uri);
    this.checks.touched(uri);
    if (!this.client.pulls) this.push(uri, known ? quietMilliseconds : 0);
  }

  closed(uri: string): void {
    this.pending.get(uri)?.();
    this.pending.delete(uri);
    this.checks.closed(uri);
    if (!this.client.pulls) this.send(uri, { uri, diagnostics: [] });
  }

  settingsChanged(settings: unknown): void {
    this.settings.changed(settings);
    this.worldChanged();
  }

  filesChanged(uris: readonly string[]): void {
    for (const uri of uris) this.workspace.changed(pathOf(uri));
    this.worldChanged();
  }

  /** Something besides the open documents changed: look at all of them again. */
  worldChanged(): void {
    this.checks.invalidate();
    this.refreshing?.();
    this.refreshing = this.platform.clock.after(quietMilliseconds, () => {
      if (this.client.refreshesHints)
        this.fence.detached("refreshing hints", () => this.connection.languages.inlayHint.refresh());
      if (!this.client.pulls) {
        for (const document of this.documents.all()) this.push(document.uri, 0);
      } else if (this.client.refreshes) {
        this.fence.detached("refreshing", () => this.connection.languages.diagnostics.refresh() as Promise<void>);
      }
    });
  }

  async pulled(params: DocumentDiagnosticParams): Promise<DocumentDiagnosticReport> {
    const uri = params.textDocument.uri;
    await this.checks.quiet(uri);
    const outcome = await this.checks.outcome(uri);
    if (outcome === undefined) return { kind: "full", items: [] };
    this.tell(outcome.status);
    this.readOn(outcome);
    return { kind: "full", items: diagnostics(outcome.findings, this.style(outcome)) };
  }

  async hover(params: HoverParams): Promise<Hover | null> {
    const [knowledge, outcome] = await Promise.all([
      this.checks.knowledge(),
      this.checks.outcome(params.textDocument.uri),
    ]);
    if (outcome === undefined) return null;
    const { document, checked, text } = outcome;
    const card = hover(knowledge, checked, text, document.offsetAt(params.position));
    if (card === undefined) return null;
    const range = { start: document.positionAt(card.start), end: document.positionAt(card.end) };
    return { contents: { kind: "markdown", value: card.markdown }, range };
  }

  /** Waits for the check that a change asks for anyway, and never has one made while someone is typing. */
  async inlayHints({ textDocument: { uri }, range }: InlayHintParams): Promise<InlayHint[]> {
    if (!(await this.settings.of(uri)).contextHints) return [];
    await this.checks.quiet(uri);
    const outcome = await this.checks.outcome(uri);
    if (outcome?.checked === undefined) return [];
    const { document, checked } = outcome;
    const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    return contextHints(checked)
      .filter(({ offset }) => from <= offset && offset <= to)
      .map(({ offset, label, markdown }) => ({
        position: document.positionAt(offset),
        label,
        paddingRight: true,
        tooltip: { kind: "markdown", value: markdown },
      }));
  }

  /** Answers from what the last check of the document found, without another one. */
  async completion({ textDocument: { uri }, position }: CompletionParams): Promise<CompletionList | undefined> {
    const document = this.documents.get(uri);
    const checked = this.checks.last(uri)?.checked;
    if (document === undefined || checked === undefined || checked.skipped !== undefined) return undefined;
    const { names, isCut } = kernelNames(checked.program.knowledge, document.getText(), document.offsetAt(position));
    const items = names.map(({ name, sleeps, from }, rank): CompletionItem => {
      const detail = [sleeps, from].filter((part) => part !== "").join(", ");
      return { label: name, kind: CompletionItemKind.Function, detail, sortText: String(rank).padStart(3, "0") };
    });
    // Where nothing was asked yet, since the letters are too few, the client has to ask again.
    return { isIncomplete: isCut || items.length === 0, items };
  }

  async codeActions(params: CodeActionParams): Promise<CodeAction[]> {
    const outcome = await this.checks.outcome(params.textDocument.uri);
    if (outcome === undefined) return [];
    const { locate, version } = this.places(outcome);
    const { only, diagnostics } = params.context;
    const request = { range: params.range, only, diagnostics, text: outcome.text };
    return codeActions(outcome.findings, request, { locate, version, versioned: this.client.versionedEdits });
  }

  private push(uri: string, milliseconds: number): void {
    this.pending.get(uri)?.();
    const run = () =>
      this.fence.detached(`checking ${uri}`, async () => {
        const outcome = await this.checks.outcome(uri);
        if (outcome === undefined) return;
        const { version } = outcome.document;
        this.tell(outcome.status);
        this.readOn(outcome);
        this.send(uri, { uri, version, diagnostics: diagnostics(outcome.findings, this.style(outcome)) });
      });
    this.pending.set(uri, this.platform.clock.after(milliseconds, run));
  }

  /** Reads the files of the module that the check did not wait for, one after the other, then checks again. */
  private readOn(outcome: Outcome): void {
    const later = [...(outcome.checked?.later ?? [])];
    if (later.length === 0 || this.reading) return;
    this.reading = true;
    const next = (): void => {
      const read = later.shift();
      if (read === undefined) {
        this.reading = false;
        this.worldChanged();
        return;
      }
      this.fence.detached(`reading the module of ${outcome.document.uri}`, async () => read());
      this.platform.clock.after(0, next);
    };
    this.platform.clock.after(0, next);
  }

  private send(uri: string, params: Parameters<Connection["sendDiagnostics"]>[0]): void {
    this.fence.detached(`publishing ${uri}`, () => this.connection.sendDiagnostics(params));
  }

  private tell(status: Status): void {
    if (!this.client.options.status) return;
    this.fence.detached(statusMethod, () => this.connection.sendNotification(statusMethod, status));
  }

  private places(outcome: Outcome): Places {
    return new Places(this.documents, this.platform.host, outcome.document);
  }

  private style(outcome: Outcome): DiagnosticStyle {
    const page = this.client.options.rulePage ?? this.platform.rulePage;
    return {
      locate: this.places(outcome).locate,
      rulePage: (rule) => page.replaceAll("{id}", rule),
      related: this.client.relatedInformation,
    };
  }
}
