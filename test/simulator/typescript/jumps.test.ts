// Functions in which calls can jump run as they do without that: the same statements, scopes, events and kernel log.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Loaded, loadDriver } from "../../../simulator/control/load.ts";
import { createMachine, type Recipe } from "../../../simulator/machine.ts";

const root = join(import.meta.dirname, "../../..");

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** What happens in a run, in the order and at the moments at which it does. */
function eventsOf(recipe: Recipe): readonly string[] {
  const machine = createMachine(recipe);
  const events: string[] = [];
  machine.engine.trace.listen(({ kind }, { clock, site, nanos, task }) => {
    events.push([kind, clock, site?.id, nanos, task].join());
  });
  machine.run(20_000);
  return [...events, ...machine.log.map(({ text }) => text), `${machine.engine.clock.statements} statements`];
}

test.each([
  "simulator/examples/edu.ts",
  "simulator/examples/mistakes.ts",
  "simulator/examples/ramdisk/ramdisk.ts",
  "simulator/examples/serial/serial3-locking.ts",
  "test/debug/drivers/beats.ts",
  "test/simulator/kunit/atomic.ts",
])("%s", (file) => {
  compare(loadDriver({ read: textAt }, join(root, file)));
});

test("a constant that is given another value, from wherever", () => {
  for (const way of ["fixed = 2;", "fixed++;", "[fixed] = [3];", "for (const _ of [1]) set();"]) {
    const text = `import { module_init } from "linux/module";
function foo_init() {
  enum Kind { one }
  const fixed = 1;
  const set = () => { fixed += Kind.one + 1; };
  let free = 1;
  free = 2;
  ${way}
  return free;
}
module_init(foo_init);
`;
    const events = compare(loadDriver({ read: (path) => (path === "/foo.ts" ? text : undefined) }, "/foo.ts"));
    expect(events.join("\n")).toContain("Assignment to constant variable");
  }
});

function compare(loaded: Loaded | undefined): readonly string[] {
  expect(loaded?.problems).toEqual([]);
  const { recipe } = loaded!;
  const { driver, scenario } = recipe;
  const jumps = [driver, ...(scenario === undefined ? [] : [scenario])].flatMap(({ sites }) => sites);
  const events = eventsOf(recipe);
  expect(eventsOf({ ...recipe, jumps })).toEqual(events);
  return events;
}
