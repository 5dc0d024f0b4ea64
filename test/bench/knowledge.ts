// Measures what the facts cost: time and memory to load them in a fresh process, and their size in the packed extension.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { loadKnowledge } from "../../server/knowledge/knowledge.ts";

const folder = join(import.meta.dirname, "../../dist/knowledge");
const processes = 20;
/** Looked up once each, as the first file that is checked does. */
const asked = ["kmalloc", "mutex_lock", "request_irq", "clk_prepare_enable", "no_such_function"];

interface Cost {
  readonly milliseconds: number;
  /** Of the processor, which other work on the machine disturbs less. */
  readonly busyMilliseconds: number;
  readonly megabytes: number;
}

function load(): Cost {
  const used = (): number => {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  const busy = process.cpuUsage();
  const started = performance.now();
  const table = (kind: string) => readFileSync(join(folder, `${kind}.tsv`), "latin1");
  const curated = JSON.parse(readFileSync(join(folder, "curated.json"), "utf8"));
  const tables = {
    ...{ functions: table("functions"), scopes: table("scopes"), members: table("members") },
    gone: table("gone"),
  };
  const knowledge = loadKnowledge(curated, tables);
  for (const name of asked) knowledge.fact(name);
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(busy);
  const megabytes = (used() - before) / 1e6;
  // What was loaded is still in use here, so that nothing of it was collected before it was counted.
  if (knowledge.fact("kmalloc") === undefined) throw new Error("kmalloc is not known");
  return { milliseconds, busyMilliseconds: (user + system) / 1000, megabytes };
}

function middle(values: readonly number[], unit: string): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [first, median, last] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  return `median ${median!.toFixed(1)} ${unit} (${first!.toFixed(1)} to ${last!.toFixed(1)})`;
}

if (process.argv[2] === "once") {
  process.stdout.write(JSON.stringify(load()));
} else if (!existsSync(folder)) {
  process.stderr.write("dist/ is not built: npm run build\n");
  process.exitCode = 2;
} else {
  const costs = Array.from({ length: processes }, (): Cost => {
    const args = ["--expose-gc", fileURLToPath(import.meta.url), "once"];
    return JSON.parse(spawnSync(process.execPath, args, { encoding: "utf8" }).stdout);
  });
  const waited = costs.map((cost) => cost.milliseconds);
  const busy = costs.map((cost) => cost.busyMilliseconds);
  process.stdout.write(`load, in ${processes} fresh processes: ${middle(waited, "ms")}\n`);
  process.stdout.write(`processor time of that: ${middle(busy, "ms")}\n`);
  process.stdout.write(
    `memory that loading takes: ${middle(
      costs.map((cost) => cost.megabytes),
      "MB",
    )}\n`,
  );
  let [raw, packed] = [0, 0];
  for (const name of readdirSync(folder).sort()) {
    const bytes = readFileSync(join(folder, name));
    const deflated = deflateRawSync(bytes).length;
    process.stdout.write(`${name}: ${bytes.length} bytes, ${deflated} in the .vsix\n`);
    raw += bytes.length;
    packed += deflated;
  }
  process.stdout.write(`together: ${(raw / 1e6).toFixed(2)} MB, ${(packed / 1e6).toFixed(2)} MB in the .vsix\n`);
}
