// What the converters share: the two texts, the reading pass's notes, and the way from one converter to another.
import type { Span } from "../text/lines.ts";
import type { Annotation, Expr, Stmt, TypeRef, Variable } from "./ast.ts";
import type { Reading } from "./reading.ts";
import type { RawNode } from "./tree.ts";

export interface Conversion {
  readonly text: string;
  readonly reading: Reading;
  /** Names of the parameters and locals met so far in the function being converted: they tell casts from arithmetic. */
  readonly locals: Set<string>;
  /** Enumerators and object-like macros met so far. */
  readonly constants: Set<string>;
  readonly problems: Span[];
  expr(node: RawNode): Expr;
  stmt(node: RawNode): Stmt;
  stmts(nodes: readonly RawNode[]): Stmt[];
  /** The type of a `type_descriptor` (cast, sizeof, compound literal). */
  typeOf(node: RawNode): TypeRef;
  /** The variables that a `declaration`, `field_declaration`, `type_definition` or `parameter_declaration` declares. */
  variables(node: RawNode): Variable[];
}

/** The parser's view of a node, i.e. the reading pass's shadow. */
export function shadowText(context: Conversion, node: RawNode): string {
  return context.reading.shadow.slice(node.start, node.end);
}

/** Annotations that begin within a range. */
export function annotationsIn(reading: Reading, start: number, end: number): readonly Annotation[] {
  const all = reading.annotations;
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  let last = low;
  while (last < all.length && all[last]!.start < end) last++;
  return low === last ? NONE : all.slice(low, last);
}

/** The span of a sorted, disjoint list that holds an offset. */
export function spanAround(spans: readonly Span[], offset: number): Span | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end <= offset) low = middle + 1;
    else high = middle;
  }
  const found = spans[low];
  return found !== undefined && found.start <= offset ? found : undefined;
}

const NONE: readonly Annotation[] = [];

/** One space for every run of white space. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
