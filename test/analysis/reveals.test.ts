// The analysis by itself: what it knows of contexts and locks on the lines of the fixtures that say so.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/analysis/facts.ts";
import { inspect } from "../../server/analysis/inspect.ts";
import { readProgram } from "../../server/program/program.ts";
import { createChecker, root } from "../checker.ts";
import { readExpectations } from "../rules/expectations.ts";

const checker = await createChecker();

describe.each(globSync("test/analysis/*.c", { cwd: root }).sort())("%s", (file) => {
  const text = readFileSync(join(root, file), "utf8");
  const program = readProgram(checker.parser, checker.knowledge, checker.host, `${root}/${file}`, text);
  const facts = analyse(program, []);
  const { revealed, mistakes } = readExpectations(text);

  test("is understood", () => {
    expect(mistakes).toEqual([]);
    expect(program.file.problems).toEqual([]);
    expect(revealed.length).toBeGreaterThan(0);
  });

  test.each(revealed.map((each) => [each.line, each.facts] as const))("line %i", (line, expected) => {
    const { lines } = program.file;
    const known = inspect(program, facts, { start: lines.start(line - 1), end: lines.start(line) });
    const told: Record<string, string | undefined> = {
      context: known?.contexts.join(","),
      held: known?.held.join(",") || "none",
      sometimes: known?.sometimesHeld.join(",") || "none",
    };
    for (const [key, value] of expected) expect(`${key}=${told[key]}`).toBe(`${key}=${value}`);
  });
});
