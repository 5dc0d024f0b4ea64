// What the client on the other side can do, read once from its first message.
import type { InitializeParams } from "vscode-languageserver";
import type { InitializationOptions } from "../protocol.ts";
import { pathOf } from "./documents.ts";

export interface Client {
  /** It asks for diagnostics by itself; then none are pushed to it. */
  readonly pulls: boolean;
  /** It can be told to ask again. */
  readonly refreshes: boolean;
  /** It can be told to ask again for what it shows between the letters. */
  readonly refreshesHints: boolean;
  /** It can be asked for its settings. */
  readonly configures: boolean;
  /** It lets us register for changes of its settings. */
  readonly registersConfiguration: boolean;
  /** It tells us of changes of files on the disk when asked to. */
  readonly watchesFiles: boolean;
  readonly relatedInformation: boolean;
  /** It understands edits that name the version of the document. */
  readonly versionedEdits: boolean;
  readonly utf16Offered: boolean;
  /** Absolute paths of the folders that it shows. */
  readonly folders: readonly string[];
  readonly options: InitializationOptions;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function readOptions(given: unknown): InitializationOptions {
  if (!isRecord(given)) return {};
  return {
    ...(typeof given.rulePage === "string" ? { rulePage: given.rulePage } : {}),
    status: given.status === true,
    ...(isRecord(given.settings) ? { settings: given.settings } : {}),
  };
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === "string" ? [rootUri] : []);
  return uris.map(pathOf).filter((path) => path.length > 1);
}

export function readClient(params: InitializeParams): Client {
  const { capabilities, initializationOptions } = params;
  const { textDocument, workspace, general } = capabilities;
  return {
    pulls: textDocument?.diagnostic !== undefined,
    refreshes: workspace?.diagnostics?.refreshSupport === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    configures: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    relatedInformation:
      (textDocument?.publishDiagnostics?.relatedInformation ?? textDocument?.diagnostic?.relatedInformation) === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    folders: foldersOf(params),
    utf16Offered: general?.positionEncodings?.includes("utf-16") === true,
    options: readOptions(initializationOptions),
  };
}
