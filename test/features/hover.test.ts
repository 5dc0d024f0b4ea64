// What a hover says of the driver's own functions and of the kernel's.
import { expect, test } from "vitest";
import { checkText } from "../../server/features/check.ts";
import { hover } from "../../server/features/hover.ts";
import { createChecker } from "../checker.ts";

const driver = `#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/slab.h>

static void *box_take(gfp_t gfp)
{
	return kmalloc(8, GFP_KERNEL);
}

static void box_note(void)
{
}

static irqreturn_t box_irq(int irq, void *data)
{
	box_note();
	return IRQ_HANDLED;
}

static int __init box_init(void)
{
	kfree(box_take(GFP_KERNEL));
	return request_irq(1, box_irq, 0, "box", NULL);
}
module_init(box_init);
MODULE_LICENSE("GPL");
`;

const checker = await createChecker();

function cardAt(piece: string): string | undefined {
  const checked = checkText(checker, "/drivers/box.c", driver);
  return hover(checker.knowledge, checked, driver, driver.indexOf(piece))?.markdown;
}

test("the driver's own function: its contexts, and how it is reached", () => {
  expect(cardAt("box_irq")).toBe(
    "**box_irq()** in this driver\n\n- Runs in **hardirq** context; it may not sleep there (interrupt handler, line 23).",
  );
  expect(cardAt("box_note")).toContain(
    "- Runs in **hardirq** context, called from `box_irq()`; it may not sleep there",
  );
  expect(cardAt("box_take")).toContain("- **May sleep**: `kmalloc(…, GFP_KERNEL)` in line 7.");
});

test("a kernel function: what it does and where that is known from", () => {
  expect(cardAt("kmalloc")).toMatch(/\*\*May sleep\*\* when argument 2 allows it.*On failure returns NULL.*Source: /s);
  expect(cardAt("request_irq")).toMatch(/Argument 2 is a.* interrupt handler; it runs in hardirq context/);
});

test("nothing else", () => {
  expect(cardAt("GPL")).toBeUndefined();
  expect(cardAt("{")).toBeUndefined();
});
