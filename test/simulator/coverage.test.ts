// Which of the APIs that teaching drivers use are modelled: some test fails when the function does nothing.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isContract } from "../../simulator/api/contracts.ts";
import { headerNames, symbolTable } from "../../simulator/api/index.ts";
import { Engine } from "../../simulator/engine/engine.ts";
import type { KernelExport, KernelFunction, Raw, Steps, SymbolTable } from "../../simulator/engine/interfaces.ts";
import { LinearMemory } from "../../simulator/engine/memory.ts";
import { SeededPolicy } from "../../simulator/engine/policy.ts";
import { Kernel } from "../../simulator/kernel/kernel.ts";
import { isLanguageName, languageHeaders } from "../../simulator/typescript/language-names.ts";
import { counting, driversIn, linesOf, load, type Ran, reported, run } from "./drivers.ts";

const simulator = join(import.meta.dirname, "../../simulator");
/** By pack, in the order of building; from drivers of four courses, against the headers of Linux 6.12. */
const packs = JSON.parse(readFileSync(join(import.meta.dirname, "teaching-apis.json"), "utf8")) as Record<
  string,
  readonly string[]
>;
/** A run without the function may go on for ever: it is different long before. */
const LIMIT = 5_000;

/** Cheapest first. */
const drivers = [join(import.meta.dirname, "kunit"), join(import.meta.dirname, "failing"), join(simulator, "examples")]
  .flatMap(driversIn)
  .map((path) => {
    const called = new Set<string>();
    const loaded = load(path);
    const whole = run(loaded, { symbols: (table) => counting(table, called) });
    return { called, loaded, outcome: outcomeOf(whole), statements: whole.machine.engine.clock.statements };
  })
  .sort((a, b) => a.statements - b.statements);

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

function outcomeOf({ machine, end }: Ran): string {
  return JSON.stringify([end, machine.tests, linesOf(machine), reported(machine)]);
}

/** Some driver's tests notice that the function is not there. */
function isNoticed(name: string): boolean {
  const users = drivers.filter(({ called }) => called.has(name));
  return users.some(({ loaded, outcome, statements }) => {
    const ran = run(loaded, { symbols: (table) => without(table, name) }, statements + LIMIT);
    return outcomeOf(ran) !== outcome;
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
