// Which word stands before a function of the driver, and where.
import { describe, expect, test } from "vitest";
import { checkText } from "../../server/features/check.ts";
import { contextHints } from "../../server/features/inlay-hints.ts";
import { createChecker } from "../checker.ts";

const checker = await createChecker();

const driver = `#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static DEFINE_SPINLOCK(box_lock);
static struct timer_list box_timer;
static int box_count;

static void box_count_one(void)
{
	box_count++;
}

static void box_locked(void)
{
	box_count--;
}

static void box_alone(void)
{
	box_count = 0;
}

static void box_tick(struct timer_list *timer)
{
	box_count_one();
}

static irqreturn_t box_irq(int irq, void *data)
{
	box_count_one();
	return IRQ_HANDLED;
}

static int __init box_init(void)
{
	unsigned long flags;

	spin_lock_irqsave(&box_lock, flags);
	box_locked();
	spin_unlock_irqrestore(&box_lock, flags);
	timer_setup(&box_timer, box_tick, 0);
	return request_irq(1, box_irq, 0, "box", NULL);
}
module_init(box_init);
MODULE_LICENSE("GPL");
`;

/** The word before each function, with the piece of text that it stands before. */
function wordsIn(text: string, hurries: boolean): readonly string[] {
  const used = hurries ? { ...checker, hurries: true as const } : checker;
  const hints = contextHints(checkText(used, "/drivers/box.c", text));
  return hints.map(({ offset, label }) => `${label}: ${text.slice(offset, text.indexOf("(", offset))}`);
}

const expected = [
  "hardirq, softirq: static void box_count_one",
  "atomic (interrupts off): static void box_locked",
  "softirq: static void box_tick",
  "hardirq: static irqreturn_t box_irq",
];

describe("the contexts before functions", () => {
  test("are there where they are known and not plain process context", () => {
    expect(wordsIn(driver, false)).toEqual(expected);
  });

  test("stay in their places while someone types", () => {
    expect(wordsIn(driver, true)).toEqual(expected);
    expect(wordsIn(driver.replace("box_count++;", "box_count++;\n\tbox_count++;"), true)).toEqual(expected);
  });

  test("come with the way that leads there", () => {
    const hint = contextHints(checkText(checker, "/drivers/box.c", driver))[0]!;
    expect(hint.markdown).toContain("Runs in **hardirq** context, called from `box_irq()`");
  });

  test("are none in what is no kernel code", () => {
    expect(wordsIn("#include <stdio.h>\n\nint main(void)\n{\n\treturn 0;\n}\n", false)).toEqual([]);
  });
});
