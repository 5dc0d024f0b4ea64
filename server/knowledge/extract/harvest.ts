// What one file of a kernel tree says, before the files are put together. Plain data, so that workers can hand it over.
import type { ExtractedMember, ExtractedParameter, ExtractedScope } from "../extracted.ts";
import type { Context, Returns } from "../schema.ts";

export interface Harvest {
  /** Relative to the tree. */
  readonly path: string;
  readonly functions: readonly HarvestedFunction[];
  readonly prototypes: readonly HarvestedPrototype[];
  /** Function-like macros, and object-like ones that name a function. */
  readonly macros: readonly HarvestedMacro[];
  readonly exports: readonly { readonly name: string; readonly gpl: boolean }[];
  readonly scopes: readonly ExtractedScope[];
  /** All members of the structs that a header defines. */
  readonly members: readonly ExtractedMember[];
}

export interface HarvestedPrototype {
  readonly name: string;
  readonly line: number;
  readonly returnType: string;
  readonly parameters: readonly ExtractedParameter[];
  readonly variadic: boolean;
  /** `__must_check`, `__acquires(lock)`, `__cold`… in the order written. */
  readonly annotations: readonly { readonly name: string; readonly args?: string }[];
  readonly doc?: DocFacts;
}

export interface HarvestedFunction extends HarvestedPrototype {
  readonly isStatic: boolean;
  readonly isInline: boolean;
  readonly body: BodyFacts;
}

export interface HarvestedMacro {
  readonly name: string;
  readonly line: number;
  /** Absent for an object-like macro. */
  readonly parameters?: readonly string[];
  readonly doc?: DocFacts;
  readonly body: BodyFacts;
}

/** What a kernel-doc comment says, as facts; none of its sentences. */
export interface DocFacts {
  readonly sleeps?: "never" | "always" | "flags" | "conditional";
  readonly contexts?: readonly Context[];
  readonly returns?: Returns;
  /** Locks that it says the caller holds, as named there: `&sdev->state_mutex` or a parameter's name. */
  readonly holds?: readonly string[];
  readonly deprecated?: true;
}

/** What a body does, as far as facts about the function follow from it. */
export interface BodyFacts {
  readonly calls: readonly BodyCall[];
  /** It calls through a pointer, so that what it does is not all known. */
  readonly indirect: boolean;
  /** Part of it could not be read, so that nothing follows from what is not seen. */
  readonly incomplete: boolean;
  /** What its return statements give back, each once. */
  readonly returned: readonly ReturnedValue[];
  /** Arguments of lockdep_assert_held() and its family, as written. */
  readonly asserts: readonly string[];
}

export interface BodyCall {
  readonly name: string;
  /** Arguments that are a plain name or a constant, as written; null for others. */
  readonly args: readonly (string | null)[];
  /** It does not happen on every path: below an `if`, a loop, a `?:`, a `&&`. */
  readonly conditional: boolean;
}

/** `errno`: a negative constant. `call`: the result of the named call, directly or through a variable. */
export type ReturnedValue =
  | { readonly kind: "null" | "zero" | "errno" | "positive" | "errptr" | "boolean" | "other" }
  | { readonly kind: "call"; readonly callee: string };
