// `npm run knowledge -- --tree DIR…`: reads unpacked kernel trees and writes their facts to data/extracted/.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ExtractedFunction } from "../extracted.ts";
import type { FactFile } from "../schema.ts";
import { decodeTable, Table } from "../table.ts";
import { compareVersions } from "../versions.ts";
import { factsOf, type KernelFacts, readTree } from "./facts.ts";
import { mergeFacts, type Tables, tableNames } from "./merge.ts";
import { Pool } from "./pool.ts";
import { NoKernelTree, openTree } from "./tree.ts";

const usage = `Usage: npm run knowledge -- --tree DIR [--tree DIR…] [--out DIR] [--workers N]

Reads unpacked kernel sources and writes what they say of functions, scopes and structs to --out (by default
server/knowledge/data/extracted). Facts of other kernel versions stay in the tables. Name all trees in one run to have
members and names compared between them.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const begun = performance.now();
  const options = readOptions();
  if (typeof options === "string") return complain(options);
  try {
    const trees = options.trees.map(openTree).sort((a, b) => compareVersions(a.version, b.version));
    const twice = trees.find((each, i) => each.version === trees[i + 1]?.version);
    if (twice !== undefined) return complain(`Two of the trees are of version ${twice.version}; name one of them.`);
    const pool = new Pool(options.workers, makeProgress());
    const facts: KernelFacts[] = [];
    try {
      const before = readTables(options.out);
      const known = new Set(
        before["functions.tsv"] === undefined ? [] : new Table("functions", before["functions.tsv"]).names(),
      );
      for (const tree of trees) {
        const made = await readTree(tree, pool, known, say);
        for (const name of made.names.keys()) known.add(name);
        facts.push(factsOf(made, tree, pool));
      }
      const tables = await mergeFacts(before, facts, curatedNames());
      mkdirSync(options.out, { recursive: true });
      for (const name of tableNames) writeFileSync(join(options.out, name), tables[name] ?? "");
      summarise(facts, tables);
    } finally {
      await pool.close();
    }
  } catch (error) {
    if (error instanceof NoKernelTree) return complain(error.message);
    throw error;
  }
  say(`${((performance.now() - begun) / 1000).toFixed(0)} seconds with ${options.workers} workers`);
  return 0;
}

function readOptions(): { trees: string[]; out: string; workers: number } | string {
  try {
    const { values } = parseArgs({
      options: { tree: { type: "string", multiple: true }, out: { type: "string" }, workers: { type: "string" } },
    });
    if (values.tree === undefined) return `Which kernel? Name its tree with --tree.\n\n${usage}`;
    const workers = values.workers === undefined ? availableParallelism() : Number(values.workers);
    if (!Number.isInteger(workers) || workers < 1) return `--workers wants a number from 1 on, not ${values.workers}.`;
    return { trees: values.tree, out: values.out ?? join(import.meta.dirname, "../data/extracted"), workers };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${usage}`;
  }
}

/** What curated facts speak of, so that they can be held against the trees. */
function curatedNames(): string[] {
  const folder = join(import.meta.dirname, "../data/curated");
  return readdirSync(folder).flatMap((file) => {
    const { facts } = JSON.parse(readFileSync(join(folder, file), "utf8")) as FactFile;
    return facts.flatMap((fact) => (fact.kind === "function" || fact.kind === "macro" ? [fact.name] : []));
  });
}

function readTables(out: string): Tables {
  const tables: { -readonly [name in keyof Tables]: string } = {};
  for (const name of tableNames) {
    const path = join(out, name);
    if (existsSync(path)) tables[name] = readFileSync(path, "utf8");
  }
  return tables;
}

function summarise(facts: readonly KernelFacts[], tables: Required<Tables>): void {
  const functions = decodeTable("functions", tables["functions.tsv"]);
  for (const { version, files, names, scopes } of facts) {
    const entries = functions.get(version) ?? [];
    say(
      `${version}: ${files} files, ${names.size} callable names, ${entries.length} in the table, ${scopes.length} scopes`,
    );
    const counts = new Map<string, number>();
    for (const entry of entries) {
      for (const fact of kindsOf(entry)) counts.set(fact, (counts.get(fact) ?? 0) + 1);
    }
    say(
      `  ${[...counts]
        .sort()
        .map(([fact, count]) => `${fact} ${count}`)
        .join(", ")}`,
    );
  }
  for (const name of tableNames) {
    const text = tables[name];
    say(`${name}: ${text.split("\n").length - 2} lines, ${(text.length / 1e6).toFixed(2)} MB`);
  }
}

function kindsOf(entry: ExtractedFunction): string[] {
  const plain = new Set(["name", "kind", "path", "line", "returnType", "parameters", "uses"]);
  const facts = Object.keys(entry).filter((key) => !plain.has(key));
  const ways = [entry.sleeps, entry.returns].flatMap((fact, i) =>
    fact ? [`${i ? "returns" : "sleeps"} ${fact.by}`] : [],
  );
  return [entry.kind, ...facts, ...ways];
}

/** Tells of every tenth of a long work. */
function makeProgress(): (done: number, of: number) => void {
  let shown = 0;
  return (done, of) => {
    const tenth = Math.floor((10 * done) / of);
    if (tenth !== shown) process.stderr.write(done === of ? "100 %\n" : `${tenth}0 % `);
    shown = done === of ? 0 : tenth;
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function complain(text: string): number {
  process.stderr.write(`${text}\n`);
  return 2;
}
