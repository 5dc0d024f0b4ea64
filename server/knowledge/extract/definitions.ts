// All definitions of a tree by name, and which of them a call means: those of its own file before those that all can see.
import type { ExtractedParameter } from "../extracted.ts";
import type { BodyFacts, DocFacts, Harvest, HarvestedFunction, HarvestedMacro, HarvestedPrototype } from "./harvest.ts";

export interface Definition {
  readonly name: string;
  readonly path: string;
  readonly kind: "function" | "inline" | "macro";
  readonly returnType: string;
  readonly parameters: readonly ExtractedParameter[];
  /** The parameters after the named ones are the macro's `...`. */
  readonly variadic: boolean;
  readonly annotations: HarvestedPrototype["annotations"];
  readonly doc?: DocFacts;
  readonly body: BodyFacts;
  /** Nobody outside its file sees it. */
  readonly isLocal: boolean;
  readonly inactive: boolean;
}

/** Variants for PREEMPT_RT, where spinlocks sleep, and for machines without what the usual ones have. */
const otherKernels = /_rt\.[ch]$|rtmutex|ww_mutex\.h$|rwbase_rt|\/nommu\.c$|_up\.h$/;
const NONE: readonly Definition[] = [];

export class Definitions {
  readonly all: Definition[] = [];
  private readonly shared = new Map<string, Definition[]>();
  private readonly local = new Map<string, Map<string, Definition[]>>();
  private readonly prototypes = new Map<string, HarvestedPrototype[]>();
  private readonly exporters = new Map<string, Set<string>>();
  private readonly chosen = new Map<string, readonly Definition[]>();

  constructor(harvests: readonly Harvest[]) {
    const sorted = [...harvests].sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const { path, functions, macros, prototypes, exports } of sorted) {
      const isHeader = path.endsWith(".h");
      for (const each of exports) entry(this.exporters, each.name, () => new Set<string>()).add(path);
      for (const each of prototypes) entry(this.prototypes, each.name, () => []).push(each);
      if (otherKernels.test(path)) continue;
      // `CONCATENATE(a, b)(void) { … }` defines a function of another name.
      for (const each of functions) if (/[a-z]/.test(each.name)) this.add(ofFunction(path, isHeader, each));
      for (const each of macros) this.add(ofMacro(path, isHeader, each));
    }
  }

  private add(definition: Definition): void {
    this.all.push(definition);
    const { name, path } = definition;
    const mine = entry(this.local, path, () => new Map<string, Definition[]>());
    entry(mine, name, () => []).push(definition);
    if (!definition.isLocal) entry(this.shared, name, () => []).push(definition);
  }

  names(): Iterable<string> {
    return this.shared.keys();
  }

  prototypesOf(name: string): readonly HarvestedPrototype[] {
    return this.prototypes.get(name) ?? [];
  }

  /** What a call of the name in that file means; empty where that is unknown, or where several could be meant. */
  resolve(name: string, path: string): readonly Definition[] {
    const own = this.local.get(path)?.get(name);
    return own === undefined ? this.visible(name) : preferred(own);
  }

  inFile(name: string, path: string): readonly Definition[] {
    return preferred(this.local.get(path)?.get(name) ?? NONE);
  }

  /** What the name means to a file that does not define it. */
  visible(name: string): readonly Definition[] {
    let found = this.chosen.get(name);
    if (found === undefined) {
      found = this.choose(this.shared.get(name) ?? NONE, this.exporters.get(name));
      this.chosen.set(name, found);
    }
    return found;
  }

  private choose(all: readonly Definition[], exporters: ReadonlySet<string> | undefined): readonly Definition[] {
    const offered = exporters === undefined ? NONE : all.filter((each) => exporters.has(each.path));
    const headers = all.filter((each) => each.path.endsWith(".h"));
    const best = preferred([...offered, ...headers]);
    if (best.some((each) => each.kind !== "macro" || offered.length === 0) && best.length > 0) {
      if (offered.length > 0 || best.some((each) => !isStub(each))) return best;
    }
    const sources = preferred(all.filter((each) => each.path.endsWith(".c")));
    // Two drivers may both have an init_hw() that is not static: neither is meant by a third.
    return new Set(sources.map((each) => each.path)).size === 1 ? sources : best;
  }
}

/** Without stubs, inactive arms and generic fallbacks where there is something better. */
function preferred(all: readonly Definition[]): readonly Definition[] {
  if (all.length < 2) return all;
  const tests: readonly ((each: Definition) => boolean)[] = [
    (each) => !each.inactive,
    (each) => !isStub(each),
    (each) => !each.path.includes("/asm-generic/"),
  ];
  return tests.reduce((left, test) => (left.some(test) ? left.filter(test) : left), all);
}

/** `static inline int f(…) { return 0; }` in a header. */
function isStub({ kind, body, path }: Definition): boolean {
  if (!path.endsWith(".h") || body.indirect) return false;
  if (kind === "macro") return body.calls.length === 0;
  const constant = body.returned.every(
    (each) => each.kind !== "call" && each.kind !== "object" && each.kind !== "other",
  );
  return constant && body.calls.every((each) => /^(WARN|BUG|pr_|dev_)/.test(each.name));
}

function ofFunction(path: string, isHeader: boolean, each: HarvestedFunction): Definition {
  const { name, returnType, parameters, variadic, annotations, doc, body } = each;
  return {
    name,
    path,
    kind: isHeader ? "inline" : "function",
    returnType,
    parameters,
    variadic,
    annotations,
    ...(doc === undefined ? {} : { doc }),
    body,
    isLocal: each.isStatic && !isHeader,
    inactive: each.inactive === true,
  };
}

function ofMacro(path: string, isHeader: boolean, each: HarvestedMacro): Definition {
  const names = each.parameters ?? ["..."];
  const rest = names.at(-1)?.endsWith("...") === true;
  return {
    name: each.name,
    path,
    kind: "macro",
    returnType: "",
    parameters: (rest ? names.slice(0, -1) : names).map((name) => ({ type: "", name })),
    variadic: rest,
    annotations: [],
    ...(each.doc === undefined ? {} : { doc: each.doc }),
    body: each.body,
    isLocal: !isHeader,
    inactive: each.inactive === true,
  };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** Index of the parameter that a name is in a definition; the `...` of a macro is no single one. */
export function parameterIndex(definition: Definition, name: string): number | undefined {
  const at = definition.parameters.findIndex((each) => each.name === name);
  return at < 0 ? undefined : at;
}

/**
 * The argument that a call gives for a parameter: a name of the caller's, or `{ param }` when it is one that the caller
 * takes as part of its own `...`.
 */
export function argumentAt(
  caller: Definition,
  args: readonly (string | null)[],
  index: number,
): string | { readonly param: number } | undefined {
  const rest = args.findIndex((each) => each === "__VA_ARGS__" || each === "args");
  if (rest >= 0 && index >= rest && caller.variadic) return { param: caller.parameters.length + index - rest };
  return args[index] ?? undefined;
}
