// One worker of the extraction: reads its share of a tree's files, and counts or seeks names in them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { createParser, type Parser } from "../../syntax/parser.ts";
import type { Harvest } from "./harvest.ts";
import { harvestFile } from "./harvest-file.ts";
import { testsIn } from "./tests.ts";
import { mentionsIn, usesIn } from "./uses.ts";

/** `wanted`: the names that later requests ask for. The others name files relative to the tree. */
export type Request =
  | { readonly kind: "wanted"; readonly names: ReadonlyMap<string, string | undefined> }
  | { readonly kind: "harvest" | "uses" | "mentions"; readonly root: string; readonly paths: readonly string[] };

export type Answer =
  | { readonly kind: "wanted" }
  | { readonly kind: "harvest"; readonly harvests: readonly Harvest[] }
  | { readonly kind: "uses"; readonly counts: ReadonlyMap<string, UseCount> }
  | { readonly kind: "mentions"; readonly names: ReadonlySet<string> }
  | { readonly kind: "failed"; readonly message: string };

export interface UseCount {
  /** Files that use the name, without the one that defines it. */
  files: number;
  /** Those outside the folder of its owner. */
  outside: number;
  /** How often its result is stored and looked at, and how often that is by a test. */
  kept: number;
  tested: number;
}

let parser: Parser | undefined;
/** Name → file that defines it, or the folder of its owner with a slash at its end. */
let wanted: ReadonlyMap<string, string | undefined> = new Map();

parentPort?.on("message", (request: Request) => {
  answer(request).then(
    (made) => parentPort?.postMessage(made),
    (error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      parentPort?.postMessage({ kind: "failed", message } satisfies Answer);
    },
  );
});

async function answer(request: Request): Promise<Answer> {
  if (request.kind === "wanted") {
    wanted = request.names;
    return { kind: "wanted" };
  }
  const { kind, root, paths } = request;
  switch (kind) {
    case "harvest": {
      parser ??= await openParser();
      const made = parser;
      return { kind, harvests: paths.map((path) => named(path, () => harvestFile(made, path, read(root, path)))) };
    }
    case "uses":
      return { kind, counts: countUses(root, paths) };
    case "mentions":
      return { kind, names: new Set(paths.flatMap((path) => [...mentionsIn(read(root, path), wanted)])) };
  }
}

function openParser(): Promise<Parser> {
  const { resolve } = createRequire(import.meta.url);
  return createParser({
    runtime: readFileSync(resolve("web-tree-sitter/web-tree-sitter.wasm")),
    grammar: readFileSync(resolve("tree-sitter-c/tree-sitter-c.wasm")),
  });
}

/** An error of ours says in which file it happened. */
function named<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Error(path, { cause: error });
  }
}

function countUses(root: string, paths: readonly string[]): Map<string, UseCount> {
  const counts = new Map<string, UseCount>();
  for (const path of paths) {
    const text = read(root, path);
    const tests = testsIn(text, wanted);
    for (const name of usesIn(text, wanted)) {
      const own = wanted.get(name);
      if (own === path) continue;
      const count = counts.get(name) ?? { files: 0, outside: 0, kept: 0, tested: 0 };
      count.files++;
      if (own === undefined || !path.startsWith(own)) count.outside++;
      count.kept += tests.get(name)?.kept ?? 0;
      count.tested += tests.get(name)?.tested ?? 0;
      counts.set(name, count);
    }
  }
  return counts;
}

function read(root: string, path: string): string {
  return readFileSync(join(root, path), "utf8");
}
