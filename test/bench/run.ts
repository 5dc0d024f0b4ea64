// `npm run bench -- NAME …`: runs one benchmark of this folder with the rest of the arguments.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== "run.ts")
  .map((file) => file.slice(0, -".ts".length))
  .sort();
const [name, ...rest] = process.argv.slice(2);

if (name === undefined || !names.includes(name)) {
  process.stderr.write(`Usage: npm run bench -- NAME …\nBenchmarks: ${names.join(", ")}\n`);
  process.exitCode = 2;
} else {
  const run = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...rest], { stdio: "inherit" });
  process.exitCode = run.status ?? 1;
}
