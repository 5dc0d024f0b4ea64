// What the fixes of api-removed leave behind, to the letter: that a finding is gone does not show that the code is right.
import { expect, test } from "vitest";
import { checkText, defaultOptions } from "../../server/features/check.ts";
import { createChecker } from "../checker.ts";

const checker = await createChecker();

/** Applies the fixes of all findings to a driver. */
function fixed(text: string): string {
  const head = "#include <linux/module.h>\n";
  const { findings } = checkText(checker, "/fixtures/a.c", head + text, { ...defaultOptions, kernel: "6.12" });
  const edits = findings.flatMap(({ rule, fixes }) => (rule === "api-removed" ? (fixes[0]?.edits ?? []) : []));
  const sorted = [...edits].sort((a, b) => b.start - a.start);
  const apply = (result: string, { start, end, text: by }: (typeof edits)[number]) =>
    result.slice(0, start) + by + result.slice(end);
  return sorted.reduce(apply, head + text).slice(head.length);
}

const inFunction = (body: string) => `void f(struct panel *p)\n{\n\t${body}\n}\n`;

test.each([
  ['c = class_create(THIS_MODULE, "a");', 'c = class_create("a");'],
  ['c = class_create(p->owner, "a");', 'c = class_create(p->owner, "a");'],
  ["netif_napi_add(dev, &p->napi, poll, 64);", "netif_napi_add(dev, &p->napi, poll);"],
  ["netif_napi_add(dev, &p->napi, poll, 16);", "netif_napi_add(dev, &p->napi, poll, 16);"],
  ["disk = blk_mq_alloc_disk(&p->tags, p);", "disk = blk_mq_alloc_disk(&p->tags, NULL, p);"],
  ["disk = blk_alloc_disk(NUMA_NO_NODE);", "disk = blk_alloc_disk(NULL, NUMA_NO_NODE);"],
  ["strlcpy(to, from, 16);", "strscpy(to, from, 16);"],
  ["n = strlcpy(to, from, 16);", "n = strlcpy(to, from, 16);"],
  ["put_tty_driver(p->tty);", "tty_driver_kref_put(p->tty);"],
  ["mask = DMA_32BIT_MASK;", "mask = DMA_BIT_MASK(32);"],
  ["del_timer(&p->a);\n\tdel_timer(&p->b);", "timer_delete(&p->a);\n\ttimer_delete(&p->b);"],
  ["ok = access_ok(VERIFY_READ, to, 4);", "ok = access_ok(to, 4);"],
])("%s", (old, now) => {
  expect(fixed(inFunction(old))).toBe(inFunction(now));
});

test.each([
  ["vma->vm_flags |= VM_IO | VM_DONTDUMP;", "vm_flags_set(vma, VM_IO | VM_DONTDUMP);"],
  ["vma->vm_flags &= ~(VM_MAYWRITE);", "vm_flags_clear(vma, VM_MAYWRITE);"],
  ["vma->vm_flags = VM_IO;", "vma->vm_flags = VM_IO;"],
])("%s", (old, now) => {
  const at = (body: string) => `void f(struct vm_area_struct *vma)\n{\n\t${body}\n}\n`;
  expect(fixed(at(old))).toBe(at(now));
});

const driver = (remove: string) => `${remove}
static struct platform_driver d = {
	.remove = a_remove,
};
`;

test("a remove function returns nothing", () => {
  const old = `static int a_remove(struct platform_device *pdev)
{
	if (!platform_get_drvdata(pdev))
		return 0;
	pr_debug("gone\\n");

	return 0;
}
`;
  const now = `static void a_remove(struct platform_device *pdev)
{
	if (!platform_get_drvdata(pdev))
		return;
	pr_debug("gone\\n");
}
`;
  expect(fixed(driver(old))).toBe(driver(now));
});

test("a remove function that may fail, or that is called, is left to its author", () => {
  const fails = "static int a_remove(struct platform_device *pdev)\n{\n\treturn a_stop(pdev);\n}\n";
  const called = `static int a_remove(struct platform_device *pdev)\n{\n\treturn 0;\n}\nint b(void)\n{\n\treturn a_remove(x);\n}\n`;
  expect(fixed(driver(fails))).toBe(driver(fails));
  expect(fixed(driver(called))).toBe(driver(called));
});

test("a probe function takes its client alone when it does not look at the id", () => {
  const at = (params: string, body: string) =>
    `static int a_probe(struct i2c_client *client${params})\n{\n\treturn ${body};\n}\nstatic struct i2c_driver d = {\n\t.probe = a_probe,\n};\n`;
  const id = ", const struct i2c_device_id *id";
  expect(fixed(at(id, "0"))).toBe(at("", "0"));
  expect(fixed(at(id, "id->driver_data"))).toBe(at(id, "id->driver_data"));
});

test("initialisers, annotations, macros and includes go with their places", () => {
  const old = `#include <asm/unaligned.h>
#include <linux/genhd.h>
#include <linux/blkdev.h>
static const struct file_operations fops = {
	.open = a_open,
	.llseek = no_llseek,
};
static int __devinit a_setup(void)
{
	return 0;
}
MODULE_SUPPORTED_DEVICE("a");
MODULE_LICENSE("GPL");
`;
  const now = `#include <linux/unaligned.h>
#include <linux/blkdev.h>
static const struct file_operations fops = {
	.open = a_open,
};
static int a_setup(void)
{
	return 0;
}
MODULE_LICENSE("GPL");
`;
  expect(fixed(old)).toBe(now);
});
