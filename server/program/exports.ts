// Which file of a workspace exports a function to other modules: EXPORT_SYMBOL and its kin, by a look at the texts alone.
import type { Host } from "../text/host.ts";

/** Where exported functions are defined. */
export interface Exports {
  /** Path of the file that exports a name; undefined when none or more than one does. */
  fileOf(name: string): string | undefined;
}

/** Changes with what is kept. */
const FORMAT = "driverlab exports 1";

/** The name in the cache of what some folders export. */
export function exportsName(folders: readonly string[]): string {
  return `exports ${folders.join("\n")}`;
}

interface Known {
  /** What the host says of the file's state; empty where it says nothing. */
  readonly stamp: string;
  readonly names: readonly string[];
}

/** The exports of many files, each read once as long as it does not change. */
export class ExportIndex implements Exports {
  private readonly files = new Map<string, Known>();
  private earlier: ReadonlyMap<string, Known>;
  private names: ReadonlyMap<string, string> | undefined;
  private changed = false;

  /** `kept` is what an earlier index gave; anything else counts for nothing. */
  constructor(kept?: string) {
    this.earlier = thaw(kept);
  }

  /** Looks at a file, and reads it only if it changed. */
  look(host: Host, path: string): void {
    const stamp = host.stamp?.(path) ?? "";
    const known = this.files.get(path) ?? this.earlier.get(path);
    if (known !== undefined && stamp !== "" && known.stamp === stamp) {
      if (!this.files.has(path)) this.files.set(path, known);
      return;
    }
    const text = host.read(path);
    this.names = undefined;
    this.changed = true;
    if (text === undefined) this.files.delete(path);
    else this.files.set(path, { stamp, names: exportsIn(text) });
  }

  fileOf(name: string): string | undefined {
    this.names ??= new Map(this.unique());
    return this.names.get(name);
  }

  /** Each name that one file alone exports, with that file. */
  unique(): readonly (readonly [name: string, path: string])[] {
    const found = new Map<string, string | undefined>();
    for (const [path, { names }] of this.files)
      for (const name of names) found.set(name, found.has(name) ? undefined : path);
    return [...found].flatMap(([name, path]) => (path === undefined ? [] : [[name, path] as const]));
  }

  /** A text for the next index; undefined when the one it was made from says as much. */
  freeze(): string | undefined {
    if (!this.changed && this.files.size === this.earlier.size) return undefined;
    const files = [...this.files].map(([path, { stamp, names }]) => [path, stamp, ...names]);
    return JSON.stringify({ format: FORMAT, files });
  }
}

/** Names that a text exports; one that is exported twice in it counts once. */
export function exportsIn(text: string): readonly string[] {
  const names = new Set<string>();
  for (let at = text.indexOf("EXPORT_SYMBOL"); at !== -1; at = text.indexOf("EXPORT_SYMBOL", at + 1)) {
    // A whole line: not a macro's body, and not a word in a comment.
    if (at > 0 && text[at - 1] !== "\n") continue;
    EXPORT.lastIndex = at;
    // In memory of its own: a name that was cut from the text would keep all of that.
    const match = EXPORT.exec(text);
    if (match !== null) names.add(` ${match[1]}`.slice(1));
  }
  return [...names];
}

const EXPORT = /EXPORT_SYMBOL(?:_(?:GPL|NS|NS_GPL|FOR_KUNIT|FOR_TESTS_ONLY))?\s*\(\s*([A-Za-z_]\w*)\s*[,)]/y;

function thaw(text: string | undefined): ReadonlyMap<string, Known> {
  if (text === undefined) return new Map();
  try {
    const { format, files }: { format?: unknown; files?: unknown } = Object(JSON.parse(text));
    if (format !== FORMAT || !Array.isArray(files)) return new Map();
    const isEntry = (each: unknown): each is readonly string[] =>
      Array.isArray(each) && each.length >= 2 && each.every((word) => typeof word === "string");
    return new Map(files.filter(isEntry).map(([path, stamp, ...names]) => [path!, { stamp: stamp!, names }]));
  } catch {
    return new Map();
  }
}
