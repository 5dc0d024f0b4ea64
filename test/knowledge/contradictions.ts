// What a curated fact says otherwise than the kernel trees do, in words.
import type { ExtractedFunction } from "../../server/knowledge/extracted.ts";
import { fitted } from "../../server/knowledge/overlay.ts";
import type { Fact, FunctionFact } from "../../server/knowledge/schema.ts";
import type { Table } from "../../server/knowledge/table.ts";
import { compareVersions, releaseOf } from "../../server/knowledge/versions.ts";

/** Whether the fact holds for a release. */
function holdsFor({ since, until }: FunctionFact, release: string): boolean {
  return (
    (since === undefined || since === null || compareVersions(since, release) <= 0) &&
    (until === undefined || until === null || compareVersions(release, until) <= 0)
  );
}

/** What the tree of one release says against a curated fact of the same function. */
function contradictions(fact: FunctionFact, tree: ExtractedFunction): string[] {
  return [...sleepContradictions(fact, tree), ...shapeContradictions(fact, tree), ...lockContradictions(fact, tree)];
}

function sleepContradictions(fact: FunctionFact, { sleeps, contexts }: ExtractedFunction): string[] {
  const found: string[] = [];
  if (sleeps !== undefined && fact.maySleep !== "unknown" && fact.maySleep !== sleeps.may) {
    const way = sleeps.via === undefined ? sleeps.by : `${sleeps.by}: ${sleeps.via.join(", ")}`;
    // A condition refines what a tree says; only the ends are at odds with each other.
    const refined = fact.maySleep === "conditional" || (sleeps.may === "conditional" && fact.maySleep !== "never");
    if (!refined) found.push(`maySleep is ${fact.maySleep}, in the tree ${sleeps.may} (${way})`);
  }
  const atomic = contexts?.filter((context) => context !== "process") ?? [];
  if (atomic.length > 0 && fact.maySleep === "always") found.push(`sleeps, though documented for ${atomic.join(", ")}`);
  const more = fact.contexts?.filter((context) => contexts !== undefined && !contexts.includes(context)) ?? [];
  if (more.length > 0) found.push(`may be called in ${more.join(", ")}, documented is ${contexts?.join(", ")}`);
  return found;
}

/** Attributes that differ, indices that the prototype lacks, and types that do not fit. Macros have no types. */
function shapeContradictions(fact: FunctionFact, tree: ExtractedFunction): string[] {
  const found: string[] = [];
  const { gfpParam, parameters } = tree;
  if (gfpParam !== undefined && fact.gfpParam !== undefined && gfpParam !== fact.gfpParam)
    found.push(`gfpParam is ${fact.gfpParam}, in the tree ${gfpParam}`);
  if (fact.mustCheck && !tree.mustCheck && tree.kind === "function")
    found.push("mustCheck, which the tree does not ask");
  if (fact.noreturn && !tree.noreturn && tree.kind === "function") found.push("noreturn, which the tree does not say");
  if (tree.kind === "macro") return found;
  for (const [field, index] of indices(fact)) {
    const type = parameters[index]?.type;
    if (type === undefined) {
      if (!tree.variadic) found.push(`${field} is ${index}, but there are ${parameters.length} parameters`);
    } else if (field === "gfpParam" && !/\bgfp_t\b/.test(type)) {
      found.push(`gfpParam ${index} is of type ${type}`);
    } else if ((field === "derefs" || field === "takes") && !/[*\]]|_t\b|^unsigned long$/.test(type)) {
      found.push(`${field} ${index} is of type ${type}`);
    }
  }
  const isVoid = tree.returnType === "void";
  if (fact.returns !== undefined && isVoid !== (fact.returns === "void"))
    found.push(`returns is ${fact.returns}, in the tree ${tree.returnType}`);
  if (fact.obtains?.handle === "return" && isVoid) found.push("obtains what it returns, but it returns nothing");
  return found;
}

function indices(fact: FunctionFact): [string, number][] {
  const of = (field: string, list: readonly number[] | undefined) =>
    (list ?? []).map((index): [string, number] => [field, index]);
  const one = (index: number | undefined) => (index === undefined ? [] : [index]);
  const locks = [...(fact.acquires ?? []), ...(fact.releases ?? [])];
  return [
    ...of("gfpParam", one(fact.gfpParam)),
    ...of("sleepParam", one(fact.sleepParam)),
    ...of("handleParam", one(fact.handleParam)),
    ...of("handle", typeof fact.obtains?.handle === "number" ? [fact.obtains.handle] : []),
    ...of("derefs", fact.derefs),
    ...of("borrows", typeof fact.borrows === "object" ? fact.borrows : []),
    ...of("takes", fact.takes),
    ...of("keeps", fact.keeps),
    ...of(
      "callbacks",
      fact.callbacks?.map(({ param }) => param),
    ),
    ...of(
      "lock",
      locks.flatMap(({ param }) => one(param)),
    ),
  ];
}

/** Locks that are no lock of the caller's: sparse needs them to count what a function does inside. */
function lockContradictions(fact: FunctionFact, tree: ExtractedFunction): string[] {
  const found: string[] = [];
  if (tree.acquires?.length && !tree.releases?.length && !fact.acquires?.length)
    found.push(`acquires nothing, in the tree ${tree.acquires.join(", ")}`);
  if (tree.releases?.length && !tree.acquires?.length && !fact.releases?.length)
    found.push(`releases nothing, in the tree ${tree.releases.join(", ")}`);
  return found;
}

/** What the trees say against the releases in which a curated fact has its function. A name no tree has is not judged. */
export function versionContradictions(facts: readonly Fact[], trees: Table<"functions">): string[] {
  return functionsOf(facts).flatMap((fact) => {
    const has = trees.versionsOf(fact.name);
    if (has.length === 0) return [];
    return trees.versions.flatMap((version) => {
      const release = releaseOf(version);
      if (has.includes(version) === holdsFor(fact, release)) return [];
      if (!has.includes(version)) return [`${fact.name}: ${release} lacks it`];
      const bound =
        fact.since && compareVersions(release, fact.since) < 0 ? `since ${fact.since}` : `until ${fact.until}`;
      return [`${fact.name}: ${release} has it, but it is said to be ${bound}`];
    });
  });
}

/** All contradictions of curated facts with the trees of the releases in which they hold. */
export function allContradictions(
  facts: readonly Fact[],
  trees: Table<"functions">,
): { readonly fact: FunctionFact; readonly text: string }[] {
  return functionsOf(facts).flatMap((fact) =>
    trees.versions.flatMap((version) => {
      const [tree] = holdsFor(fact, releaseOf(version)) ? trees.find(fact.name, version) : [];
      const [newest] = trees.find(fact.name, trees.versions.at(-1) ?? version);
      const found = tree === undefined ? [] : contradictions(fitted(fact, tree, newest), tree);
      return found.map((what) => ({ fact, text: `${fact.name} (${version}, ${tree?.path}:${tree?.line}): ${what}` }));
    }),
  );
}

/** Locks that some function takes and none of the same flavour and effect on interrupts gives back, or the other way. */
export function unpairedLocks(facts: readonly Fact[]): string[] {
  const names = new Map<string, { acquires: string[]; releases: string[] }>();
  for (const fact of functionsOf(facts)) {
    for (const side of ["acquires", "releases"] as const) {
      for (const { flavour, irq, global } of fact[side] ?? []) {
        const key = `${flavour}${global === undefined ? "" : ` ${global}`}, ${irq ?? "none"}`;
        const entry = names.get(key) ?? { acquires: [], releases: [] };
        entry[side].push(fact.name);
        names.set(key, entry);
      }
    }
  }
  return [...names].flatMap(([key, { acquires, releases }]) =>
    acquires.length > 0 && releases.length > 0 ? [] : [`${key}: only ${[...acquires, ...releases].join(", ")}`],
  );
}

/** What is said to give something back, and has no fact or does not say which argument it takes. */
export function missingReleases(facts: readonly Fact[]): string[] {
  const byName = new Map(functionsOf(facts).map((fact) => [fact.name, fact]));
  return facts.flatMap((fact) => {
    const element = "elementReleasedBy" in fact ? fact.elementReleasedBy : undefined;
    const named = element === undefined ? ("obtains" in fact ? (fact.obtains?.releasedBy ?? []) : []) : [element];
    return named.flatMap((name) => {
      const release = byName.get(name);
      if (release === undefined) return [`${nameOf(fact)}: there is no fact of ${name}`];
      return release.handleParam === undefined
        ? [`${nameOf(fact)}: ${name} does not say which argument it gives back`]
        : [];
    });
  });
}

/** What gives back something that no fact obtains: it may be taken in a way that no fact follows, or forgotten. */
export function loneReleases(facts: readonly Fact[]): string[] {
  const functions = functionsOf(facts);
  const named = new Set(functions.flatMap((fact) => fact.obtains?.releasedBy ?? []));
  for (const fact of facts)
    if ("elementReleasedBy" in fact && fact.elementReleasedBy) named.add(fact.elementReleasedBy);
  return functions
    .filter(({ name, handleParam, obtains }) => handleParam !== undefined && obtains === undefined && !named.has(name))
    .map(({ name }) => name);
}

function nameOf(fact: Fact): string {
  return fact.kind === "ops" ? fact.struct : fact.name;
}

function functionsOf(facts: readonly Fact[]): FunctionFact[] {
  return facts.filter((fact): fact is FunctionFact => fact.kind === "function" || fact.kind === "macro");
}
