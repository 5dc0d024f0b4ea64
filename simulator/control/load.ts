// Finds what belongs to a driver: the files that it imports and its scenario; and compiles them.
import type { Problem, Program } from "../engine/interfaces.ts";
import { problemsOf, type Recipe } from "../machine.ts";
import { compile, type SourceFile } from "../typescript/compile.ts";
import { chooseHardware, devicesNamedIn } from "./hardware.ts";

/** The machine's files, as far as loading needs them. Paths are absolute, with forward slashes. */
export interface Files {
  /** The text of a file; undefined when there is none. */
  read(path: string): string | undefined;
}

export interface Loaded {
  /** Seed and CPUs are for whoever runs it to choose. */
  readonly recipe: Recipe;
  readonly driver: string;
  /** The scenario's file, if there is one. */
  readonly scenario: string | undefined;
  /** Why it does not run; empty when it does. */
  readonly problems: readonly Problem[];
}

const SCENARIO = ".scenario.ts";

/**
 * Loads a driver, and the scenario that was asked for or else stands beside it: `edu.scenario.ts` for `edu.ts`.
 * A scenario that is given as driver means the driver that it stands beside. Undefined when there is no such file.
 * `devices`: names and absolute paths; without them those that the scenario or the driver names, see hardware.ts.
 */
export function loadDriver(
  files: Files,
  path: string,
  scenario?: string,
  devices?: readonly string[],
): Loaded | undefined {
  if (path.endsWith(SCENARIO) && scenario === undefined) {
    const driver = path.replace(SCENARIO, ".ts");
    if (files.read(driver) !== undefined) return loadDriver(files, driver, path, devices);
  }
  if (files.read(path) === undefined) return undefined;
  const beside = path.replace(/\.ts$/, SCENARIO);
  const chosen = scenario ?? (files.read(beside) === undefined ? undefined : beside);
  const isKcsanWanted = [path, chosen].some((file) => file !== undefined && KCSAN.test(headOf(files, file)));
  const recipe: Recipe = {
    name: moduleName(path),
    driver: compileWith(files, path),
    ...(isKcsanWanted ? { kcsan: true } : {}),
    ...(chosen === undefined ? {} : { scenario: compileWith(files, chosen) }),
  };
  const named = [chosen, path].find((file) => file !== undefined && namedIn(files, file) !== undefined);
  const wanted = devices ?? (named === undefined ? undefined : namedIn(files, named));
  if (wanted === undefined) return { recipe, driver: path, scenario: chosen, problems: problemsOf(recipe) };
  const hardware = chooseHardware(wanted, named ?? path, {
    read: (file) => files.read(file),
    compile: (file) => compileWith(files, file),
    resolve: (file) => (isAbsolute(file) ? file : join(named ?? path, file)),
  });
  const whole = { ...recipe, ...hardware.recipe };
  const problems = [...hardware.problems, ...problemsOf(whole)];
  return { recipe: whole, driver: path, scenario: chosen, problems };
}

function namedIn(files: Files, path: string): readonly string[] | undefined {
  return devicesNamedIn(files.read(path) ?? "");
}

/** `// checks: kcsan` in the first lines of a driver or its scenario: a check that takes time is asked for. */
const KCSAN = /^\/\/ checks: kcsan$/m;

function headOf(files: Files, path: string): string {
  return (files.read(path) ?? "").split("\n", 20).join("\n");
}

function isAbsolute(path: string): boolean {
  return /^(\/|[A-Za-z]:\/)/.test(path);
}

/** As Kbuild names modules: `my-driver.ts` is `my_driver`. */
function moduleName(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.replace(/\.\w+$/, "").replaceAll(/\W/g, "_");
}

function compileWith(files: Files, path: string): Program {
  const found = new Map<string, SourceFile>();
  const visit = (wanted: string): void => {
    for (const candidate of [wanted, `${wanted}.ts`, wanted.replace(/\.js$/, ".ts")]) {
      if (found.has(candidate)) return;
      const text = files.read(candidate);
      if (text === undefined) continue;
      found.set(candidate, { path: candidate, text });
      for (const [, source] of text.matchAll(RELATIVE_IMPORT)) visit(join(candidate, source!));
      return;
    }
  };
  visit(path);
  return compile([...found.values()]);
}

/** What is found in a comment besides only means a file too many. */
const RELATIVE_IMPORT = /\b(?:from|import)\s*["'](\.{1,2}\/[^"']+)["']/g;

function join(from: string, source: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of source.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
