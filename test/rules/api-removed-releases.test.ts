// What api-removed says of one driver for one kernel and another, and for a driver with headers of its own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkText, defaultOptions } from "../../server/features/check.ts";
import { decodeGone } from "../../server/knowledge/gone.ts";
import type { Host } from "../../server/text/host.ts";
import { createChecker, root } from "../checker.ts";

const checker = await createChecker();

function severities(text: string, kernel: string, host: Host = checker.host): readonly string[] {
  const whole = `#include <linux/module.h>\n${text}`;
  const { findings } = checkText({ ...checker, host }, "/driver/a.c", whole, { ...defaultOptions, kernel });
  return findings.flatMap(({ rule, severity, message }) =>
    rule === "api-removed" ? [`${severity} ${message.split(" ")[0]}`] : [],
  );
}

const driver = `
static void a_stop(struct a *a)
{
	a->class = class_create(THIS_MODULE, "a");
	del_timer(&a->timer);
	a = from_timer(a, t, timer);
}
`;

test.each([
  ["6.1", ["hint from_timer()"]],
  ["6.2", ["hint del_timer()", "hint from_timer()"]],
  ["6.4", ["error class_create()", "hint del_timer()", "hint from_timer()"]],
  ["6.12", ["error class_create()", "hint del_timer()", "hint from_timer()"]],
  ["6.15", ["error class_create()", "error del_timer()", "hint from_timer()"]],
  ["6.16", ["error class_create()", "error del_timer()", "error from_timer()"]],
] as const)("for Linux %s", (release, expected) => {
  expect(severities(driver, release)).toEqual(expected);
});

/** The driver in a folder with these headers. */
function beside(headers: Readonly<Record<string, string>>, text: string): readonly string[] {
  const names = Object.keys(headers).map((path) => path.slice("/driver/".length));
  const host = { read: (path: string) => headers[path], list: (folder: string) => (folder === "/driver" ? names : []) };
  return severities(text, "6.12", host);
}

const call = `static struct class *a(void)\n{\n\treturn class_create(THIS_MODULE, "a");\n}\n`;

test("a header that does not name it does not matter", () => {
  expect(beside({ "/driver/a.h": "struct a;\n" }, `#include "a.h"\n${call}`)).toEqual(["error class_create()"]);
});

test.each([
  ["a header that names it", { "/driver/a.h": "#define class_create(owner, name) my_class(name)\n" }, '#include "a.h"'],
  ["a header that is not found", {}, '#include "a.h"'],
  ["a header of a header that is not found", { "/driver/a.h": '#include "b.h"\n' }, '#include "a.h"'],
  ["a header for several kernels", {}, "#include <linux/compat-2.6.h>"],
])("%s silences it", (_, headers, include) => {
  expect(beside(headers, `${include}\n${call}`)).toEqual([]);
});

test("what the newer tree has nowhere is told of, though nothing is curated about it", () => {
  const goners = readFileSync(join(root, "server/knowledge/data/extracted/gone.tsv"), "latin1");
  const [name = ""] = decodeGone(goners)
    .map((each) => each.name)
    .filter((each) => /^[a-z]\w+$/.test(each) && checker.knowledge.removed(each)[0]?.missing === "6.12");
  const user = `static void a_stop(struct a *a)\n{\n\t${name}(a);\n}\n`;
  expect(severities(user, "6.12")).toEqual([`error ${name}()`]);
  expect(severities(user, "6.1")).toEqual([]);
});
