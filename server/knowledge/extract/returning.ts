// How failure shows in a return value: from the type, the body, at most two calls deep, and the documentation.
import type { Provenance } from "../extracted.ts";
import type { Returns } from "../schema.ts";
import type { Definition, Definitions } from "./definitions.ts";

export interface ReturnFact {
  readonly kind: Returns;
  readonly by: Provenance;
}

export class Returning {
  private readonly definitions: Definitions;
  private readonly memo = new Map<Definition, (Outcome | null)[]>();
  /** Callables of which the documentation says another thing than the body. */
  contradictions = 0;

  constructor(definitions: Definitions) {
    this.definitions = definitions;
  }

  /** `documented`: what the comments of the definition or of its prototypes say. */
  of(definition: Definition, documented: Returns | undefined): ReturnFact | undefined {
    const { returnType, kind } = definition;
    if (kind === "macro") return this.ofMacro(definition, documented);
    if (returnType === "void") return { kind: "void", by: "annotated" };
    if (/^(bool|_Bool)$/.test(returnType)) return { kind: "boolean", by: "annotated" };
    const said = documented !== undefined && fits(documented, returnType) ? documented : undefined;
    const derived = kindOf(this.outcome(definition, 0), returnType);
    if (said !== undefined && derived !== undefined) {
      const agreed = agree(said, derived);
      if (agreed === undefined) {
        this.contradictions++;
        return undefined;
      }
      return { kind: agreed, by: agreed === said ? "documented" : "derived" };
    }
    if (said !== undefined) return { kind: said, by: "documented" };
    if (derived !== undefined) return { kind: derived, by: "derived" };
    return isPointer(returnType) && allocates(definition, this.definitions)
      ? { kind: "null-on-failure", by: "annotated" }
      : undefined;
  }

  /** A macro has no type: it gives back what the one call gives back that it consists of. */
  private ofMacro(definition: Definition, documented: Returns | undefined): ReturnFact | undefined {
    const [only, ...others] = definition.body.returned;
    if (only?.kind !== "call" || others.length > 0) {
      return documented === undefined ? undefined : { kind: documented, by: "documented" };
    }
    const facts = this.definitions
      .resolve(only.callee, definition.path)
      .filter((each) => each !== definition)
      .map((each) => this.of(each, documentedReturn(each, this.definitions)));
    const [first] = facts;
    return first !== undefined && facts.every((each) => each?.kind === first.kind) ? first : undefined;
  }

  /** What may come back, or null where a part of it is not known. `depth` counts the calls followed so far. */
  private outcome(definition: Definition, depth: number): Outcome | null {
    let memo = this.memo.get(definition);
    if (memo === undefined) {
      memo = [];
      this.memo.set(definition, memo);
    }
    if (memo[depth] === undefined) {
      // Against recursion: what is asked again before it is known is not known.
      memo[depth] = null;
      memo[depth] = this.compute(definition, depth);
    }
    return memo[depth]!;
  }

  private compute(definition: Definition, depth: number): Outcome | null {
    const { body } = definition;
    if (body.incomplete || body.returned.length === 0) return null;
    const outcome: Outcome = new Set();
    for (const value of body.returned) {
      if (value.kind === "other") return null;
      if (value.kind !== "call") {
        outcome.add(value.kind);
        continue;
      }
      const called = this.called(value.callee, definition, depth);
      // Which of the two a callee has for its caller may hang on what the caller asks for (`optional`).
      if (called === null || (called.has("null") && called.has("errptr"))) return null;
      for (const each of called) outcome.add(each);
    }
    return outcome;
  }

  private called(name: string, from: Definition, depth: number): Outcome | null {
    const found = this.definitions.resolve(name, from.path).filter((each) => each !== from);
    if (found.length === 0) return null;
    const outcome: Outcome = new Set();
    for (const each of found) {
      const free = each.kind !== "function" && each.body.returned.length === 1;
      const inner = depth < 2 || free ? this.outcome(each, Math.min(free ? depth : depth + 1, 2)) : null;
      const values = inner ?? this.stated(each);
      if (values === null) return null;
      for (const value of values) outcome.add(value);
    }
    return outcome;
  }

  /** What the declaration and the comments of a callee say where its body is not clear. */
  private stated(definition: Definition): Outcome | null {
    if (isPointer(definition.returnType) && allocates(definition, this.definitions)) return new Set(["null", "object"]);
    const said = documentedReturn(definition, this.definitions);
    if (said === undefined || !fits(said, definition.returnType)) return null;
    switch (said) {
      case "null-on-failure":
        return new Set(["null", "object"]);
      case "errptr-on-failure":
        return new Set(["errptr", "object"]);
      case "null-or-errptr":
        return new Set(["null", "errptr", "object"]);
      case "negative-errno":
        return new Set(["errno", "zero"]);
      default:
        return null;
    }
  }
}

type Outcome = Set<"null" | "zero" | "errno" | "positive" | "errptr" | "object" | "boolean">;

function kindOf(outcome: Outcome | null, returnType: string): Returns | undefined {
  if (outcome === null) return undefined;
  if (isPointer(returnType)) {
    if ([...outcome].some((each) => each === "errno" || each === "positive" || each === "boolean")) return undefined;
    // A function that has nothing but errors to give is a stub.
    if (!outcome.has("object")) return undefined;
    if (outcome.has("errptr")) return outcome.has("null") ? "null-or-errptr" : "errptr-on-failure";
    return outcome.has("null") ? "null-on-failure" : undefined;
  }
  if (!isSigned(returnType)) return undefined;
  if (!outcome.has("errno") || !(outcome.has("zero") || outcome.has("positive"))) return undefined;
  return [...outcome].every((each) => each === "errno" || each === "zero" || each === "positive")
    ? "negative-errno"
    : undefined;
}

export function isPointer(type: string): boolean {
  return /\*(\s*(const|__\w+))*$/.test(type);
}

function isSigned(type: string): boolean {
  return /^(signed )?(int|long|long long|ssize_t|s32|s64|loff_t|off_t|long int)$/.test(type);
}

/** Whether a kind that the documentation names can be of that type at all. */
function fits(kind: Returns, type: string): boolean {
  switch (kind) {
    case "null-on-failure":
    case "errptr-on-failure":
    case "null-or-errptr":
      return isPointer(type);
    case "negative-errno":
      return isSigned(type);
    case "nonzero-on-failure":
    case "zero-on-failure":
    case "bytes-not-copied":
      return !isPointer(type);
    case "boolean":
      return /^(int|unsigned int|long)$/.test(type);
    default:
      return false;
  }
}

/** The more exact of two statements that go together; undefined where they contradict each other. */
function agree(said: Returns, derived: Returns): Returns | undefined {
  if (said === derived) return said;
  if (said === "nonzero-on-failure" && derived === "negative-errno") return derived;
  return undefined;
}

/** Annotated as an allocator, whose memory is NULL when there is none. */
function allocates({ name, annotations }: Definition, definitions: Definitions): boolean {
  const all = [...annotations, ...definitions.prototypesOf(name).flatMap((each) => each.annotations)];
  return all.some((each) => each.name === "__alloc_size" || each.name === "__malloc");
}

export function documentedReturn(definition: Definition, definitions: Definitions): Returns | undefined {
  if (definition.doc?.returns !== undefined) return definition.doc.returns;
  if (definition.isLocal) return undefined;
  for (const each of definitions.prototypesOf(definition.name))
    if (each.doc?.returns !== undefined) return each.doc.returns;
  return undefined;
}
