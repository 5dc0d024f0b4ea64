// Measures checking: whole folders of a kernel tree on all processors, a key to the next findings, sparse and cppcheck beside it.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { checkAll } from "../../server/check-pool.ts";
import { disk } from "../../server/disk.ts";
import { checkText, defaultOptions } from "../../server/features/check.ts";
import { remembered } from "../../server/lsp/remembered.ts";
import { ExportIndex } from "../../server/program/exports.ts";
import { createChecker, root } from "../checker.ts";
import { kernelTree } from "../knowledge/kernel-trees.ts";

const { values } = parseArgs({
  options: {
    /** Every file of drivers/; otherwise whole folders, evenly spread, until there are so many files. */
    all: { type: "boolean", default: false },
    sample: { type: "string", default: "400" },
    jobs: { type: "string", default: String(availableParallelism()) },
    program: { type: "string", default: join(root, "dist/driverlab-check.js") },
    typing: { type: "boolean", default: false },
    beside: { type: "string", default: "8" },
  },
});

const tree = kernelTree("6.12")?.folder;
if (tree === undefined) throw new Error("No sources of Linux 6.12: npm run kernel");
const drivers = join(tree, "drivers");

interface Folder {
  readonly name: string;
  readonly files: readonly string[];
}

function foldersBelow(folder: string): Folder[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries
    .filter((each) => each.isFile() && each.name.endsWith(".c"))
    .map(({ name }) => join(folder, name));
  const below = entries.filter((each) => each.isDirectory()).flatMap((each) => foldersBelow(join(folder, each.name)));
  return [...(files.length === 0 ? [] : [{ name: folder, files }]), ...below];
}

/** Whole folders, as they are checked together: a file alone would pay for its whole module. */
function sampleOf(folders: readonly Folder[], wanted: number): readonly string[] {
  const all = folders.reduce((count, { files }) => count + files.length, 0);
  const every = Math.max(1, Math.floor(all / wanted));
  return folders.filter((_, index) => index % every === 0).flatMap(({ files }) => files);
}

function linesOf(file: string): number {
  return readFileSync(file, "latin1").split("\n").length - 1;
}

function share(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const folders = foldersBelow(drivers);
const all = folders.flatMap(({ files }) => files);
if (!values.typing) {
  await measureTree(values.all ? all : sampleOf(folders, Number(values.sample)));
  measureBeside(Number(values.beside));
}
await measureTyping();

async function measureTree(files: readonly string[]): Promise<void> {
  const program = resolve(values.program);
  if (!existsSync(program)) throw new Error("dist/ is not built: npm run build");
  const lines = files.reduce((sum, file) => sum + linesOf(file), 0);
  const jobs = Number(values.jobs);
  const times: { file: string; milliseconds: number }[] = [];
  const seen = new Set<string>();
  const problems: string[] = [];
  let [serious, told] = [0, performance.now()];
  const cpu = process.cpuUsage();
  const started = performance.now();
  // As the program does for a folder; a cache of its own, empty at first, when one is named in XDG_CACHE_HOME.
  const index = new ExportIndex();
  for (const file of files) index.look(disk, file);
  const settings = { kernel: "", exports: index.unique() };
  const ended = (_: string, count: number): void => {
    if (performance.now() - told < 5000) return;
    told = performance.now();
    process.stderr.write(`${count} of ${files.length} files\n`);
  };
  const pool = { jobs, limitSeconds: 60, settings, program: pathToFileURL(program), ended };
  await checkAll(pool, files, (file, { findings, problems: found, milliseconds }) => {
    times.push({ file: relative(drivers, file), milliseconds });
    for (const each of found)
      if (each.kind !== "skipped") problems.push(`${relative(drivers, each.file)}: ${each.message.split("\n", 1)[0]}`);
    for (const each of findings) {
      const key = [each.file, each.line, each.column, each.rule, each.message].join("\n");
      if (each.allowed !== undefined || seen.has(key)) continue;
      seen.add(key);
      if (each.severity === "error" || each.severity === "warning") serious++;
    }
  });
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  const per = (seconds: number): string => ((seconds / lines) * 1e6).toFixed(1);
  say(`${files.length} files of drivers/ of 6.12, ${lines} lines, ${jobs} workers`);
  say(
    `  ${wall.toFixed(1)} s, ${(user / 1e6).toFixed(1)} s of processor time and ${(system / 1e6).toFixed(1)} s in the system`,
  );
  say(`  ${(files.length / wall).toFixed(1)} files/s, ${per(wall)} s a million lines, at most ${megabytes} MB`);
  if (!values.all) {
    const whole = all.reduce((sum, file) => sum + statSync(file).size, 0);
    const part = files.reduce((sum, file) => sum + statSync(file).size, 0);
    const minutes = (seconds: number): string => ((seconds * whole) / part / 60).toFixed(1);
    say(`  all ${all.length} files, by their size: ${minutes(wall)} min, ${minutes(user / 1e6)} min of processor time`);
  }
  say(
    `  ${seen.size} findings, ${((seen.size / lines) * 1000).toFixed(3)} a thousand lines; of these ${serious} errors and warnings`,
  );
  times.sort((a, b) => b.milliseconds - a.milliseconds);
  const hangs = times.filter(({ milliseconds }) => milliseconds > 2000).length;
  say(`  ${problems.length} files failed or were given up, ${hangs} took more than 2 s; the slowest:`);
  for (const { file, milliseconds } of times.slice(0, 10)) say(`  ${String(milliseconds).padStart(7)} ms  ${file}`);
  for (const problem of problems.slice(0, 20)) say(`  ${problem}`);
}

/** sparse sees single files with the tree's include folders; nothing is configured, so that it stops where it needs that. */
function measureBeside(count: number): void {
  const has = (name: string): boolean => spawnSync(name, ["--version"]).error === undefined;
  const [sparse, cppcheck] = [has("sparse"), has("cppcheck")];
  if (!sparse) say("sparse is not installed (apt-get install sparse)");
  if (!cppcheck) say("cppcheck is not installed (apt-get install cppcheck)");
  const includes = ["arch/x86/include", "include", "arch/x86/include/uapi", "include/uapi"].map(
    (each) => `-I${join(tree!, each)}`,
  );
  const defines = ["-D__KERNEL__", '-DKBUILD_MODNAME="x"', "-DMODULE"];
  const sparseArguments = [...includes, "-include", join(tree!, "include/linux/kconfig.h"), ...defines, "-Wno-decl"];
  const run = (name: string, args: readonly string[], said: RegExp): string => {
    const started = performance.now();
    const { stdout, stderr, error } = spawnSync(name, args, { encoding: "utf8", timeout: 60_000, cwd: tree });
    const milliseconds = (performance.now() - started).toFixed(0);
    if (error !== undefined) return `over ${milliseconds} ms`;
    const found = `${stdout}${stderr}`.split("\n").filter((line) => said.test(line));
    const stopped = found.filter((line) => /fatal|unable to open|: error: /.test(line)).length;
    return `${milliseconds} ms, ${found.length - stopped} reports, ${stopped} errors of its own`;
  };
  const files = all.filter((_, index) => index % Math.floor(all.length / count) === 0).slice(0, count);
  for (const file of files) {
    say(`${relative(drivers, file)}, ${linesOf(file)} lines`);
    say(
      `  driverlab-check  ${run(process.execPath, [resolve(values.program), "--jobs", "1", file], /: (error|warning): .*\[[\w-]+\]$/)}`,
    );
    if (sparse) say(`  sparse           ${run("sparse", [...sparseArguments, file], /: (error|warning): /)}`);
    if (cppcheck) {
      const args = ["--quiet", "--enable=warning", "--template={file}:{line}: {severity}: {message}", file];
      say(`  cppcheck         ${run("cppcheck", args, /: (error|warning): /)}`);
    }
  }
}

/** A statement in each of eight functions, spread over the file: what one waits for after a key, without the pause before a check. */
async function measureTyping(): Promise<void> {
  const sized = all.map((file) => ({ file, size: statSync(file).size }));
  const near = (lines: number, count: number): readonly string[] =>
    sized
      .filter(({ size }) => size > lines * 18 && size < lines * 45)
      .map(({ file }) => ({ file, off: Math.abs(linesOf(file) - lines) }))
      .filter(({ off }) => off < lines / 20)
      // Most of it functions, and no tables.
      .filter(({ file }) => bodies(readFileSync(file, "utf8")).length * 60 > lines)
      .sort((a, b) => a.off - b.off)
      .slice(0, count)
      .map(({ file }) => file);
  for (const [lines, limit] of [
    [2000, 50],
    [10_000, 200],
  ] as const)
    for (const file of near(lines, 3)) await typeIn(file, limit);
}

/** Where the bodies of functions begin. */
function bodies(text: string): readonly number[] {
  return [...text.matchAll(/^\w.*\)\n\{\n/gm)].map((match) => match.index + match[0].length);
}

async function typeIn(file: string, limit: number): Promise<void> {
  const made = await createChecker();
  // As in the editor, where what lies on the disk is read anew every few seconds.
  const checker = { ...made, host: remembered(made.host, () => performance.now()), hurries: true as const };
  const original = readFileSync(file, "utf8");
  let text = original;
  const check = (): number => {
    const started = performance.now();
    const { later } = checkText(checker, file, text, { ...defaultOptions, kernel: "6.12" });
    const milliseconds = performance.now() - started;
    // Other files of the module are read when nobody waits.
    for (const read of later ?? []) read();
    return milliseconds;
  };
  const first = check();
  check();
  const times: number[] = [];
  const spent: number[] = [];
  const places = bodies(original);
  for (let place = 0; place < 8; place++) {
    let at = places[Math.floor((places.length * (place + 0.5)) / 8)]! + text.length - original.length;
    for (const key of "\tif (done < 2)\n\t\tudelay(1);\n") {
      text = text.slice(0, at) + key + text.slice(at);
      at++;
      const cpu = process.cpuUsage();
      times.push(check());
      const { user, system } = process.cpuUsage(cpu);
      spent.push((user + system) / 1000);
    }
  }
  const sorted = times.sort((a, b) => a - b);
  spent.sort((a, b) => a - b);
  const figures = (of: readonly number[]): string => {
    const [median, most, longest] = [0.5, 0.95, 1].map((part) => share(of, part).toFixed(0));
    return `median ${median} ms, 95th percentile ${most} ms, longest ${longest} ms`;
  };
  const within = share(sorted, 0.95) <= limit ? "" : ` (more than ${limit} ms)`;
  say(`typing in ${relative(drivers, file)}, ${linesOf(file)} lines: opened in ${first.toFixed(0)} ms;`);
  say(`  key to findings: ${figures(sorted)}${within}`);
  say(`  processor time, which other work on the machine changes less: ${figures(spent)}`);
}
