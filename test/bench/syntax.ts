// Measures the reading pass on a kernel tree: functions that tree-sitter-c cannot read, identifiers lost, tokens blanked, speed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { Language, type Node, Parser, type Tree } from "web-tree-sitter";
import { tokenize } from "../../server/syntax/lexer.ts";
import { readKernelC } from "../../server/syntax/reading.ts";
import { configure } from "../../server/syntax/reading-conditionals.ts";
import { Kind, Mark } from "../../server/syntax/reading-words.ts";

interface Failure {
  readonly line: number;
  readonly text: string;
}

interface Measured {
  readonly file: string;
  readonly size: number;
  readonly broken: boolean;
  readonly functions: number;
  readonly failedFunctions: number;
  readonly failures: readonly Failure[];
  /** Only of files whose leaves were walked. */
  readonly identifiers: number;
  readonly lostIdentifiers: number;
  readonly tokens: number;
  readonly blanked: number;
  readonly blankedInactive: number;
  readonly blankedAnnotations: number;
  readonly readMillis: number;
  readonly parseMillis: number;
}

interface Job {
  readonly root: string;
  readonly files: readonly string[];
  readonly plain: boolean;
}

/** Every leaf of every so many files is visited: walking leaves costs as much as parsing. */
const leavesEvery = 12;

if (isMainThread) await main();
else await work(workerData as Job);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tree: { type: "string" },
      plain: { type: "boolean", default: false },
      sample: { type: "string" },
      list: { type: "string", default: "0" },
      only: { type: "string" },
      folder: { type: "string", default: "drivers" },
    },
  });
  const root =
    values.tree ??
    process.env.DRIVERLAB_KERNEL_6_12 ??
    join(import.meta.dirname, "../../.cache/kernel/linux-source-6.12");
  const { folder } = values;
  if (!existsSync(join(root, folder))) {
    console.error(
      `No kernel tree at ${root}. \`npm run kernel\` fetches one; or name it with --tree or DRIVERLAB_KERNEL_6_12.`,
    );
    process.exitCode = 1;
    return;
  }
  let files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".c"))
    .map((name) => join(folder, name))
    .sort();
  const only = values.only?.split(",");
  if (only) files = files.filter((name) => only.some((part) => name.includes(part)));
  if (values.sample) files = everyFew(files, Number(values.sample));
  const results = await measureAll(root, files, values.plain);
  report(results, values.plain, Number(values.list));
}

function everyFew(files: readonly string[], wanted: number): string[] {
  const step = Math.max(1, files.length / wanted);
  const picked: string[] = [];
  for (let at = 0; at < files.length; at += step) picked.push(files[Math.floor(at)]!);
  return picked;
}

async function measureAll(root: string, files: readonly string[], plain: boolean): Promise<Measured[]> {
  const workers = Math.max(1, Math.min(availableParallelism(), 8));
  const shares = Array.from({ length: workers }, (_, w) => files.filter((_, i) => i % workers === w));
  const measured = await Promise.all(shares.map((share) => runWorker({ root, files: share, plain })));
  const byName = new Map(measured.flat().map((one) => [one.file, one]));
  return files.map((file) => byName.get(file)!);
}

function runWorker(job: Job): Promise<Measured[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: job });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

async function work(job: Job): Promise<void> {
  await Parser.init();
  const modules = join(import.meta.dirname, "../../node_modules");
  const parser = new Parser();
  parser.setLanguage(await Language.load(join(modules, "tree-sitter-c/tree-sitter-c.wasm")));
  const results = job.files.map((file, i) => measure(job, file, parser, i % leavesEvery === 0));
  parentPort!.postMessage(results);
}

function measure(job: Job, file: string, parser: Parser, walkLeaves: boolean): Measured {
  const text = readFileSync(join(job.root, file), "utf8");
  const begun = performance.now();
  const reading = readKernelC(text);
  const read = performance.now();
  const source = job.plain ? text : reading.shadow;
  const tree = parser.parse(source)!;
  const parsed = performance.now();
  const errors = findErrors(tree.rootNode);
  const functions = scanFunctions(text);
  const bodies = definedBodies(tree);
  const failedFunctions = functions.filter(
    ({ start, brace, end }) => !bodies.has(brace) || errors.some((e) => e.startIndex < end && e.endIndex >= start),
  );
  const missing = failedFunctions
    .filter(({ start, end }) => !errors.some((e) => e.startIndex < end && e.endIndex >= start))
    .map(({ start }) => start);
  const leaves = walkLeaves ? countIdentifiers(text, source, tree) : { identifiers: 0, lost: 0 };
  const failures = [...errors.map((e) => innermost(e)), ...missing].map((at) => place(text, at));
  tree.delete();
  return {
    file,
    size: text.length,
    broken: errors.length > 0,
    functions: functions.length,
    failedFunctions: failedFunctions.length,
    failures,
    identifiers: leaves.identifiers,
    lostIdentifiers: leaves.lost,
    tokens: reading.tokens,
    blanked: reading.blankedTokens,
    blankedInactive: reading.blankedInactive,
    blankedAnnotations: reading.blankedAnnotations,
    readMillis: read - begun,
    parseMillis: parsed - read,
  };
}

function findErrors(root: Node): Node[] {
  const found: Node[] = [];
  const open = root.hasError ? [root] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.isError || node.isMissing) found.push(node);
    else for (const child of node.children) if (child?.hasError) open.push(child);
  }
  return found.sort((a, b) => a.startIndex - b.startIndex);
}

/** Where an error most likely is: behind what could still be read of it. */
function innermost(error: Node): number {
  for (const child of error.children) if (child?.isError || child?.isMissing) return child.startIndex;
  return error.startIndex;
}

/** Offsets of the braces that open the bodies of function definitions in the tree. */
function definedBodies(tree: Tree): Set<number> {
  const found = new Set<number>();
  for (const node of tree.rootNode.descendantsOfType("function_definition")) {
    const body = node?.childForFieldName("body");
    if (body) found.add(body.startIndex);
  }
  return found;
}

/** Definitions by a scan of the tokens: at brace depth 0, `name ( … ) [words] {`. */
function scanFunctions(text: string): { start: number; brace: number; end: number }[] {
  const tokens = tokenize(text);
  const { visible } = configure(tokens);
  const found: { start: number; brace: number; end: number }[] = [];
  let depth = 0;
  let parentheses = 0;
  let head = -1;
  let isCandidate = false;
  let isInitializer = false;
  let current = -1;
  const reset = (): void => {
    head = -1;
    isCandidate = false;
    isInitializer = false;
  };
  for (const [v, i] of visible.entries()) {
    const kind = tokens.kind[i]!;
    if (kind === Mark.openBrace) {
      if (depth++ === 0) current = parentheses === 0 && isCandidate && !isInitializer ? i : -1;
    } else if (kind === Mark.closeBrace) {
      depth = Math.max(0, depth - 1);
      if (depth > 0) continue;
      if (current >= 0) {
        found.push({ start: tokens.start[head]!, brace: tokens.start[current]!, end: tokens.end[i]! });
        reset();
      } else isCandidate = false;
      current = -1;
      parentheses = 0;
    } else if (depth === 0) {
      if (head < 0) head = i;
      if (kind === Mark.open) {
        const before = v > 0 ? tokens.kind[visible[v - 1]!] : 0;
        if (parentheses++ === 0 && (before === Kind.name || before === Mark.close)) isCandidate = true;
      } else if (kind === Mark.close) parentheses = Math.max(0, parentheses - 1);
      else if (parentheses > 0) continue;
      else if (kind === Mark.semicolon) reset();
      else if (kind === Mark.equals) isInitializer = true;
      else if (kind === Kind.tag) isCandidate = false;
    }
  }
  return found;
}

/** Identifiers that stand in the source parsed, and how many of them no leaf of the tree covers. */
function countIdentifiers(text: string, source: string, tree: Tree): { identifiers: number; lost: number } {
  const tokens = tokenize(text);
  const { visible } = configure(tokens);
  const names: number[] = [];
  for (const i of visible) {
    const at = tokens.start[i]!;
    if (tokens.kind[i] === Kind.name && source.charCodeAt(at) !== 32) names.push(at);
  }
  let next = 0;
  let lost = 0;
  const cursor = tree.walk();
  const skipLost = (start: number): void => {
    while (next < names.length && names[next]! < start) {
      next++;
      lost++;
    }
  };
  for (;;) {
    if (cursor.gotoFirstChild()) continue;
    const type = cursor.nodeType;
    if (/identifier$|^[A-Za-z_]\w*$/.test(type) && type !== "comment" && type !== "string_content") {
      skipLost(cursor.startIndex);
      while (next < names.length && names[next]! < cursor.endIndex) next++;
    }
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent()) {
        skipLost(Number.POSITIVE_INFINITY);
        cursor.delete();
        return { identifiers: names.length, lost };
      }
    }
  }
}

function place(text: string, offset: number): Failure {
  const line = text.slice(0, offset).split("\n").length;
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return { line, text: text.slice(start, end < 0 ? undefined : end).trim() };
}

function report(results: readonly Measured[], plain: boolean, list: number): void {
  const sum = (field: (one: Measured) => number): number => results.reduce((total, one) => total + field(one), 0);
  const share = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(3)} %`;
  const size = sum((one) => one.size) / 1e6;
  const broken = sum((one) => (one.broken ? 1 : 0));
  const functions = sum((one) => one.functions);
  const failed = sum((one) => one.failedFunctions);
  const tokens = sum((one) => one.tokens);
  const blanked = sum((one) => one.blanked);
  const inactive = sum((one) => one.blankedInactive);
  const annotations = sum((one) => one.blankedAnnotations);
  const identifiers = sum((one) => one.identifiers);
  const lost = sum((one) => one.lostIdentifiers);
  const reading = sum((one) => one.readMillis) / 1000;
  const parsing = sum((one) => one.parseMillis) / 1000;
  const lines = [
    `${plain ? "plain text" : "reading pass"}: ${results.length} files, ${size.toFixed(1)} MB`,
    `files with an error     ${broken} (${share(broken, results.length)})`,
    `functions               ${functions}`,
    `functions not read      ${failed} (${share(failed, functions)})`,
    `identifiers lost        ${lost} of ${identifiers} (${share(lost, identifiers)}), every ${leavesEvery}th file`,
    `tokens blanked          ${share(blanked, tokens)} (arms left out ${share(inactive, tokens)}, annotations ${share(annotations, tokens)}, other ${share(blanked - inactive - annotations, tokens)})`,
    `speed on one core       pass ${(size / reading).toFixed(1)} MB/s, pass and parse ${(size / (reading + parsing)).toFixed(1)} MB/s`,
  ];
  console.log(lines.join("\n"));
  let left = list;
  for (const { file, failures } of results) {
    for (const { line, text } of failures) if (left-- > 0) console.log(`${relative(".", file)}:${line}: ${text}`);
  }
}
