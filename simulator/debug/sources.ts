// The source files of what is debugged, as they were when it was launched.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { basename } from "./place.ts";
import type { Surroundings } from "./surroundings.ts";

export class Sources {
  private readonly surroundings: Surroundings;
  private texts = new Map<string, string>();
  private readonly known = new Map<string, DebugProtocol.Source>();

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
  }

  /** Nothing has been read. */
  clear(): void {
    this.texts.clear();
    this.known.clear();
  }

  /** Reads a file of the driver, and keeps its text: an editor may have another one by the time it is shown. */
  read(path: string): string | undefined {
    const text = this.surroundings.read(path);
    if (text !== undefined) this.texts.set(path, text);
    return text;
  }

  lines(path: string): readonly string[] {
    return (this.texts.get(path) ?? "").split(/\r?\n/);
  }

  shown(path: string): DebugProtocol.Source {
    const known = this.known.get(path);
    if (known !== undefined) return known;
    const text = this.texts.get(path);
    const source: DebugProtocol.Source = {
      name: basename(path),
      path,
      ...(text === undefined ? {} : { checksums: [{ algorithm: "SHA256", checksum: this.surroundings.sha256(text) }] }),
    };
    this.known.set(path, source);
    return source;
  }
}
