// How often results are tested is counted in what drivers write, and kept in the table.
import { expect, test } from "vitest";
import { testsIn } from "../../server/knowledge/extract/tests.ts";
import { testedShare } from "../../server/knowledge/extracted.ts";
import { knowledge } from "./loaded.ts";

const driver = `
static int a(struct foo *f)
{
	struct bar *p = bar_get(f);

	if (IS_ERR(p))
		return PTR_ERR(p);
	f->bar = bar_get(f);
	if (!f->bar || f->off)
		return -ENODEV;
	return 0;
}

static int b(struct foo *f)
{
	struct bar *p;

	p = bar_get(f);
	return p->count;
}

static struct bar *c(struct foo *f)
{
	struct bar *p = bar_get(f);

	bar_use(p);
	return p;
}

static int d(struct foo *f)
{
	struct bar *p = bar_get(f);

	return p ? p->count : other_get(f);
}
`;

test("counts what is tested, and what is followed all the same", () => {
  expect(testsIn(driver, new Set(["bar_get"]))).toEqual(new Map([["bar_get", { kept: 4, tested: 3 }]]));
});

test("knows of pointers how many test them", () => {
  const share = (name: string) => testedShare(knowledge.fact(name)?.extracted ?? {});
  expect(share("of_find_property")).toBeGreaterThan(0.95);
  expect(share("irq_get_domain_generic_chip")).toBeLessThan(0.2);
  expect(share("kmalloc_order")).toBeNaN();
});
