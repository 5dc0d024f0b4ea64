// What must not matter does not: names of locals, blank lines and comments, what was looked at before.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { type Checked, checkText } from "../../server/features/check.ts";
import { createChecker, root } from "../checker.ts";

const checker = await createChecker();
const fixtures = globSync("test/rules/*.c", { cwd: root })
  .sort()
  .filter((path) => !path.endsWith(".fixed.c"))
  .map((path) => [basename(path, ".c"), readFileSync(join(root, path), "utf8")] as const);
const check = (text: string): Checked => checkText(checker, "/fixtures/a.c", text);
const first = new Map<string, Checked>();
/** The fixture as it is, checked once. */
function untouched(text: string): Checked {
  const known = first.get(text) ?? check(text);
  first.set(text, known);
  return known;
}

/** What is said, without the places; sorted, since the order is that of the places. */
function said({ findings }: Checked): readonly string[] {
  return findings
    .map(({ rule, severity, message, related }) =>
      [severity, rule, message, ...related.map((r) => r.message)].join("\n"),
    )
    .sort();
}

/** Lines and rules, without the words, in which names of locals stand. */
function placed({ program, findings }: Checked): readonly string[] {
  return findings.map(({ rule, start }) => `${program.file.lines.position(start).line + 1} ${rule}`).sort();
}

test.each(fixtures)("blank lines and comments in %s", (_, text) => {
  const spread = text.replace(
    /^([^\n#"]*[;{}])([ \t]*(?:\/\/[^\n]*)?)$/gm,
    (line, code: string) => `${line}\n\n${/^\s/.test(code) ? "\t" : ""}/* and so on */`,
  );
  expect(spread).not.toBe(text);
  expect(said(check(spread))).toEqual(said(untouched(text)));
});

test.each(fixtures)("names of locals in %s", (_, text) => {
  const before = untouched(text);
  expect(placed(check(renamed(before)))).toEqual(placed(before));
});

test.each(fixtures)("an edit and its undo in %s", (_, text) => {
  const before = JSON.stringify(untouched(text).findings);
  check(text.slice(0, text.length / 2));
  expect(JSON.stringify(check(text).findings)).toBe(before);
});

/** Names that say what a variable is for, which the analysis reads as people do: an error, the number of an interrupt. */
const telling = ["ret", "irq"];

/** Every local and parameter gets a longer name, but for names that are also a member, a macro's word or a function. */
function renamed({ program }: Checked): string {
  const { text, unit } = program.file;
  const words = (from: string): readonly string[] => from.match(/[A-Za-z_]\w*/g) ?? [];
  const taken = new Set([
    ...unit.records.flatMap(({ members }) => members.map(({ name }) => name)),
    ...unit.macros.flatMap(({ body }) => words(body)),
    ...[...text.matchAll(/(?:->|\.)\s*(\w+)/g)].map((match) => match[1]!),
    ...unit.functions.map(({ name }) => name),
    ...unit.variables.map(({ name }) => name),
    ...telling,
  ]);
  const edits: { start: number; end: number; text: string }[] = [];
  for (const def of unit.functions) {
    for (const name of program.types.localsOf(def).keys()) {
      // In these the word is one of the language, of a loop macro or of a type.
      if (taken.has(name) || new RegExp(`\\b(struct|enum|union|goto)\\s+${name}\\b`).test(text)) continue;
      const pattern = new RegExp(`/\\*[\\s\\S]*?\\*/|//[^\\n]*|"(?:\\\\.|[^"\\\\])*"|\\b${name}\\b`, "g");
      for (const match of text.slice(def.start, def.end).matchAll(pattern)) {
        if (match[0] !== name) continue;
        const start = def.start + match.index;
        edits.push({ start, end: start + name.length, text: `${name}_of_mine` });
      }
    }
  }
  edits.sort((a, b) => b.start - a.start);
  return edits.reduce((result, { start, end, text: by }) => result.slice(0, start) + by + result.slice(end), text);
}
