// Runs each example under many seeds, twice each, and counts its schedules and reports.
// What differs is a mistake of the simulator. `npm run bench -- seeds [HOW MANY] [NAME …]`
import { examplesWithScenario, loadExample, traced } from "../simulator/traced.ts";

const [count = "1000", ...names] = process.argv.slice(2);
const chosen = examplesWithScenario().filter((path) => names.length === 0 || names.some((name) => path.includes(name)));
const started = performance.now();
let isSame = true;

for (const path of chosen) {
  const loaded = loadExample(path);
  const begun = performance.now();
  const schedules = new Set<string>();
  const reports = new Map<string, number>();
  const ends = new Map<string, number>();
  let statements = 0;
  for (let seed = 1; seed <= Number(count); seed++) {
    const options = { seed, cpus: 1 + (seed % 4) };
    // Once as they are debugged, once as fast as they go.
    const [one, other] = [traced(loaded, options), traced(loaded, { ...options, scopes: false })];
    if (one.events !== other.events) {
      isSame = false;
      process.stdout.write(`${path}: seed ${seed} gives two traces\n`);
    }
    statements += one.statements + other.statements;
    schedules.add(one.schedule);
    ends.set(one.end, (ends.get(one.end) ?? 0) + 1);
    for (const report of new Set(one.reports)) reports.set(report, (reports.get(report) ?? 0) + 1);
  }
  const seconds = (performance.now() - begun) / 1000;
  const ended = [...ends].map(([end, times]) => `${end} ${times}`).join(", ");
  process.stdout.write(
    `${path}: ${count} seeds, ${schedules.size} schedules, ended ${ended}, ${statements} statements, ${seconds.toFixed(1)} s\n`,
  );
  const sorted = [...reports].sort(([a], [b]) => (Number.parseInt(a, 10) || 0) - (Number.parseInt(b, 10) || 0));
  for (const [report, times] of sorted) process.stdout.write(`  line ${report}: under ${times} of ${count} seeds\n`);
}
const total = ((performance.now() - started) / 1000).toFixed(0);
process.stdout.write(`${isSame ? "every seed gave the same trace twice" : "NOT REPEATABLE"}; ${total} s in all\n`);
if (!isSame) process.exitCode = 1;
