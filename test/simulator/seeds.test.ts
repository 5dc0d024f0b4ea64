// Same drivers, same seed: the same trace, to the byte; another seed, another schedule.
import { expect, test } from "vitest";
import { examplesWithScenario, loadExample, traced } from "./traced.ts";

const seeds = [1, 2];
/** Statements of each run that are compared; `npm run bench -- seeds` compares whole runs. */
const LIMIT = 1500;

test.each(examplesWithScenario())("%s", (path) => {
  const loaded = loadExample(path);
  const schedules = new Set<string>();
  for (const seed of seeds) {
    const options = { seed, cpus: 1 + seed };
    const one = traced(loaded, options, LIMIT);
    if (seed === seeds[0]) expect(traced(loaded, options, LIMIT), `seed ${seed}`).toEqual(one);
    schedules.add(one.schedule);
  }
  expect(schedules.size).toBe(seeds.length);
});
