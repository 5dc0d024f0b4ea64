// Whole folders on the command line: the same findings with one worker and two, with a cold cache, a warm and a broken one.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonReport } from "../../server/features/report-json.ts";

const program = join(import.meta.dirname, "../../dist/driverlab-check.js");
let folder = "";

const files: Readonly<Record<string, string>> = {
  "lib/Makefile": "obj-m := lib.o\n",
  "lib/lib.c": `#include <linux/module.h>
#include <linux/delay.h>
void lib_wait(void)
{
	msleep(10);
}
EXPORT_SYMBOL_GPL(lib_wait);
MODULE_LICENSE("GPL");
`,
  "foo/Makefile": "obj-m := foo.o\nfoo-y := a.o b.o\n",
  "foo/foo.h": "struct foo {\n\tspinlock_t lock;\n};\nvoid foo_wait(struct foo *foo);\n",
  "foo/a.c": `#include <linux/module.h>
#include "foo.h"
void lib_wait(void);
void foo_start(struct foo *foo)
{
	spin_lock(&foo->lock);
	foo_wait(foo);
	spin_unlock(&foo->lock);
	spin_lock(&foo->lock);
	lib_wait();
	spin_unlock(&foo->lock);
}
MODULE_LICENSE("GPL");
`,
  "foo/b.c": '#include <linux/delay.h>\n#include "foo.h"\nvoid foo_wait(struct foo *foo)\n{\n\tmsleep(10);\n}\n',
};

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function found(cache: string, ...args: string[]): readonly string[] {
  const { stdout } = spawnSync(process.execPath, [program, "--format", "json", "--limit", "60", ...args], {
    cwd: join(folder, "tree"),
    encoding: "utf8",
    env: { ...process.env, XDG_CACHE_HOME: join(folder, cache) },
  });
  const { findings, problems }: JsonReport = JSON.parse(stdout);
  expect(problems).toEqual([]);
  return findings.map((each) => `${each.file}:${each.line} ${each.rule} ${each.message}`);
}

beforeAll(() => {
  if (!existsSync(program)) throw new Error("dist/ is not built: npm run build");
  folder = mkdtempSync(join(tmpdir(), "driverlab-workspace-"));
  for (const [path, text] of Object.entries(files)) write(`tree/${path}`, text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("workers, caches and the order of paths change no finding", () => {
  const cold = found("one", "--jobs", "1", ".");
  expect(cold.map((each) => each.slice(0, 28))).toEqual([
    "./foo/a.c:7 sleep-in-atomic ",
    "./foo/a.c:10 sleep-in-atomic",
  ]);
  expect(found("one", "--jobs", "1", ".")).toEqual(cold);
  expect(found("two", "--jobs", "2", ".")).toEqual(cold);
  expect(found("three", "--jobs", "2", "./lib", "./foo")).toEqual(cold);
  const kept = readdirSync(join(folder, "one"), { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  expect(kept.length).toBeGreaterThan(1);
  for (const { parentPath, name } of kept) writeFileSync(join(parentPath, name), "nothing that was written here");
  expect(found("one", "--jobs", "2", ".")).toEqual(cold);
});

test("a change in another file of the module, in a header or in another module counts", () => {
  const lines = (): readonly string[] => found("one", ".").map((each) => each.split(" ", 1)[0]!);
  const quiet = (path: string): void => write(`tree/${path}`, files[path]!.replace("msleep(10)", "udelay(10)"));
  expect(lines()).toEqual(["./foo/a.c:7", "./foo/a.c:10"]);
  quiet("lib/lib.c");
  expect(lines()).toEqual(["./foo/a.c:7"]);
  quiet("foo/b.c");
  expect(lines()).toEqual([]);
  for (const path of ["lib/lib.c", "foo/b.c"]) write(`tree/${path}`, files[path]!);
  expect(lines()).toEqual(["./foo/a.c:7", "./foo/a.c:10"]);
  write("tree/foo/foo.h", files["foo/foo.h"]!.replace("spinlock_t", "raw_spinlock_t"));
  expect(found("one", ".")).toHaveLength(2);
  write("tree/foo/foo.h", files["foo/foo.h"]!);
});

test("of a file that is named alone, what other modules export is not known", () => {
  expect(found("one", "foo/a.c").map((each) => each.split(" ", 1)[0])).toEqual(["foo/a.c:7"]);
});
