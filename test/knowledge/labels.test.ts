// Scores what is known against functions labelled by hand: nothing harmless is called sleeping, and sleepers are known.
import { expect, test } from "vitest";
import type { Knowledge } from "../../server/knowledge/knowledge.ts";
import type { MaySleep } from "../../server/knowledge/schema.ts";
import { curatedAlone, extractedAlone, knowledge, type Label, labels } from "./loaded.ts";

const sleepers = labels.filter(({ sleeps }) => sleeps !== "never");
const harmless = labels.filter(({ sleeps }) => sleeps === "never");

interface Score {
  /** Harmless functions that are said to sleep whatever the caller does, or by their flags. */
  readonly accused: readonly string[];
  /** Harmless functions that are said to sleep on a condition. */
  readonly suspected: readonly string[];
  /** Sleepers that are said never to sleep. */
  readonly cleared: readonly string[];
  /** Sleepers of which nothing is known. */
  readonly missed: readonly string[];
  readonly share: number;
}

const whole = score(knowledge);
const tables = score(extractedAlone);
report("curated and extracted", whole);
report("curated alone", score(curatedAlone));
report("extracted alone", tables);

test("there are enough labels, each name once, each with the place that shows it", () => {
  expect(sleepers.length).toBeGreaterThanOrEqual(160);
  expect(harmless.length).toBeGreaterThanOrEqual(160);
  expect(new Set(labels.map(({ name }) => name)).size).toBe(labels.length);
  expect(labels.filter(({ why }) => !/\b[\w/.-]+\.[ch]:\d+$/.test(why))).toEqual([]);
});

test("nothing harmless is called sleeping", () => {
  expect(whole.accused).toEqual([]);
});

test("nothing that sleeps is called harmless", () => {
  expect(whole.cleared).toEqual([]);
});

test("at least 95 % of the sleepers are known", () => {
  expect(whole.share, `unknown: ${whole.missed.join(", ")}`).toBeGreaterThanOrEqual(0.95);
});

test("what the trees alone tell is wrong for less than 1 % of the labels", () => {
  const wrong = [...tables.accused, ...tables.cleared];
  expect(wrong.length, wrong.join(", ")).toBeLessThan(labels.length / 100);
});

function score(known: Knowledge): Score {
  const said = ({ name }: Label): MaySleep => known.fact(name)?.maySleep ?? "unknown";
  const names = (which: readonly Label[], ...answers: MaySleep[]) =>
    which.filter((label) => answers.includes(said(label))).map(({ name }) => name);
  const found = names(sleepers, "always", "flags", "conditional");
  return {
    accused: names(harmless, "always", "flags"),
    suspected: names(harmless, "conditional"),
    cleared: names(sleepers, "never"),
    missed: names(sleepers, "unknown"),
    share: found.length / sleepers.length,
  };
}

function report(layer: string, { accused, suspected, cleared, share }: Score): void {
  process.stdout.write(
    `Labels, ${layer}: ${(100 * share).toFixed(1)} % of ${sleepers.length} sleepers known, ${cleared.length} called ` +
      `harmless; of ${harmless.length} harmless ones ${accused.length} called sleeping, ${suspected.length} perhaps\n`,
  );
}
