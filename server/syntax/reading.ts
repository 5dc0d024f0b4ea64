// The kernel-C reading pass: a shadow of the text, equal in length, that plain tree-sitter-c can read.
import type { Span } from "../text/lines.ts";
import type { Annotation, Include, MacroDef } from "./ast.ts";

export interface Reading {
  /** As long as the text, line breaks at the same offsets; what tree-sitter-c cannot read is blanked or reshaped in place. */
  readonly shadow: string;
  /** What was blanked as an annotation, by position. */
  readonly annotations: readonly Annotation[];
  /** Offset of a reshaped `while` → name of the macro that stood there (`list_for_each_entry`, `scoped_guard`). */
  readonly macroStatements: ReadonlyMap<number, string>;
  /** Where a type stood in place of an expression; the shadow has one identifier there. */
  readonly typeArguments: readonly Span[];
  /** Arms of conditionals that the chosen configuration leaves out; inside functions they are blank in the shadow. */
  readonly inactive: readonly Span[];
  readonly macros: readonly MacroDef[];
  readonly includes: readonly Include[];
  /** Tokens of the text outside comments and directives, and how many of them are blank in the shadow. */
  readonly tokens: number;
  readonly blankedTokens: number;
}

export function readKernelC(text: string): Reading {
  return {
    shadow: text,
    annotations: [],
    macroStatements: new Map(),
    typeArguments: [],
    inactive: [],
    macros: [],
    includes: [],
    tokens: 0,
    blankedTokens: 0,
  };
}
