// From the files of a tree to one definition for each name that a driver might call.
import type { ExtractedFunction } from "../extracted.ts";
import type { Harvest, HarvestedFunction, HarvestedMacro, HarvestedPrototype } from "./harvest.ts";

type Shape = Pick<
  ExtractedFunction,
  "name" | "kind" | "exported" | "path" | "line" | "returnType" | "parameters" | "variadic"
>;

export interface Candidate extends Shape {
  /** A header that drivers may include declares or defines it. */
  readonly declared: boolean;
  /** A macro that calls nothing: it picks bits, or names an address. */
  readonly plain?: true;
  /** The name that an object-like macro stands for. */
  readonly standsFor?: string;
}

/** Whether drivers may include it: not a header of their own folder, which is not among those read. */
export function isShared(path: string): boolean {
  return path.startsWith("include/") || path.startsWith("arch/x86/include/");
}

interface Placed<T> {
  readonly path: string;
  readonly of: T;
}

/** All that was seen of one name. */
interface Sightings {
  readonly definitions: Placed<HarvestedFunction>[];
  readonly inlines: Placed<HarvestedFunction>[];
  readonly prototypes: Placed<HarvestedPrototype>[];
  readonly macros: Placed<HarvestedMacro>[];
  readonly exports: { path: string; gpl: boolean }[];
}

/** The same whatever the order of the harvests. */
export function candidatesOf(harvests: readonly Harvest[]): Map<string, Candidate> {
  const seen = sightings(harvests);
  const found = new Map<string, Candidate>();
  for (const [name, each] of seen) {
    const made = choose(name, each, (target) => isCallable(seen.get(target)));
    if (made !== undefined) found.set(name, made);
  }
  for (const [name, alias] of found) {
    if (alias.standsFor === undefined) continue;
    const target = targetOf(found, alias);
    // What `#define a b` takes and returns is what `b` does.
    if (target === undefined) found.delete(name);
    else {
      const { returnType, parameters, variadic } = target;
      found.set(name, { ...alias, returnType, parameters, ...(variadic ? { variadic } : {}) });
    }
  }
  return found;
}

/** Undefined where the name stands for nothing that can be called. */
function targetOf(all: ReadonlyMap<string, Candidate>, alias: Candidate): Candidate | undefined {
  let target: Candidate | undefined = alias;
  for (let steps = 0; target?.standsFor !== undefined; steps++) {
    target = steps < 4 ? all.get(target.standsFor) : undefined;
  }
  return target;
}

function sightings(harvests: readonly Harvest[]): Map<string, Sightings> {
  const all = new Map<string, Sightings>();
  const of = (name: string): Sightings => {
    let each = all.get(name);
    if (each === undefined) {
      each = { definitions: [], inlines: [], prototypes: [], macros: [], exports: [] };
      all.set(name, each);
    }
    return each;
  };
  const sorted = [...harvests].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, functions, prototypes, macros, exports } of sorted) {
    const shared = isShared(path);
    for (const each of functions) {
      if (shared) of(each.name).inlines.push({ path, of: each });
      else if (!each.isStatic && path.endsWith(".c")) of(each.name).definitions.push({ path, of: each });
    }
    if (shared) {
      for (const each of prototypes) of(each.name).prototypes.push({ path, of: each });
      for (const each of macros) of(each.name).macros.push({ path, of: each });
    }
    for (const { name, gpl } of exports) of(name).exports.push({ path, gpl });
  }
  return all;
}

function isCallable(seen: Sightings | undefined): boolean {
  if (seen === undefined) return false;
  const { definitions, inlines, prototypes, macros } = seen;
  return definitions.length + inlines.length + prototypes.length + macros.length > 0;
}

function choose(name: string, seen: Sightings, isKnown: (target: string) => boolean): Candidate | undefined {
  const { definitions, prototypes } = seen;
  // Aliases of what another macro pasted together say nothing.
  const macros = seen.macros.filter(({ of }) => of.standsFor === undefined || isKnown(of.standsFor));
  const inlines = preferred(seen.inlines);
  const declared = prototypes.length > 0 || inlines.length > 0 || macros.length > 0;
  const offered = seen.exports[0];
  if (offered !== undefined) {
    const exported = { exported: offered.gpl ? "gpl" : "all" } as const;
    const definition =
      definitions.find((each) => seen.exports.some(({ path }) => path === each.path)) ?? definitions[0];
    const chosen = definition ?? preferred(prototypes)[0];
    if (chosen !== undefined) return { ...shape("function", chosen), ...exported, declared };
  }
  const prototype = preferred(prototypes)[0];
  const inline = inlines[0];
  const macro = preferred(macros)[0];
  if (prototype !== undefined && !prototype.of.inactive && (inline === undefined || isWeaker(inline))) {
    return { ...shape("function", definitions[0] ?? prototype), declared };
  }
  if (inline !== undefined && !(inline.of.inactive && macro !== undefined && !macro.of.inactive)) {
    return { ...shape("inline", inline), declared };
  }
  if (prototype !== undefined) return { ...shape("function", definitions[0] ?? prototype), declared };
  return macro === undefined ? undefined : macroShape(name, macro);
}

/** Active ones first; those of the architecture and of include/linux before the fallbacks of asm-generic. */
function preferred<T extends { readonly inactive?: true }>(places: readonly Placed<T>[]): readonly Placed<T>[] {
  const rank = ({ path, of }: Placed<T>): number => (of.inactive ? 2 : 0) + (path.includes("/asm-generic/") ? 1 : 0);
  return [...places].sort((a, b) => rank(a) - rank(b));
}

function isWeaker({ path, of }: Placed<HarvestedFunction>): boolean {
  return of.inactive === true || path.includes("/asm-generic/");
}

function shape(kind: "function" | "inline", { path, of }: Placed<HarvestedPrototype>): Shape {
  const { name, line, returnType, parameters, variadic } = of;
  return { name, kind, path, line, returnType, parameters, ...(variadic ? { variadic } : {}) };
}

function macroShape(name: string, { path, of }: Placed<HarvestedMacro>): Candidate {
  const names = of.parameters ?? [];
  const variadic = names.at(-1)?.endsWith("...") === true;
  const fixed = variadic ? names.slice(0, -1) : names;
  return {
    name,
    kind: "macro",
    path,
    line: of.line,
    returnType: "",
    parameters: fixed.map((each) => ({ type: "", name: each })),
    ...(variadic ? { variadic } : {}),
    declared: true,
    ...(of.standsFor === undefined ? {} : { standsFor: of.standsFor }),
    ...(of.standsFor === undefined && of.body.calls.length === 0 ? { plain: true } : {}),
  };
}
