// While a person types, the text is broken most of the time: that alone must not make a finding appear.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkText } from "../../server/features/check.ts";
import { createChecker, root } from "../checker.ts";

const checker = await createChecker();

/** What stands on a line just begun, before its end is typed. */
const beginnings = [
  "if (foo",
  "foo(",
  "{",
  '"abc',
  "struct foo *",
  "for (i = 0; i <",
  "spin_lock(&",
  "/* ",
  "#ifdef X",
];

test.each([
  "server/examples/hello.c",
  "test/rules/missing-unlock.fixed.c",
  "test/rules/missing-release-on-error-path.fixed.c",
])("a line just begun in %s", (file) => {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  const appeared: string[] = [];
  // Between functions and within them; a long file is looked at in as many places as a short one.
  const apart = Math.max(12, Math.ceil(lines.length / 15));
  for (let at = 0; at < lines.length; at += apart) {
    for (const beginning of beginnings) {
      const text = [...lines.slice(0, at), `\t${beginning}`, ...lines.slice(at)].join("\n");
      for (const finding of checkText(checker, `${root}/${file}`, text).findings)
        appeared.push(`${at + 1}: ${beginning}: ${finding.message}`);
    }
  }
  expect(appeared).toEqual([]);
});
