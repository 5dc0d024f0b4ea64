// The knowledge for tests: the fact files and tables of the checkout, together and each layer by itself.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { loadKnowledge, type TableTexts } from "../../server/knowledge/knowledge.ts";
import type { FactFile } from "../../server/knowledge/schema.ts";

const data = join(import.meta.dirname, "../../server/knowledge/data");

export const curated: readonly (FactFile & { readonly file: string })[] = globSync(join(data, "curated/*.json"))
  .sort()
  .map((path) => ({ ...(JSON.parse(readFileSync(path, "utf8")) as FactFile), file: basename(path) }));

const read = (kind: string) => readFileSync(join(data, `extracted/${kind}.tsv`), "latin1");
export const tables: Required<TableTexts> = {
  functions: read("functions"),
  scopes: read("scopes"),
  members: read("members"),
};

export const knowledge = loadKnowledge(curated, tables);
export const curatedAlone = loadKnowledge(curated);
export const extractedAlone = loadKnowledge([], tables);
