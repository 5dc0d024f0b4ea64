// What is known for one kernel release: facts of the trees, curated ones over them, and what comes and goes between trees.
import { describe, expect, test } from "vitest";
import type { ExtractedFunction, ExtractedScope } from "../../server/knowledge/extracted.ts";
import { loadKnowledge } from "../../server/knowledge/knowledge.ts";
import type { Fact } from "../../server/knowledge/schema.ts";
import { encodeTable } from "../../server/knowledge/table.ts";
import { parseRelease } from "../../server/knowledge/versions.ts";

const made = (name: string, rest: Partial<ExtractedFunction> = {}): ExtractedFunction => ({
  name,
  kind: "function",
  exported: "gpl",
  path: "kernel/box.c",
  line: 10,
  returnType: "int",
  parameters: [{ type: "struct box *", name: "box" }],
  uses: 7,
  ...rest,
});

const always = { may: "always", by: "derived", via: ["mutex_lock"] } as const;
const stays = made("box_wait", { sleeps: always, returns: { kind: "negative-errno", by: "derived" }, mustCheck: true });
const old = [made("box_old", { line: 30 }), stays];
const later = [
  { ...stays, line: 20 },
  made("box_new", { sleeps: always }),
  made("box_gfp", { sleeps: { may: "flags", by: "annotated" } }),
  made("box_take", { line: 5 }),
];
const guard = (name: string, enters: string): ExtractedScope => ({
  name,
  kind: "guard",
  path: "include/linux/box.h",
  line: 3,
  type: "struct box *",
  enters: [enters],
  leaves: [],
});

const curated: Fact[] = [
  { name: "box_gone", kind: "function", maySleep: "never", until: "5.14", source: "include/linux/box.h" },
  { name: "box_late", kind: "function", maySleep: "never", since: "6.12", source: "include/linux/box.h" },
  { name: "box_mid", kind: "function", maySleep: "never", since: "6.5", source: "include/linux/box.h" },
  { name: "box_new", kind: "function", maySleep: "unknown", since: "6.9", source: "include/linux/box.h" },
  {
    name: "box_take",
    kind: "function",
    maySleep: "never",
    acquires: [{ flavour: "spin", param: 0, irq: "bh" }],
    source: "Documentation/box.rst",
  },
];

const newest = loadKnowledge([{ schema: 1, area: "box", facts: curated }], {
  functions: encodeTable(
    "functions",
    new Map([
      ["6.1.192", old],
      ["6.12.117", later],
    ]),
  ),
  scopes: encodeTable("scopes", new Map([["6.12.117", [guard("box", "box_take"), guard("crate", "box_wait")]]])),
  members: encodeTable(
    "members",
    new Map([
      [
        "6.1.192",
        [{ struct: "struct box_ops", member: "go", path: "include/linux/box.h", line: 1, type: "int (*)(void)" }],
      ],
    ]),
  ),
});

describe("a release", () => {
  test("is the newest read where none is asked for", () => {
    expect(newest).toMatchObject({ release: "6.12", exact: true, releases: ["6.1", "6.12"] });
    expect(newest.at("6.1")).toMatchObject({ release: "6.1", exact: true });
    expect(newest.at("6.6")).toMatchObject({ release: "6.6", exact: false });
    expect(newest.at("6.1").at("")).toBe(newest);
  });

  test("has what its tree has, with its lines", () => {
    expect(newest.fact("box_wait")).toEqual({
      name: "box_wait",
      kind: "function",
      maySleep: "always",
      maySleepBy: "derived",
      via: ["mutex_lock"],
      returns: "negative-errno",
      mustCheck: true,
      since: null,
      until: null,
      source: "kernel/box.c:20",
      extracted: later[0],
    });
    expect(newest.at("6.1").fact("box_wait")?.source).toBe("kernel/box.c:10");
    expect(newest.at("6.1").fact("box_new")).toBeUndefined();
    expect(newest.fact("box_old")).toBeUndefined();
    expect(newest.fact("printf")).toBeUndefined();
  });

  test("between two trees has what the older one says, and what the newer one adds", () => {
    expect(newest.at("6.6").fact("box_wait")?.source).toBe("kernel/box.c:10");
    expect(newest.at("6.6").fact("box_new")?.maySleep).toBe("always");
    expect(newest.at("6.6").fact("box_old")).toBeDefined();
    expect(newest.at("6.15").fact("box_old")).toBeUndefined();
    expect(newest.at("5.10").fact("box_new")).toBeUndefined();
  });

  test("has a curated fact only where it is not too old nor too new for it", () => {
    const having = (name: string) => ["5.10", "6.1", "6.4", "6.6", "6.12"].filter((at) => newest.at(at).fn(name));
    expect(having("box_gone")).toEqual(["5.10"]);
    expect(having("box_mid")).toEqual(["6.6", "6.12"]);
    // Some release between the two trees brought it; which one is not known.
    expect(having("box_late")).toEqual(["6.4", "6.6", "6.12"]);
    expect(having("box_take")).toHaveLength(5);
  });

  test("knows nothing of the members that its tree lacks", () => {
    expect(newest.at("6.1").members("struct box_ops")).toHaveLength(1);
    expect(newest.members("struct box_ops")).toEqual([]);
  });
});

describe("a fact", () => {
  test("that is curated goes before the tree's, but for the place", () => {
    expect(newest.fact("box_take")).toMatchObject({
      maySleep: "never",
      maySleepBy: "curated",
      source: "kernel/box.c:5",
    });
    expect(newest.at("6.1").fact("box_take")).toMatchObject({ maySleepBy: "curated", source: "Documentation/box.rst" });
  });

  test("that is curated without an answer takes the tree's", () => {
    expect(newest.fact("box_new")).toMatchObject({ maySleep: "always", maySleepBy: "derived", via: ["mutex_lock"] });
  });

  test("of the tree alone is none that a rule may take for complete", () => {
    expect(newest.fn("box_wait")).toBeUndefined();
  });

  test("that sleeps by flags that no argument gives is not known to sleep", () => {
    expect(newest.fact("box_gfp")).toMatchObject({ maySleep: "unknown" });
    expect(newest.fact("box_gfp")?.maySleepBy).toBeUndefined();
  });
});

describe("history", () => {
  test.each([
    ["box_wait", null, null],
    ["box_old", null, "6.1"],
    ["box_new", "6.9", null],
    ["box_gfp", "6.12", null],
    ["box_gone", null, "5.14"],
  ])("%s: since %s, until %s", (name, since, until) => {
    expect(newest.history(name)).toEqual({ since, until });
  });

  test("of what nobody knows", () => expect(newest.history("printf")).toBeUndefined());

  test("the fact of another release, where this one has none", () => {
    expect(newest.elsewhere("box_old")).toMatchObject({ source: "kernel/box.c:30", until: "6.1" });
    expect(newest.at("6.1").elsewhere("box_new")).toMatchObject({ since: "6.9" });
    expect(newest.elsewhere("box_gone")).toMatchObject({ maySleep: "never", until: "5.14" });
    expect(newest.elsewhere("box_wait")).toBeUndefined();
    expect(newest.elsewhere("printf")).toBeUndefined();
  });
});

test("a guard of the tree takes what its beginning takes", () => {
  expect(newest.guard("box")).toEqual({
    name: "box",
    kind: "guard",
    flavour: "spin",
    irq: "bh",
    source: "include/linux/box.h:3",
  });
  // What box_wait() takes is not known.
  expect(newest.guard("crate")).toBeUndefined();
});

test("without tables every curated fact holds", () => {
  const bare = loadKnowledge([{ schema: 1, area: "box", facts: curated }]);
  expect(bare).toMatchObject({ release: "", exact: false });
  expect([...bare.functions()]).toHaveLength(curated.length);
  expect(bare.fact("box_gone")).toMatchObject({ maySleepBy: "curated", until: "5.14" });
});

test.each([
  ["6.12", "6.12"],
  [" v6.12-rc3\n", "6.12"],
  ["6.1.0-18-amd64", "6.1"],
  ["newest", undefined],
  ["6", undefined],
])("%j is release %s", (text, release) => expect(parseRelease(text)).toBe(release));
