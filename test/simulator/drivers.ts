// The drivers of the tests and the examples: loaded, run, and what came of it without its times.
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Loaded, loadDriver } from "../../simulator/control/load.ts";
import type { Raw, Steps, SymbolTable } from "../../simulator/engine/interfaces.ts";
import { createMachine, type Machine, type Recipe } from "../../simulator/machine.ts";

const files = { read: (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined) };
const LIMIT = 10_000_000;

/** Paths of the drivers in a folder, sorted. */
export function driversIn(folder: string): string[] {
  return globSync("*.ts", { cwd: folder })
    .filter((name) => !name.endsWith(".scenario.ts"))
    .sort()
    .map((name) => join(folder, name));
}

export function load(path: string): Loaded {
  const loaded = loadDriver(files, path.replaceAll("\\", "/"));
  if (loaded === undefined) throw new Error(`no driver ${path}`);
  return loaded;
}

export interface Ran {
  readonly machine: Machine;
  /** `idle` when everything came to its end. */
  readonly end: string;
}

export function run({ recipe }: Loaded, options: Partial<Recipe> = {}, limit = LIMIT): Ran {
  const machine = createMachine({ ...recipe, ...options });
  return { end: machine.run(limit).kind, machine };
}

/** The log without its times. */
export function linesOf({ log }: Machine): string[] {
  return log.map(({ text }) => text.replace(/^\[ *\d+\.\d+\] /, ""));
}

/** `95 double-free` for `// reports: double-free` on line 95 of the driver or its scenario. */
export function announcedIn(path: string): string[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      const ids = /\/\/ reports: (.+)$/.exec(line)?.[1]?.split(/,\s*/) ?? [];
      return ids.map((id) => `${index + 1} ${id}`);
    });
}

/** Reports as `announcedIn` has them; an oops is announced as such. */
export function reported({ reports }: Machine): string[] {
  return reports.map(({ id, site }) => `${site?.line} ${id}`).sort(byLine);
}

function byLine(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1);
}

/** Notes the names of kernel functions that are called. */
export function counting(table: SymbolTable, called: Set<string>): SymbolTable {
  return {
    names: (header) => table.names(header),
    find: (header, name) => {
      const found = table.find(header, name);
      if (found?.kind !== "function") return found;
      const call = (args: readonly Raw[]): Raw | Steps<Raw> => {
        called.add(name);
        return found.call(args);
      };
      return { ...found, call };
    },
  };
}
