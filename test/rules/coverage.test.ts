// The table of what is covered: its rules exist and have pages, every rule is in it, and so is each snippet it names.
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rules } from "../../server/rules/index.ts";
import { root } from "../checker.ts";

const readme = readFileSync(join(root, "server/rules/README.md"), "utf8");
const rows = (/^## What is covered\n[\s\S]*/m.exec(readme)?.[0] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (---|what to know)/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));
const named = (column: number): readonly string[] =>
  rows.flatMap((row) => [...row[column]!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));
const ids = rules.map(({ id }) => id);

test("the table of the rules has each of them once, with its page", () => {
  const listed = [...readme.matchAll(/^\| \[([\w-]+)\]\(([\w-]+)\.md\) \| \S.* \|$/gm)];
  expect(listed.filter(([, id, page]) => id !== page)).toEqual([]);
  expect(listed.map(([, id]) => id).sort()).toEqual([...ids].sort());
});

describe("the table of what is covered", () => {
  test("has a row for each concept, with rules, help, or what is not there yet", () => {
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.filter((row) => row.length !== 6 || `${row[2]}${row[3]}${row[4]}` === "")).toEqual([]);
  });

  test("names rules that exist and have a page", () => {
    const known = (id: string) => ids.includes(id) && existsSync(join(root, `server/rules/${id}.md`));
    expect([...new Set(named(2))].filter((id) => !known(id))).toEqual([]);
  });

  test("has every rule about drivers", () => {
    expect(ids.filter((id) => id !== "unused-suppression" && !named(2).includes(id))).toEqual([]);
  });

  test("names snippets that exist", () => {
    const prefixes = globSync("snippets/*.json", { cwd: root }).flatMap((path) =>
      Object.values<{ prefix: string | string[] }>(JSON.parse(readFileSync(join(root, path), "utf8"))).flatMap(
        ({ prefix }) => prefix,
      ),
    );
    const wanted = named(3).filter((each) => each.startsWith("k-"));
    expect(wanted.filter((prefix) => !prefixes.includes(prefix))).toEqual([]);
  });
});
