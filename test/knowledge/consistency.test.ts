// Holds the facts to each other: releases, pairs, locks and versions fit, and curated facts contradict no kernel tree.
import { describe, expect, test } from "vitest";
import type { ExtractedFunction } from "../../server/knowledge/extracted.ts";
import type { Fact, FunctionFact } from "../../server/knowledge/schema.ts";
import { encodeTable, Table } from "../../server/knowledge/table.ts";
import {
  allContradictions,
  loneReleases,
  missingReleases,
  unpairedLocks,
  versionContradictions,
} from "./contradictions.ts";
import { factVersions } from "./kernel-trees.ts";
import { curated, tables } from "./loaded.ts";

const trees = new Table("functions", tables.functions);
const facts = curated.flatMap((file) => file.facts);

test("the trees that tests open are of the versions that the tables hold", () => {
  expect(trees.versions).toEqual(Object.values(factVersions));
});

test("what gives something back is there and says which argument it takes", () => {
  expect(missingReleases(facts)).toEqual([]);
});

test("every lock that is taken can be given back, and the other way", () => {
  expect(unpairedLocks(facts)).toEqual([]);
});

test("since and until agree with the trees", () => {
  expect(versionContradictions(facts, trees)).toEqual([]);
});

test("no curated fact contradicts a tree without saying why", () => {
  const found = allContradictions(facts, trees);
  const open = found.filter(({ fact }) => fact.contradicts === undefined);
  expect(open.map(({ text }) => text)).toEqual([]);
  const needless = facts.filter((fact) => "contradicts" in fact && !found.some((each) => each.fact === fact));
  expect(needless.map((fact) => `${"name" in fact && fact.name} contradicts nothing`)).toEqual([]);
});

describe("on made-up facts", () => {
  const made = (name: string, rest: Partial<FunctionFact> = {}): FunctionFact => ({
    name,
    kind: "function",
    maySleep: "never",
    source: "a/b.c",
    ...rest,
  });

  test("releases without a partner are told", () => {
    const obtains = { what: "box", handle: "return", releasedBy: ["box_put", "box_drop", "box_free"] } as const;
    const some: Fact[] = [
      made("box_get", { obtains }),
      made("box_put", { handleParam: 0 }),
      made("box_drop"),
      made("box_toss", { handleParam: 0 }),
    ];
    expect(missingReleases(some)).toEqual([
      "box_get: box_drop does not say which argument it gives back",
      "box_get: there is no fact of box_free",
    ]);
    expect(loneReleases(some)).toEqual(["box_toss"]);
  });

  test("locks without a partner are told", () => {
    const some = [
      made("box_lock", { acquires: [{ flavour: "spin", param: 0, irq: "bh" }] }),
      made("box_unlock", { releases: [{ flavour: "spin", param: 0 }] }),
    ];
    expect(unpairedLocks(some)).toEqual(["spin, bh: only box_lock", "spin, none: only box_unlock"]);
  });

  const tree = (name: string, rest: Partial<ExtractedFunction> = {}): ExtractedFunction => ({
    name,
    kind: "function",
    path: "a/b.c",
    line: 1,
    returnType: "int",
    parameters: [
      { type: "struct box *", name: "box" },
      { type: "gfp_t", name: "gfp" },
    ],
    uses: 1,
    ...rest,
  });
  /** What is said of one fact when 6.1 has `old` of it and 6.12 has `now`. */
  const against = (fact: FunctionFact, now: Partial<ExtractedFunction> | null, old = now) => {
    const versions = new Map([
      ["6.1.1", old === null ? [] : [tree(fact.name, old)]],
      ["6.12.1", now === null ? [] : [tree(fact.name, now)]],
    ]);
    const made = new Table("functions", encodeTable("functions", versions));
    return [...versionContradictions([fact], made), ...allContradictions([fact], made).map(({ text }) => text)];
  };

  test("facts that agree with the tree pass", () => {
    expect(against(made("f"), {})).toEqual([]);
    expect(against(made("f", { since: "6.5" }), {}, null)).toEqual([]);
    expect(against(made("f", { maySleep: "flags", gfpParam: 1 }), { gfpParam: 1 })).toEqual([]);
    expect(against(made("f", { since: "6.5" }), null)).toEqual([]);
  });

  test.each<[string, Partial<FunctionFact>, Partial<ExtractedFunction>, RegExp]>([
    ["sleeping", {}, { sleeps: { may: "always", by: "derived", via: ["mutex_lock"] } }, /never, in the tree always/],
    ["harmless", { maySleep: "always" }, { sleeps: { may: "never", by: "documented" } }, /always, in the tree never/],
    ["contexts", { maySleep: "always" }, { contexts: ["hardirq"] }, /documented for hardirq/],
    ["the gfp argument", { gfpParam: 2 }, { gfpParam: 1, variadic: true }, /gfpParam is 2, in the tree 1/],
    ["the type of the gfp argument", { maySleep: "flags", gfpParam: 0 }, {}, /gfpParam 0 is of type struct box/],
    ["too few parameters", { handleParam: 2 }, {}, /handleParam is 2, but there are 2/],
    ["must-check", { mustCheck: true }, {}, /mustCheck/],
    ["locks taken", {}, { acquires: ["$0"] }, /acquires nothing, in the tree \$0/],
    ["locks given back", {}, { releases: ["RCU"] }, /releases nothing, in the tree RCU/],
    ["the result", { returns: "void" }, {}, /returns is void, in the tree int/],
  ])("%s: a contradiction is told", (_, fact, now, said) => {
    const found = against(made("f", { handleParam: 0, ...fact }), now);
    expect(found).toHaveLength(2);
    for (const each of found) expect(each).toMatch(said);
  });

  test("versions that the trees disprove are told", () => {
    expect(against(made("f", { since: "6.5" }), {})).toEqual(["f: 6.1 has it, but it is said to be since 6.5"]);
    expect(against(made("f", { until: "6.5" }), {})).toEqual(["f: 6.12 has it, but it is said to be until 6.5"]);
    expect(against(made("f"), {}, null)).toEqual(["f: 6.1 lacks it"]);
    expect(against(made("f"), null, {})).toEqual(["f: 6.12 lacks it"]);
  });
});
