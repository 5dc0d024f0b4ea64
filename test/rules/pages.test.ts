// The page of each rule: the kernel document that it rests on, and how one finding is allowed.
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Checked, type Checker, checkText, defaultOptions } from "../../server/features/check.ts";
import { allowance } from "../../server/features/suppressions.ts";
import { rules } from "../../server/rules/index.ts";
import { createChecker, root } from "../checker.ts";
import { kernelTree } from "../knowledge/kernel-trees.ts";

let checker: Checker;
beforeAll(async () => {
  checker = await createChecker();
});

const ids = rules.map(({ id }) => id);
const page = (id: string) => readFileSync(join(root, `server/rules/${id}.md`), "utf8");
const section = (id: string, heading: string) =>
  page(id)
    .split(/^## /m)
    .find((part) => part.startsWith(`${heading}\n`)) ?? "";
const block = (text: string) => /^```c\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? "";

const trees = ["6.1", "6.12"].flatMap((release) => kernelTree(release) ?? []);

/** The rule's own fixture, and the drivers in which fixes are held to the letter. */
function fixtures(id: string): readonly Checked[] {
  const options = { ...defaultOptions, profile: "learner" as const };
  const read = (path: string): Checked =>
    checkText(checker, `/${path}`, readFileSync(join(root, path), "utf8"), options);
  repaired ??= globSync("test/rules/fixes/*.c", { cwd: root, exclude: ["**/*.fixed.c"] }).map(read);
  return [read(`test/rules/${id}.c`), ...repaired];
}

let repaired: readonly Checked[] | undefined;

describe.each(ids)("the page of %s", (id) => {
  const documents = [...page(id).matchAll(/`(Documentation\/[\w./-]+)`/g)].map((match) => match[1]!);

  test("has its parts in order", () => {
    const headings = [...page(id).matchAll(/^## (.*)$/gm)].map((match) => match[1]!);
    const wanted = ["Why", "Wrong", "Right", "The fix", ...(id === "unused-suppression" ? [] : ["To allow it"])];
    expect(headings.filter((each) => wanted.includes(each))).toEqual(wanted);
  });

  test("says in Why which document of the kernel it rests on", () => {
    expect(section(id, "Why")).toMatch(/`Documentation\/[\w./-]+\.(rst|txt)`/);
  });

  test.runIf(trees.length === 2)("cites documents that are there, one of them in every release", () => {
    const missing = (path: string) => trees.filter(({ folder }) => !existsSync(join(folder, path)));
    expect(documents.filter((each) => missing(each).length === trees.length)).toEqual([]);
    expect(documents.filter((each) => missing(each).length === 0).length).toBeGreaterThan(0);
  });

  test.runIf(trees.length === 2)("names sections that those documents have", () => {
    const cited = [
      ...page(id).matchAll(/`(Documentation\/[\w./-]+)`,? \(?"([^"]+)"/g),
      ...[...page(id).matchAll(/"([^"]+)" (?:in|of) `(Documentation\/[\w./-]+)`/g)].map((match) => [
        ...[match[0], match[2], match[1]],
      ]),
    ];
    const has = (path: string, title: string) =>
      trees.some(({ folder }) => {
        const text = existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : "";
        return text.replace(/\s+/g, " ").includes(title);
      });
    expect(cited.filter((each) => !has(each[1]!, each[2]!)).map((each) => each[0])).toEqual([]);
  });

  test("says whether a fix is offered, as the fixtures have it", () => {
    const isOffered = fixtures(id).some(({ findings }) =>
      findings.some(({ rule, fixes }) => rule === id && fixes.length > 0),
    );
    expect(/^The fix\n\nNone is offered/.test(section(id, "The fix"))).toBe(!isOffered);
  });

  test.runIf(id !== "unused-suppression")("allows what its wrong block has with the comment that it shows", () => {
    const comment = block(section(id, "To allow it")).trim();
    expect(comment).toMatch(new RegExp(`^/\\* driverlab: allow ${id} -- \\S.{15,80} \\*/$`));
    const options = { ...defaultOptions, profile: "learner" as const };
    let text = block(section(id, "Wrong"));
    const found = checkText(checker, "/fixtures/wrong.c", text, options).findings;
    // From the end, so that the places before stay where they are.
    for (const finding of found.toReversed()) {
      const edit = allowance(text, finding)!;
      text = text.slice(0, edit.start) + edit.text.replace(/\/\*.*\*\//, comment) + text.slice(edit.end);
    }
    const after = checkText(checker, "/fixtures/wrong.c", text, options);
    expect(after.findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    expect(after.allowed?.length).toBe(found.length);
  });
});
