// Random debug sessions against the built adapter: prints what broke or hung it, and the seed to see it again.
import { parseArgs } from "node:util";
import { randomSession } from "../debug/random-session.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    requests: { type: "string", default: "150" },
    seed: { type: "string", default: "1" },
  },
});
const end = performance.now() + Number(values.minutes) * 60_000;
let sessions = 0;
let found = 0;
for (let seed = Number(values.seed); performance.now() < end; seed++) {
  for (const { request, problem } of await randomSession(seed, Number(values.requests))) {
    found++;
    process.stdout.write(`seed ${seed}: ${problem}\n  ${request}\n`);
  }
  sessions++;
}
process.stdout.write(`${sessions} sessions of ${values.requests} requests: ${found} broke or hung the adapter\n`);
process.exit(found > 0 ? 1 : 0);
