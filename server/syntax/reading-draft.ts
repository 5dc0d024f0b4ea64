// The shadow while it is being made: visible tokens with their brackets matched, and the ways to rewrite them.
import type { Span } from "../text/lines.ts";
import type { Annotation } from "./ast.ts";
import { blankOut } from "./lexer.ts";
import { isWord, Kind, Mark } from "./reading-words.ts";

const space = 32;
const tab = 9;
const underscore = 95;
const deepest = 160;

/** The readers of the grammar's parts; they call one another through this table. Ranges are token indices, half-open. */
export interface Readers {
  /** The members of a record. */
  members(draft: Draft, from: number, to: number): void;
  statements(draft: Draft, from: number, to: number): void;
  expression(draft: Draft, from: number, to: number): void;
  /** The braces at `open` of an initialiser. */
  initializer(draft: Draft, open: number): void;
  /** A type without a name, as in a cast. */
  typeName(draft: Draft, from: number, to: number): void;
}

export class Draft {
  readonly text: string;
  readonly chars: Uint16Array;
  readonly count: number;
  readonly kind: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** The partner of each bracket, -1 where it has none. */
  readonly match: Int32Array;
  readonly readers: Readers;
  readonly annotations: Annotation[];
  readonly macroStatements = new Map<number, string>();
  readonly typeArguments: Span[] = [];
  private depth = 0;

  constructor(
    text: string,
    chars: Uint16Array,
    tokens: { count: number; kind: Uint8Array; start: Int32Array; end: Int32Array },
    annotations: Annotation[],
    readers: Readers,
  ) {
    this.text = text;
    this.chars = chars;
    this.count = tokens.count;
    this.kind = tokens.kind;
    this.start = tokens.start;
    this.end = tokens.end;
    this.match = matchBrackets(tokens.kind, tokens.count);
    this.annotations = annotations;
    this.readers = readers;
  }

  /** The kind of a token, 0 outside the range. */
  at(i: number, to = this.count): number {
    return i < to && i >= 0 ? this.kind[i]! : 0;
  }

  word(i: number): string {
    return this.text.slice(this.start[i], this.end[i]);
  }

  /** The partner of the opening bracket `i` when it lies before `to`, otherwise -1. */
  close(i: number, to: number): number {
    const partner = this.match[i]!;
    return partner > i && partner < to ? partner : -1;
  }

  /** The next token behind a token or a bracket and all that it encloses. */
  skip(i: number, to: number): number {
    const partner = this.match[i]!;
    return partner > i ? Math.min(partner + 1, to) : i + 1;
  }

  /** The first token from `i` of one of two kinds outside brackets, or `to`. */
  find(i: number, to: number, kind: number, other = kind): number {
    let at = i;
    while (at < to && this.kind[at] !== kind && this.kind[at] !== other) at = this.skip(at, to);
    return at;
  }

  newlineBetween(i: number, j: number): boolean {
    for (let at = this.end[i]!; at < this.start[j]!; at++) if (this.text.charCodeAt(at) === 10) return true;
    return false;
  }

  /** Whether a line ends behind a token, or the range does. */
  newlineAfter(i: number, to: number): boolean {
    return i + 1 >= to || this.newlineBetween(i, i + 1);
  }

  /** A word on a line of its own. */
  isAlone(i: number, to: number): boolean {
    return this.newlineAfter(i, to) && (i === 0 || this.newlineBetween(i - 1, i));
  }

  column(i: number): number {
    const start = this.start[i]!;
    return start - this.text.lastIndexOf("\n", start - 1) - 1;
  }

  blank(from: number, to = from + 1): void {
    if (to > from) blankOut(this.chars, this.start[from]!, this.end[to - 1]!);
  }

  isBlank(i: number): boolean {
    return this.chars[this.start[i]!] === space;
  }

  put(offset: number, text: string): void {
    for (let i = 0; i < text.length; i++) this.chars[offset + i] = text.charCodeAt(i);
  }

  /** Replaces a token by a text no longer than it. */
  replace(i: number, text: string): void {
    this.put(this.start[i]!, text.padEnd(this.end[i]! - this.start[i]!));
  }

  /** Puts a character into the white space behind a token; false when there is none. */
  insertAfter(after: number, character: string): boolean {
    const at = this.roomAfter(after, after + 1 < this.count ? this.start[after + 1]! : this.text.length);
    if (at >= 0) this.put(at, character);
    return at >= 0;
  }

  /** Puts braces into the white space around a range; false when there is none on one side. */
  wrap(from: number, to: number): boolean {
    const opens = this.roomAfter(from - 1, this.start[from]!);
    const closes = this.roomAfter(to - 1, to < this.count ? this.start[to]! : this.text.length);
    if (opens < 0 || closes < 0) return false;
    this.put(opens, "{");
    this.put(closes, "}");
    return true;
  }

  private roomAfter(token: number, limit: number): number {
    for (let at = token < 0 ? 0 : this.end[token]!; at < limit; at++) {
      if (this.chars[at] === space || this.chars[at] === tab) return at;
    }
    return -1;
  }

  /** Makes one identifier of a range: letters and digits stay, what stands between them on one line becomes `_`. */
  fuse(from: number, to: number, until = to): void {
    const first = this.start[from]!;
    const last = this.end[to - 1]!;
    let broken = false;
    for (let at = first; at < last; at++) {
      const c = this.chars[at]!;
      if (c === 10 || c === 13) broken = true;
      else if (broken) this.chars[at] = space;
      else if (!(c >= 128 || (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122))) {
        this.chars[at] = underscore;
      }
    }
    // White space before the line break must not become a trail of underscores.
    if (broken) {
      let at = first;
      while (this.chars[at] !== 10 && this.chars[at] !== 13) at++;
      while (at > first + 1 && this.chars[at - 1] === underscore) this.chars[--at] = space;
    }
    if (until > to) this.blank(to, until);
  }

  /** Alters the last letter of a token, so that a keyword becomes an identifier. */
  disguise(i: number): void {
    const last = this.end[i]! - 1;
    this.chars[last] = this.chars[last] === underscore ? 88 : underscore;
  }

  /** Runs a reader one level deeper; what is nested absurdly deep is left as it stands. */
  nest(run: () => void): void {
    if (this.depth >= deepest) return;
    this.depth++;
    run();
    this.depth--;
  }

  isName(i: number, to: number): boolean {
    return i < to && this.kind[i] === Kind.name;
  }

  isWordAt(i: number, to: number): boolean {
    return i < to && isWord(this.kind[i]!);
  }
}

/** A closer that fits nothing is left alone; one that skips openers leaves those without a partner. */
function matchBrackets(kind: Uint8Array, count: number): Int32Array {
  const match = new Int32Array(count).fill(-1);
  const stack = new Int32Array(count);
  const open = new Int32Array(128);
  let height = 0;
  for (let i = 0; i < count; i++) {
    const k = kind[i]!;
    if (k < Mark.open) continue;
    if (k === Mark.open || k === Mark.openSquare || k === Mark.openBrace) {
      stack[height++] = i;
      open[k]!++;
      continue;
    }
    if (k !== Mark.close && k !== Mark.closeSquare && k !== Mark.closeBrace) continue;
    const opener = k === Mark.close ? Mark.open : k === Mark.closeSquare ? Mark.openSquare : Mark.openBrace;
    if (open[opener] === 0) continue;
    // A parenthesis never closes across a brace: the brace is the stronger sign of structure.
    if (k !== Mark.closeBrace && kind[stack[height - 1]!] === Mark.openBrace) continue;
    for (;;) {
      const top = stack[--height]!;
      const topKind = kind[top]!;
      open[topKind]!--;
      if (topKind !== opener) continue;
      match[top] = i;
      match[i] = top;
      break;
    }
  }
  return match;
}
