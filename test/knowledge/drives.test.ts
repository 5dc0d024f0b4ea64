// Which facts of the tree alone lead to findings, and which are only shown.
import { expect, test } from "vitest";
import { checkText } from "../../server/features/check.ts";
import type { ExtractedFunction } from "../../server/knowledge/extracted.ts";
import { loadKnowledge } from "../../server/knowledge/knowledge.ts";
import type { Fact } from "../../server/knowledge/schema.ts";
import { encodeTable } from "../../server/knowledge/table.ts";
import { createChecker } from "../checker.ts";

const made = (name: string, rest: Partial<ExtractedFunction> = {}): ExtractedFunction => ({
  name,
  kind: "function",
  exported: "all",
  path: "kernel/box.c",
  line: 10,
  returnType: "int",
  parameters: [{ type: "struct box *", name: "box" }],
  uses: 1,
  ...rest,
});

const curated: Fact[] = [
  {
    name: "spin_lock",
    kind: "macro",
    maySleep: "never",
    acquires: [{ flavour: "spin", param: 0, irq: "none" }],
    source: "a/b.h",
  },
  {
    name: "spin_unlock",
    kind: "macro",
    maySleep: "never",
    releases: [{ flavour: "spin", param: 0, irq: "none" }],
    source: "a/b.h",
  },
];
const functions = [
  made("box_wait", { sleeps: { may: "always", by: "annotated", via: ["might_sleep"] } }),
  made("box_told", { sleeps: { may: "always", by: "documented" } }),
  made("box_flush", { sleeps: { may: "always", by: "derived", via: ["mutex_lock", "might_sleep"] } }),
  made("box_make", {
    returnType: "struct box *",
    returns: { kind: "null-on-failure", by: "derived" },
    mustCheck: true,
  }),
  made("box_flags", { sleeps: { may: "flags", by: "annotated" }, gfpParam: 1 }),
  made("box_die", { noreturn: true }),
  made("box_take", { acquires: ["$0->lock"] }),
];
const real = await createChecker();
const texts = { functions: encodeTable("functions", new Map([["6.12.117", functions]])) };
const checker = { ...real, knowledge: loadKnowledge([{ schema: 1, area: "box", facts: curated }], texts) };

function rulesOf(body: string, before = ""): string[] {
  const text = `#include <linux/module.h>
${before}
int box_go(struct box *b)
{
${body}
	return 0;
}
`;
  return checkText(checker, "/drivers/box.c", text).findings.map(({ rule }) => rule);
}

const locked = (statement: string) => `\tspin_lock(&b->lock);\n\t${statement};\n\tspin_unlock(&b->lock);`;

test("what the tree says to sleep is found under a spinlock", () => {
  expect(rulesOf(locked("box_wait(b)"))).toEqual(["sleep-in-atomic"]);
  expect(rulesOf(locked("box_told(b)"))).toEqual(["sleep-in-atomic"]);
  expect(rulesOf(locked("box_flags(b, GFP_KERNEL)"))).toEqual(["sleep-in-atomic"]);
  expect(rulesOf(locked("box_flags(b, GFP_ATOMIC)"))).toEqual([]);
});

test("a macro of the driver hides the kernel's function of that name", () => {
  expect(rulesOf(locked("box_wait(b)"), "#define box_wait(b) do { (b)->waits++; } while (0)")).toEqual([]);
});

test("what does not return ends its path", () => {
  expect(rulesOf("\tspin_lock(&b->lock);\n\tif (b->bad)\n\t\treturn -EIO;\n\tspin_unlock(&b->lock);")).toEqual([
    "missing-unlock",
  ]);
  expect(
    rulesOf(
      "\tspin_lock(&b->lock);\n\tif (b->bad) {\n\t\tbox_die(b);\n\t\treturn -EIO;\n\t}\n\tspin_unlock(&b->lock);",
    ),
  ).toEqual([]);
});

test("what follows from the functions that it calls, how it fails and which locks it takes are only shown", () => {
  expect(rulesOf(locked("box_flush(b)"))).toEqual([]);
  expect(rulesOf("\tstruct box *made = box_make(b);\n\n\tmade->count = 1;")).toEqual([]);
  expect(rulesOf("\tbox_take(b);\n\tbox_take(b);")).toEqual([]);
});
