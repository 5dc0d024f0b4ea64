// The program `driverlab-check`: checks files and folders, and prints what it finds as text, JSON or SARIF.
import { type Dirent, readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread } from "node:worker_threads";
import { checkAll } from "./check-pool.ts";
import { type FileResult, serveChecks } from "./check-worker.ts";
import { absolutePath, disk, diskCache, loadAssets, programVersion, rulePage } from "./disk.ts";
import type { Profile } from "./features/check.ts";
import { kernelCardText, kernelFact } from "./features/kernel-card.ts";
import type { Problem, ReportedFinding } from "./features/report.ts";
import { apiEntry } from "./features/report-api.ts";
import { type JsonReport, jsonFinding } from "./features/report-json.ts";
import { sarifReport } from "./features/report-sarif.ts";
import { textReport } from "./features/report-text.ts";
import { type Knowledge, loadKnowledge } from "./knowledge/knowledge.ts";
import { parseRelease } from "./knowledge/versions.ts";
import { ExportIndex, exportsName } from "./program/exports.ts";
import { rules } from "./rules/index.ts";

/** Two seconds are a hang; on a machine that does other things as well they take several times as long. */
const defaultLimitSeconds = 10;

const usage = `Usage: driverlab-check [options] PATH…
       driverlab-check [options] --api NAME…

Checks Linux driver C. A PATH is a file or a folder, which is searched for *.c files.

Options:
  --format text|json|sarif   what to print (default: text)
  --kernel VERSION           check against this kernel (6.12); default: the one of the file's kernel tree, of its
                             Makefile, of /lib/modules, else the newest known
  --profile NAME             professional (default) or learner: also hints for people who learn
  --api                      print what is known of the kernel functions and macros named
  --exit-zero                exit with 0 whatever is found
  --jobs N                   check N files at once (default: as many as there are processors)
  --limit SECONDS            give up on a file after this time, say so and go on (default: ${defaultLimitSeconds})
  --progress                 show how far it is, also where the output is no terminal
  --verbose                  also tell which files were skipped, and why
  --version                  print the version
  --help                     print this text

Exit code: 0 no errors or warnings, 1 errors or warnings found, 2 wrong use or no such path.

--api --format json prints an array of one object for each NAME, with
  maySleep     "never", "always", "flags" (its gfp argument says), "conditional" or "unknown"
  contexts     where it may be called: "process", "softirq", "hardirq", "atomic"; [] when that depends or is not known
  returns      how failure shows: "negative-errno", "null-on-failure", "errptr-on-failure"…, or null
  mustCheck    whether the result must be looked at
  acquires     what it leaves the caller with, as WHAT WHERE: "spinlock argument 0 irqsave", "memory return",
               "mutex argument 0 when zero" (held when it returns 0), "rcu"; arguments count from 0
  releases     what it ends, in the same words
  releasedBy   functions that give back what it acquires, the usual one first
  since        first kernel release with it, or null when the oldest one known has it
  until        last kernel release with it, or null when the newest one known has it
  source       file and line in the kernel tree, or null for a name that is not known
`;

type Format = "text" | "json" | "sarif";

interface Options {
  readonly format: Format;
  readonly exitZero: boolean;
  readonly verbose: boolean;
  /** Empty: what each file's surroundings say. */
  readonly kernel: string;
  readonly profile: Profile;
  readonly api: boolean;
  readonly jobs: number;
  readonly limitSeconds: number;
  readonly progress: boolean;
  /** Files and folders, or with `api` the names of functions. */
  readonly operands: readonly string[];
}

const skippedFolders = new Set([".git", "node_modules"]);

function fail(message: string): never {
  process.stderr.write(`driverlab-check: ${message}\n${usage}`);
  process.exit(2);
}

function readOptions(): Options {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        format: { type: "string", default: "text" },
        "exit-zero": { type: "boolean", default: false },
        api: { type: "boolean", default: false },
        jobs: { type: "string" },
        limit: { type: "string" },
        progress: { type: "boolean", default: process.stderr.isTTY === true },
        kernel: { type: "string" },
        profile: { type: "string", default: "professional" },
        verbose: { type: "boolean", default: false },
        version: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) process.stdout.write(usage);
    if (values.version) process.stdout.write(`${programVersion()}\n`);
    if (values.help || values.version) process.exit(0);
    const format = values.format;
    if (format !== "text" && format !== "json" && format !== "sarif") fail(`no such format: ${format}`);
    if (positionals.length === 0) fail(values.api ? "no name given" : "no path given");
    if (values.api && format === "sarif") fail("--api prints text or json");
    const kernel = values.kernel === undefined ? "" : parseRelease(values.kernel);
    if (kernel === undefined) fail(`no such kernel version: ${values.kernel}; expected one such as 6.12`);
    const jobs = positive("--jobs", values.jobs) ?? availableParallelism();
    const limitSeconds = positive("--limit", values.limit) ?? defaultLimitSeconds;
    const { api, verbose, progress } = values;
    const exitZero = values["exit-zero"];
    const { profile } = values;
    if (profile !== "professional" && profile !== "learner") fail(`no such profile: ${profile}`);
    return { profile, format, exitZero, verbose, kernel, api, jobs, limitSeconds, progress, operands: positionals };
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

function positive(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(given)) fail(`${option} takes a whole number from 1, not ${given}`);
  return Number(given);
}

/** The C files below a folder, in the order of their names. */
function* walk(folder: string, report: (problem: Problem) => void): Generator<string> {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    report({ file: folder, kind: "unreadable", message: String(error) });
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  for (const entry of entries) {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) yield* walk(path, report);
    } else if (entry.name.endsWith(".c")) {
      yield path;
    }
  }
}

function* filesOf(paths: readonly string[], report: (problem: Problem) => void): Generator<string> {
  for (const path of paths) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) report({ file: path, kind: "missing", message: "no such file or folder" });
    else if (found.isDirectory()) yield* walk(path, report);
    else if (/\.[ch]$/.test(path)) yield path;
    else report({ file: path, kind: "not-c", message: "not a C file" });
  }
}

/** The files to check, and what is wrong with the paths given, by the number of files that come before. */
function listed(paths: readonly string[]): { files: readonly string[]; beside: ReadonlyMap<number, Problem[]> } {
  const files: string[] = [];
  const beside = new Map<number, Problem[]>();
  const report = (problem: Problem): void => {
    beside.set(files.length, [...(beside.get(files.length) ?? []), problem]);
  };
  for (const file of filesOf(paths, report)) files.push(file);
  return { files, beside };
}

/** What the files of the folders export to other modules, from a look at those that changed since the last one. */
function exportsOf(operands: readonly string[], files: readonly string[]): ReturnType<ExportIndex["unique"]> {
  const folders = operands.filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
  if (folders.length === 0) return [];
  const cache = diskCache(programVersion());
  const name = exportsName(operands.map(absolutePath));
  const index = new ExportIndex(cache.read(name));
  for (const file of files) index.look(disk, absolutePath(file));
  const kept = index.freeze();
  if (kept !== undefined) cache.write(name, kept);
  return index.unique();
}

/** One line on the error stream that says how far the check is; on a terminal it is written over. */
class Progress {
  private readonly wanted: boolean;
  private readonly over = process.stderr.isTTY === true;
  private shownAt = performance.now();
  private shown = false;

  constructor(wanted: boolean) {
    this.wanted = wanted;
  }

  show(done: number, all: number, findings: number, file: string): void {
    const now = performance.now();
    if (!this.wanted || now - this.shownAt < (this.over ? 100 : 2000)) return;
    this.shownAt = now;
    this.shown = this.over;
    const width = (process.stderr.columns ?? 200) - 1;
    const line = `${done} of ${all} files, ${findings} found: ${file}`.slice(0, width);
    process.stderr.write(this.over ? `\r${line}\x1b[K` : `${line}\n`);
  }

  clear(): void {
    if (this.shown) process.stderr.write("\r\x1b[K");
    this.shown = false;
  }
}

function printApi(knowledge: Knowledge, { format, operands }: Options): void {
  if (format === "json") {
    const entries = operands.map((name) => apiEntry(knowledge, name));
    process.stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
    return;
  }
  const cards = operands.map((name) => {
    const fact = kernelFact(knowledge, name) ?? knowledge.elsewhere(name);
    return fact === undefined ? `${name}: not known` : kernelCardText(knowledge, fact);
  });
  process.stdout.write(`${cards.join("\n\n")}\n`);
}

async function run(options: Options): Promise<number> {
  const started = performance.now();
  if (options.api) {
    const assets = await loadAssets();
    printApi(loadKnowledge(assets.facts, assets.tables).at(options.kernel), options);
    return 0;
  }
  const problems: Problem[] = [];
  const progress = new Progress(options.progress);
  const report = (problem: Problem): void => {
    if (problem.kind === "skipped" && !options.verbose) return;
    problems.push(problem);
    progress.clear();
    if (options.format === "text") process.stderr.write(`driverlab-check: ${problem.file}: ${problem.message}\n`);
  };
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const findings: ReportedFinding[] = [];
  const allowed: ReportedFinding[] = [];
  const seen = new Set<string>();
  const { files, beside } = listed(options.operands);
  const take = (result: FileResult): void => {
    for (const problem of result.problems) report(problem);
    for (const finding of result.findings) {
      // Files of one module are read together, so that a finding may turn up with each of them.
      const key = [finding.file, finding.line, finding.column, finding.rule, finding.message].join("\n");
      if (seen.has(key)) continue;
      seen.add(key);
      if (finding.allowed !== undefined) {
        allowed.push(finding);
        continue;
      }
      findings.push(finding);
      progress.clear();
      if (options.format === "text") process.stdout.write(`${textReport(finding, { color })}\n`);
    }
  };
  const { jobs, limitSeconds, kernel, profile } = options;
  const exports = exportsOf(options.operands, files);
  const pool = {
    jobs,
    limitSeconds,
    settings: { kernel, profile, exports },
    program: new URL(import.meta.url),
    ended: (file: string, count: number) => progress.show(count, files.length, findings.length, file),
  };
  let done = 0;
  for (const problem of beside.get(0) ?? []) report(problem);
  await checkAll(pool, files, (_, result) => {
    take(result);
    done++;
    for (const problem of beside.get(done) ?? []) report(problem);
  });
  progress.clear();
  const milliseconds = Math.round(performance.now() - started);
  if (options.format === "json") {
    const json: JsonReport = {
      schema: 1,
      findings: findings.map(jsonFinding),
      problems,
      files: files.length,
      milliseconds,
    };
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  } else if (options.format === "sarif") {
    const sarif = sarifReport(
      { version: programVersion(), rules, page: rulePage },
      [...findings, ...allowed],
      problems,
    );
    process.stdout.write(`${JSON.stringify(sarif, null, 2)}\n`);
  } else {
    const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
    const seconds = (milliseconds / 1000).toFixed(1);
    process.stderr.write(`${count(findings.length, "finding")} in ${count(files.length, "file")}, ${seconds} s\n`);
  }
  if (problems.some((problem) => problem.kind === "missing")) return 2;
  const serious = findings.some((finding) => finding.severity === "error" || finding.severity === "warning");
  return serious && !options.exitZero ? 1 : 0;
}

if (isMainThread) {
  // A reader such as `head` may close the pipe; that is no error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 2));
  process.exitCode = await run(readOptions());
} else {
  await serveChecks();
}
