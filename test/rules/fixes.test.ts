// What fixes leave behind, to the letter: each driver of fixes/ is repaired as an editor does it, action by action.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { CodeAction, Position } from "vscode-languageserver-types";
import { type Checker, checkText, defaultOptions } from "../../server/features/check.ts";
import { codeActions } from "../../server/features/codeactions.ts";
import type { Finding } from "../../server/rules/rule.ts";
import { Lines } from "../../server/text/lines.ts";
import { createChecker, root } from "../checker.ts";

let checker: Checker;
beforeAll(async () => {
  checker = await createChecker();
});

const names = globSync("test/rules/fixes/*.c", { cwd: root })
  .map((path) => /([\w-]+)\.c$/.exec(path.replace(".fixed.c", ".c"))![1]!)
  .filter((name, index, all) => all.indexOf(name) === index)
  .sort();

const path = "/fixtures/driver.c";
const options = { ...defaultOptions, profile: "learner" as const, kernel: "6.12" };

function textOf(name: string): string {
  return readFileSync(join(root, `test/rules/fixes/${name}.c`), "utf8");
}

function position(lines: Lines, at: number): Position {
  const { line, column } = lines.position(at);
  return { line, character: column };
}

function offset(lines: Lines, { line, character }: Position): number {
  return lines.offset({ line, column: character });
}

/** The first quick fix of the first finding that has one, as an editor is offered it. */
function nextAction(text: string): CodeAction | undefined {
  const { findings } = checkText(checker, path, text, options);
  const lines = new Lines(text);
  const locate = (_: string, { start, end }: { readonly start: number; readonly end: number }) => ({
    uri: path,
    range: { start: position(lines, start), end: position(lines, end) },
  });
  const places = { locate, version: () => null, versioned: false };
  for (const finding of findings) {
    const { range } = locate(finding.file, finding);
    const actions = codeActions([finding], { range, only: ["quickfix"], diagnostics: [], text }, places);
    const fix = actions.find(({ title }) => !title.startsWith("Allow "));
    if (fix !== undefined) return fix;
  }
  return undefined;
}

function applied(text: string, action: CodeAction): string {
  const lines = new Lines(text);
  const edits = Object.values(action.edit?.changes ?? {})
    .flat()
    .map(({ range, newText }) => ({ start: offset(lines, range.start), end: offset(lines, range.end), newText }))
    .sort((a, b) => b.start - a.start);
  return edits.reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}

describe.each(names)("%s", (name) => {
  test("is repaired to the letter, and nothing is found afterwards", () => {
    let text = textOf(name);
    const titles: string[] = [];
    for (let action = nextAction(text); action !== undefined; action = nextAction(text)) {
      titles.push(action.title);
      text = applied(text, action);
      expect(titles.length, titles.join(", ")).toBeLessThan(40);
    }
    expect(text).toBe(textOf(`${name}.fixed`));
    const { program, findings } = checkText(checker, path, text, options);
    expect(program.file.problems).toEqual([]);
    expect(findings.map(({ rule, message }: Finding) => `${rule}: ${message}`)).toEqual([]);
    // The comment before each function says which titles it is offered.
    const announced = [...textOf(name).matchAll(/^\/\* fix: (.*) \*\/$/gm)].map((match) => match[1]!);
    expect(titles).toEqual(announced);
  });
});

describe("nothing is offered", () => {
  const offered = (body: string) => {
    const head = `#include <linux/clk.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct tap {
	struct clk *clk;
	spinlock_t lock;
	struct mutex config;
	u32 rate;
};

int tap_check(struct tap *t);
void tap_node_free(struct device_node *np);
`;
    const { findings } = checkText(checker, path, `${head}\n${body}\n`, options);
    return findings.map(({ rule, fixes }) => [rule, fixes.length]);
  };

  test("where the call may sleep and a spinlock is held", () => {
    const body = `int tap_open(struct tap *t)
{
	int ret = clk_prepare_enable(t->clk);

	if (ret)
		return ret;
	spin_lock(&t->lock);
	if (t->rate) {
		spin_unlock(&t->lock);
		return -EBUSY;
	}
	spin_unlock(&t->lock);
	clk_disable_unprepare(t->clk);
	return 0;
}`;
    expect(offered(body)).toEqual([["missing-release-on-error-path", 1]]);
    expect(offered(body.replace("\t\tspin_unlock(&t->lock);\n", ""))).toEqual([
      ["missing-release-on-error-path", 0],
      ["missing-unlock", 1],
    ]);
  });

  test("where some of the paths to the same return do not have it", () => {
    const body = `int tap_read(struct device_node *parent, struct tap *t, bool deep)
{
	struct device_node *np = NULL;

	if (deep) {
		np = of_get_child_by_name(parent, "tap");
		if (!np)
			return -ENODEV;
	}
	if (of_property_read_u32(parent, "rate", &t->rate))
		return -EINVAL;
	if (deep)
		of_node_put(np);
	return 0;
}`;
    expect(offered(body)).toEqual([["refcount-leak", 0]]);
  });

  test("where a function that was called before may have given it back by its name", () => {
    const body = `int tap_find(struct device_node *parent, struct tap *t)
{
	struct device_node *np = of_get_child_by_name(parent, "tap");

	if (!np)
		return -ENODEV;
	if (of_property_read_u32(np, "rate", &t->rate)) {
		tap_node_free(np);
		return -EINVAL;
	}
	of_node_put(np);
	return 0;
}`;
    expect(offered(body).flatMap(([, count]) => count)).not.toContain(1);
  });

  test("where a member is read under the lock for what is returned", () => {
    const body = `u32 tap_rate(struct tap *t)
{
	mutex_lock(&t->config);
	if (t->rate)
		return t->rate;
	mutex_unlock(&t->config);
	return 0;
}`;
    expect(offered(body).flatMap(([, count]) => count)).not.toContain(1);
  });
});
