// The workers of `driverlab-check`: hands out the files, gives up on one that takes too long, replaces a worker that dies.
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { type FileResult, READY, type WorkerSettings } from "./check-worker.ts";

export interface Pool {
  /** How many files are checked at once. */
  readonly jobs: number;
  /** A file is given up after this many seconds. */
  readonly limitSeconds: number;
  readonly settings: WorkerSettings;
  /** The program that calls serveChecks() when it is no main thread. */
  readonly program: URL;
  /** Is told of each file that is done, in whatever order they are. */
  readonly ended?: (file: string, count: number) => void;
}

/** Files of one folder, and of those below it, share headers and often a module: so many stay with one worker. */
const PART = 240;

/** Where there are few files, each worker is to have several parts all the same. */
const PARTS_A_WORKER = 4;
const SMALLEST_PART = 8;

/** What one worker may use, so that two of them and the program itself stay below 2 GB. */
const HEAP_MEGABYTES = 700;
const YOUNG_MEGABYTES = 48;

/**
 * The engine optimises in threads of its own, which nothing is left for where every processor checks; and it optimises
 * what it inlined too much into again and again, since each file brings objects of other shapes. So it inlines less, and
 * waits until a function has run often. Of older engines it is not known whether they have these settings.
 */
const ENGINE = ["--max-inlined-bytecode-size-cumulative=200", "--invocation-count-for-turbofan=20000"];
const ENGINE_SINCE = 13;

function settle(): void {
  if (Number.parseInt(process.versions.v8, 10) < ENGINE_SINCE) return;
  for (const flag of ENGINE) setFlagsFromString(flag);
}

/**
 * Checks all files; `done` is told each result in the order of the files. Rejects when a worker cannot even start.
 */
export async function checkAll(
  pool: Pool,
  files: readonly string[],
  done: (file: string, result: FileResult) => void,
): Promise<void> {
  settle();
  const parts = partsOf(files, pool.jobs);
  const waiting = new Map<number, FileResult>();
  let next = 0;
  let told = 0;
  let ended = 0;
  const finish = (index: number, result: FileResult): void => {
    waiting.set(index, result);
    pool.ended?.(files[index]!, ++ended);
    for (let ready = waiting.get(told); ready !== undefined; ready = waiting.get(told)) {
      waiting.delete(told);
      done(files[told]!, ready);
      told++;
    }
  };
  const work = async (): Promise<void> => {
    let worker: Checking | undefined;
    try {
      for (let part = parts[next++]; part !== undefined; part = parts[next++]) {
        for (const index of part) {
          worker ??= await start(pool);
          const result = await worker.check(files[index]!);
          if (worker.isOver) worker = undefined;
          finish(index, result);
        }
      }
    } finally {
      await worker?.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(pool.jobs, parts.length) }, work));
}

/** Some files, by their number. */
type Part = readonly number[];

interface Folder {
  readonly own: number[];
  readonly below: Map<string, Folder>;
}

/** Folders with all that is below them, divided where that is too much; the largest parts first, so that none ends late. */
function partsOf(files: readonly string[], jobs: number): readonly Part[] {
  const most = Math.max(SMALLEST_PART, Math.min(PART, Math.ceil(files.length / (jobs * PARTS_A_WORKER))));
  const root: Folder = { own: [], below: new Map() };
  for (const [index, file] of files.entries()) {
    let folder = root;
    for (const name of file.split("/").slice(0, -1)) {
      const next = folder.below.get(name) ?? { own: [], below: new Map() };
      folder.below.set(name, next);
      folder = next;
    }
    folder.own.push(index);
  }
  const parts: Part[] = [];
  /** The files that are left when those of folders large enough for parts of their own have theirs. */
  const divide = ({ own, below }: Folder): Part => {
    const left = [own, ...[...below.values()].map(divide)];
    const all = left.flat();
    if (all.length <= most) return all;
    for (const some of left)
      for (let from = 0; from < some.length; from += most) parts.push(some.slice(from, from + most));
    return [];
  };
  parts.push(divide(root));
  return parts.filter((part) => part.length > 0).sort((a, b) => b.length - a.length || a[0]! - b[0]!);
}

interface Checking {
  check(file: string): Promise<FileResult>;
  /** It can be given no more files. */
  readonly isOver: boolean;
  stop(): Promise<unknown>;
}

async function start({ settings, program, limitSeconds }: Pool): Promise<Checking> {
  const worker = new Worker(program, {
    workerData: settings,
    argv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  });
  let over = false;
  let answer: (result: FileResult) => void = () => {};
  let current = "";
  await new Promise<void>((ready, fail) => {
    worker.on("message", (message: FileResult | typeof READY) => (message === READY ? ready() : answer(message)));
    worker.on("error", (error: Error) => {
      fail(error);
      end("failed", `the check failed: ${error.message}`);
    });
    worker.on("exit", (code) => {
      fail(new Error(`a worker ended with code ${code}`));
      end("failed", "the check failed: its worker ended");
    });
  });
  function end(kind: "failed" | "gave-up", message: string): void {
    over = true;
    answer({ findings: [], problems: [{ file: current, kind, message }], milliseconds: limitSeconds * 1000 });
  }
  return {
    check(file) {
      current = file;
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          end("gave-up", `gave up after ${limitSeconds} s`);
          void worker.terminate();
        }, limitSeconds * 1000);
        answer = (result) => {
          clearTimeout(timer);
          answer = () => {};
          resolve(result);
        };
        worker.postMessage(file);
      });
    },
    get isOver() {
      return over;
    },
    stop: () => worker.terminate(),
  };
}
