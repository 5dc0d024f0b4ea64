// Puts typical mistakes into correct drivers drawn at random, and prints how many of them the rules find.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Checked, checkText, defaultOptions } from "../../server/features/check.ts";
import type { Finding } from "../../server/rules/rule.ts";
import { createChecker } from "../checker.ts";
import { Dice } from "../dice.ts";
import { kernelTree } from "../knowledge/kernel-trees.ts";
import { contextOperators } from "./mutations/contexts.ts";
import { lifetimeOperators } from "./mutations/lifetimes.ts";
import { type Mutation, subjectOf } from "./mutations/mutation.ts";
import { releaseOperators } from "./mutations/releases.ts";
import { resultOperators } from "./mutations/results.ts";

const { values } = parseArgs({
  options: {
    /** Mutants to be made. */
    count: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    /** Only mutations that this rule should find, or of the operators whose name contains it. */
    class: { type: "string", default: "" },
    /** Mutants of one file at most. */
    each: { type: "string", default: "4" },
    /** Each missed one, with its lines. */
    verbose: { type: "boolean", default: false },
  },
});

const release = "6.12";
const tree = kernelTree(release)?.folder;
if (tree === undefined) throw new Error("No sources of Linux 6.12: npm run kernel");
const checker = await createChecker();
const operators = [...releaseOperators, ...resultOperators, ...contextOperators, ...lifetimeOperators];

const dice = new Dice(Number(values.seed));
const files = globSync(["drivers/**/*.c", "sound/**/*.c"], { cwd: tree }).sort();
const tally = new Map<string, { made: number; found: number; exact: number }>();
const MAX_BYTES = 120_000;

function check(path: string, text: string): Checked {
  return checkText(checker, path, text, { ...defaultOptions, kernel: release });
}

function mutationsOf({ program, skipped }: Checked): readonly Mutation[] {
  if (skipped !== undefined || program.file.problems.length > 0) return [];
  const known = [...program.functions.values()].filter(({ cfg }) => cfg.complete);
  const all = known.flatMap((fn) => {
    const subject = subjectOf(program, fn);
    return operators.flatMap((operator) => operator(subject));
  });
  return all.filter(({ operator, expects }) => operator.includes(values.class) || expects[0] === values.class);
}

function mutated(text: string, { changes }: Mutation): string {
  let after = text;
  for (const { start, end, text: put } of [...changes].sort((a, b) => b.start - a.start))
    after = after.slice(0, start) + put + after.slice(end);
  return after;
}

const wordsOf = (each: Finding): string => `${each.rule} ${each.function} ${each.message}`;

function newFindings(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
  const known = before.map(wordsOf);
  return after.filter((each) => {
    const at = known.indexOf(wordsOf(each));
    if (at !== -1) known.splice(at, 1);
    return at === -1 && (each.severity === "error" || each.severity === "warning");
  });
}

/** One of the operators that have been used least, so that the rare ones come up as well. */
function choose(mutations: readonly Mutation[]): Mutation {
  const uses = (each: Mutation): number => tally.get(each.operator)?.made ?? 0;
  const least = Math.min(...mutations.map(uses));
  const rare = mutations.filter((each) => uses(each) <= least);
  return dice.of(rare);
}

function report(path: string, text: string, mutation: Mutation, others: readonly Finding[]): void {
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  process.stdout.write(
    `\nMISSED ${mutation.operator} ${path}:${lineOf(mutation.changes[0]!.start)} ${mutation.fn ?? ""}\n`,
  );
  for (const { start, end, text: put } of mutation.changes) {
    for (const line of text.slice(start, end).split("\n")) process.stdout.write(`  -${line}\n`);
    for (const line of put.split("\n")) process.stdout.write(`  +${line}\n`);
  }
  for (const each of others) process.stdout.write(`  but: ${each.rule}: ${each.message}\n`);
}

let made = 0;
for (let tries = 0; made < Number(values.count) && tries < 20_000; tries++) {
  const path = join(tree, dice.of(files));
  const text = readFileSync(path, "utf8");
  if (text.length > MAX_BYTES) continue;
  const before = check(path, text);
  let left = mutationsOf(before);
  for (let each = 0; each < Number(values.each) && left.length > 0 && made < Number(values.count); each++) {
    const mutation = choose(left);
    left = left.filter((other) => other.fn !== mutation.fn || other.operator !== mutation.operator);
    const after = check(path, mutated(text, mutation));
    if (after.program.file.problems.length > 0) continue;
    made++;
    const found = newFindings(before.findings, after.findings);
    const fitting = found.filter(
      (one) => mutation.expects.includes(one.rule) && (mutation.fn === undefined || one.function === mutation.fn),
    );
    const line = tally.get(mutation.operator) ?? { made: 0, found: 0, exact: 0 };
    tally.set(mutation.operator, line);
    line.made++;
    if (fitting.length > 0) line.found++;
    if (fitting.some(({ rule }) => rule === mutation.expects[0])) line.exact++;
    if (values.verbose && fitting.length === 0) report(path.slice(tree.length + 1), text, mutation, found);
  }
}

process.stdout.write("\nmade found exact  operator\n");
const total = { made: 0, found: 0, exact: 0 };
const row = (name: string, { made, found, exact }: typeof total): string =>
  `${String(made).padStart(4)} ${String(found).padStart(5)} ${String(exact).padStart(5)}  ${name}\n`;
for (const [name, line] of [...tally].sort()) {
  process.stdout.write(row(name, line));
  for (const key of ["made", "found", "exact"] as const) total[key] += line[key];
}
process.stdout.write(
  row(`all (${total.made === 0 ? 0 : Math.round((100 * total.found) / total.made)} % found)`, total),
);
