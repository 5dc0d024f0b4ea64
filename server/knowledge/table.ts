// The extracted facts as compact text: one line an entry, sorted, so that a lookup searches the text and parses nothing else.
//
// The first line names the format, the kind of the entries and the kernel versions held. Each further line is one entry:
// its name, what stands for all the versions that have it so, then what each version has of its own (line numbers, uses)
// in the order of the versions, `-` where the version lacks it. An entry that two versions have differently is two lines.
// All is ASCII; what would be taken for a separator is escaped.
import { type Entries, type Fields, layouts, type TableKind } from "./table-layouts.ts";
import { compareVersions, type KernelVersion, releaseOf } from "./versions.ts";

export type { Entries, TableKind } from "./table-layouts.ts";

const format = "1";
const magic = "driverlab-facts";

/**
 * The text of a table, the same whatever the order of the versions and entries given. Throws when a version has two
 * entries of one name (for scopes: of one name and kind; for members: of one struct and member).
 */
export function encodeTable<K extends TableKind>(
  kind: K,
  facts: ReadonlyMap<KernelVersion, readonly Entries[K][]>,
): string {
  const layout = layouts[kind];
  const versions = [...facts.keys()].sort(compareVersions);
  const lines = new Map<string, { order: string; own: (string | undefined)[] }>();
  versions.forEach((version, position) => {
    const seen = new Set<string>();
    for (const entry of facts.get(version) ?? []) {
      const { key, shared, own } = layout.encode(entry);
      if (seen.has(key)) throw new Error(`${version} has two ${kind} of the name ${key.replace("\t", " ")}`);
      seen.add(key);
      // Lines of one name stand in the order of the oldest version that each holds for.
      const line = lines.get(shared) ?? { order: `${key}\n${String(position).padStart(4, "0")}`, own: [] };
      line.own[position] = own;
      lines.set(shared, line);
    }
  });
  const sorted = [...lines].sort(([, a], [, b]) => (a.order < b.order ? -1 : 1));
  const body = sorted.map(([shared, { own }]) => {
    const columns = versions.map((_, position) => own[position] ?? "-");
    return `${shared}\t${columns.join(",")}\n`;
  });
  return `${[magic, format, kind, ...versions].join("\t")}\n${body.join("")}`;
}

/** The entries of each version, sorted by name. Throws when the text is no table of this kind and format. */
export function decodeTable<K extends TableKind>(kind: K, text: string): Map<KernelVersion, Entries[K][]> {
  const table = new Table(kind, text);
  return new Map(table.versions.map((version) => [version, [...table.entries(version)]]));
}

/**
 * The table with the facts of one version put in place of those it held of the same release (6.12.119 replaces
 * 6.12.117); the other releases keep theirs. Without a table, a new one.
 */
export function mergeTable<K extends TableKind>(
  kind: K,
  text: string | undefined,
  version: KernelVersion,
  entries: readonly Entries[K][],
): string {
  const facts = new Map<KernelVersion, readonly Entries[K][]>(text === undefined ? [] : decodeTable(kind, text));
  for (const held of facts.keys()) if (releaseOf(held) === releaseOf(version)) facts.delete(held);
  return encodeTable(kind, facts.set(version, entries));
}

interface Line {
  readonly fields: Fields;
  /** One for each version, `-` where it lacks the entry. */
  readonly own: readonly string[];
}

/** A table's text, asked by name. Nothing is read before it is asked for. */
export class Table<K extends TableKind> {
  readonly kind: K;
  /** Oldest first. */
  readonly versions: readonly KernelVersion[];
  private readonly text: string;
  /** Where the first entry begins. */
  private readonly start: number;
  private readonly known = new Map<string, readonly (readonly Entries[K][])[]>();

  /** Throws when the text is no table of this kind and format. */
  constructor(kind: K, text: string) {
    this.kind = kind;
    this.text = text;
    this.start = text.indexOf("\n") + 1;
    const [named, number, held, ...versions] = text.slice(0, Math.max(0, this.start - 1)).split("\t");
    if (named !== magic || number !== format) throw new Error(`not a table of facts of format ${format}`);
    if (held !== kind) throw new Error(`a table of ${held}, where one of ${kind} was expected`);
    this.versions = versions;
  }

  /** The entries of one name in one version: at most one of functions, several of scopes and of a struct's members. */
  find(name: string, version: KernelVersion): readonly Entries[K][] {
    return this.all(name)[this.versions.indexOf(version)] ?? [];
  }

  /** The versions that have the name, oldest first. */
  versionsOf(name: string): KernelVersion[] {
    const all = this.all(name);
    return this.versions.filter((_, position) => (all[position] ?? []).length > 0);
  }

  /** Every name, each once, sorted by code unit. */
  *names(): Generator<string> {
    const layout = layouts[this.kind];
    let last: string | undefined;
    for (let at = this.start; at < this.text.length; at = this.next(at)) {
      const written = this.keyAt(at);
      if (written !== last) yield layout.name(written);
      last = written;
    }
  }

  /** Every name that begins so, each once, sorted by code unit. */
  *namesFrom(prefix: string): Generator<string> {
    const layout = layouts[this.kind];
    const begin = layout.key(prefix);
    let last: string | undefined;
    for (let at = this.search(begin); at < this.text.length && this.text.startsWith(begin, at); at = this.next(at)) {
      const written = this.keyAt(at);
      if (written !== last) yield layout.name(written);
      last = written;
    }
  }

  *entries(version: KernelVersion): Generator<Entries[K]> {
    const position = this.versions.indexOf(version);
    for (let at = this.start; at < this.text.length; at = this.next(at)) {
      const own = this.line(at).own[position];
      if (own !== undefined && own !== "-") yield this.decode(this.line(at), own);
    }
  }

  private all(name: string): readonly (readonly Entries[K][])[] {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const key = layouts[this.kind].key(name);
    const found: Entries[K][][] = this.versions.map(() => []);
    for (let at = this.search(key); at < this.text.length && this.compareKey(at, key) === 0; at = this.next(at)) {
      const line = this.line(at);
      line.own.forEach((own, position) => {
        if (own !== "-") found[position]?.push(this.decode(line, own));
      });
    }
    this.known.set(name, found);
    return found;
  }

  /** Where the first line begins whose key is not below `key`. */
  private search(key: string): number {
    let low = this.start;
    let high = this.text.length;
    while (low < high) {
      const middle = this.text.lastIndexOf("\n", Math.floor((low + high) / 2) - 1) + 1;
      const at = Math.max(low, middle);
      if (this.compareKey(at, key) < 0) low = this.next(at);
      else high = at;
    }
    return low;
  }

  /** Compares the key of the line that begins at `at`. */
  private compareKey(at: number, key: string): number {
    for (let index = 0; index < key.length; index++) {
      const difference = this.text.charCodeAt(at + index) - key.charCodeAt(index);
      if (difference !== 0) return difference;
    }
    return this.text[at + key.length] === "\t" ? 0 : 1;
  }

  private keyAt(at: number): string {
    return this.text.slice(at, this.text.indexOf("\t", at));
  }

  private next(at: number): number {
    return this.text.indexOf("\n", at) + 1;
  }

  private line(at: number): Line {
    const fields = this.text.slice(at, this.text.indexOf("\n", at)).split("\t");
    return { own: fields.pop()?.split(",") ?? [], fields };
  }

  private decode(line: Line, own: string): Entries[K] {
    return layouts[this.kind].decode(line.fields, own);
  }
}
