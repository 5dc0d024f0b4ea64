// Opens every kernel file that a fact cites, at its line, and finds there the name that the fact is about.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Fact } from "../../server/knowledge/schema.ts";
import { decodeTable } from "../../server/knowledge/table.ts";
import { compareVersions, releaseOf } from "../../server/knowledge/versions.ts";
import { factVersions, type KernelTree, treeForTests } from "./kernel-trees.ts";
import { curated, labels, tables } from "./loaded.ts";

interface Citation {
  /** What stands there; none where it is enough that the place exists. */
  readonly name?: string;
  /** `drivers/clk/clk.c:1184`, or the path alone. */
  readonly source: string;
}

const releases = Object.keys(factVersions).sort(compareVersions);
const newest = releases.at(-1) ?? "";

/** The release that shows the fact: the last one that has it. undefined when every tree is younger. */
function releaseFor(fact: Fact): string | undefined {
  const until = "until" in fact ? fact.until : undefined;
  if (until === undefined || until === null) return newest;
  return releases.findLast((release) => compareVersions(release, until) <= 0);
}

function citationOf(fact: Fact): Citation {
  const { source } = fact;
  // A header of sizes need not name each type, and what the C library lacks in the kernel is cited with what takes its place.
  if (fact.kind === "type" || fact.kind.startsWith("libc-") || fact.kind === "uapi-headers") return { source };
  // What is gone is cited with what came in its place.
  if (fact.kind === "removed" || source.startsWith("Documentation/")) return { source };
  return { name: fact.kind === "ops" ? fact.struct.replace(/^.* /, "") : fact.name, source };
}

const lines = new Map<string, readonly string[] | undefined>();

function linesOf(path: string): readonly string[] | undefined {
  if (!lines.has(path)) {
    const there = existsSync(path) && statSync(path).isFile();
    lines.set(path, there ? readFileSync(path, "latin1").split("\n") : undefined);
  }
  return lines.get(path);
}

/** What is wrong with a citation. In a tree of another version than the facts' the name may stand on another line. */
function problemOf({ name, source }: Citation, tree: KernelTree, exact: boolean): string | undefined {
  const [path = "", line] = source.split(":");
  const text = linesOf(join(tree.folder, path));
  const where = (what: string) => `${name ?? "-"}: ${source}: ${what}`;
  if (text === undefined) return existsSync(join(tree.folder, path)) ? undefined : where("no such file");
  if (line !== undefined && exact) {
    const cited = text[Number(line) - 1];
    if (cited === undefined) return where("the file is shorter");
    if (name === undefined || shows(cited, name)) return undefined;
    const found = text.findIndex((each) => shows(each, name)) + 1;
    return where(found === 0 ? "the file does not have it" : `not on this line, but on ${found}`);
  }
  return name === undefined || text.some((each) => shows(each, name)) ? undefined : where("the file does not have it");
}

/** The line has the name as a word, or a macro that makes it: `DEFINE_GUARD_COND(mutex, _intr, …)` makes mutex_intr. */
function shows(line: string, name: string): boolean {
  if (!line.includes("(")) return new RegExp(`\\b${name}\\b`).test(line);
  const words: readonly string[] = line.match(/\w+/g) ?? [];
  if (words.includes(name)) return true;
  const [maker = "", ...parts] = words;
  if (!/^[A-Z_\d]+$|^(__)?(define|declare|kstrto|build)_/.test(maker)) return false;
  return parts.some((part, i) => name === part + (parts[i + 1] ?? "") || (part.length > 1 && name.endsWith(part)));
}

function problems(citations: Iterable<Citation>, tree: KernelTree): string[] {
  const exact = tree.version === factVersions[tree.release];
  return [...citations].flatMap((each) => problemOf(each, tree, exact) ?? []);
}

describe.each(releases)("Linux %s", (release) => {
  const tree = treeForTests(release);
  const facts = curated.flatMap((file) => file.facts).filter((fact) => releaseFor(fact) === release);

  test.skipIf(tree === undefined)("has what curated facts cite, where they say", () => {
    const wrong = problems(facts.map(citationOf), tree!);
    expect(wrong).toEqual([]);
  });

  test.skipIf(tree === undefined)("has what the tables cite, where they say", () => {
    for (const kind of ["functions", "scopes", "members"] as const) {
      const entries =
        [...decodeTable(kind, tables[kind])].find(([version]) => releaseOf(version) === release)?.[1] ?? [];
      const cited = entries.map(
        (entry): Citation => ({
          name: "member" in entry ? entry.member : entry.name,
          source: `${entry.path}:${entry.line}`,
        }),
      );
      expect(problems(cited, tree!)).toEqual([]);
    }
  });
});

describe(`Linux ${newest}`, () => {
  const tree = treeForTests(newest);

  test.skipIf(tree === undefined)("has the places that the labels cite", () => {
    const cited = labels.map(({ why }) => ({ source: why.slice(why.lastIndexOf(" ") + 1) }));
    expect(problems(cited, tree!)).toEqual([]);
  });

  test.skipIf(tree === undefined)("tells wrong citations from right ones", () => {
    const source = "kernel/locking/mutex.c";
    const text = linesOf(join(tree!.folder, source)) ?? [];
    const line = text.findIndex((each) => /^void .*\bmutex_lock\(/.test(each)) + 1;
    const check = (citation: Citation, exact = true) => problemOf(citation, tree!, exact)?.replace(/^.*: /, "");
    expect(check({ name: "mutex_lock", source: `${source}:${line}` })).toBeUndefined();
    expect(check({ name: "mutex_lock", source: `${source}:${line + 1}` })).toMatch(/^not on this line, but on \d+$/);
    expect(check({ name: "mutex_lock", source: `${source}:${line + 1}` }, false)).toBeUndefined();
    expect(check({ name: "mutex_loc", source: `${source}:${line}` })).toBe("the file does not have it");
    expect(check({ name: "mutex_loc", source }, false)).toBe("the file does not have it");
    expect(check({ name: "mutex_lock", source: `${source}:99999` })).toBe("the file is shorter");
    expect(check({ name: "mutex_lock", source: "kernel/locking/mutexes.c:1" })).toBe("no such file");
    expect(check({ name: "mutex_intr", source: "include/linux/mutex.h" }, false)).toBeUndefined();
  });
});

test("facts that no tree shows cite a document", () => {
  const silent = curated.flatMap((file) => file.facts).filter((fact) => releaseFor(fact) === undefined);
  expect(silent.filter(({ source }) => !source.startsWith("Documentation/"))).toEqual([]);
});
