// Files that Kbuild, or driverlab.json, links into one module: calls between them are seen from either side.
import { expect, test } from "vitest";
import { checkText } from "../../server/features/check.ts";
import { moduleFiles } from "../../server/program/modules.ts";
import { checkerOf, type Folder, said } from "./folder.ts";

const together = { Makefile: "obj-m := foo.o\nfoo-y := a.o b.o\n" };

const header = `struct foo {
	spinlock_t lock;
	int count;
};
int foo_refill(struct foo *foo);
void foo_kick(struct foo *foo);
`;

const includes = '#include <linux/module.h>\n#include "foo.h"\n';

const locking = `${includes}int foo_start(struct foo *foo)
{
	int ret;

	spin_lock(&foo->lock);
	ret = foo_refill(foo);
	spin_unlock(&foo->lock);
	return ret;
}
`;

const refilling = `${includes}int foo_refill(struct foo *foo)
{
	msleep(10);
	return 0;
}
`;

const chain = [
  "a.c:8 sleep-in-atomic",
  "  a.c:7 `foo->lock` taken here",
  "  a.c:8 foo_refill() called here",
  "  b.c:5 msleep() may sleep",
];

test("a lock held in one file, a sleep in another", () => {
  const files = { ...together, "foo.h": header, "a.c": locking, "b.c": refilling };
  expect(said(files, "a.c")).toEqual(chain);
  expect(said(files, "b.c")).toEqual([]);
});

test("files of one folder that no Kbuild joins", () => {
  const files = { "foo.h": header, "a.c": locking, "b.c": refilling };
  expect(said(files, "a.c")).toEqual([]);
  expect(said({ ...files, Makefile: "obj-m := foo.o bar.o\nfoo-y := a.o\nbar-y := b.o\n" }, "a.c")).toEqual([]);
});

test("a module that driverlab.json names", () => {
  const files = { "foo.h": header, "a.c": locking, "b.c": refilling };
  expect(said({ ...files, "driverlab.json": '{"modules": {"foo": ["a.c", "b.c"]}}' }, "a.c")).toEqual(chain);
  expect(said({ ...files, "driverlab.json": '{"modules": {"foo": ["a.c", ' }, "a.c")).toEqual([]);
  expect(said({ ...files, "driverlab.json": '{"modules": {"foo": "a.c"}}' }, "a.c")).toEqual([]);
});

test("a static function of another file is another function", () => {
  const files = {
    ...together,
    "foo.h": header,
    "a.c": locking,
    "b.c": refilling.replace("int foo_refill", "static int foo_refill"),
  };
  expect(said(files, "a.c")).toEqual([]);
});

test("two definitions of one name", () => {
  const makefile = "obj-m := foo.o\nfoo-y := a.o\nfoo-$(CONFIG_B) += b.o\nfoo-$(CONFIG_C) += c.o\n";
  const files = {
    Makefile: makefile,
    "foo.h": header,
    "a.c": locking,
    "b.c": refilling,
    "c.c": `${includes}int foo_refill(struct foo *foo)\n{\n\treturn 0;\n}\n`,
  };
  expect(said(files, "a.c")).toEqual([]);
  expect(said({ ...files, "c.c": includes }, "a.c")).toEqual(chain);
});

const handling = `${includes}static irqreturn_t foo_irq(int irq, void *data)
{
	foo_kick(data);
	return IRQ_HANDLED;
}
int foo_open(struct foo *foo)
{
	return request_irq(4, foo_irq, 0, "foo", foo);
}
`;

test("an interrupt handler in one file, what it calls in another", () => {
  const kick = `${includes}void foo_kick(struct foo *foo)\n{\n\tmutex_lock(&foo->mutex);\n\tmutex_unlock(&foo->mutex);\n}\n`;
  const files = { ...together, "foo.h": header, "a.c": handling, "b.c": kick };
  expect(said(files, "a.c")).toEqual([]);
  expect(said(files, "b.c")).toEqual([
    "b.c:5 sleep-in-atomic",
    "  a.c:10 foo_irq() is an interrupt handler: it runs in hardirq context",
    "  a.c:5 foo_kick() called here",
    "  b.c:5 mutex_lock() may sleep",
  ]);
});

test("a handler that the other file registers", () => {
  const register = `${includes}irqreturn_t foo_irq(int irq, void *data);\nint foo_open(struct foo *foo)\n{\n\treturn request_irq(4, foo_irq, 0, "foo", foo);\n}\n`;
  const handler = `${includes}irqreturn_t foo_irq(int irq, void *data)\n{\n\tmsleep(1);\n\treturn IRQ_HANDLED;\n}\n`;
  expect(said({ ...together, "foo.h": header, "a.c": register, "b.c": handler }, "b.c")).toEqual([
    "b.c:5 sleep-in-atomic",
    "  a.c:6 foo_irq() is an interrupt handler: it runs in hardirq context",
    "  b.c:5 msleep() may sleep",
  ]);
});

test("a handler that calls the other file only when it is told that it may sleep", () => {
  const handler = handling
    .replace(
      "static irqreturn_t foo_irq",
      "static void foo_work(struct foo *foo, bool may_sleep)\n{\n\tif (may_sleep)\n\t\tfoo_kick(foo);\n}\nstatic irqreturn_t foo_irq",
    )
    .replace("\tfoo_kick(data);", "\tfoo_work(data, false);");
  const kick = `${includes}void foo_kick(struct foo *foo)\n{\n\tmsleep(1);\n}\n`;
  expect(said({ ...together, "foo.h": header, "a.c": handler, "b.c": kick }, "b.c")).toEqual([]);
});

test("a callee that sleeps only when flags, several of them, are not given", () => {
  const kick = (test: string, after: string): string => `${includes}void foo_kick(struct foo *foo, unsigned int flags)
{
	if (${test})
		msleep(1);
	${after};
}
`;
  const check = (test: string, after = ""): number => {
    const hard = handling.replace("foo_kick(data)", "foo_kick(data, FOO_HARD)");
    return said({ ...together, "foo.h": header, "a.c": hard, "b.c": kick(test, after) }, "b.c").length;
  };
  expect(check("!(flags & (FOO_LOCAL | FOO_HARD))")).toBe(0);
  expect(check("!(flags & (FOO_LOCAL | FOO_HARD))", "foo_note(&flags)")).toBe(0);
  expect(check("foo->count")).toBe(4);
});

test("a lock that an interrupt of another file takes too", () => {
  const handler = handling.replace(
    "foo_kick(data);",
    "struct foo *foo = data;\n\n\tspin_lock(&foo->lock);\n\tspin_unlock(&foo->lock);",
  );
  const reader = `${includes}static ssize_t foo_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	struct foo *foo = file->private_data;

	spin_lock(&foo->lock);
	foo->count++;
	spin_unlock(&foo->lock);
	foo_open(foo);
	return 0;
}
static const struct file_operations foo_fops = { .read = foo_read };
`;
  expect(said({ ...together, "foo.h": header, "a.c": handler, "b.c": reader }, "b.c")).toEqual([
    "b.c:7 irq-unsafe-lock",
    "  a.c:13 foo_irq() is an interrupt handler: it runs in hardirq context",
    "  a.c:7 `foo->lock` taken here in hardirq context",
    "  b.c:13 foo_read() is a file operation .read: it runs in process context",
  ]);
});

test("a lock that the callee in another file takes again", () => {
  const kick = `${includes}void foo_kick(struct foo *foo)\n{\n\tspin_lock(&foo->lock);\n\tspin_unlock(&foo->lock);\n}\n`;
  const files = {
    ...together,
    "foo.h": header,
    "a.c": locking.replace("ret = foo_refill(foo)", "ret = 0, foo_kick(foo)"),
    "b.c": kick,
  };
  expect(said(files, "a.c").slice(0, 3)).toEqual([
    "a.c:8 double-lock",
    "  a.c:7 `foo->lock` taken here",
    "  b.c:5 taken again here, in foo_kick()",
  ]);
});

test("static locks of two files with one name", () => {
  const kick = `${includes}static DEFINE_SPINLOCK(lock);\nvoid foo_kick(struct foo *foo)\n{\n\tspin_lock(&lock);\n\tspin_unlock(&lock);\n}\n`;
  const own = locking
    .replace("int foo_start", "static DEFINE_SPINLOCK(lock);\nint foo_start")
    .replaceAll("&foo->lock", "&lock");
  expect(
    said(
      {
        ...together,
        "foo.h": header,
        "a.c": own.replace("ret = foo_refill(foo)", "ret = 0, foo_kick(foo)"),
        "b.c": kick,
      },
      "a.c",
    ),
  ).toEqual([]);
});

test("a file that changes, and changes back, on disk", () => {
  const files: Record<string, string> = { ...together, "foo.h": header, "a.c": locking, "b.c": refilling };
  const use = checkerOf(files);
  expect(said(files, "a.c", use)).toEqual(chain);
  files["b.c"] = refilling.replace("msleep(10)", "udelay(10)");
  expect(said(files, "a.c", use)).toEqual([]);
  files["b.c"] = refilling;
  expect(said(files, "a.c", use)).toEqual(chain);
});

test("what a run keeps, the next one finds; what is cut off, it makes anew", () => {
  const kept = new Map<string, string>();
  const cache = {
    read: (name: string) => kept.get(name),
    write: (name: string, text: string) => void kept.set(name, text),
  };
  const files: Record<string, string> = { ...together, "foo.h": header, "a.c": locking, "b.c": refilling };
  expect(said(files, "a.c", checkerOf(files, { cache }))).toEqual(chain);
  expect(kept.size).toBe(1);
  expect(said(files, "a.c", checkerOf(files, { cache }))).toEqual(chain);
  for (const [name, text] of kept) kept.set(name, text.replaceAll("msleep", "mslept"));
  expect(said(files, "a.c", checkerOf(files, { cache })).at(-1)).toBe("  b.c:5 mslept() may sleep");
  files["b.c"] = `${refilling}\n`;
  expect(said(files, "a.c", checkerOf(files, { cache }))).toEqual(chain);
  for (const [name, text] of kept) kept.set(name, text.slice(0, text.length / 2));
  expect(said(files, "a.c", checkerOf(files, { cache }))).toEqual(chain);
});

test("a check that hurries waits for no other file, and finds more once they are read", () => {
  const files = { ...together, "foo.h": header, "a.c": locking, "b.c": refilling };
  const use = { ...checkerOf(files), hurries: true as const };
  const check = () => checkText(use, "/driver/a.c", files["a.c"]);
  const first = check();
  expect(first.findings).toEqual([]);
  expect(first.later).toHaveLength(1);
  for (const read of first.later!) read();
  expect(check().later).toEqual([]);
  expect(said(files, "a.c", use)).toEqual(chain);
});

function objects(files: Folder, file: string): readonly string[] {
  return moduleFiles(`/driver/${file}`, checkerOf(files).host).map((path) => path.slice("/driver/".length));
}

test.each([
  ["obj-m += foo.o\nfoo-objs := a.o b.o \\\n\tc.o\n", "a.c", ["b.c", "c.c"]],
  ["obj-$(CONFIG_FOO) += foo.o\nfoo-y := a.o\nfoo-$(CONFIG_B) += b.o\n", "b.c", ["a.c"]],
  ["obj-m := foo.o bar.o\nfoo-y := a.o\nbar-y := b.o\n", "a.c", []],
  ["foo-y := a.o core.o\ncore-y := b.o c.o\nobj-m := foo.o\n", "b.c", ["a.c", "c.c"]],
  ["PARTS := a.o b.o\nfoo-y := $(PARTS) $(MORE) c.o\n", "a.c", ["b.c", "c.c"]],
  ["foo-y := $(addprefix sub/, a.o b.o) c.o\n", "sub/a.c", ["sub/b.c", "c.c"]],
  ["obj-y := a.o b.o\nobj-m := c.o\n", "a.c", ["b.c"]],
  ["obj-m := a.o b.o\n", "a.c", []],
  ["foo-y := foo.o a.o\n", "a.c", ["foo.c"]],
])("the files of %j with %s", (makefile, file, expected) => {
  expect(objects({ Makefile: makefile }, file)).toEqual(expected);
});
