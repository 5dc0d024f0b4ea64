// Same drivers, same seed: the same trace, to the byte; another seed, another schedule.
import { expect, test } from "vitest";
import { examplesWithScenario, loadExample, traced } from "./traced.ts";

const seeds = [1, 2];

test.each(examplesWithScenario())("%s", (path) => {
  const loaded = loadExample(path);
  const schedules = new Set<string>();
  for (const seed of seeds) {
    const options = { seed, cpus: 1 + seed };
    const [one, other] = [traced(loaded, options), traced(loaded, options)];
    expect(other, `seed ${seed}`).toEqual(one);
    expect(one.end).toBe("idle");
    schedules.add(one.schedule);
  }
  expect(schedules.size).toBe(seeds.length);
});
