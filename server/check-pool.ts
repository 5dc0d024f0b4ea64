// The workers of `driverlab-check`: hands out the files, gives up on one that takes too long, replaces a worker that dies.
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
}

/** Files of one folder share their headers and often a module; larger folders are shared out in such parts. */
const PART = 160;

/** What one worker may use, so that two of them and the program itself stay below 2 GB. */
const HEAP_MEGABYTES = 700;
const YOUNG_MEGABYTES = 48;

/**
 * Checks all files; `done` is told each result in the order of the files. Rejects when a worker cannot even start.
 */
export async function checkAll(
  pool: Pool,
  files: readonly string[],
  done: (file: string, result: FileResult) => void,
): Promise<void> {
  const parts = partsOf(files);
  const waiting = new Map<number, FileResult>();
  let next = 0;
  let told = 0;
  const finish = (index: number, result: FileResult): void => {
    waiting.set(index, result);
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
        for (let index = part.from; index < part.to; index++) {
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

interface Part {
  readonly from: number;
  readonly to: number;
}

function partsOf(files: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  const folderOf = (file: string): string => file.slice(0, file.lastIndexOf("/") + 1);
  for (let from = 0; from < files.length; ) {
    const folder = folderOf(files[from]!);
    let to = from + 1;
    while (to < files.length && to < from + PART && folderOf(files[to]!) === folder) to++;
    parts.push({ from, to });
    from = to;
  }
  return parts;
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
