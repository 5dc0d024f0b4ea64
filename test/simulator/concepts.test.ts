// The table of concepts: what it names is there, its tests pass, and its checks report.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { checks } from "../../simulator/checks/index.ts";
import { load, reported, run } from "./drivers.ts";

const page = join(import.meta.dirname, "../../simulator/concepts.md");
const rows = readFileSync(page, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (---|concept)/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));

interface Evidence {
  readonly concept: string;
  readonly tests: readonly string[];
  readonly ids: readonly string[];
}

/** By the file that shows it. */
const shown = new Map<string, Evidence[]>();
for (const row of rows) {
  for (const part of row[3]!.split(";").filter((text) => text.trim() !== "")) {
    const [, link, rest] = /^\s*\[[^\]]+\]\(([^)]+)\)((?: (?:"[^"]+"|`[^`]+`))+)$/.exec(part) ?? [];
    if (link === undefined) throw new Error(`not a link with what it shows: ${part}`);
    const names = (quote: RegExp): string[] => [...rest!.matchAll(quote)].map((match) => match[1]!);
    const path = join(dirname(page), link);
    const evidence = { concept: row[1]!, tests: names(/"([^"]+)"/g), ids: names(/`([^`]+)`/g) };
    shown.set(path, [...(shown.get(path) ?? []), evidence]);
  }
}
const files = [...shown.keys()].sort();

test("has a row for each concept, with what shows it or what is not there", () => {
  expect(rows.length).toBeGreaterThan(28);
  expect(rows.filter((row) => row.length !== 6 || row[1] === "" || `${row[3]}${row[4]}` === "")).toEqual([]);
  expect(files.filter((path) => !existsSync(path))).toEqual([]);
});

test("shows every check, and none that is not there", () => {
  const ids = [...shown.values()].flat().flatMap((one) => one.ids);
  const all = checks.map(({ id }) => id);
  expect(ids.filter((id) => id !== "oops" && !all.includes(id))).toEqual([]);
  expect(all.filter((id) => !ids.includes(id))).toEqual([]);
});

describe.each(files.map((path) => [path.slice(dirname(page).length), path] as const))("%s", (_, path) => {
  const evidence = shown.get(path)!;

  test("shows what it is said to show", () => {
    if (path.endsWith(".test.ts")) {
      const text = readFileSync(path, "utf8");
      expect(evidence.flatMap(({ tests }) => tests).filter((name) => !text.includes(name))).toEqual([]);
      return;
    }
    const { machine, end } = run(load(path));
    const passed = machine.tests.filter(({ status }) => status === "ok").map(({ name }) => name);
    const ids = reported(machine).map((line) => line.split(" ")[1]!);
    const wanted = (found: readonly string[], names: readonly string[]) => names.filter((one) => !found.includes(one));
    expect(end).toBe("idle");
    expect(evidence.flatMap(({ tests }) => wanted(passed, tests))).toEqual([]);
    expect(evidence.flatMap((one) => wanted(ids, one.ids))).toEqual([]);
  });
});
