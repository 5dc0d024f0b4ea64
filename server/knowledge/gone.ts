// Names that a newer kernel has nowhere any more: no callable, no header and no driver of it has anything so called.

export interface Gone {
  readonly name: string;
  /** Where the last version that has it has it. */
  readonly path: string;
  readonly line: number;
  /** The last version read that has it, and the first that does not. */
  readonly last: string;
  readonly first: string;
}

const head = "driverlab-facts\t1\tgone";

/** One name a line, sorted, the same whatever the order given. */
export function encodeGone(all: readonly Gone[]): string {
  const lines = all.map(({ name, path, line, last, first }) => [name, path, line, last, first].join("\t"));
  return `${[head, ...lines.sort()].join("\n")}\n`;
}

/** Throws when the text is no such table. */
export function decodeGone(text: string): Gone[] {
  const [first, ...lines] = text.split("\n");
  if (first !== head) throw new Error("not a table of names that are gone");
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", path = "", at = "", last = "", without = ""] = line.split("\t");
      return { name, path, line: Number(at), last, first: without };
    });
}
