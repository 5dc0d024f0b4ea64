// Results of earlier runs, kept with all that was asked of the world for them: while the answers are the same, so are they.
import { digest } from "../program/digest.ts";
import type { Exports } from "../program/exports.ts";
import type { Host } from "../text/host.ts";

/** Changes with what is kept. */
const FORMAT = "driverlab result 1";

type Answers = readonly (readonly [question: string, answer: string])[];

interface Kept<R> {
  readonly format: typeof FORMAT;
  /** What stood in each file, as digests; empty where there was none. */
  readonly texts: Answers;
  readonly lists: Answers;
  /** Which file exports each name that was asked for; empty where none alone does. */
  readonly exports: Answers;
  readonly result: R;
}

/** The host has to be one whose answers do not change for as long as this lives. */
export class KeptResults<R> {
  private readonly host: Host;
  private readonly exports: Exports;
  private readonly texts = new Map<string, string>();
  private readonly lists = new Map<string, string>();

  constructor(host: Host, exports: Exports) {
    this.host = host;
    this.exports = exports;
  }

  /** What `make` gives, or gave when it last asked the same; `name` tells it from all others. */
  of(name: string, make: (host: Host, exports: Exports) => R): R {
    const { cache } = this.host;
    if (cache === undefined) return make(this.host, this.exports);
    const kept = thaw<R>(cache.read(name));
    if (kept !== undefined && this.holds(kept)) return kept.result;
    const [texts, lists, exports] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>()];
    const asking: Host = {
      ...this.host,
      read: (path) => {
        texts.set(path, this.textOf(path));
        return this.host.read(path);
      },
      list: (folder) => {
        lists.set(folder, this.listOf(folder));
        return this.host.list(folder);
      },
    };
    const fileOf = (name: string): string | undefined => {
      const path = this.exports.fileOf(name);
      exports.set(name, path ?? "");
      return path;
    };
    const result = make(asking, { fileOf });
    const fresh: Kept<R> = { format: FORMAT, texts: [...texts], lists: [...lists], exports: [...exports], result };
    cache.write(name, JSON.stringify(fresh));
    return result;
  }

  private holds({ texts, lists, exports }: Kept<R>): boolean {
    return (
      exports.every(([name, path]) => (this.exports.fileOf(name) ?? "") === path) &&
      lists.every(([folder, names]) => this.listOf(folder) === names) &&
      texts.every(([path, text]) => this.textOf(path) === text)
    );
  }

  private textOf(path: string): string {
    return remembered(this.texts, path, () => {
      const text = this.host.read(path);
      return text === undefined ? "" : digest(text);
    });
  }

  private listOf(folder: string): string {
    return remembered(this.lists, folder, () => digest(this.host.list(folder).join("\n")));
  }
}

function remembered(known: Map<string, string>, key: string, make: () => string): string {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}

function thaw<R>(text: string | undefined): Kept<R> | undefined {
  if (text === undefined) return undefined;
  try {
    const kept = JSON.parse(text);
    if (kept?.format !== FORMAT || kept.result === undefined) return undefined;
    return [kept.texts, kept.lists, kept.exports].every(areAnswers) ? kept : undefined;
  } catch {
    // Cut off, or not ours.
    return undefined;
  }
}

function areAnswers(value: unknown): value is Answers {
  return (
    Array.isArray(value) &&
    value.every((each) => Array.isArray(each) && each.length === 2 && each.every((part) => typeof part === "string"))
  );
}
