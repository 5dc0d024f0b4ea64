// Runs without scopes go as those with them, to the byte, and nobody can look at variables of functions in them.
import { expect, test } from "vitest";
import { framesOf } from "../../../simulator/engine/task.ts";
import { createMachine } from "../../../simulator/machine.ts";
import { loadExample, traced } from "../traced.ts";

test.each([
  ["edu.ts", {}],
  ["mistakes.ts", {}],
  ["kthread-queue/kthread-queue.ts", { cpus: 4 }],
])("%s", (path, options) => {
  const loaded = loadExample(path);
  for (const seed of [1, 7]) {
    const expected = traced(loaded, { ...options, seed });
    expect(expected.statements).toBeGreaterThan(50);
    expect(traced(loaded, { ...options, seed, scopes: false })).toEqual(expected);
  }
});

test("a frame says where it is, and not what its variables are", () => {
  const { recipe } = loadExample("edu.ts");
  const locals = [true, false].map((scopes) => {
    const machine = createMachine({ ...recipe, scopes });
    machine.run(300);
    const frames = machine.engine.tasks.flatMap(framesOf).map(({ frame }) => frame);
    return frames.map((frame) => ({ site: frame.site.line, count: frame.scopes()[0]!.variables.length }));
  });
  const [whole, bare] = locals as [(typeof locals)[0], (typeof locals)[0]];
  expect(whole.some(({ count }) => count > 0)).toBe(true);
  expect(bare.map(({ site }) => site)).toEqual(whole.map(({ site }) => site));
  expect(bare.every(({ count }) => count === 0)).toBe(true);
});
