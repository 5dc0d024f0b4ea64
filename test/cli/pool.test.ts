// The workers of `driverlab-check`: results in the order of the files, whatever becomes of a worker.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkAll } from "../../server/check-pool.ts";

let folder = "";

function program(name: string, text: string): URL {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, `import { parentPort } from "node:worker_threads";\n${text}`);
  return pathToFileURL(path);
}

/** Answers with the name of the file as a finding's message; some names are the end of it. */
const worker = `
parentPort.on("message", (file) => {
  if (file.endsWith("exits.c")) process.exit(3);
  if (file.endsWith("throws.c")) throw new Error("out of luck");
  if (file.endsWith("hangs.c")) for (;;);
  const after = file.endsWith("slow.c") ? 150 : 0;
  setTimeout(() => parentPort.postMessage({ findings: [{ message: file }], problems: [], milliseconds: 0 }), after);
});
parentPort.postMessage("ready");
`;

async function run(files: readonly string[], jobs: number, text = worker): Promise<string[]> {
  const told: string[] = [];
  const pool = { jobs, limitSeconds: 1, settings: { kernel: "" }, program: program("worker", text) };
  await checkAll(pool, files, (file, { findings, problems }) => {
    for (const { message } of findings) told.push(message);
    for (const problem of problems) told.push(`${problem.file} ${problem.kind} ${problem.message}`);
    if (findings.length + problems.length !== 1) told.push(`${file}: not one result`);
  });
  return told;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "driverlab-pool-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([1, 2, 5])("%i at once tell of the files in their order", async (jobs) => {
  const files = ["a/slow.c", "a/1.c", "b/1.c", "b/slow.c", "c/1.c", "d/1.c"];
  expect(await run(files, jobs)).toEqual(files);
});

test.each([1, 2])(
  "with %i at once, a file that ends its worker or takes too long is named, and the rest goes on",
  async (jobs) => {
    expect(await run(["a/1.c", "a/exits.c", "a/2.c", "a/throws.c", "b/hangs.c", "b/3.c"], jobs)).toEqual([
      "a/1.c",
      "a/exits.c failed the check failed: its worker ended",
      "a/2.c",
      "a/throws.c failed the check failed: out of luck",
      "b/hangs.c gave-up gave up after 1 s",
      "b/3.c",
    ]);
  },
);

test("a worker that cannot start ends the run", async () => {
  await expect(run(["a/1.c"], 1, "throw new Error('no assets');")).rejects.toThrow("no assets");
});

test("no files are no work", async () => expect(await run([], 4)).toEqual([]));

test("files of a folder and of those below it stay with one worker, and each is told of when it is done", async () => {
  const names = ["a", "a/below", "b", "c", "d", "e"];
  // The smallest part that there is: larger folders are divided where there are so few files.
  const files = names.flatMap((name) => Array.from({ length: 8 }, (_, index) => `${name}/${10 + index}.c`));
  const telling = worker.replace("message: file", "message: file, rule: threadId").replace("150", "1");
  const workers = new Map<string, Set<unknown>>();
  const counts: number[] = [];
  const pool = {
    jobs: 2,
    limitSeconds: 10,
    settings: { kernel: "" },
    program: program("telling", `import { threadId } from "node:worker_threads";${telling}`),
    ended: (_: string, count: number) => counts.push(count),
  };
  await checkAll(pool, files, (file, { findings }) => {
    const folder = file[0]!;
    workers.set(folder, (workers.get(folder) ?? new Set()).add(findings[0]!.rule));
  });
  expect(counts).toEqual(files.map((_, index) => index + 1));
  for (const [folder, threads] of workers) if (folder !== "a") expect(threads.size, folder).toBe(1);
  expect(new Set([...workers.values()].flatMap((threads) => [...threads])).size).toBe(2);
});
