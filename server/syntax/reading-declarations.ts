// Declarations: surplus macro words among the type words, declarators, parameters, and what follows them.
import type { Draft } from "./reading-draft.ts";
import { fuseTypeof } from "./reading-types.ts";
import { beginsType, isStatementWord, isWord, Kind, Mark } from "./reading-words.ts";

/** Where a declaration stands decides what may end it. */
export type Place = "file" | "member" | "local" | "parameter";

export interface Specifiers {
  /** The token that ends the run of words. */
  readonly next: number;
  /** A keyword, tag or `typeof` says the type. */
  readonly typed: boolean;
  /** Words that are neither keywords nor tags. */
  readonly names: readonly number[];
  /** `static`, `extern`… in front. */
  readonly storage: readonly number[];
}

const looksLikeAnnotation = /^__|^(far|near|huge|FAR)$|PACK|ALIGN|ATTR|UNUSED|^[A-Z]+_?(API|CALL|DECL)$/;

/** Reads a declaration from its first word; returns the token behind its `;` or body. */
export function readDeclaration(draft: Draft, from: number, to: number, place: Place): number {
  const specifiers = readSpecifiers(draft, from, to, place);
  const named = dropSurplus(draft, specifiers, to, place);
  if (!named && specifiers.typed && draft.at(specifiers.next, to) === Mark.semicolon) {
    // `static struct foo { … };` declares no variable, and tree-sitter-c allows no storage word there.
    for (const word of specifiers.storage) draft.blank(word);
  }
  return readDeclarators(draft, specifiers, to, place, named);
}

export function readSpecifiers(draft: Draft, from: number, to: number, place: Place): Specifiers {
  const names: number[] = [];
  const storage: number[] = [];
  let typed = false;
  let i = from;
  while (i < to) {
    const kind = draft.kind[i]!;
    if (kind === Kind.qualifier) {
      normaliseQualifier(draft, i);
      i++;
    } else if (kind === Kind.storage) {
      storage.push(i);
      if (draft.word(i) === "_Thread_local") draft.replace(i, "__thread");
      i++;
    } else if (kind === Kind.noise) draft.blank(i++);
    else if (kind === Kind.type) {
      typed = true;
      if (draft.chars[draft.start[i]!] === 95 && draft.word(i).startsWith("__signed")) draft.replace(i, "signed");
      i++;
    } else if (kind === Kind.typeof) {
      typed = true;
      i = fuseTypeof(draft, i, to);
    } else if (kind === Kind.tag) {
      typed = true;
      i = readTagged(draft, i, to);
    } else if (kind === Kind.name) {
      if (draft.at(i + 1, to) === Mark.open) {
        const after = macroAmongWords(draft, i, to, place, typed || names.length > 0);
        if (after < 0) {
          names.push(i++);
          break;
        }
        const next = draft.at(after, to);
        // A macro with arguments is the type when nothing else can be, otherwise it annotates.
        const isType = !typed && names.length === 0 && next === Kind.name && !isWord(draft.at(after + 1, to));
        if (isType) {
          draft.fuse(i, after);
          typed = true;
        } else draft.blank(i, after);
        i = after;
      } else names.push(i++);
    } else break;
  }
  return { next: i, typed, names, storage };
}

/** `__const` and the like become what tree-sitter-c knows. */
export function normaliseQualifier(draft: Draft, i: number): void {
  if (draft.chars[draft.start[i]!] !== 95) return;
  const word = draft.word(i);
  if (word.startsWith("__const")) draft.replace(i, "const");
  else if (word.startsWith("__vol")) draft.replace(i, "volatile");
  else if (word === "__restrict") draft.blank(i);
}

/** The token behind `NAME(…)` when more of the declaration follows it on the line, otherwise -1. */
function macroAmongWords(draft: Draft, i: number, to: number, place: Place, hasType: boolean): number {
  const close = draft.close(i + 1, to);
  if (close < 0 || !draft.isWordAt(close + 1, to) || isStatementWord(draft.kind[close + 1]!)) return -1;
  if (place === "file" && draft.newlineBetween(close, close + 1)) return -1;
  if (draft.kind[close + 1] === Kind.asm) return -1;
  // `type name(params) SUFFIX` ends so; a macro in front of a type is followed by more than one word.
  const after = draft.at(close + 2, to);
  if (after === Mark.openBrace || (hasType && after === Mark.semicolon && place !== "member")) return -1;
  if (after === Mark.open && draft.kind[close + 1] === Kind.name) {
    const end = draft.close(close + 2, to);
    if (end > 0 && draft.at(end + 1, to) === Mark.openBrace && draft.isWordAt(i - 1, to))
      return isParameterList(draft, i + 1) ? -1 : close + 1;
  }
  return close + 1;
}

/** `struct [macros] tag { … }`, `enum { … }`; returns the token behind. */
function readTagged(draft: Draft, i: number, to: number): number {
  const isEnum = draft.word(i) === "enum";
  let at = i + 1;
  let tag = -1;
  while (draft.isName(at, to) || draft.at(at, to) === Kind.annotation) {
    const followed = draft.at(at + 1, to);
    if (tag >= 0 && followed !== Mark.openBrace) break;
    if (tag >= 0) draft.blank(tag);
    tag = at++;
    if (draft.at(at, to) === Mark.open && draft.isWordAt(draft.skip(at, to), to)) {
      // `struct MACRO(n) name` is a tag made by a macro.
      const after = draft.skip(at, to);
      draft.fuse(tag, after);
      return after;
    }
  }
  if (isEnum && draft.at(at, to) === Mark.colon && tag >= 0 && draft.at(at + 2, to) === Mark.openBrace) at += 2;
  if (draft.at(at, to) !== Mark.openBrace) return at;
  const close = draft.close(at, to);
  if (close < 0) return at;
  if (isEnum) readEnumerators(draft, at + 1, close);
  else draft.nest(() => draft.readers.members(draft, at + 1, close));
  return close + 1;
}

function readEnumerators(draft: Draft, from: number, to: number): void {
  let i = from;
  while (i < to) {
    const end = draft.find(i, to, Mark.comma);
    if (end === i) draft.blank(end);
    let equals = draft.find(i, end, Mark.equals);
    if (
      draft.isName(i, end) &&
      draft.isName(i + 1, end) &&
      draft.newlineBetween(i, i + 1) &&
      draft.insertAfter(i, ",")
    ) {
      i++;
      continue;
    }
    // `MACRO(name, value),` keeps the macro's name as the enumerator.
    if (equals > i + 1 && draft.at(i + 1, end) === Mark.open) {
      const close = draft.close(i + 1, end);
      if (close > 0 && close + 1 < end && draft.isName(close + 1, end) && draft.insertAfter(close, ",")) {
        draft.blank(i + 1, close + 1);
        i = close + 1;
        continue;
      }
      draft.blank(i + 1, equals);
    } else if (draft.isName(i, end) && draft.isName(i + 1, end) && equals > i + 1) draft.blank(i);
    if (equals < end) draft.readers.expression(draft, equals + 1, end);
    equals = end;
    i = end + 1;
  }
}

/** Keeps those of the words that are the type and the name, the others are macros; says whether one is the name. */
function dropSurplus(draft: Draft, specifiers: Specifiers, to: number, place: Place): boolean {
  const { names, typed, next } = specifiers;
  let wanted = typed ? 1 : 2;
  const stop = draft.at(next, to);
  if (stop === Mark.star || (stop === Mark.open && isDeclaratorParenthesis(draft, next, to))) wanted--;
  else if (stop === Mark.colon && place === "member" && names.length < wanted) blankBitfield(draft, next, to);
  const named = wanted === (typed ? 1 : 2) && names.length >= wanted;
  let surplus = names.length - wanted;
  if (surplus <= 0) return named;
  const last = names[names.length - 1]!;
  const nameIsLast = named && stop === Mark.open;
  for (const suspect of [looksLikeAnnotation, named ? /^$/ : /^[A-Z][A-Z\d_]*$/, /^/]) {
    for (const name of names) {
      if (surplus === 0) return named;
      if ((nameIsLast && name === last) || draft.isBlank(name) || !suspect.test(draft.word(name))) continue;
      draft.blank(name);
      surplus--;
    }
  }
  return named;
}

/** `(*name)` as opposed to a list of parameters. */
export function isDeclaratorParenthesis(draft: Draft, open: number, to: number): boolean {
  const close = draft.close(open, to);
  if (close < 0) return false;
  let i = open + 1;
  while (i < close && draft.isWordAt(i, close) && !beginsType(draft.kind[i]!)) i++;
  if (i === open + 1 && draft.at(i, close) === Mark.open) return isDeclaratorParenthesis(draft, i, close);
  if (draft.at(i, close) !== Mark.star && draft.at(i, close) !== Mark.caret) return false;
  const after = draft.at(close + 1, to);
  return after === Mark.open || after === Mark.openSquare || (i === open + 1 && after !== Mark.openBrace);
}

function blankBitfield(draft: Draft, colon: number, to: number): void {
  draft.blank(colon, draft.find(colon, to, Mark.semicolon, Mark.comma));
}

function readDeclarators(draft: Draft, specifiers: Specifiers, to: number, place: Place, hasName: boolean): number {
  let i = specifiers.next;
  let named = hasName;
  for (;;) {
    const end = readDeclarator(draft, i, to, named, place);
    i = end.next;
    const kind = draft.at(i, to);
    if (kind === Mark.openBrace && end.isFunction && (place === "file" || place === "local")) {
      const close = draft.close(i, to);
      if (close < 0) return i + 1;
      draft.nest(() => draft.readers.statements(draft, i + 1, close));
      return close + 1;
    }
    if (kind === Mark.colon) {
      const stop = draft.find(i, to, Mark.semicolon, Mark.comma);
      draft.readers.expression(draft, i + 1, stop);
      i = stop;
    } else if (kind === Mark.equals) i = readInitialValue(draft, i + 1, to);
    if (draft.at(i, to) === Mark.comma && place !== "parameter") {
      i++;
      named = false;
      while (draft.at(i, to) === Mark.colon) {
        // An unnamed bit-field in a row of them goes with its comma.
        const stop = draft.find(i, to, Mark.semicolon, Mark.comma);
        draft.blank(i - 1, stop);
        i = draft.at(stop, to) === Mark.comma ? stop + 1 : stop;
      }
      if (draft.at(i, to) === Mark.semicolon) return i + 1;
      continue;
    }
    if (draft.at(i, to) === Mark.semicolon) return i + 1;
    return i >= to ? to : recover(draft, i, to, place);
  }
}

function readInitialValue(draft: Draft, from: number, to: number): number {
  if (draft.at(from, to) === Mark.openBrace) {
    const close = draft.close(from, to);
    if (close < 0) return from + 1;
    draft.nest(() => draft.readers.initializer(draft, from));
    return close + 1;
  }
  const end = draft.find(from, to, Mark.semicolon, Mark.comma);
  // The value is in an included file.
  if (end === from) draft.insertAfter(from - 1, "0");
  draft.nest(() => draft.readers.expression(draft, from, end));
  return end;
}

/** What a declaration should not contain: go on behind its end, or at a new line that begins something else. */
function recover(draft: Draft, from: number, to: number, place: Place): number {
  let i = from;
  while (i < to) {
    const kind = draft.kind[i]!;
    if (kind === Mark.semicolon) return i + 1;
    if (kind === Mark.closeBrace) return i;
    if (kind === Mark.openBrace && place !== "member") {
      const close = draft.close(i, to);
      if (close < 0) return i + 1;
      draft.nest(() => draft.readers.statements(draft, i + 1, close));
      return close + 1;
    }
    if (i > from && isStatementWord(kind) && place === "local") return i;
    i = draft.skip(i, to);
  }
  return to;
}

interface Declarator {
  readonly next: number;
  readonly isFunction: boolean;
}

function readDeclarator(draft: Draft, from: number, to: number, alreadyNamed: boolean, place: Place): Declarator {
  let i = from;
  let named = alreadyNamed;
  let isFunction = false;
  while (i < to) {
    const kind = draft.kind[i]!;
    if (kind === Mark.star) {
      if (named && i > from) break;
      i++;
    } else if (kind === Kind.qualifier) {
      normaliseQualifier(draft, i);
      i++;
    } else if (kind === Kind.asm) {
      const end = draft.skip(i + 1, to);
      draft.blank(i, end);
      i = end;
    } else if (kind === Kind.name) {
      if (named) {
        // Surplus behind a declarator: `) MACRO {`, `] MACRO(x) =`.
        if (isFunction && place === "file" && startsNewItem(draft, i, to)) break;
        const end = draft.at(i + 1, to) === Mark.open ? draft.skip(i + 1, to) : i + 1;
        draft.blank(i, end);
        i = end;
        continue;
      }
      i = readDeclaredName(draft, i, to);
      named = true;
    } else if (kind === Mark.openSquare) {
      const close = draft.close(i, to);
      if (close < 0) break;
      draft.nest(() => draft.readers.expression(draft, i + 1, close));
      i = close + 1;
      named = true;
    } else if (kind === Mark.open) {
      const close = draft.close(i, to);
      if (close < 0) break;
      if (!named && isNestedDeclarator(draft, i, close)) {
        draft.nest(() => readDeclarator(draft, i + 1, close, false, place));
        named = true;
      } else if (place === "member" && draft.find(i + 1, close, Mark.colon) < close) {
        // `u8 MACRO(a:6, b:2);` orders bit-fields.
        draft.blank(i - 1, i + 1);
        draft.blank(close);
        return { next: readBitfields(draft, i + 1, close), isFunction: false };
      } else {
        draft.nest(() => readParameters(draft, i));
        isFunction = true;
        named = true;
      }
      i = close + 1;
    } else break;
  }
  return { next: i, isFunction };
}

function readBitfields(draft: Draft, from: number, close: number): number {
  for (let i = from; i < close; i++) {
    const kind = draft.kind[i]!;
    if (kind === Mark.close || kind === Mark.open || draft.at(i + 1, close) === Mark.open) draft.blank(i);
  }
  return close + 1;
}

/** At file scope a name on a new line behind a prototype begins something of its own. */
function startsNewItem(draft: Draft, i: number, to: number): boolean {
  if (!draft.newlineBetween(i - 1, i) || draft.column(i) > 0) return false;
  const end = draft.at(i + 1, to) === Mark.open ? draft.skip(i + 1, to) : i + 1;
  return draft.at(end, to) !== Mark.openBrace;
}

function isNestedDeclarator(draft: Draft, open: number, close: number): boolean {
  const first = draft.at(open + 1, close);
  if (first === Mark.star || first === Mark.open || first === Mark.caret) return true;
  if (first !== Kind.name) return false;
  // `(name)` before parameters or dimensions, `(MACRO *name)`.
  const after = draft.at(close + 1);
  if (draft.kind[open + 2] === Mark.star) return after === Mark.open;
  return open + 2 === close && (after === Mark.open || after === Mark.openSquare);
}

/** Behind `*` one word is the name; returns the token behind the run of words. */
function readDeclaredName(draft: Draft, from: number, to: number): number {
  let end = from;
  while (draft.isWordAt(end, to) && (draft.kind[end] === Kind.name || draft.kind[end] === Kind.qualifier)) end++;
  const next = draft.at(end, to);
  let keep = end - 1;
  if (next === Mark.open && isNestedDeclarator(draft, end, Math.max(end, draft.close(end, to)))) {
    draft.blank(from, end);
    return end;
  }
  while (keep > from && next !== Mark.open && looksLikeAnnotation.test(draft.word(keep))) keep--;
  for (let i = from; i < end; i++) if (i !== keep && draft.kind[i] === Kind.name) draft.blank(i);
  return end;
}

export function readParameters(draft: Draft, open: number): void {
  const close = draft.match[open]!;
  let i = open + 1;
  while (i < close) {
    const end = draft.find(i, close, Mark.comma);
    if (end === i) draft.blank(end);
    else if (draft.isWordAt(i, end)) readDeclaration(draft, i, end, "parameter");
    i = end + 1;
  }
}

/** False when a part cannot declare anything: a literal, an operator, a member access. */
export function isParameterList(draft: Draft, open: number): boolean {
  const close = draft.match[open]!;
  let i = open + 1;
  while (i < close) {
    const kind = draft.kind[i]!;
    if (!isWord(kind) && kind !== Kind.ellipsis) return false;
    const end = draft.find(i, close, Mark.comma);
    for (let at = i; at < end; at = draft.skip(at, end)) {
      const inner = draft.kind[at]!;
      if (inner > Kind.name && inner <= Kind.stray) return false;
      if (
        !isWord(inner) &&
        inner !== Mark.star &&
        inner !== Mark.open &&
        inner !== Mark.openSquare &&
        inner !== Kind.ellipsis
      ) {
        return false;
      }
    }
    i = end + 1;
  }
  return true;
}

export function readTypeName(draft: Draft, from: number, to: number): void {
  readDeclaration(draft, from, to, "parameter");
}
