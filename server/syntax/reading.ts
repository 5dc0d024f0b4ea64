// The kernel-C reading pass: a shadow of the text, equal in length, that plain tree-sitter-c can read.
import type { Span } from "../text/lines.ts";
import type { Annotation, Include, MacroDef } from "./ast.ts";
import { blankOut, type Tokens, tokenize } from "./lexer.ts";
import { makeAnnotation } from "./reading-annotations.ts";
import { configure } from "./reading-conditionals.ts";
import { readTypeName } from "./reading-declarations.ts";
import { Draft, type Readers } from "./reading-draft.ts";
import { readExpression } from "./reading-expressions.ts";
import { readFile } from "./reading-file.ts";
import { readInitializer } from "./reading-initializers.ts";
import { readMembers } from "./reading-members.ts";
import { readStatements } from "./reading-statements.ts";
import { Kind, Mark } from "./reading-words.ts";

export interface Reading {
  /** As long as the text, line breaks at the same offsets; what tree-sitter-c cannot read is blanked or reshaped in place. */
  readonly shadow: string;
  /** What was blanked as an annotation, by position. */
  readonly annotations: readonly Annotation[];
  /** Offset of a reshaped `while` (or `if`, for names too short) → name of the macro that stood there (`list_for_each_entry`). */
  readonly macroStatements: ReadonlyMap<number, string>;
  /** Where a type stood in place of an expression; the shadow has one identifier there, at the same start. */
  readonly typeArguments: readonly Span[];
  /** Arms of conditionals that the chosen configuration leaves out; inside functions they are blank in the shadow. */
  readonly inactive: readonly Span[];
  /** Comments and conditionals that hide code, most likely because their end was not typed yet. */
  readonly runaways: readonly Span[];
  readonly macros: readonly MacroDef[];
  readonly includes: readonly Include[];
  /** Tokens of the text outside comments and directives, and how many of them are blank in the shadow. */
  readonly tokens: number;
  readonly blankedTokens: number;
  /** Of the blank ones, those in arms left out, and those of annotations. */
  readonly blankedInactive: number;
  readonly blankedAnnotations: number;
}

const readers: Readers = {
  members: readMembers,
  statements: readStatements,
  expression: readExpression,
  initializer: readInitializer,
  typeName: readTypeName,
};

export function readKernelC(text: string): Reading {
  const tokens = tokenize(text);
  for (const { start, end } of tokens.directives) blankOut(tokens.chars, start, end);
  const { visible, inactive, macros, includes, unended } = configure(tokens);
  blankHidden(tokens, visible);
  const { kept, annotations, blanked } = takeAnnotations(tokens, visible);
  const draft = new Draft(text, tokens.chars, kept, annotations, readers);
  readFile(draft, 0, draft.count);
  let blankedTokens = 0;
  for (let i = 0; i < tokens.count; i++) if (tokens.chars[tokens.start[i]!] === 32) blankedTokens++;
  return {
    shadow: decode(tokens.chars, text.length),
    annotations,
    macroStatements: draft.macroStatements,
    typeArguments: draft.typeArguments,
    inactive,
    runaways: [...tokens.runaways, ...unended],
    macros,
    includes,
    tokens: tokens.count,
    blankedTokens,
    blankedInactive: tokens.count - visible.length,
    blankedAnnotations: blanked,
  };
}

function blankHidden(tokens: Tokens, visible: Int32Array): void {
  let next = 0;
  for (let i = 0; i < tokens.count; i++) {
    if (visible[next] === i) next++;
    else blankOut(tokens.chars, tokens.start[i]!, tokens.end[i]!);
  }
}

interface Kept {
  readonly count: number;
  readonly kind: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
}

/** Copies the visible tokens without their annotations, which are blanked and recorded. */
function takeAnnotations(
  tokens: Tokens,
  visible: Int32Array,
): { kept: Kept; annotations: Annotation[]; blanked: number } {
  const { text, chars } = tokens;
  const kind = new Uint8Array(visible.length);
  const start = new Int32Array(visible.length);
  const end = new Int32Array(visible.length);
  const annotations: Annotation[] = [];
  let count = 0;
  let blanked = 0;
  for (let v = 0; v < visible.length; v++) {
    const i = visible[v]!;
    let k = tokens.kind[i]!;
    if (k === Kind.annotation || k === Kind.annotationCall) {
      const before = count > 0 ? kind[count - 1]! : 0;
      const close = k === Kind.annotationCall ? endOfArguments(tokens, visible, v) : v;
      if (before !== Mark.dot && before !== Kind.arrow && close >= 0) {
        const last = visible[close]!;
        annotations.push(makeAnnotation(text, tokens.start[i]!, tokens.end[i]!, tokens.end[last]!));
        for (let at = v; at <= close; at++) blankOut(chars, tokens.start[visible[at]!]!, tokens.end[visible[at]!]!);
        blanked += close - v + 1;
        v = close;
        continue;
      }
      k = Kind.name;
    }
    kind[count] = k;
    start[count] = tokens.start[i]!;
    end[count++] = tokens.end[i]!;
  }
  return { kept: { count, kind, start, end }, annotations, blanked };
}

/** In tokens; without it, a row of annotations that are not closed would be searched again and again. */
const longestArguments = 400;

/** The index of the `)` that closes the arguments behind token `v`, or -1 when there are none. */
function endOfArguments(tokens: Tokens, visible: Int32Array, v: number): number {
  let depth = 0;
  const limit = Math.min(visible.length, v + longestArguments);
  for (let at = v + 1; at < limit; at++) {
    const kind = tokens.kind[visible[at]!]!;
    if (kind === Mark.open) depth++;
    else if (kind === Mark.close && --depth === 0) return at;
    else if (depth === 0 || kind === Mark.semicolon || kind === Mark.openBrace || kind === Mark.closeBrace) return -1;
  }
  return -1;
}

function decode(chars: Uint16Array, length: number): string {
  const parts: string[] = [];
  for (let at = 0; at < length; at += 8192) {
    parts.push(String.fromCharCode.apply(null, chars.subarray(at, Math.min(at + 8192, length)) as unknown as number[]));
  }
  return parts.join("");
}
