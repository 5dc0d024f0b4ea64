// Open documents and files of the disk as one: what the editor shows wins over what is saved.
import type { Location } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { URI } from "vscode-uri";
import type { Host } from "../text/host.ts";
import { Lines, type Span } from "../text/lines.ts";

/** The documents that the client has open. */
export interface OpenDocuments {
  get(uri: string): TextDocument | undefined;
  all(): TextDocument[];
}

/** Absolute, with forward slashes; empty for what is no file of the disk, e.g. `untitled:`. */
export function pathOf(uri: string): string {
  const parsed = URI.parse(uri);
  return parsed.scheme === "file" ? parsed.fsPath.replaceAll("\\", "/") : "";
}

/** The host with open documents laid over it. */
export function overlay(documents: OpenDocuments, host: Host): Host {
  return {
    ...host,
    read: (path) => documentAt(documents, path)?.getText() ?? host.read(path),
  };
}

const paths = new WeakMap<TextDocument, string>();

function documentAt(documents: OpenDocuments, path: string): TextDocument | undefined {
  return documents.all().find((document) => {
    const known = paths.get(document) ?? pathOf(document.uri);
    paths.set(document, known);
    return known === path;
  });
}

/** Finds the places of one document's findings, which may lie in other files of its module. */
export class Places {
  private readonly documents: OpenDocuments;
  private readonly host: Host;
  private readonly document: TextDocument;
  private readonly path: string;
  private readonly files = new Map<string, { uri: string; lines: Lines } | undefined>();

  constructor(documents: OpenDocuments, host: Host, document: TextDocument) {
    this.documents = documents;
    this.host = host;
    this.document = document;
    this.path = pathOf(document.uri);
  }

  readonly locate = (file: string, span: Span): Location | undefined => {
    if (!this.files.has(file)) this.files.set(file, this.open(file));
    const found = this.files.get(file);
    if (found === undefined) return undefined;
    const start = found.lines.position(span.start);
    const end = found.lines.position(span.end);
    return {
      uri: found.uri,
      range: {
        start: { line: start.line, character: start.column },
        end: { line: end.line, character: end.column },
      },
    };
  };

  readonly version = (uri: string): number | null => this.documents.get(uri)?.version ?? null;

  /** The client's own spelling of a URI is kept where the document is open. */
  private open(file: string): { uri: string; lines: Lines } | undefined {
    const document = file === this.path ? this.document : documentAt(this.documents, file);
    if (document !== undefined) return { uri: document.uri, lines: new Lines(document.getText()) };
    const text = this.host.read(file);
    return text === undefined ? undefined : { uri: URI.file(file).toString(), lines: new Lines(text) };
  }
}
