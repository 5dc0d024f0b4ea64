// Files as read, kept by their content, so that many files and many versions of one share them.
import type { ParsedFile, Parser } from "../syntax/parser.ts";
import type { Host } from "../text/host.ts";

/** Characters of text whose readings are kept; a reading takes some fifty times its text. */
const KEPT = 5 << 19;

export class Readings {
  private readonly parser: Parser;
  private readonly files = new Map<string, ParsedFile>();
  private size = 0;

  constructor(parser: Parser) {
    this.parser = parser;
  }

  /** The file as it stands now; undefined when it cannot be read or is longer than `longest` characters. */
  read(host: Host, path: string, longest: number): ParsedFile | undefined {
    const text = host.read(path);
    return text === undefined || text.length > longest ? undefined : this.parse(path, text);
  }

  parse(path: string, text: string): ParsedFile {
    const known = this.files.get(path);
    if (known !== undefined) this.forget(known);
    const file = known?.text === text ? known : this.parser.parse(path, text);
    this.files.set(path, file);
    this.size += text.length;
    for (const oldest of this.files.values()) {
      if (this.size <= KEPT || oldest === file) break;
      this.forget(oldest);
    }
    return file;
  }

  private forget(file: ParsedFile): void {
    this.files.delete(file.path);
    this.size -= file.text.length;
  }
}

const all = new WeakMap<Parser, Readings>();

/** The readings that all checks with one parser share. */
export function readingsOf(parser: Parser): Readings {
  const known = all.get(parser);
  if (known !== undefined) return known;
  const made = new Readings(parser);
  all.set(parser, made);
  return made;
}
