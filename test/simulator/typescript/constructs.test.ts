// Every construct of the language gives what plain JavaScript gives, however often it is suspended.
import { stripTypeScriptTypes } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONSTRUCTS } from "./constructs.ts";
import { finish, outcome, start } from "./world.ts";

/** The result as text, so that it passes for a string of the kernel. */
function driver(body: string): string {
  return `import { module_init } from "linux/module";
import { kzalloc } from "linux/slab";
import { pr_info } from "linux/printk";
${body}
function run(): int { pr_info("%s", JSON.stringify(main())); return 0; }
module_init(run);`;
}

function resultOf(
  text: string,
  slice: () => number,
  canJump = false,
): { log: string; used: number; sites: readonly number[] } {
  const started = start(driver(text), {}, canJump);
  const { image, entry } = [...started.world.functions.values()][0]!;
  const before = started.world.log.length;
  const ran = finish(started, image.call(entry, []), slice);
  expect(outcome(ran.end)).toBe(0);
  const address = Number(started.world.log[before]!.split("|")[1]);
  return { log: started.world.textAt(address), used: ran.used, sites: ran.sites };
}

describe.each(Object.entries(CONSTRUCTS))("%s", (_, text) => {
  const plain = new Function(
    `"use strict";${stripTypeScriptTypes(text, { mode: "transform" })};return JSON.stringify(main());`,
  );
  const expected = plain() as string;
  const whole = resultOf(text, () => 1e9);

  test("in one go", () => expect(whole.log).toBe(expected));

  test("suspended at every statement", () => {
    const stepped = resultOf(text, () => 1);
    expect(stepped.log).toBe(expected);
    expect(stepped.used).toBe(whole.used);
    expect(stepped.sites.length).toBe(whole.used - 1);
  });

  test("with functions that can be jumped in", () => {
    const stepped = resultOf(text, () => 1, true);
    expect(stepped.log).toBe(expected);
    expect(stepped.sites).toEqual(resultOf(text, () => 1).sites);
  });

  test("with any budget", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }), (budgets) => {
        let i = 0;
        const ran = resultOf(text, () => Math.max(i < 12 ? 0 : 1, budgets[i++ % budgets.length]!));
        expect(ran.log).toBe(expected);
        expect(ran.used).toBe(whole.used);
      }),
      { numRuns: 5, seed: 1 },
    );
  });
});
