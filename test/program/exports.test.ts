// What one module exports to another: known where one file alone exports a name, and the same whatever was kept before.
import { expect, test } from "vitest";
import type { Checker } from "../../server/features/check.ts";
import { ExportIndex, exportsIn } from "../../server/program/exports.ts";
import type { Cache, Host } from "../../server/text/host.ts";
import { checkerOf, type Folder, said } from "./folder.ts";

const lib = `#include <linux/module.h>
#include <linux/delay.h>
int lib_refill(int n)
{
	msleep(10);
	return n;
}
EXPORT_SYMBOL_GPL(lib_refill);
`;

const user = `#include <linux/module.h>
#include <linux/spinlock.h>
int lib_refill(int n);
static DEFINE_SPINLOCK(user_lock);
int user_start(void)
{
	int ret;

	spin_lock(&user_lock);
	ret = lib_refill(3);
	spin_unlock(&user_lock);
	return ret;
}
`;

const files: Folder = {
  "lib/Makefile": "obj-m := lib.o\n",
  "lib/lib.c": lib,
  "user/Makefile": "obj-m := user.o\n",
  "user/user.c": user,
};

const chain = [
  "user/user.c:10 sleep-in-atomic",
  "  user/user.c:9 `user_lock` taken here",
  "  user/user.c:10 lib_refill() called here",
  "  lib/lib.c:5 msleep() may sleep",
];

function indexed(folder: Folder, more: Partial<Host> = {}, kept?: string): Checker {
  const checker = checkerOf(folder, more);
  const exports = new ExportIndex(kept);
  for (const path of Object.keys(folder)) if (path.endsWith(".c")) exports.look(checker.host, `/driver/${path}`);
  return { ...checker, exports };
}

const told = (folder: Folder): readonly string[] => said(folder, "user/user.c", indexed(folder));

test("a function that another module exports", () => {
  expect(said(files, "user/user.c")).toEqual([]);
  expect(told(files)).toEqual(chain);
  expect(said(files, "lib/lib.c", indexed(files))).toEqual([]);
});

test("a function that is not exported, or by two files", () => {
  expect(told({ ...files, "lib/lib.c": lib.replace(/EXPORT.*/, "") })).toEqual([]);
  expect(told({ ...files, "other/lib.c": lib })).toEqual([]);
});

test("what is far down in another module hangs on too much", () => {
  const deep = (hops: number): string => {
    const steps = Array.from(
      { length: hops },
      (_, index) => `static void step${index + 1}(void)\n{\n\tstep${index}();\n}\n`,
    );
    const last = "static void step0(void)\n{\n\tmsleep(10);\n}\n";
    return lib
      .replace("int lib_refill", `${last}${steps.join("")}int lib_refill`)
      .replace("msleep(10);\n\treturn", `step${hops}();\n\treturn`);
  };
  expect(told({ ...files, "lib/lib.c": deep(0) })).toHaveLength(5);
  expect(told({ ...files, "lib/lib.c": deep(1) })).toEqual([]);
});

test("nothing of another module is seen but what its exported functions do", () => {
  const more = `${lib}void user_stop(void)\n{\n\tmsleep(1);\n}\n`;
  const calling = user.replace("ret = lib_refill(3);", "ret = lib_refill(3);\n\tuser_stop();");
  expect(told({ ...files, "lib/lib.c": more.replace("msleep(10);", ""), "user/user.c": calling })).toEqual([]);
});

test("findings are the same with an empty, a filled, a broken and a foreign cache, and in whatever order", () => {
  const together: Folder = {
    ...files,
    "user/Makefile": "obj-m := all.o\nall-y := user.o more.o\n",
    "user/more.c":
      "#include <linux/module.h>\nint user_start(void);\nint more_run(void)\n{\n\treturn user_start();\n}\n",
  };
  const paths = ["user/user.c", "user/more.c", "lib/lib.c"];
  const run = (texts: Map<string, string>, order: readonly string[]): unknown => {
    const cache: Cache = { read: (name) => texts.get(name), write: (name, text) => texts.set(name, text) };
    const checker = indexed(together, { cache });
    const found = new Map(order.map((path) => [path, said(together, path, checker)]));
    return paths.map((path) => found.get(path));
  };
  const texts = new Map<string, string>();
  const cold = run(texts, paths);
  expect(cold).toEqual([chain, [], []]);
  expect(texts.size).toBeGreaterThan(1);
  expect(run(texts, paths)).toEqual(cold);
  expect(run(new Map(), [...paths].reverse())).toEqual(cold);
  for (const odd of ["", "null", "[]", '{"format":"driverlab sibling 1"}', "{", "\0"])
    expect(run(new Map([...texts.keys()].map((name) => [name, odd])), paths)).toEqual(cold);
  expect(run(new Map([...texts].map(([name, text]) => [name, text.slice(0, -20)])), paths)).toEqual(cold);
});

test("names that a text exports", () => {
  const text = `EXPORT_SYMBOL(a);
EXPORT_SYMBOL_GPL( b );
EXPORT_SYMBOL_NS_GPL(c, FOO);
EXPORT_SYMBOL_NS(d, "FOO");
EXPORT_SYMBOL(a);
/* EXPORT_SYMBOL(no) */
#define EXPORT_IT(x) EXPORT_SYMBOL(x)
EXPORT_SYMBOL(pasted##name);
`;
  expect(exportsIn(text)).toEqual(["a", "b", "c", "d"]);
});

test("an index reads again only what changed", () => {
  const stamps = new Map([["/driver/lib/lib.c", "1"]]);
  const read: string[] = [];
  const { host } = checkerOf(files);
  const watched: Host = {
    ...host,
    stamp: (path) => stamps.get(path),
    read: (path) => {
      read.push(path);
      return host.read(path);
    },
  };
  const index = (kept?: string): ExportIndex => {
    const made = new ExportIndex(kept);
    made.look(watched, "/driver/lib/lib.c");
    return made;
  };
  const kept = index().freeze();
  expect(read).toHaveLength(1);
  const again = index(kept);
  expect(again.fileOf("lib_refill")).toBe("/driver/lib/lib.c");
  expect(again.freeze()).toBeUndefined();
  expect(read).toHaveLength(1);
  stamps.set("/driver/lib/lib.c", "2");
  index(kept);
  for (const odd of ["", "null", "{}", '{"format":"driverlab exports 1","files":[["/x"],3,["/y",1]]}', "[1"])
    expect(index(odd).fileOf("lib_refill")).toBe("/driver/lib/lib.c");
  expect(read).toHaveLength(7);
});
