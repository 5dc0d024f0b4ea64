// Makes the checker that the tests use: the wasm files of node_modules, the knowledge as it stands, the disk.
import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Checker } from "../server/features/check.ts";
import { loadKnowledge, type TableTexts } from "../server/knowledge/knowledge.ts";
import type { FactFile } from "../server/knowledge/schema.ts";
import { createParser } from "../server/syntax/parser.ts";
import type { Host } from "../server/text/host.ts";

export const root = join(import.meta.dirname, "..").replaceAll("\\", "/");

const disk: Host = {
  read(path) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
  list(folder) {
    // The kernels that happen to be installed are no part of a test.
    if (folder.startsWith("/lib/modules")) return [];
    try {
      return readdirSync(folder).sort();
    } catch {
      return [];
    }
  },
};

let made: Promise<Checker> | undefined;

/** One for a whole test file, since reading the grammar takes longer than checking. */
export function createChecker(): Promise<Checker> {
  made ??= make();
  return made;
}

function tables(): TableTexts {
  const read = (kind: string) => readFileSync(join(root, `server/knowledge/data/extracted/${kind}.tsv`), "latin1");
  return { functions: read("functions"), scopes: read("scopes"), members: read("members"), gone: read("gone") };
}

async function make(): Promise<Checker> {
  const parser = await createParser({
    runtime: readFileSync(join(root, "node_modules/web-tree-sitter/web-tree-sitter.wasm")),
    grammar: readFileSync(join(root, "node_modules/tree-sitter-c/tree-sitter-c.wasm")),
  });
  const paths = globSync("server/knowledge/data/**/*.json", { cwd: root }).sort();
  const facts = paths.map((path) => JSON.parse(readFileSync(join(root, path), "utf8")) as FactFile);
  return { parser, knowledge: loadKnowledge(facts, tables()), host: disk };
}
