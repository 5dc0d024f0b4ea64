// Each rule against its fixture, its repaired fixture and the two blocks of its page; each fix against the checker.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Checked, type Checker, checkText, defaultOptions } from "../../server/features/check.ts";
import { rules } from "../../server/rules/index.ts";
import type { Finding, Fix } from "../../server/rules/rule.ts";
import { createChecker, root } from "../checker.ts";
import { differences, readExpectations } from "./expectations.ts";

let checker: Checker;
beforeAll(async () => {
  checker = await createChecker();
});

/** Checks a text as if it stood in a folder of its own, where no Kbuild says anything about it. */
function check(name: string, text: string): Checked {
  const checked = checkText(checker, `/fixtures/${name}`, text, { ...defaultOptions, profile: "learner" });
  expect(checked.skipped).toBeUndefined();
  return checked;
}

function spoken({ program, findings }: Checked): readonly string[] {
  const lineOf = (offset: number) => program.file.lines.position(offset).line + 1;
  return [
    ...program.file.problems.map(
      ({ start, end }) => `${lineOf(start)}: not understood: ${program.file.text.slice(start, end)}`,
    ),
    ...findings.map((each) => `${lineOf(each.start)}: ${each.severity}: ${each.rule} "${each.message}"`),
  ];
}

const textOf = (path: string) => readFileSync(join(root, path), "utf8");

const ids = rules.map(({ id }) => id);

describe.each(ids)("%s", (id) => {
  const fixture = textOf(`test/rules/${id}.c`);

  test("finds what its fixture announces, and nothing else", () => {
    const checked = check(`${id}.c`, fixture);
    expect(checked.program.file.problems).toEqual([]);
    expect(differences(fixture, checked.findings)).toEqual([]);
  });

  test("has a fixture that speaks of it", () => {
    const { findings, silences } = readExpectations(fixture);
    expect(findings.filter(({ rule }) => rule !== id)).toEqual([]);
    expect(findings.length).toBeGreaterThan(0);
    expect(silences.filter(({ rule }) => !ids.includes(rule))).toEqual([]);
    expect(silences.length, "lines that tempt it").toBeGreaterThan(2);
  });

  test("is silent about the repaired fixture, and so is every other rule", () => {
    expect(spoken(check(`${id}.fixed.c`, textOf(`test/rules/${id}.fixed.c`)))).toEqual([]);
  });

  test("offers fixes that help and do no harm", () => {
    expect(check(`${id}.c`, fixture).findings.flatMap((finding) => harm(id, fixture, finding))).toEqual([]);
  });

  test("reports the wrong block of its page, and not the right one", () => {
    const page = textOf(`server/rules/${id}.md`);
    expect(page).toMatch(new RegExp(`^# ${id}\n\n[A-Z\`][^\n]*[^.]\\.\n\n## Why\n`));
    const wrong = check("wrong.c", blockOf(page, "Wrong"));
    expect(wrong.program.file.problems).toEqual([]);
    expect(new Set(wrong.findings.map(({ rule }) => rule)), spoken(wrong).join("\n")).toEqual(new Set([id]));
    expect(spoken(check("right.c", blockOf(page, "Right")))).toEqual([]);
  });
});

describe.each(globSync("test/rules/silent/*.c", { cwd: root }).sort())("%s", (path) => {
  const fixture = textOf(path);

  test("tempts its rule, and nothing is found", () => {
    const { silences } = readExpectations(fixture);
    expect(silences.length).toBeGreaterThan(2);
    expect(silences.map(({ rule }) => rule)).toContain(basename(path, ".c"));
    expect(spoken(check(basename(path), fixture))).toEqual([]);
  });
});

/** What is wrong with the fixes of one finding: each is applied alone, and the result is checked again. */
function harm(id: string, text: string, finding: Finding): readonly string[] {
  return finding.fixes.flatMap((fix) => {
    const before = check(`${id}.c`, text);
    const after = check(`${id}.c`, applied(text, fix));
    const name = `${fix.title} of "${finding.message}"`;
    const problems = after.program.file.problems.length > 0 ? [`${name}: the result has a syntax error`] : [];
    const rest = before.findings.map(identity);
    rest.splice(rest.indexOf(identity(finding)), 1);
    for (const each of after.findings) {
      const at = rest.indexOf(identity(each));
      if (at === -1) problems.push(`${name}: leaves or brings ${spoken({ ...after, findings: [each] })[0]}`);
      else rest.splice(at, 1);
    }
    return problems;
  });
}

/** The same before and after an edit elsewhere in the file. */
function identity(finding: Finding): string {
  return `${finding.rule} ${finding.function ?? ""} ${finding.message}`;
}

function applied(text: string, fix: Fix): string {
  const edits = [...fix.edits].sort((a, b) => b.start - a.start);
  return edits.reduce((result, { start, end, text: by }) => result.slice(0, start) + by + result.slice(end), text);
}

function blockOf(page: string, heading: string): string {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const blocks = [...section.matchAll(/^```c\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
  expect(blocks, `C blocks under ${heading}`).toHaveLength(1);
  return blocks[0]!;
}

describe("the comparison", () => {
  const finding = (start: number, message: string): Finding => ({
    rule: "double-lock",
    severity: "error",
    message,
    file: "/fixtures/a.c",
    start,
    end: start + 1,
    related: [{ file: "/fixtures/a.c", start: 0, end: 1, message: "`a` taken here" }],
    fixes: [],
  });

  test("agrees", () => {
    const text = 'a; // related: double-lock "taken"\nb; // error: double-lock "held"\nc; // ok: double-lock\n';
    expect(differences(text, [finding(text.indexOf("b;"), "is held")])).toEqual([]);
  });

  test("says what is missing, what was not announced and what it cannot read", () => {
    const text = "a; // error: double-lock\nb; // ok: double-lock\nc; // error: doubleLock\n";
    expect(differences(text, [finding(text.indexOf("b;"), "is held")])).toEqual([
      "1: missing error: double-lock",
      '2: not announced: error: double-lock "is held"',
      "2: double-lock was to stay silent here",
      "3: // error: doubleLock: not understood",
    ]);
  });

  test("holds what is wrong today", () => {
    const text = 'a; // todo: false error: double-lock "held"\nb; // todo: missing error: double-lock\n';
    expect(differences(text, [finding(0, "is held")])).toEqual([]);
    expect(differences(text, [finding(text.indexOf("b;"), "is held")])).toHaveLength(3);
  });

  test("reads what is revealed", () => {
    const [revealed] = readExpectations("a; // reveals: context=softirq held=dev->lock\n").revealed;
    expect(revealed).toEqual({
      line: 1,
      facts: new Map([
        ["context", "softirq"],
        ["held", "dev->lock"],
      ]),
    });
  });
});
