// Reads the kernel trees anew and prints what the curated facts and the tables of the checkout say otherwise.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { TableTexts } from "../../server/knowledge/knowledge.ts";
import { Table } from "../../server/knowledge/table.ts";
import { allContradictions, loneReleases, versionContradictions } from "../knowledge/contradictions.ts";
import { factVersions, kernelTree } from "../knowledge/kernel-trees.ts";
import { curated, tables } from "../knowledge/loaded.ts";

const { values } = parseArgs({
  options: {
    tree: { type: "string", multiple: true },
    /** Without reading the trees: what the tables say. */
    tables: { type: "boolean", default: false },
  },
});
const trees = values.tree ?? Object.keys(factVersions).flatMap((release) => kernelTree(release)?.folder ?? []);
process.exitCode = main();

function main(): number {
  if (trees.length === 0) {
    console.error("No kernel tree; `npm run kernel` fetches them, --tree DIR names another one.");
    return 2;
  }
  const derived = values.tables ? tables : derive();
  if (derived === undefined) return 2;
  const facts = curated.flatMap((file) => file.facts);
  const table = new Table("functions", derived.functions);
  const found = allContradictions(facts, table);
  const explained = found.filter(({ fact }) => fact.contradicts !== undefined);
  const open = found.filter(({ fact }) => fact.contradicts === undefined).map(({ text }) => text);
  const versions = versionContradictions(facts, table);
  for (const line of [...open, ...versions].sort()) console.log(line);
  for (const { text, fact } of explained) console.log(`${text}; curated because ${fact.contradicts}`);
  console.log(`They give back what no fact obtains: ${loneReleases(facts).sort().join(", ") || "none"}`);
  const changed = (["functions", "scopes", "members"] as const).filter((kind) => derived[kind] !== tables[kind]);
  console.log(
    `${open.length} contradictions and ${versions.length} wrong versions in ${facts.length} curated facts, ` +
      `${explained.length} contradictions explained`,
  );
  if (changed.length > 0) console.log(`The tables are not what the trees yield now: ${changed.join(", ")}`);
  return open.length + versions.length + changed.length === 0 ? 0 : 1;
}

/** The tables that the trees yield now; undefined when they cannot be read, which the extraction has told. */
function derive(): Required<TableTexts> | undefined {
  const out = mkdtempSync(join(tmpdir(), "driverlab-facts-"));
  try {
    const extraction = join(import.meta.dirname, "../../server/knowledge/extract/main.ts");
    const named = trees.flatMap((tree) => ["--tree", tree]);
    const run = spawnSync(process.execPath, [extraction, ...named, "--out", out], { stdio: "inherit" });
    if (run.status !== 0) return undefined;
    const read = (kind: string) => readFileSync(join(out, `${kind}.tsv`), "latin1");
    return { functions: read("functions"), scopes: read("scopes"), members: read("members"), gone: read("gone") };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
