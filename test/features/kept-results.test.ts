// Results of earlier runs: taken while nothing changed that they hang on, and made anew when anything did.
import { expect, test } from "vitest";
import { KeptResults } from "../../server/features/kept-results.ts";
import type { Exports } from "../../server/program/exports.ts";
import type { Host } from "../../server/text/host.ts";

interface World {
  readonly texts: Record<string, string | undefined>;
  readonly lists: Record<string, readonly string[]>;
  readonly exports: Record<string, string | undefined>;
  readonly kept: Map<string, string>;
}

function world(): World {
  return {
    texts: { "/a.c": "a", "/a.h": "h" },
    lists: { "/": ["a.c", "a.h"] },
    exports: { f: "/b.c" },
    kept: new Map(),
  };
}

/** How often the result had to be made, in a run of its own. */
function made({ texts, lists, exports, kept }: World, name = "a"): { times: number; result: string } {
  const cache = { read: (key: string) => kept.get(key), write: (key: string, text: string) => kept.set(key, text) };
  const host: Host = { read: (path) => texts[path], list: (folder) => lists[folder] ?? [], cache };
  const exporting: Exports = { fileOf: (each) => exports[each] };
  let times = 0;
  const result = new KeptResults<string>(host, exporting).of(name, (asking, known) => {
    times++;
    return [
      asking.read("/a.c"),
      asking.read("/a.h"),
      asking.read("/none.h"),
      asking.list("/"),
      known.fileOf("f"),
      known.fileOf("g"),
    ].join();
  });
  return { times, result };
}

test("a result is made once", () => {
  const one = world();
  const first = made(one);
  expect(first.times).toBe(1);
  expect(made(one)).toEqual({ times: 0, result: first.result });
  expect(made(one, "b").times).toBe(1);
});

test.each<[string, (one: World) => void]>([
  ["a text", ({ texts }) => (texts["/a.h"] = "other")],
  ["a text that is gone", ({ texts }) => delete texts["/a.h"]],
  ["a text that was not there", ({ texts }) => (texts["/none.h"] = "")],
  ["a folder", ({ lists }) => (lists["/"] = ["a.c"])],
  ["where a name is exported", ({ exports }) => (exports.f = undefined)],
  ["that a name is exported", ({ exports }) => (exports.g = "/c.c")],
])("it is made anew when %s changes", (_, change) => {
  const one = world();
  made(one);
  change(one);
  expect(made(one).times).toBe(1);
  expect(made(one).times).toBe(0);
  const fresh = { ...one, kept: new Map<string, string>() };
  expect(made(one).result).toBe(made(fresh).result);
});

test("what nobody asked for does not count", () => {
  const one = world();
  made(one);
  one.texts["/b.h"] = "new";
  one.exports.h = "/h.c";
  expect(made(one).times).toBe(0);
});

test.each(["", "null", "[]", "{", '{"format":"driverlab result 1","result":3}', "\0"])(
  "an entry that reads %j",
  (odd) => {
    const one = world();
    const { result } = made(one);
    one.kept.set("a", odd);
    expect(made(one)).toEqual({ times: 1, result });
  },
);
