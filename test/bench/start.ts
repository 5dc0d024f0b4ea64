// Measures what a person waits for: start of the server to the first diagnostics, and the last key to the next ones.
import { readFileSync } from "node:fs";
import { sleeper } from "../lsp/drivers.ts";
import { pushing, RawClient } from "../lsp/raw-client.ts";

const runs = 10;
const path = process.argv[2];
const text = path === undefined ? sleeper : readFileSync(path, "utf8");
const uri = "file:///drivers/sleeper.c";

function middle(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [first, median, last] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  return `median ${median!.toFixed(0)} ms (${first!.toFixed(0)} to ${last!.toFixed(0)})`;
}

const cold: number[] = [];
const warm: number[] = [];
for (let run = 0; run < runs; run++) {
  const client = new RawClient();
  const started = performance.now();
  await client.initialize(pushing);
  await client.open(uri, text);
  await client.diagnosticsOf(uri, 1);
  cold.push(performance.now() - started);
  for (let version = 2; version <= 4; version++) {
    const typed = performance.now();
    await client.change(uri, { text: " ", range: { start: end(text), end: end(text) } }, version);
    await client.diagnosticsOf(uri, version);
    warm.push(performance.now() - typed);
  }
  await client.stop();
}
process.stdout.write(`start to first diagnostics: ${middle(cold)}\n`);
process.stdout.write(`key to diagnostics, 150 ms of waiting for the next key included: ${middle(warm)}\n`);

function end(all: string) {
  const lines = all.split("\n");
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}
