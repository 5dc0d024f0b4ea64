// The tables of extracted facts: what goes in comes out, the order of merging does not matter, lookups find what is there.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExtractedFunction, ExtractedMember, ExtractedScope } from "../../server/knowledge/extracted.ts";
import {
  decodeTable,
  type Entries,
  encodeTable,
  mergeTable,
  Table,
  type TableKind,
} from "../../server/knowledge/table.ts";

/** Names as C has them, and any text at all: a separator in a type must not break a line. */
const name = fc.oneof(fc.stringMatching(/^[a-z_]{1,3}$/), fc.string());
const text = fc.oneof(
  fc.constantFrom("struct clk *", "int (*)(void *, int)", "\\e", ""),
  fc.string({ unit: "binary" }),
);
const line = fc.nat(99_999);
const yes = fc.constant(true as const);
const by = fc.constantFrom("documented", "annotated", "derived");

const optional = {
  exported: fc.constantFrom("all", "gpl"),
  variadic: yes,
  aliasOf: text,
  sleeps: fc.record(
    { may: fc.constantFrom("never", "always", "flags", "conditional"), by, via: fc.array(text, { maxLength: 2 }) },
    { requiredKeys: ["may", "by"] },
  ),
  contexts: fc.array(fc.constantFrom("process", "softirq", "hardirq", "atomic")),
  returns: fc.record({ kind: fc.constantFrom("void", "negative-errno", "value"), by }),
  mustCheck: yes,
  gfpParam: fc.nat(9),
  acquires: fc.array(text),
  releases: fc.array(text),
  mustHold: fc.array(text),
  callbacks: fc.array(fc.record({ param: fc.nat(9), type: text }, { requiredKeys: ["param"] })),
  managed: yes,
  noreturn: yes,
  deprecated: yes,
} as const;

const functionEntry = fc.record(
  {
    name,
    kind: fc.constantFrom("function", "inline", "macro"),
    path: text,
    line,
    returnType: text,
    parameters: fc.array(fc.record({ type: text, name: text }), { maxLength: 3 }),
    uses: fc.nat(9999),
    ...optional,
  },
  { requiredKeys: ["name", "kind", "path", "line", "returnType", "parameters", "uses"] },
) as fc.Arbitrary<ExtractedFunction>;

const scopeEntry = fc.record(
  {
    name,
    kind: fc.constantFrom("guard", "class", "free"),
    path: text,
    line,
    type: text,
    enters: fc.array(text),
    leaves: fc.array(text),
    conditional: yes,
  },
  { requiredKeys: ["name", "kind", "path", "line", "type", "enters", "leaves"] },
) as fc.Arbitrary<ExtractedScope>;

const memberEntry: fc.Arbitrary<ExtractedMember> = fc.record({
  struct: name,
  member: name,
  path: text,
  line,
  type: text,
});

const keyOf: { readonly [K in TableKind]: (entry: Entries[K]) => string } = {
  functions: (entry) => entry.name,
  scopes: (entry) => `${entry.name}\t${entry.kind}`,
  members: (entry) => `${entry.struct}\t${entry.member}`,
};

const nameOf = (entry: Entries[TableKind]): string => ("struct" in entry ? entry.struct : entry.name);

/** Some versions' entries, many of them alike in several versions, as it is with kernels. */
function releases<K extends TableKind>(
  kind: K,
  entry: fc.Arbitrary<Entries[K]>,
): fc.Arbitrary<Map<string, Entries[K][]>> {
  const entries = fc.uniqueArray(entry, { selector: keyOf[kind], maxLength: 12 });
  return fc.tuple(entries, entries, fc.array(fc.boolean(), { maxLength: 12 })).map(([old, added, kept]) => {
    const later = new Map(added.map((one) => [keyOf[kind](one), one]));
    old.forEach((one, index) => {
      if (kept[index] === true) later.set(keyOf[kind](one), { ...one, line: one.line + 1 });
    });
    return new Map([
      ["6.1.192", old],
      ["6.12.117", [...later.values()]],
    ]);
  });
}

function sorted<K extends TableKind>(kind: K, entries: readonly Entries[K][]): Entries[K][] {
  return [...entries].sort((a, b) => (keyOf[kind](a) < keyOf[kind](b) ? -1 : 1));
}

function check<K extends TableKind>(kind: K, entry: fc.Arbitrary<Entries[K]>): void {
  describe(kind, () => {
    const given = releases(kind, entry);

    test("what goes in comes out", () => {
      fc.assert(
        fc.property(given, (facts) => {
          const decoded = decodeTable(kind, encodeTable(kind, facts));
          expect([...decoded.keys()]).toEqual([...facts.keys()]);
          for (const [version, entries] of facts) {
            expect(sorted(kind, decoded.get(version) ?? [])).toEqual(sorted(kind, entries));
          }
        }),
      );
    });

    test("neither the order of merging nor that of the entries matters", () => {
      fc.assert(
        fc.property(given, (facts) => {
          const [[first, old], [second, later]] = [...facts] as [[string, Entries[K][]], [string, Entries[K][]]];
          const text = encodeTable(kind, facts);
          expect(mergeTable(kind, mergeTable(kind, undefined, first, old), second, later)).toBe(text);
          expect(mergeTable(kind, mergeTable(kind, undefined, second, later.toReversed()), first, old)).toBe(text);
          const replaced = mergeTable(
            kind,
            encodeTable(
              kind,
              new Map([
                ["6.1.9", later],
                [second, later],
              ]),
            ),
            first,
            old,
          );
          expect(replaced).toBe(text);
        }),
      );
    });

    test("a lookup finds every name and no other", () => {
      fc.assert(
        fc.property(given, name, (facts, other) => {
          const table = new Table(kind, encodeTable(kind, facts));
          const names = new Set([...facts.values()].flat().map(nameOf));
          expect(new Set(table.names())).toEqual(names);
          for (const wanted of [...names, other]) {
            const holding: string[] = [];
            for (const [version, entries] of facts) {
              const there = entries.filter((one) => nameOf(one) === wanted);
              expect(sorted(kind, table.find(wanted, version))).toEqual(sorted(kind, there));
              if (there.length > 0) holding.push(version);
            }
            expect(table.versionsOf(wanted)).toEqual(holding);
          }
        }),
      );
    });
  });
}

check("functions", functionEntry);
check("scopes", scopeEntry);
check("members", memberEntry);

const clkGet: ExtractedFunction = {
  name: "clk_get",
  kind: "function",
  exported: "all",
  path: "drivers/clk/clkdev.c",
  line: 85,
  returnType: "struct clk *",
  parameters: [{ type: "struct device *", name: "dev" }],
  uses: 100,
};

test("an entry that versions have alike is one line", () => {
  const text = encodeTable(
    "functions",
    new Map([
      ["6.1.192", [clkGet]],
      ["6.12.117", [{ ...clkGet, line: 90 }]],
    ]),
  );
  expect(text.split("\n")).toEqual([
    "driverlab-facts\t1\tfunctions\t6.1.192\t6.12.117",
    "clk_get\t01\tdrivers/clk/clkdev.c\tstruct clk *\tstruct device *:dev\t85:100,90:100",
    "",
  ]);
});

test("two entries of one name in one version are refused", () => {
  expect(() => encodeTable("functions", new Map([["6.1.192", [clkGet, clkGet]]]))).toThrow(/two functions .* clk_get/);
});

test("what is no table of this kind is refused", () => {
  expect(() => new Table("scopes", encodeTable("functions", new Map()))).toThrow(/a table of functions/);
  expect(() => new Table("functions", "")).toThrow(/not a table/);
});
