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
  /**
   * It stands in an arm that the usual configuration leaves out: a stub, most often. One that the same file also has in
   * an arm that counts is not harvested at all.
   */
  readonly inactive?: true;
}

export interface HarvestedFunction extends HarvestedPrototype {
  readonly isStatic: boolean;
  readonly isInline: boolean;
  /** In an arm of a conditional that the configuration read leaves out: most often a stub. */
  readonly inactive?: true;
  readonly body: BodyFacts;
}

export interface HarvestedMacro {
  readonly name: string;
  readonly line: number;
  /** Absent for an object-like macro. */
  readonly parameters?: readonly string[];
  /** The name that an object-like macro stands for. */
  readonly standsFor?: string;
  readonly inactive?: true;
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
  /** Arguments of lockdep_assert_held() and its family, as written; those that hang on a local variable left out. */
  readonly asserts: readonly string[];
  /** Parameters that it hands to a call through a pointer. */
  readonly handsOn?: readonly string[];
}

export interface BodyCall {
  readonly name: string;
  /**
   * Arguments that are a plain name, a constant or several joined by `|`, as written without spaces; null for others.
   * `__VA_ARGS__` stands for all the arguments of the macro that follow its named ones.
   */
  readonly args: readonly (string | null)[];
  /** It does not happen on every path: below an `if`, a loop, a `?:`, a `&&`, or behind a way out. */
  readonly conditional: boolean;
  /** What it hangs on, the strongest of all that apply; absent when it happens on every path. */
  readonly when?: When;
  /** Parameters tested, for `parameter` and `context`. */
  readonly tested?: readonly string[];
}

/**
 * exit: only on an earlier statement not having left the function. branch: on the state of things. parameter: on an
 * argument that is a number or a flag. context: on in_interrupt(), irqs_disabled(), gfpflags_allow_blocking()…
 */
export type When = "exit" | "branch" | "parameter" | "context";

/**
 * `errno`: a negative error constant. `object`: a pointer that is not NULL. `call`: the result of the named call,
 * directly or through a variable.
 */
export type ReturnedValue =
  | { readonly kind: "null" | "zero" | "errno" | "positive" | "errptr" | "object" | "boolean" | "other" }
  | { readonly kind: "call"; readonly callee: string };
