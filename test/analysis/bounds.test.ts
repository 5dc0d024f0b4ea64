// What the bounds of the walk cut is silent: a function of more paths than are walked has no finding but on a path that was.
import { describe, expect, test } from "vitest";
import { type Checked, checkText, defaultOptions } from "../../server/features/check.ts";
import { createChecker } from "../checker.ts";

const checker = await createChecker();

function check(body: string): Checked {
  const text = `#include <linux/clk.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/slab.h>

struct mixer {
	struct mutex lock[COUNT];
	struct clk *clk[COUNT];
};

int mixer_check(int n);

${body}
`;
  const checked = checkText(checker, "/fixtures/mixer.c", text, defaultOptions);
  expect(checked.program.file.problems).toEqual([]);
  return checked;
}

const range = (count: number) => [...Array(count).keys()];
const lines = (count: number, line: (n: number) => string) => range(count).map(line).join("\n");
const params = (count: number) =>
  range(count)
    .map((n) => `bool on${n}`)
    .join(", ");
const said = ({ findings }: Checked) => findings.map(({ rule, message }) => `${rule}: ${message}`);
const isCut = ({ facts }: Checked, name: string) => facts!.functions.get(name)!.outcome.cut;

/** Everything that is switched on under a condition is switched off under the same. */
const balanced = (count: number, take: (n: number) => string, give: (n: number) => string) => `
int mixer_all(struct mixer *m, ${params(count)})
{
	int ret;

${lines(count, (n) => `	if (on${n})\n		${take(n)}`)}
	ret = mixer_check(0);
${lines(count, (n) => `	if (on${count - 1 - n})\n		${give(count - 1 - n)}`)}
	if (ret)
		return -EIO;
	return 0;
}`;

describe("a function of many branches", () => {
  const kinds: readonly [string, (n: number) => string, (n: number) => string][] = [
    ["locks", (n) => `mutex_lock(&m->lock[${n}]);`, (n) => `mutex_unlock(&m->lock[${n}]);`],
    ["clocks", (n) => `clk_prepare_enable(m->clk[${n}]);`, (n) => `clk_disable_unprepare(m->clk[${n}]);`],
  ];

  test.each(kinds)("has no finding when it gives back what it takes: %s", (_, take, give) => {
    const few = check(balanced(3, take, give));
    expect([isCut(few, "mixer_all"), said(few)]).toEqual([false, []]);
    const many = check(balanced(12, take, give));
    expect([isCut(many, "mixer_all"), said(many)]).toEqual([true, []]);
  });

  test("has no finding when pointers are given back", () => {
    const body = (count: number) => `
int mixer_nodes(struct device_node *np, ${params(count)})
{
${lines(count, (n) => `	struct device_node *child${n} = NULL;`)}
	int ret;

${lines(count, (n) => `	if (on${n})\n		child${n} = of_get_child_by_name(np, "a${n}");`)}
	ret = mixer_check(0);
${lines(count, (n) => `	if (on${n})\n		of_node_put(child${n});`)}
	if (ret)
		return -EIO;
	return 0;
}`;
    const many = check(body(12));
    expect([isCut(many, "mixer_nodes"), said(many)]).toEqual([true, []]);
  });

  test("has a finding on a path that ended before the bound was reached", () => {
    const many = check(`
int mixer_early(struct mixer *m, struct device_node *np, ${params(12)})
{
	struct device_node *child = of_get_child_by_name(np, "mixer");
	int ret;

	if (!child)
		return -ENODEV;
	if (mixer_check(0))
		return -EIO;
${lines(12, (n) => `	if (on${n})\n		mutex_lock(&m->lock[${n}]);`)}
	ret = mixer_check(1);
${lines(12, (n) => `	if (on${n})\n		mutex_unlock(&m->lock[${n}]);`)}
	of_node_put(child);
	return ret ? -EIO : 0;
}`);
    expect(isCut(many, "mixer_early")).toBe(true);
    expect(said(many)).toEqual([
      "refcount-leak: `child` from of_get_child_by_name() is not released on this error path",
    ]);
    // What the other paths hold was not seen whole, so nothing is offered.
    expect(many.findings.flatMap(({ fixes }) => fixes)).toEqual([]);
  });

  test("has no finding when a long function ends the walk", () => {
    const count = 36;
    const many = check(`
int mixer_long(struct device_node *np, int *values, ${params(count)})
{
	struct device_node *child = of_get_child_by_name(np, "mixer");

	if (!child)
		return -ENODEV;
${lines(count, (n) => `	if (!on${n})\n		goto out${n};`)}
${lines(count, (n) => `out${n}:\n${lines(40, (k) => `	values[${n * 40 + k}] = mixer_check(${k});`)}`)}
${lines(count, (n) => `	values[${n}] = on${n} ? 1 : 2;`)}
	of_node_put(child);
	return 0;
}`);
    expect([isCut(many, "mixer_long"), said(many)]).toEqual([true, []]);
  });
});
