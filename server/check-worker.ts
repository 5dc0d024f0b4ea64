// The worker of `driverlab-check`: checks the files it is told to, one after the other, and sends back what it found.
import { relative } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { absolutePath, disk, diskCache, loadAssets, programVersion, readText } from "./disk.ts";
import { type Checker, checkText, defaultOptions, type Profile } from "./features/check.ts";
import { KeptResults } from "./features/kept-results.ts";
import { type Problem, type ReportedFinding, reported } from "./features/report.ts";
import { loadKnowledge } from "./knowledge/knowledge.ts";
import { createParser } from "./syntax/parser.ts";
import type { Host } from "./text/host.ts";

export interface WorkerSettings {
  /** The kernel release to check against; empty: what each file's surroundings say. */
  readonly kernel: string;
  readonly profile?: Profile;
  /** What one file alone exports to modules, with that file: absent where only files were given. */
  readonly exports?: readonly (readonly [name: string, path: string])[];
}

/** What one file gave; the findings in the order of the file, those that a comment allows last. */
export interface FileResult {
  readonly findings: readonly ReportedFinding[];
  readonly problems: readonly Problem[];
  readonly milliseconds: number;
}

/** The worker can be given files, the first one after this message. */
export const READY = "ready";

/** Takes the names of files, as the person gave them, and answers each with a FileResult. */
export async function serveChecks(): Promise<void> {
  const settings = workerData as WorkerSettings;
  const assets = await loadAssets();
  const exported = new Map(settings.exports);
  const checker = {
    parser: await createParser(assets.parser),
    knowledge: loadKnowledge(assets.facts, assets.tables),
    host: remembering({ ...disk, cache: diskCache(programVersion()) }),
    exports: { fileOf: (name: string) => exported.get(name) },
  };
  const kept: Results = new KeptResults(checker.host, checker.exports);
  parentPort!.on("message", (given: string) => {
    const started = performance.now();
    const result = checkFile(checker, kept, settings, given);
    parentPort!.postMessage({ ...result, milliseconds: Math.round(performance.now() - started) } satisfies FileResult);
  });
  parentPort!.postMessage(READY);
}

/** Characters of texts that are remembered. */
const REMEMBERED = 24 << 20;

/** The world as it is for as long as the program runs: a folder's files are read for each other again and again. */
function remembering(host: Host): Host {
  const texts = new Map<string, string | undefined>();
  const lists = new Map<string, readonly string[]>();
  let size = 0;
  return {
    ...host,
    read(path) {
      const known = texts.get(path);
      if (known !== undefined || texts.has(path)) return known;
      const text = host.read(path);
      texts.set(path, text);
      size += text?.length ?? 0;
      for (const [oldest, other] of texts) {
        if (size <= REMEMBERED) break;
        texts.delete(oldest);
        size -= other?.length ?? 0;
      }
      return text;
    },
    list(folder) {
      let names = lists.get(folder);
      if (names === undefined) {
        names = host.list(folder);
        lists.set(folder, names);
      }
      return names;
    },
  };
}

type Result = Pick<FileResult, "findings" | "problems">;
type Results = KeptResults<Result>;

function checkFile(checker: Checker, kept: Results, settings: WorkerSettings, given: string): Result {
  const fails = (kind: Problem["kind"], message: string) => ({
    findings: [],
    problems: [{ file: given, kind, message }],
  });
  const read = readText(given);
  if ("problem" in read) return fails(/not C/.test(read.problem) ? "not-c" : "unreadable", read.problem);
  const path = absolutePath(given);
  try {
    const { kernel, profile } = settings;
    const options = { ...defaultOptions, kernel, ...(profile === undefined ? {} : { profile }) };
    const name = ["checked", given, process.cwd(), kernel, profile].join("\n");
    return kept.of(name, (host, exports) => {
      // Of what is kept, its own text is to be a part.
      host.read(path);
      const checked = checkText({ ...checker, host, exports }, path, read.text, options);
      if (checked.skipped !== undefined) return fails("skipped", checked.skipped);
      const open = (file: string) => {
        const text = file === path ? read.text : host.read(file);
        return text === undefined ? undefined : { name: shownName(file, path, given), text };
      };
      const allowed = (checked.allowed ?? []).flatMap(({ finding, reason }) =>
        reported([finding], open).map((each) => ({ ...each, allowed: reason })),
      );
      return { findings: [...reported(checked.findings, open), ...allowed], problems: [] };
    });
  } catch (error) {
    return fails("failed", `the check failed: ${error instanceof Error ? error.stack : error}`);
  }
}

/** A file as the person named it; others of the same module by their path from here. */
function shownName(file: string, path: string, given: string): string {
  if (file === path) return given;
  return given.startsWith("/") ? file : relative(process.cwd(), file).replaceAll("\\", "/");
}
