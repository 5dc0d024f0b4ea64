// The driver's own headers: their structs, inline functions and macros are known in the file that includes them.
import { expect, test } from "vitest";
import { type Folder, said } from "./folder.ts";

const device = `struct foo {
	spinlock_t lock;
	void __iomem *regs;
};
static inline void foo_begin(struct foo *foo)
{
	spin_lock(&foo->lock);
}
static inline void foo_end(struct foo *foo)
{
	spin_unlock(&foo->lock);
}
static inline void foo_settle(struct foo *foo)
{
	msleep(10);
}
`;

/** A driver that includes `foo.h`, with this body in a function that is given a `struct foo *foo`. */
function driver(body: string, includes = '#include "foo.h"'): string {
  return `#include <linux/module.h>\n${includes}\nvoid foo_run(struct foo *foo)\n{\n${body}\n}\n`;
}

test("a member that a header declares for device memory", () => {
  const files = { "foo.h": device, "foo.c": driver("\t*(u32 *)0 = 1;\n\tfoo->count = *foo->regs;") };
  expect(said(files, "foo.c")).toEqual(["foo.c:6 iomem-deref", "  foo.h:3 declared __iomem here"]);
});

test("an inline function that takes the lock, and one that sleeps", () => {
  const files = { "foo.h": device, "foo.c": driver("\tfoo_begin(foo);\n\tfoo_settle(foo);\n\tfoo_end(foo);") };
  expect(said(files, "foo.c")).toEqual([
    "foo.c:6 sleep-in-atomic",
    "  foo.c:5 `foo->lock` taken here by foo_begin()",
    "  foo.c:6 foo_settle() called here",
    "  foo.h:15 msleep() may sleep",
  ]);
});

test("nothing is said of what stands in the header alone", () => {
  const header = `${device}static inline void foo_bad(struct foo *foo)
{
	spin_lock(&foo->lock);
	msleep(10);
	spin_unlock(&foo->lock);
}
`;
  expect(said({ "foo.h": header, "foo.c": driver("\tfoo_bad(foo);") }, "foo.c")).toEqual([]);
});

test("a header that is missing", () => {
  expect(said({ "foo.c": driver("\tfoo_begin(foo);\n\tmsleep(1);\n\tfoo_end(foo);") }, "foo.c")).toEqual([]);
});

test("headers that include each other", () => {
  const files = {
    "foo.h": '#include "bar.h"\n',
    "bar.h": `#include "foo.h"\n${device}`,
    "foo.c": driver("\tfoo_begin(foo);\n\tmsleep(1);\n\tfoo_end(foo);"),
  };
  expect(said(files, "foo.c")[0]).toBe("foo.c:6 sleep-in-atomic");
});

test("a header that is too large is left out, and what it declares is not known", () => {
  const files = (filler: number): Folder => ({
    "foo.h": `${device}/*${"-".repeat(filler)}*/\n`,
    "foo.c": driver("\tfoo_begin(foo);\n\tmsleep(1);\n\tfoo_end(foo);"),
  });
  expect(said(files(100 << 10), "foo.c")).toHaveLength(3);
  expect(said(files(200 << 10), "foo.c")).toEqual([]);
});

test("no more headers than the bound", () => {
  const files: Record<string, string> = { "foo.h": device };
  const includes = Array.from({ length: 60 }, (_, index) => {
    files[`h${index}.h`] = `struct h${index} { int x; };\n`;
    return `#include "h${index}.h"`;
  });
  const body = "\tfoo_begin(foo);\n\tmsleep(1);\n\tfoo_end(foo);";
  const last = { ...files, "foo.c": driver(body, [...includes, '#include "foo.h"'].join("\n")) };
  expect(said(last, "foo.c")).toEqual([]);
  const first = { ...files, "foo.c": driver(body, ['#include "foo.h"', ...includes].join("\n")) };
  expect(said(first, "foo.c")).toHaveLength(3);
});

test("a header in a folder that the Makefile names", () => {
  const body = "\tfoo_begin(foo);\n\tmsleep(1);\n\tfoo_end(foo);";
  const files = (makefile: string, include: string): Folder => ({
    Makefile: makefile,
    "include/foo.h": device,
    "foo.c": driver(body, include),
  });
  expect(said(files("ccflags-y := -I$(src)/include\n", '#include "foo.h"'), "foo.c")).toHaveLength(3);
  expect(said(files("ccflags-y := -I $(src)/include\n", "#include <foo.h>"), "foo.c")).toHaveLength(3);
  expect(said(files("obj-m := foo.o\n", '#include "foo.h"'), "foo.c")).toEqual([]);
});

test("a macro of a header that hides the unlock", () => {
  const header = `${device}#define FOO_LEAVE(foo) spin_unlock(&(foo)->lock)\n#define FOO_DONE(foo) FOO_LEAVE(foo)\n`;
  const body = (leave: string): string => `\tspin_lock(&foo->lock);\n\t${leave};\n\tmsleep(1);`;
  expect(said({ "foo.h": header, "foo.c": driver(body("FOO_DONE(foo)")) }, "foo.c")).toEqual([]);
  expect(said({ "foo.h": header, "foo.c": driver(body("foo_log(foo)")) }, "foo.c")).toHaveLength(3);
});

test("a macro of a header that tests its argument", () => {
  const header = `${device}#define check_it(p) do { if (!(p)) return; } while (0)\n`;
  const body = (check: string): string =>
    `\tchar *p = kmalloc(8, GFP_KERNEL);\n\n\t${check};\n\t*p = 0;\n\tfoo_keep(p);`;
  expect(said({ "foo.h": header, "foo.c": driver(body("check_it(p)")) }, "foo.c")).toEqual([]);
  expect(said({ "foo.h": header, "foo.c": driver(body("")) }, "foo.c")[0]).toBe("foo.c:8 unchecked-result");
});

test("a stub beside a prototype is not taken for the function", () => {
  const header = `${device}#ifdef CONFIG_FOO_WAIT
void foo_wait(struct foo *foo);
#else
static inline void foo_wait(struct foo *foo)
{
	msleep(1);
}
#endif
`;
  expect(
    said({ "foo.h": header, "foo.c": driver("\tfoo_begin(foo);\n\tfoo_wait(foo);\n\tfoo_end(foo);") }, "foo.c"),
  ).toEqual([]);
});

test("a stub beside a pointer to the function is not taken for it", () => {
  const header = `${device}#ifdef CONFIG_FOO_PIO_ONLY
static inline void foo_free(struct foo *foo) { }
#else
extern void (*foo_free)(struct foo *foo);
#endif
`;
  const body = (name: string): string =>
    `\tstruct foo *own = kzalloc(sizeof(*own), GFP_KERNEL);\n\n\tif (!own)\n\t\treturn -ENOMEM;\n\tif (${name}(own))\n\t\treturn 0;\n\t${name}(own);\n\treturn -EIO;`;
  const check = (name: string): readonly string[] =>
    said(
      { "foo.h": header.replaceAll("foo_free", name), "foo.c": driver(body("foo_free")).replace("void", "int") },
      "foo.c",
    );
  expect(check("foo_free")).toEqual([]);
});

test("an inline function that gives its argument back in another form", () => {
  const header = `struct foo {
	struct device dev;
};
static inline struct foo *to_foo(struct device *dev)
{
	return container_of(dev, struct foo, dev);
}
`;
  const source = `#include <linux/module.h>
#include "foo.h"
struct foo *foo_find(struct device *parent)
{
	struct device *dev = device_find_child(parent, NULL, foo_match);

	if (dev)
		return to_foo(dev);
	return NULL;
}
`;
  expect(said({ "foo.h": header, "foo.c": source }, "foo.c")).toEqual([]);
});
