// The workers of the extraction: hands out files in small shares and puts the answers into the order of the files.
import { Worker } from "node:worker_threads";
import type { Harvest } from "./harvest.ts";
import type { Answer, Request, UseCount } from "./worker.ts";

export class Pool {
  private readonly workers: readonly Worker[];
  private readonly onProgress: (done: number, of: number) => void;

  constructor(size: number, onProgress: (done: number, of: number) => void) {
    this.workers = Array.from({ length: size }, () => new Worker(new URL("./worker.ts", import.meta.url)));
    this.onProgress = onProgress;
  }

  async harvest(root: string, paths: readonly string[]): Promise<Harvest[]> {
    const answers = await this.share("harvest", root, paths);
    return answers.flatMap((each) => (each.kind === "harvest" ? each.harvests : []));
  }

  /** `own`: of each name the file that defines it, or the folder of its owner with a slash at its end. */
  async uses(
    root: string,
    paths: readonly string[],
    own: ReadonlyMap<string, string | undefined>,
  ): Promise<Map<string, UseCount>> {
    await this.want(own);
    const all = new Map<string, UseCount>();
    for (const each of await this.share("uses", root, paths)) {
      if (each.kind !== "uses") continue;
      for (const [name, { files, outside, kept, tested }] of each.counts) {
        const sum = all.get(name) ?? { files: 0, outside: 0, kept: 0, tested: 0 };
        all.set(name, {
          files: sum.files + files,
          outside: sum.outside + outside,
          kept: sum.kept + kept,
          tested: sum.tested + tested,
        });
      }
    }
    return all;
  }

  async mentions(root: string, paths: readonly string[], names: Iterable<string>): Promise<Set<string>> {
    await this.want(new Map([...names].map((name) => [name, undefined])));
    const answers = await this.share("mentions", root, paths);
    return new Set(answers.flatMap((each) => (each.kind === "mentions" ? [...each.names] : [])));
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private async want(names: ReadonlyMap<string, string | undefined>): Promise<void> {
    await Promise.all(this.workers.map((worker) => ask(worker, { kind: "wanted", names })));
  }

  private async share(
    kind: "harvest" | "uses" | "mentions",
    root: string,
    paths: readonly string[],
  ): Promise<Answer[]> {
    const size = 24;
    const shares = Array.from({ length: Math.ceil(paths.length / size) }, (_, i) =>
      paths.slice(i * size, (i + 1) * size),
    );
    const answers: Answer[] = [];
    let next = 0;
    let done = 0;
    const drain = async (worker: Worker): Promise<void> => {
      for (let mine = next++; mine < shares.length; mine = next++) {
        const share = shares[mine]!;
        answers[mine] = await ask(worker, { kind, root, paths: share });
        done += share.length;
        this.onProgress(done, paths.length);
      }
    };
    await Promise.all(this.workers.map(drain));
    return answers;
  }
}

function ask(worker: Worker, request: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (answer: Answer): void => {
      worker.off("error", reject);
      if (answer.kind === "failed") reject(new Error(answer.message));
      else resolve(answer);
    };
    worker.once("message", settle);
    worker.once("error", reject);
    worker.postMessage(request);
  });
}
