// Measures the rules on a corpus of real driver bugs, on their repaired functions, and on drivers drawn at random.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkText } from "../../server/features/check.ts";
import { createChecker, root } from "../checker.ts";

interface Case {
  readonly id: string;
  readonly class: string;
  readonly needs: string;
  readonly confidence: number;
  readonly advisory?: boolean;
  readonly path: string;
  readonly function: string;
  readonly buggy: { readonly lines: readonly number[]; readonly function_lines: readonly [number, number] };
  readonly fixed: { readonly function_lines?: readonly [number, number] | null };
}

interface Report {
  readonly rule: string;
  readonly line: number;
  readonly severity: string;
}

/** Classes that count for each other, as the corpus has it: which of them a mistake is may be seen in two ways. */
const kin: Readonly<Record<string, readonly string[]>> = {
  "gfp-flag": ["sleep-in-atomic"],
  "sleep-in-atomic": ["gfp-flag"],
  "refcount-leak": ["missing-release-on-error-path"],
  "missing-release-on-error-path": ["refcount-leak", "wrong-cleanup-order"],
  "wrong-cleanup-order": ["missing-release-on-error-path", "double-free", "use-after-free"],
  "use-after-free": ["double-free", "list-del-in-non-safe-iteration"],
  "double-free": ["use-after-free"],
  "unchecked-result": ["ignored-must-check", "err-ptr-confusion"],
  "ignored-must-check": ["unchecked-result"],
  "err-ptr-confusion": ["unchecked-result", "wrong-errno"],
  "int-overflow-in-alloc-size": ["int-overflow"],
  "list-del-in-non-safe-iteration": ["use-after-free"],
  "missing-unlock": ["double-lock"],
  "double-lock": ["missing-unlock"],
};

const { values: options } = parseArgs({
  options: {
    corpus: { type: "string", default: join(root, "../shared/corpus") },
    cases: { type: "string", default: join(root, ".cache/kernel/cases") },
    trees: { type: "string", default: join(root, ".cache/kernel") },
    misses: { type: "boolean", default: false },
  },
});
const trees = resolve(options.trees);
const treeOf = (release: string) => join(trees, `linux-source-${release}`);

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

if (!existsSync(join(options.corpus, "dev.json")))
  fail(`No corpus in ${options.corpus}: name its folder with --corpus`);
if (!existsSync(treeOf("6.12")) || !existsSync(treeOf("6.1"))) fail("No kernel trees: npm run kernel");
if (!existsSync(options.cases)) {
  mkdirSync(options.cases, { recursive: true });
  const named = ["--t61", treeOf("6.1"), "--t612", treeOf("6.12"), options.cases];
  const made = spawnSync("python3", [join(options.corpus, "extract.py"), ...named], { stdio: "inherit" });
  if (made.status !== 0) fail(`The cases could not be made in ${options.cases}`);
}

const checker = await createChecker();

function reports(path: string): readonly Report[] {
  const absolute = resolve(path);
  const { program, findings } = checkText(checker, absolute, readFileSync(absolute, "utf8"));
  return findings
    .filter(({ file }) => file === absolute)
    .map(({ rule, severity, start }) => ({ rule, severity, line: program.file.lines.position(start).line + 1 }));
}

interface Outcome {
  readonly hit: boolean;
  readonly exact: boolean;
  readonly alarm: boolean;
}

function outcomeOf(each: Case): Outcome {
  const wanted = [each.class, ...(kin[each.class] ?? [])];
  const inside = (which: "buggy" | "fixed"): readonly Report[] => {
    const [first, last] = each[which].function_lines ?? [0, 0];
    return reports(join(options.cases, each.id, `${which}.c`)).filter(
      ({ rule, line }) => wanted.includes(rule) && first <= line && line <= last,
    );
  };
  const [buggy, fixed] = [inside("buggy"), inside("fixed")];
  const count = (list: readonly Report[], rule: string) => list.filter((report) => report.rule === rule).length;
  const hit = wanted.some((rule) => count(buggy, rule) > count(fixed, rule));
  return { hit, exact: hit && buggy.some(({ line }) => each.buggy.lines.includes(line)), alarm: fixed.length > 0 };
}

const percent = (part: number, whole: number) =>
  `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(1)} %)`;

function tell(name: string, list: readonly (readonly [Case, Outcome])[]): void {
  const count = (what: keyof Outcome) => list.filter(([, outcome]) => outcome[what]).length;
  const alarms = percent(count("alarm"), list.length);
  console.log(
    `${name}: hit ${percent(count("hit"), list.length)}, exact ${count("exact")}, alarms on the fix ${alarms}`,
  );
}

const scored = readdirSync(options.cases)
  .sort()
  .filter((id) => existsSync(join(options.cases, id, "case.json")))
  .map((id) => JSON.parse(readFileSync(join(options.cases, id, "case.json"), "utf8")) as Case)
  .map((each) => [each, outcomeOf(each)] as const);
for (const name of [...new Set(scored.map(([each]) => each.class))].sort())
  tell(
    name,
    scored.filter(([each]) => each.class === name),
  );
const headline = scored.filter(([each]) => each.advisory !== true);
tell("all but advisory", headline);
tell(
  "in one function, confidence 3",
  headline.filter(([each]) => each.needs === "single-function" && each.confidence === 3),
);
if (options.misses)
  for (const [each, { hit }] of scored)
    if (!hit) console.log(`missed: ${each.id} ${each.class} ${each.path} ${each.function}`);

const clean = JSON.parse(readFileSync(join(options.corpus, "clean-dev.json"), "utf8")) as readonly {
  readonly tree: string;
  readonly path: string;
}[];
let lines = 0;
const serious: string[] = [];
for (const { tree, path } of clean) {
  const file = join(treeOf(tree), path);
  lines += readFileSync(file, "utf8").split("\n").length;
  for (const { rule, severity, line } of reports(file))
    if (severity === "error" || severity === "warning") serious.push(`${path}:${line}: ${rule}`);
}
for (const each of serious) console.log(each);
console.log(
  `${clean.length} files drawn at random, ${lines} lines: ${serious.length} errors and warnings, ` +
    `${((1000 * serious.length) / lines).toFixed(2)} per 1,000 lines`,
);
