// The knowledge for tests: fact files and tables of the checkout, together and each layer by itself, and the labels.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { loadKnowledge, type TableTexts } from "../../server/knowledge/knowledge.ts";
import type { FactFile, MaySleep } from "../../server/knowledge/schema.ts";

const data = join(import.meta.dirname, "../../server/knowledge/data");

export const curated: readonly (FactFile & { readonly file: string })[] = globSync(join(data, "curated/*.json"))
  .sort()
  .map((path) => ({ ...(JSON.parse(readFileSync(path, "utf8")) as FactFile), file: basename(path) }));

const read = (kind: string) => readFileSync(join(data, `extracted/${kind}.tsv`), "latin1");
export const tables: Required<TableTexts> = {
  functions: read("functions"),
  scopes: read("scopes"),
  members: read("members"),
  gone: read("gone"),
};

export const knowledge = loadKnowledge(curated, tables);
export const curatedAlone = loadKnowledge(curated);
export const extractedAlone = loadKnowledge([], tables);

export interface Label {
  readonly name: string;
  readonly sleeps: Exclude<MaySleep, "unknown">;
  /** The call that sleeps or the place that shows that there is none, as `path:line` of Linux 6.12. */
  readonly why: string;
}

/** Functions that may sleep or never do, labelled by hand before the facts were read. */
export const labels: readonly Label[] = (
  JSON.parse(readFileSync(join(import.meta.dirname, "sleep-labels.json"), "utf8")) as { labels: readonly Label[] }
).labels;
