// A Makefile or Kbuild as far as Kbuild's own lists go: what is assigned to a name, with plain variables filled in.
import type { Host } from "../text/host.ts";

export interface Makefile {
  readonly folder: string;
  readonly text: string;
  /** Every name that is assigned to, as written: `foo-y`, `obj-$(CONFIG_FOO)`. */
  readonly names: Iterable<string>;
  /** The words assigned to a name in all its assignments, whatever condition they stand under. */
  words(name: string): readonly string[];
}

/** How deep variables may name variables. */
const NESTING = 6;

export function readMakefile(folder: string, host: Host): Makefile | undefined {
  const text = host.read(`${folder}/Kbuild`) ?? host.read(`${folder}/Makefile`);
  if (text === undefined) return undefined;
  const tree = text.includes("srctree") ? kernelTree(folder, host) : undefined;
  const last = known.get(folder);
  if (last?.makefile.text === text && last.tree === tree) return last.makefile;
  const makefile = parseMakefile(folder, text, tree);
  known.delete(folder);
  known.set(folder, { makefile, tree });
  if (known.size > KNOWN) known.delete(known.keys().next().value!);
  return makefile;
}

/** The last Makefiles that were read: each file of a folder asks for it, and for those above. */
const known = new Map<string, { readonly makefile: Makefile; readonly tree: string | undefined }>();
const KNOWN = 64;

export function logicalLines(text: string): readonly string[] {
  return text.replace(/\\\r?\n/g, " ").split(/\r?\n/);
}

function parseMakefile(folder: string, text: string, tree: string | undefined): Makefile {
  const assigned = new Map<string, string[]>();
  for (const line of logicalLines(text)) {
    const match = /^ *(?:override +|export +)?([\w.$(){}/-]+)\s*(?:\+|::?|\?)?=\s*([^#]*)/.exec(line);
    if (match === null) continue;
    const values = assigned.get(match[1]!);
    if (values === undefined) assigned.set(match[1]!, [match[2]!]);
    else values.push(match[2]!);
  }
  const variable = (name: string, depth: number): string => {
    if (HERE.has(name)) return folder;
    if (name === "srctree") return tree ?? "$";
    const values = assigned.get(name);
    return values === undefined || depth >= NESTING ? "$" : values.map((each) => fill(each, depth + 1)).join(" ");
  };
  const fill = (value: string, depth: number): string =>
    value
      .replace(/\$[({]addprefix\s+((?:[^,()]|\$\([\w-]+\))*),((?:[^()]|\$\([\w-]+\))*)[)}]/g, (_, prefix, list) =>
        wordsOf(fill(list, depth))
          .map((word) => fill(prefix, depth).trim() + word)
          .join(" "),
      )
      .replace(/\$[({]([\w-]+)[)}]/g, (_, name) => variable(name, depth));
  const words = new Map<string, readonly string[]>();
  return {
    folder,
    text,
    names: [...assigned.keys()],
    words(name) {
      let found = words.get(name);
      if (found === undefined) {
        // A word that could not be filled in is left out.
        found = (assigned.get(name) ?? []).flatMap((each) => wordsOf(fill(each, 0))).filter((w) => !/\$/.test(w));
        words.set(name, found);
      }
      return found;
    },
  };
}

/** Names that stand for the folder of the Makefile, in the tree and outside of it. */
const HERE: ReadonlySet<string> = new Set(["src", "obj", "M", "PWD", "CURDIR", "KBUILD_EXTMOD"]);

function wordsOf(value: string): readonly string[] {
  return value.split(/\s+/).filter((word) => word !== "");
}

/** The root of the kernel tree that a folder lies in. */
export function kernelTree(folder: string, host: Host): string | undefined {
  for (let at = folder; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const names = host.list(at);
    if (names.includes("MAINTAINERS") && names.includes("Kbuild")) return at;
  }
  return undefined;
}

/** A path without `.` and `..` in it; `base` counts where it is not absolute. */
export function resolvePath(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") || /^\w:\//.test(path) ? path : `${base}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && (part !== "" || parts.length === 0)) parts.push(part);
  }
  return parts.join("/");
}
