// Lays a curated fact over the extracted one of the same function, and makes facts of extracted ones alone.
import type { ExtractedFunction, ExtractedScope } from "./extracted.ts";
import type { FunctionFact, GuardFact } from "./schema.ts";

/** In which releases a name exists, as far as the kernels read tell. */
export interface History {
  /** null: the oldest kernel read has it. A release alone is the first kernel read that has it, or the very first. */
  readonly since: string | null;
  /** null: the newest kernel read has it. Otherwise the last one that has it. */
  readonly until: string | null;
}

/** What is curated wins; what it leaves out is taken from the tree. At least one of the two is given. */
export function overlaid(
  curated: FunctionFact | undefined,
  extracted: ExtractedFunction | undefined,
  history: History | undefined,
): FunctionFact | undefined {
  const { since, until } = { ...history, ...versionsOf(curated) };
  const versions = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  if (extracted === undefined) return curated && { ...curated, ...versions, maySleepBy: "curated" };
  const tree = ofTree(extracted);
  if (curated === undefined) return { ...tree, ...versions };
  const sleepsLikeTree = curated.maySleep === "unknown" && tree.maySleep !== "unknown";
  const { maySleep, maySleepBy, via, ...rest } = tree;
  return {
    ...rest,
    ...curated,
    ...(sleepsLikeTree ? { maySleep, ...present({ maySleepBy, via }) } : { maySleepBy: "curated" }),
    ...versions,
    source: tree.source,
  };
}

/** What holds of a curated fact, which speaks of the newest tree, for one that has the function with another prototype. */
export function fitted(
  curated: FunctionFact,
  here: ExtractedFunction | undefined,
  newest: ExtractedFunction | undefined,
): FunctionFact {
  if (here === undefined || newest === undefined || hasPrototypeOf(here, newest)) return curated;
  const { name, kind, maySleep, sleepCondition, noreturn, since, until, source } = curated;
  const { gfpParam } = here;
  const may = maySleep === "flags" && gfpParam === undefined ? "unknown" : maySleep;
  return { name, kind, maySleep: may, ...present({ sleepCondition, gfpParam, noreturn, since, until }), source };
}

/** Types that differ in const alone, and the names of parameters, make no other prototype; macros have no types. */
function hasPrototypeOf(a: ExtractedFunction, b: ExtractedFunction): boolean {
  if (a.parameters.length !== b.parameters.length) return false;
  if (a.kind === "macro" || b.kind === "macro") return true;
  const words = (type: string) => type.replace(/\bconst\b/g, "").replace(/\s+/g, "");
  return (
    words(a.returnType) === words(b.returnType) &&
    a.parameters.every(({ type }, index) => words(type) === words(b.parameters[index]!.type))
  );
}

/** Only what the tree says: what is left out is not known, rather than absent. */
function ofTree(extracted: ExtractedFunction): FunctionFact {
  const { name, kind, path, line, sleeps, contexts, returns, mustCheck, gfpParam, noreturn } = extracted;
  // Without its flags argument nothing can be said of a call.
  const may = sleeps === undefined || (sleeps.may === "flags" && gfpParam === undefined) ? "unknown" : sleeps.may;
  return {
    name,
    kind: kind === "macro" ? "macro" : "function",
    maySleep: may,
    ...present({
      maySleepBy: may === "unknown" ? undefined : sleeps?.by,
      via: may === "unknown" ? undefined : sleeps?.via,
      contexts,
      returns: returns?.kind,
      mustCheck,
      gfpParam,
      noreturn,
    }),
    source: `${path}:${line}`,
    extracted,
  };
}

/** A guard of the tree takes what the function takes that its beginning calls, when that is one lock. */
export function guardOf(
  scope: ExtractedScope | undefined,
  fn: (name: string) => FunctionFact | undefined,
): GuardFact | undefined {
  if (scope?.kind !== "guard" || scope.enters.length !== 1) return undefined;
  const [effect, ...others] = fn(scope.enters[0] ?? "")?.acquires ?? [];
  if (effect === undefined || others.length > 0 || effect.global !== undefined) return undefined;
  return {
    name: scope.name,
    kind: "guard",
    flavour: effect.flavour,
    ...present({ irq: effect.irq, conditional: scope.conditional }),
    source: `${scope.path}:${scope.line}`,
  };
}

function versionsOf(curated: FunctionFact | undefined): Partial<History> {
  return present({ since: curated?.since, until: curated?.until });
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(given: T): Present<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Present<T>;
}
