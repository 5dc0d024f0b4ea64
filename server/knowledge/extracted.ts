// What kernel trees themselves say of their functions: facts that a program of ours read, each with where it stands.
import type { Context, MaySleep, Returns } from "./words.ts";

/**
 * How a fact was come by. documented: from a `Context:` or `Return:` section. annotated: from an annotation or a type in
 * the source (`__must_check`, `__acquires`, a gfp_t parameter, might_sleep() in its own body). derived: from the bodies
 * of what it calls, at most two calls deep.
 */
export type Provenance = "documented" | "annotated" | "derived";

export interface ExtractedParameter {
  /** As written, annotations kept: `const void __user *`; empty for parameters of macros. */
  readonly type: string;
  /** Empty where a prototype leaves it out. */
  readonly name: string;
}

/** A function, inline or macro that drivers can call, as one kernel version has it. */
export interface ExtractedFunction {
  readonly name: string;
  readonly kind: "function" | "inline" | "macro";
  /** Offered to every module, or to those under the GPL; absent for what stands in a header. */
  readonly exported?: "all" | "gpl";
  /** Where it is defined, relative to the tree; its prototype where the definition is not C. */
  readonly path: string;
  readonly line: number;
  /** As written, without storage class: `struct clk *`. Empty for macros. */
  readonly returnType: string;
  readonly parameters: readonly ExtractedParameter[];
  readonly variadic?: true;
  /** A macro or inline that only hands on its arguments: `kmalloc_noprof` of kmalloc(). */
  readonly aliasOf?: string;
  readonly sleeps?: {
    readonly may: Exclude<MaySleep, "unknown">;
    readonly by: Provenance;
    /** The calls that lead to the sleeping one, outermost first: `["wait_for_completion", "might_sleep"]`. */
    readonly via?: readonly string[];
  };
  /** Contexts that its documentation allows. */
  readonly contexts?: readonly Context[];
  readonly returns?: { readonly kind: Returns; readonly by: Provenance };
  readonly mustCheck?: true;
  /** Index of the gfp_t parameter. */
  readonly gfpParam?: number;
  /** Locks, as expressions in its parameters: `$0` is the first one, `$0->lock` a member, `RCU` a name. */
  readonly acquires?: readonly string[];
  readonly releases?: readonly string[];
  readonly mustHold?: readonly string[];
  /** Parameters that are functions, with the name of their type where it has one: `irq_handler_t`. */
  readonly callbacks?: readonly { readonly param: number; readonly type?: string }[];
  /** What it obtains is given back when the device is unbound (devres). */
  readonly managed?: true;
  readonly noreturn?: true;
  /** The kernel's own documentation calls it deprecated. */
  readonly deprecated?: true;
  /** Number of files below drivers/ and sound/ that use it. */
  readonly uses: number;
  /**
   * For a pointer: `times` of the `of` places there that store it and then look at it test it; the others follow it. Where
   * there are ten at least.
   */
  readonly tested?: { readonly of: number; readonly times: number };
}

/** The share of those who look at the pointer that test it; NaN where too few are known. */
export function testedShare({ tested }: Pick<ExtractedFunction, "tested">): number {
  return tested === undefined ? Number.NaN : tested.times / tested.of;
}

/** A lock guard, a class or a cleanup function for `guard()`, `scoped_guard()`, `CLASS()` and `__free()`. */
export interface ExtractedScope {
  readonly name: string;
  readonly kind: "guard" | "class" | "free";
  readonly path: string;
  readonly line: number;
  /** The type it governs: `struct mutex *`. */
  readonly type: string;
  /** Functions that its beginning and its end call, in order: `["mutex_lock"]`, `["mutex_unlock"]`. */
  readonly enters: readonly string[];
  readonly leaves: readonly string[];
  /** It may fail to begin (`_try`, `_intr`). */
  readonly conditional?: true;
}

/** A member of a struct in a kernel header that is a callback, or that not every kernel version read has alike. */
export interface ExtractedMember {
  /** `struct platform_driver`. */
  readonly struct: string;
  readonly member: string;
  readonly path: string;
  readonly line: number;
  /** As written, with the member's name left out: `int (*)(struct platform_device *)`. */
  readonly type: string;
}
