// Puts the files of a tree together: from what each body and comment says to the facts of each callable.
import type { ExtractedFunction } from "../extracted.ts";
import type { Context, MaySleep } from "../schema.ts";
import { type Definition, Definitions } from "./definitions.ts";
import type { DocFacts, Harvest } from "./harvest.ts";
import { locksOf } from "./locking.ts";
import { neverSleeping } from "./never-sleeping.ts";
import { documentedReturn, Returning } from "./returning.ts";
import { gfpParameter, isAnnotated, type Sleep, sleepingOf, strongest } from "./sleeping.ts";

/** The fields of an ExtractedFunction that follow from bodies, annotations and comments. */
export type Derived = Pick<
  ExtractedFunction,
  | "sleeps"
  | "contexts"
  | "returns"
  | "mustCheck"
  | "gfpParam"
  | "acquires"
  | "releases"
  | "mustHold"
  | "aliasOf"
  | "managed"
  | "noreturn"
  | "deprecated"
  | "callbacks"
>;

export interface Settled {
  /** Of a function, inline or macro that other files see; with a path, of a static one of that file too. */
  of(name: string, path?: string): Derived | undefined;
  /** Callables of which a comment says another thing than the code, so that neither is believed. */
  readonly contradictions: { readonly sleeps: readonly string[]; readonly returns: number };
}

/** The same whatever the order of the harvests. */
export function settle(harvests: readonly Harvest[]): Settled {
  const tree = new Tree(new Definitions(harvests));
  return {
    of: (name, path) => tree.of(name, path),
    get contradictions() {
      return { sleeps: [...tree.contradictions].sort(), returns: tree.returning.contradictions };
    },
  };
}

class Tree {
  readonly contradictions = new Set<string>();
  readonly returning: Returning;
  private readonly definitions: Definitions;
  private readonly sleeping: ReadonlyMap<Definition, Sleep>;
  private readonly never: ReadonlySet<Definition>;

  constructor(definitions: Definitions) {
    this.definitions = definitions;
    this.sleeping = sleepingOf(definitions);
    this.never = neverSleeping(definitions, this.sleeping);
    this.returning = new Returning(definitions);
  }

  of(name: string, path: string | undefined): Derived | undefined {
    const found = path === undefined ? this.definitions.visible(name) : this.definitions.inFile(name, path);
    const [first] = found;
    if (first === undefined) return this.ofPrototype(name);
    const docs = this.docsOf(name, found);
    const sleeps = this.sleeps(name, found, docs);
    const contexts = contextsOf(docs, sleeps?.may);
    const returns = this.returns(found);
    const gfp = gfpParameter(first) ?? this.gfpOfMacro(first);
    const alias = aliasOf(first);
    const callbacks = callbacksOf(first);
    return {
      ...(sleeps === undefined ? {} : { sleeps }),
      ...(contexts === undefined ? {} : { contexts }),
      ...(returns === undefined ? {} : { returns }),
      ...(this.isAnnotated(first, /^__must_check$/) ? { mustCheck: true } : {}),
      ...(gfp === undefined ? {} : { gfpParam: gfp }),
      ...locksOf(first, this.definitions),
      ...(alias === undefined ? {} : { aliasOf: alias }),
      ...(this.isManaged(first) ? { managed: true } : {}),
      ...(this.isAnnotated(first, /^__noreturn$/) ? { noreturn: true } : {}),
      ...(docs.some((each) => each.deprecated) || this.isAnnotated(first, /^__deprecated$/)
        ? { deprecated: true }
        : {}),
      ...(callbacks.length === 0 ? {} : { callbacks }),
    };
  }

  /** Assembly and what a macro defines has a declaration only. */
  private ofPrototype(name: string): Derived | undefined {
    const [first] = this.definitions.prototypesOf(name);
    if (first === undefined) return undefined;
    const body = { calls: [], indirect: true, incomplete: true, returned: [], asserts: [] };
    const bare: Definition = { ...first, path: "", kind: "function", body, isLocal: false, inactive: false };
    const docs = this.docsOf(name, []);
    const returns = this.returning.of(bare, documentedReturn(bare, this.definitions));
    const sleeps = this.sleeps(name, [bare], docs);
    const contexts = contextsOf(docs, sleeps?.may);
    const gfp = gfpParameter(bare);
    return {
      ...(sleeps === undefined ? {} : { sleeps }),
      ...(contexts === undefined ? {} : { contexts }),
      ...(returns === undefined ? {} : { returns }),
      ...(this.isAnnotated(bare, /^__must_check$/) ? { mustCheck: true } : {}),
      ...(gfp === undefined ? {} : { gfpParam: gfp }),
      ...locksOf(bare, this.definitions),
      ...(this.isAnnotated(bare, /^__noreturn$/) ? { noreturn: true } : {}),
      ...(docs.some((each) => each.deprecated) ? { deprecated: true } : {}),
    };
  }

  private docsOf(name: string, found: readonly Definition[]): DocFacts[] {
    const declared = found.every((each) => !each.isLocal) ? this.definitions.prototypesOf(name) : [];
    return [...found, ...declared].flatMap((each) => each.doc ?? []);
  }

  private sleeps(name: string, found: readonly Definition[], docs: readonly DocFacts[]): Derived["sleeps"] {
    const said = docs.find((each) => each.sleeps !== undefined)?.sleeps;
    const derived = strongest(found.flatMap((each) => this.sleeping.get(each) ?? []));
    const never = derived === undefined && found.every((each) => this.never.has(each));
    const byFlags = found.some((each) => gfpParameter(each) !== undefined);
    if (said === undefined) {
      if (derived !== undefined) {
        const by = isAnnotated(derived) || derived.via.length === 0 ? "annotated" : "derived";
        return { may: derived.may, by, ...(derived.via.length === 0 ? {} : { via: derived.via }) };
      }
      return never ? { may: "never", by: "derived" } : undefined;
    }
    // "Any context" goes without saying that the flags must fit; an assertion on every path is stronger than a reservation.
    const stronger =
      (said === "never" && derived?.may === "flags") ||
      (said === "conditional" && derived?.may === "always" && derived.sure === "always");
    if (stronger) return { may: derived!.may, by: isAnnotated(derived!) ? "annotated" : "derived", via: derived!.via };
    const against =
      (said === "never" && derived !== undefined && derived.may !== "conditional") ||
      (said === "always" && never) ||
      (said === "flags" && !byFlags && found.every((each) => each.kind !== "macro"));
    if (against) {
      this.contradictions.add(name);
      return undefined;
    }
    return {
      may: said,
      by: "documented",
      ...(said === derived?.may && derived.via.length > 0 ? { via: derived.via } : {}),
    };
  }

  private returns(found: readonly Definition[]): Derived["returns"] {
    const facts = found.map((each) => this.returning.of(each, documentedReturn(each, this.definitions)));
    const [first] = facts;
    return first !== undefined && facts.every((each) => each?.kind === first.kind) ? first : undefined;
  }

  private gfpOfMacro(definition: Definition): number | undefined {
    const sleep = definition.kind === "macro" ? this.sleeping.get(definition) : undefined;
    return sleep?.may === "flags" ? sleep.gfp : undefined;
  }

  private isAnnotated(definition: Definition, name: RegExp): boolean {
    const declared = definition.isLocal ? [] : this.definitions.prototypesOf(definition.name);
    return [definition, ...declared].some((each) => each.annotations.some((annotation) => name.test(annotation.name)));
  }

  /** Within two calls it notes with the device what is to be given back. */
  private isManaged(definition: Definition): boolean {
    const reaches = (each: Definition, left: number): boolean =>
      each.body.calls.some(({ name }) => {
        if (notes.test(name)) return true;
        if (left === 0 || !managing.test(each.name)) return false;
        return this.definitions.resolve(name, each.path).some((callee) => callee !== each && reaches(callee, left - 1));
      });
    return managing.test(definition.name) && reaches(definition, 2);
  }
}

const notes =
  /^(devres_add|devres_alloc|__devres_alloc_node|devres_alloc_node|devm_add_action|__devm_add_action|devm_add_action_or_reset|__devm_add_action_or_reset)$/;
/** Others that note something for themselves do not give what they return into the device's care. */
const managing = /^_*(devm|pcim|pcmcim|drmm)_|_managed$/;

/** "Not from an interrupt" leaves open what the body settles: who always may sleep is for processes only. */
function contextsOf(docs: readonly DocFacts[], may: MaySleep | undefined): readonly Context[] | undefined {
  const contexts = docs.find((each) => each.contexts !== undefined)?.contexts;
  return may === "always" && contexts?.includes("process") ? ["process"] : contexts;
}

/** What a macro or inline only hands its own arguments to, all of them and in order. */
function aliasOf({ kind, body, parameters, variadic }: Definition): string | undefined {
  if (kind === "function") return undefined;
  const calls = body.calls.filter((each) => each.name !== "alloc_hooks");
  const [only] = calls;
  if (only === undefined || calls.length > 1 || only.when !== undefined) return undefined;
  const [value, ...others] = body.returned;
  const gives = value?.kind === "call" && value.callee === only.name && others.length === 0;
  const isObjectLike = variadic && parameters.length === 0 && only.args[0] === "__VA_ARGS__";
  if (!gives && !isObjectLike && !(kind === "inline" && body.returned.length === 0)) return undefined;
  const own = parameters.map((each) => each.name);
  const given = only.args.filter((each) => each !== "__VA_ARGS__");
  return given.length === own.length && given.every((each, at) => each === own[at]) ? only.name : undefined;
}

const functionType = /_(handler|func|fn|callback|cb|function|actor|filler)_t$/;

function callbacksOf({ parameters }: Definition): { param: number; type?: string }[] {
  return parameters.flatMap(({ type }, param) => {
    const named = functionType.test(type);
    return named ? [{ param, type }] : /\(\s*\*[^)]*\)\s*\(/.test(type) ? [{ param }] : [];
  });
}
