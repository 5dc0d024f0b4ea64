// Which of the APIs that teaching drivers use are modelled: some test fails when the function does nothing.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isContract } from "../../simulator/api/contracts.ts";
import { headerNames, symbolTable } from "../../simulator/api/index.ts";
import type { Loaded } from "../../simulator/control/load.ts";
import { Engine } from "../../simulator/engine/engine.ts";
import type { KernelExport, KernelFunction, Raw, Steps, SymbolTable } from "../../simulator/engine/interfaces.ts";
import { LinearMemory } from "../../simulator/engine/memory.ts";
import { SeededPolicy } from "../../simulator/engine/policy.ts";
import { Kernel } from "../../simulator/kernel/kernel.ts";
import { createMachine } from "../../simulator/machine.ts";
import { isLanguageName, languageHeaders } from "../../simulator/typescript/language-names.ts";
import { counting, driversIn, linesOf, load, reported } from "./drivers.ts";

const simulator = join(import.meta.dirname, "../../simulator");
/** By pack, in the order of building; from drivers of four courses, against the headers of Linux 6.12. */
const packs = JSON.parse(readFileSync(join(import.meta.dirname, "teaching-apis.json"), "utf8")) as Record<
  string,
  readonly string[]
>;
/** A run without the function may go on for ever: it is different long before. */
const MORE_STATEMENTS = 5_000;
const MORE_EVENTS = 5_000;
/** Drivers that are tried for a function that nobody may notice, such as MODULE_AUTHOR(): the cheapest that call it. */
const MOST_DRIVERS = 24;

interface Bounds {
  readonly statements: number;
  readonly events: number;
}

const folders = [join(import.meta.dirname, "kunit"), join(import.meta.dirname, "failing"), join(simulator, "examples")];
/** Cheapest first. */
const drivers = folders
  .flatMap(driversIn)
  .concat(globSync("*/*.ts", { cwd: folders[2]! }).map((path) => join(folders[2]!, path)))
  .filter((path) => !/(?:-broken|\.scenario)\.ts$/.test(path))
  .map((path) => {
    const called = new Set<string>();
    const loaded = load(path);
    const whole = ran(loaded, (table) => counting(table, called), { statements: 10_000_000, events: 10_000_000 });
    return { called, loaded, ...whole };
  })
  .sort((a, b) => a.statements - b.statements);

/** What comes of a run: what its tests and its log say at its end, or where the bounds are. */
function ran(
  { recipe }: Loaded,
  symbols: (table: SymbolTable) => SymbolTable,
  bounds: Bounds,
): Bounds & { readonly outcome: string } {
  const machine = createMachine({ ...recipe, symbols });
  const { engine } = machine;
  let events = 0;
  engine.trace.listen(() => {
    events += 1;
    if (events > bounds.events) engine.ask();
  });
  const end = machine.run(bounds.statements).kind;
  const outcome = JSON.stringify([end, machine.tests, linesOf(machine), reported(machine)]);
  return { outcome, events, statements: engine.clock.statements };
}

/** All that the headers export, by name. */
const exported = (() => {
  const kernel = new Kernel(new Engine(new SeededPolicy(1), 1), new LinearMemory());
  const symbols = symbolTable(kernel);
  return new Map(
    headerNames.flatMap((header) =>
      symbols.names(header)!.flatMap((name) => {
        const found = symbols.find(header, name)!;
        return isContract(header, name) ? [] : [[name, found] as const];
      }),
    ),
  );
})();

/** The function does nothing, and gives 0. */
function without(table: SymbolTable, missing: string): SymbolTable {
  return {
    names: (header) => table.names(header),
    find: (header, name) => {
      const found = table.find(header, name);
      return name === missing && found?.kind === "function" ? stub(found) : found;
    },
  };
}

function stub(found: KernelFunction): KernelExport {
  const nothing = found.returns === "u64" || found.returns === "s64" ? 0n : 0;
  const steps = function* (): Steps<Raw> {
    yield* [];
    return nothing;
  };
  return { ...found, call: () => (found.steps ? steps() : nothing) };
}

/** Some driver's tests notice that the function is not there. */
function isNoticed(name: string): boolean {
  const users = drivers.filter(({ called }) => called.has(name)).slice(0, MOST_DRIVERS);
  return users.some(({ loaded, outcome, statements, events }) => {
    const bounds = { statements: statements + MORE_STATEMENTS, events: 2 * events + MORE_EVENTS };
    return ran(loaded, (table) => without(table, name), bounds).outcome !== outcome;
  });
}

const inLanguage = (name: string): boolean => languageHeaders().some((header) => isLanguageName(header, name));

test("the table of what is modelled says what the tests show", async () => {
  const rows = Object.entries(packs).map(([pack, names]) => {
    const modelled = names.filter((name) => inLanguage(name) || (exported.has(name) && isNoticed(name)));
    const untested = names.filter((name) => exported.has(name) && !modelled.includes(name));
    const left = names.filter((name) => !modelled.includes(name) && !untested.includes(name));
    const stubs = left.filter((name) => headerNames.some((header) => isContract(header, name)));
    const absent = left.filter((name) => !stubs.includes(name));
    return { pack, names, modelled, untested, stubs, absent };
  });
  const sum = (of: (row: (typeof rows)[number]) => readonly string[]): number =>
    rows.reduce((total, row) => total + of(row).length, 0);
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(" ") || "–";
  const text = `# Which kernel functions are simulated

Written by \`test/simulator/coverage.test.ts\` (\`npx vitest run --project unit test/simulator/coverage.test.ts --update\`). The ${sum(({ names }) => names)} functions and macros are those that the drivers of four
courses call (lkmpg, LDD3, Linux Kernel Labs, Bootlin), by subject. *Modelled*: a test of ours fails when the function
does nothing and returns 0. *Untested*: it is there, and no test would notice its absence. *Contract
stub*: it is declared, and says when it is called that it is not simulated; whether its caller may sleep is checked, and the
driver goes on with a result that is made up. *Absent*: a driver that imports it is told so before it runs.

| subject | all | modelled | untested | contract stub | absent |
| --- | --- | --- | --- | --- | --- |
${rows.map(({ pack, names, modelled, untested, stubs, absent }) => `| ${pack} | ${names.length} | ${modelled.length} | ${untested.length} | ${stubs.length} | ${absent.length} |`).join("\n")}
| **all** | **${sum(({ names }) => names)}** | **${sum(({ modelled }) => modelled)}** | **${sum(({ untested }) => untested)}** | **${sum(({ stubs }) => stubs)}** | **${sum(({ absent }) => absent)}** |

${rows.map(({ pack, modelled, untested, stubs, absent }) => `## ${pack}\n\nModelled: ${list(modelled)}\n\nUntested: ${list(untested)}\n\nContract stubs: ${list(stubs)}\n\nAbsent: ${list(absent)}\n`).join("\n")}`;
  await expect(text).toMatchFileSnapshot(join(simulator, "api/coverage.md"));
}, 120_000);
