// Cuts kernel C into tokens, with comments blanked in a copy of the characters and directives set apart.
import type { Span } from "../text/lines.ts";
import { Kind, wordKinds } from "./reading-words.ts";

/** A preprocessor line with its continuations, without the line break that ends it. */
export interface Directive {
  readonly start: number;
  readonly end: number;
  /** Number of tokens before it. */
  readonly token: number;
}

export interface Tokens {
  readonly text: string;
  /** The characters of the text, comments and a byte order mark blanked: the beginning of the shadow. */
  readonly chars: Uint16Array;
  readonly count: number;
  /** A `Kind`, or the character code of a punctuator of one character. */
  readonly kind: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly directives: readonly Directive[];
  /** Comments in which another begins: most likely the end of the first was not typed yet, and it hides code. */
  readonly runaways: readonly Span[];
}

const space = 32;
const newline = 10;
const carriageReturn = 13;
const backslash = 92;
const slash = 47;
const star = 42;
const doubleQuote = 34;
const singleQuote = 39;
const byteOrderMark = 0xfeff;

const isStart = 1;
const isDigit = 2;
const isBlank = 4;
const classes = new Uint8Array(128);
for (const c of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$") classes[c.charCodeAt(0)] = isStart;
for (const c of "0123456789") classes[c.charCodeAt(0)] = isDigit;
for (const c of " \t\v\f\r\n") classes[c.charCodeAt(0)] = isBlank;

const punctuators = new Map<string, number>([
  ["->", Kind.arrow],
  ["++", Kind.increment],
  ["--", Kind.increment],
  ["<<", Kind.binary],
  [">>", Kind.binary],
  ["<=", Kind.binary],
  [">=", Kind.binary],
  ["==", Kind.binary],
  ["!=", Kind.binary],
  ["&&", Kind.and],
  ["||", Kind.binary],
  ["+=", Kind.assign],
  ["-=", Kind.assign],
  ["*=", Kind.assign],
  ["/=", Kind.assign],
  ["%=", Kind.assign],
  ["&=", Kind.assign],
  ["|=", Kind.assign],
  ["^=", Kind.assign],
]);
const pairs = new Uint8Array(128 * 128);
for (const [text, kind] of punctuators) pairs[text.charCodeAt(0) * 128 + text.charCodeAt(1)] = kind;

/** First letters and lengths of the words with a part of their own: most identifiers need no look-up. */
const knownShapes = new Uint8Array(128 * 64);
for (const word of wordKinds.keys()) knownShapes[word.charCodeAt(0) * 64 + Math.min(word.length, 63)] = 1;

function mayBeKnown(first: number, length: number): boolean {
  return first < 128 && knownShapes[first * 64 + Math.min(length, 63)] === 1;
}

export function tokenize(text: string): Tokens {
  const length = text.length;
  const chars = new Uint16Array(length + 4);
  for (let i = 0; i < length; i++) chars[i] = text.charCodeAt(i);
  let capacity = (length >> 2) + 64;
  let kind = new Uint8Array(capacity);
  let start = new Int32Array(capacity);
  let end = new Int32Array(capacity);
  const directives: Directive[] = [];
  const runaways: Span[] = [];
  let count = 0;
  let lineStart = true;
  let at = 0;
  if (chars[0] === byteOrderMark) {
    chars[0] = space;
    at = 1;
  }
  while (at < length) {
    const c = chars[at]!;
    const type = c < 128 ? classes[c]! : isStart;
    if (type === isBlank) {
      if (c === newline) lineStart = true;
      at++;
      continue;
    }
    if (c === slash && (chars[at + 1] === star || chars[at + 1] === slash)) {
      const close = endOfComment(chars, at, length);
      if (chars[at + 1] === star) {
        const inner = text.indexOf("/*", at + 2);
        if (inner !== -1 && inner < close) runaways.push({ start: at, end: close });
      }
      blankOut(chars, at, close);
      at = close;
      continue;
    }
    if (c === 35 && lineStart) {
      const close = endOfDirective(chars, at, length);
      directives.push({ start: at, end: close, token: count });
      at = close;
      continue;
    }
    if (c === backslash) {
      const after = afterContinuation(chars, at, length);
      if (after > 0) {
        chars[at] = space;
        at = after;
        continue;
      }
    }
    lineStart = false;
    if (count === capacity) {
      capacity *= 2;
      const wider = new Uint8Array(capacity);
      wider.set(kind);
      kind = wider;
      const starts = new Int32Array(capacity);
      starts.set(start);
      start = starts;
      const ends = new Int32Array(capacity);
      ends.set(end);
      end = ends;
    }
    const from = at;
    let what: number = c;
    if (type === isStart) {
      at = endOfWord(chars, at + 1, length);
      const next = chars[at];
      if (at - from <= 2 && (next === doubleQuote || next === singleQuote) && isPrefix(text, from, at)) {
        at = endOfString(chars, at, length);
        what = next === doubleQuote ? Kind.string : Kind.character;
      } else if (mayBeKnown(c, at - from)) what = wordKinds.get(text.slice(from, at)) ?? Kind.name;
      else what = Kind.name;
    } else if (type === isDigit || (c === 46 && classes[chars[at + 1]! & 127] === isDigit && chars[at + 1]! < 128)) {
      at = endOfNumber(chars, at + 1, length);
      what = Kind.number;
      if (at - from > 1 && isPasted(chars, from, at, text)) {
        chars[from] = 95;
        for (let i = from; i < at; i++) if (chars[i] === 46) chars[i] = 95;
        what = Kind.name;
      }
    } else if (c === doubleQuote || c === singleQuote) {
      at = endOfString(chars, at, length);
      what = c === doubleQuote ? Kind.string : Kind.character;
    } else {
      const next = chars[at + 1]!;
      const pair = next < 128 ? pairs[c * 128 + next]! : 0;
      at++;
      if (pair) {
        what = pair;
        at++;
        if (pair === Kind.binary && c === next && (c === 60 || c === 62) && chars[at] === 61) {
          what = Kind.assign;
          at++;
        }
      } else if (c === 46 && next === 46 && chars[at + 1] === 46) {
        what = Kind.ellipsis;
        at += 2;
      } else if (c < 32 || c === backslash || c === 64 || c === 96 || c === 35) what = Kind.stray;
    }
    kind[count] = what;
    start[count] = from;
    end[count++] = at;
  }
  return { text, chars, count, kind, start, end, directives, runaways };
}

/** Blanks a range, line breaks excepted. */
export function blankOut(chars: Uint16Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const c = chars[i]!;
    if (c !== newline && c !== carriageReturn) chars[i] = space;
  }
}

function endOfComment(chars: Uint16Array, at: number, length: number): number {
  if (chars[at + 1] === star) {
    let i = at + 2;
    while (i < length && !(chars[i] === star && chars[i + 1] === slash)) i++;
    return Math.min(i + 2, length);
  }
  let i = at + 2;
  while (i < length && chars[i] !== newline) {
    if (chars[i] === backslash) {
      const after = afterContinuation(chars, i, length);
      if (after > 0) {
        i = after;
        continue;
      }
    }
    i++;
  }
  return i;
}

/** The offset after a backslash and the line break it hides, or 0. */
function afterContinuation(chars: Uint16Array, at: number, length: number): number {
  let i = at + 1;
  while (i < length && (chars[i] === space || chars[i] === 9 || chars[i] === carriageReturn)) i++;
  return i < length && chars[i] === newline ? i + 1 : 0;
}

function endOfDirective(chars: Uint16Array, at: number, length: number): number {
  let i = at + 1;
  while (i < length && chars[i] !== newline) {
    const c = chars[i]!;
    if (c === backslash) i = afterContinuation(chars, i, length) || i + 1;
    else if (c === slash && (chars[i + 1] === star || chars[i + 1] === slash)) i = endOfComment(chars, i, length);
    else if (c === doubleQuote) i = endOfString(chars, i, length);
    else i++;
  }
  return i > at + 1 && chars[i - 1] === carriageReturn ? i - 1 : i;
}

function endOfWord(chars: Uint16Array, at: number, length: number): number {
  let i = at;
  while (i < length) {
    const c = chars[i]!;
    if (c < 128 && classes[c] !== isStart && classes[c] !== isDigit) break;
    i++;
  }
  return i;
}

function endOfNumber(chars: Uint16Array, at: number, length: number): number {
  const hex = chars[at - 1] === 48 && (chars[at]! | 32) === 120;
  let i = at;
  while (i < length) {
    const c = chars[i]!;
    if (c < 128 && (classes[c] === isStart || classes[c] === isDigit || c === 46)) {
      // Two dots belong to a range (`1...3`), not to the number.
      if (c === 46 && chars[i + 1] === 46) break;
      i++;
    } else if ((c === 43 || c === 45) && ((chars[i - 1]! | 32) === 112 || (!hex && (chars[i - 1]! | 32) === 101))) i++;
    else break;
  }
  return i;
}

const plainNumber =
  /^(?:0[xX][\da-fA-F]+|0[bB]\d+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|0[xX][\da-fA-F.]+[pP][-+]?\d+)[uUlLfF]*$/;

/** `10000baseT_Full` and `888PACK` are halves that a macro pastes to a name; their first digit makes way for `_`. */
function isPasted(chars: Uint16Array, from: number, to: number, text: string): boolean {
  let letters = false;
  for (let i = from + 1; i < to && !letters; i++) letters = chars[i]! > 57;
  return letters && !plainNumber.test(text.slice(from, to));
}

/** Strings end at their line's end when nothing closes them, so that a quote being typed spoils one line. */
function endOfString(chars: Uint16Array, at: number, length: number): number {
  const quote = chars[at]!;
  let i = at + 1;
  while (i < length) {
    const c = chars[i]!;
    if (c === quote) return i + 1;
    if (c === newline) return i;
    if (c === backslash) i = afterContinuation(chars, i, length) || Math.min(i + 2, length);
    else i++;
  }
  return i;
}

function isPrefix(text: string, from: number, to: number): boolean {
  const word = text.slice(from, to);
  return word === "L" || word === "u" || word === "U" || word === "u8";
}
