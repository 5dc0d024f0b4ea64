// Every snippet is well formed, and what a C snippet inserts has neither a syntax error nor a finding of ours.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how snippets are written
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Checker, checkText } from "../server/features/check.ts";
import { createChecker, root } from "./checker.ts";
import { inContext, snippetContexts } from "./snippet-contexts.ts";
import { everyExpansion, parseSnippet } from "./snippet-expansion.ts";

interface Entry {
  readonly prefix: string;
  readonly description: string;
  readonly isFileTemplate?: true;
  readonly body: readonly string[];
}

const languages = ["c", "kconfig", "makefile", "typescript"] as const;
const variables = { TM_FILENAME_BASE: "demo", TM_DIRECTORY: "/home/me/demo" };

function snippetsOf(language: (typeof languages)[number]): readonly (readonly [string, Entry])[] {
  const file = JSON.parse(readFileSync(join(root, "snippets", `${language}.json`), "utf8"));
  return Object.entries<Entry>(file);
}

const all = languages.flatMap(snippetsOf);
const inC = snippetsOf("c").map(([, snippet]) => snippet);

describe("the snippets", () => {
  test("have unique prefixes in kebab case", () => {
    const prefixes = all.map(([, { prefix }]) => prefix);
    expect(prefixes.filter((prefix, at) => prefixes.indexOf(prefix) !== at)).toEqual([]);
    expect(prefixes.filter((prefix) => !/^k(-[a-z0-9]+)+$/.test(prefix))).toEqual([]);
  });

  test.each(all.map(([title, snippet]) => [snippet.prefix, title, snippet] as const))("%s", (_, title, snippet) => {
    const body = snippet.body.join("\n");
    expect(title).toMatch(/^(Linux|Driverlab): /);
    expect(snippet.description).toMatch(/^\S.*[^.]\.$/);
    expect([...parseSnippet(body).stops], "the cursor ends at $0").toContain(0);
    expect(body, "checkpatch wants pr_… or dev_…").not.toMatch(/\bprintk\(/);
    for (const text of everyExpansion(body, variables)) {
      expect(text, "nothing is left to expand").not.toMatch(/\$\{|\$\d/);
      expect(text, "no space at the end of a line").not.toMatch(/[ \t]$/m);
      const wide = text.split("\n").filter((line) => line.replaceAll("\t", " ".repeat(8)).length > 100);
      expect(snippet.prefix.startsWith("k-makefile") ? [] : wide, "checkpatch wants at most 100 columns").toEqual([]);
      if (snippet.isFileTemplate) expect(text, "a file ends with a newline").toMatch(/[^\n]\n$/);
      if (snippet.isFileTemplate && title.startsWith("Linux: ")) {
        expect(text).toMatch(/^(\/\/|#) SPDX-License-Identifier: /);
      }
    }
  });

  test("that are no whole file have a context here, and only those", () => {
    const fragments = inC.filter(({ isFileTemplate }) => !isFileTemplate).map(({ prefix }) => prefix);
    expect(Object.keys(snippetContexts).sort()).toEqual(fragments.sort());
  });
});

describe("what a C snippet inserts is read without error and without a finding", () => {
  let checker: Checker;
  beforeAll(async () => {
    checker = await createChecker();
  });

  test.each(inC.map((snippet) => [snippet.prefix, snippet] as const))("%s", (prefix, snippet) => {
    for (const expansion of everyExpansion(snippet.body.join("\n"), variables)) {
      const text = inContext(snippetContexts[prefix], expansion);
      const { program, findings, skipped } = checkText(checker, "/demo/demo.c", text);
      expect(skipped).toBeUndefined();
      const exposed = [...program.functions.values()].filter(({ def }) => !def.isStatic);
      expect(
        exposed.map(({ name }) => name),
        "functions are static",
      ).toEqual([]);
      const lineOf = (offset: number) => `${program.file.lines.position(offset).line + 1}`;
      expect(
        program.file.problems.map(({ start, end }) => `${lineOf(start)}: ${text.slice(start, end)}`),
        text,
      ).toEqual([]);
      expect(
        findings.map(({ rule, start, message }) => `${lineOf(start)}: ${rule}: ${message}`),
        text,
      ).toEqual([]);
    }
  });
});

describe("the expansion", () => {
  const expand = (body: string) => everyExpansion(body, { TM_FILENAME_BASE: "my-driver 2" });

  test("nests, mirrors and takes the first choice", () => {
    expect(expand("${1:a_${2:b}} $1 ${2} ${3|x,y\\, z|}$3$0")).toEqual(["a_b a_b b xx", "a_b a_b b y, zy, z"]);
  });

  test("transforms variables and falls back where one is unknown", () => {
    expect(expand("${1:${TM_FILENAME_BASE/[^A-Za-z0-9]/_/g}} ${NOBODY:$1} $NOBODY|")).toEqual([
      "my_driver_2 my_driver_2 |",
    ]);
  });

  test("leaves what is escaped or no tab stop", () => {
    expect(expand("\\$(MAKE) \\$@ $(CC) \\n { } \\} \\\\")).toEqual(["$(MAKE) $@ $(CC) \\n { } } \\"]);
  });
});
