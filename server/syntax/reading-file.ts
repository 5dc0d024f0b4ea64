// File scope: definitions, prototypes, and the macros that stand in their place.

import { readArguments } from "./reading-arguments.ts";
import { readAsm } from "./reading-asm.ts";
import { isDeclaratorParenthesis, isParameterList, readDeclaration, readSpecifiers } from "./reading-declarations.ts";
import type { Draft } from "./reading-draft.ts";
import { declareMacroName } from "./reading-statements.ts";
import { isStatementWord, isWord, Kind, Mark } from "./reading-words.ts";

export function readFile(draft: Draft, from: number, to: number): void {
  let i = from;
  while (i < to) {
    const kind = draft.kind[i]!;
    const start = i;
    if (kind === Mark.semicolon || kind === Mark.closeBrace || kind === Mark.openBrace) i++;
    else if (kind === Kind.noise) draft.blank(i++);
    else if (kind === Kind.asm) i = Math.min(readAsm(draft, i, to) + 1, to);
    else if (isWord(kind)) i = readItem(draft, i, to);
    else i = Math.min(draft.skip(i, to), to);
    if (i <= start) i = start + 1;
  }
}

function readItem(draft: Draft, from: number, to: number): number {
  // Words are looked at first and rewritten only when it is known what they introduce.
  let i = from;
  let words = 0;
  while (i < to && (draft.kind[i] === Kind.storage || draft.kind[i] === Kind.qualifier)) i++;
  while (draft.isName(i + words, to) && words < 8) words++;
  const macro = i + words - 1;
  if (words > 0 && draft.at(macro + 1, to) === Mark.open) {
    const close = draft.close(macro + 1, to);
    if (close > 0 && isInvocation(draft, macro, close, words, to)) return readInvocation(draft, from, macro, close, to);
  }
  if (words > 0 && i === from && draft.isAlone(i, to) && draft.column(i) === 0) {
    // A word alone on its line: a macro, or the type of the definition on the next line.
    const last =
      i + 1 >= to || (isWord(draft.kind[i + 1]!) && draft.column(i + 1) === 0 && draft.at(i + 2, to) !== Mark.open);
    if (last && /^[A-Z][A-Z0-9_]*$/.test(draft.word(i))) {
      draft.blank(i);
      return i + 1;
    }
  }
  let next = to;
  draft.nest(() => {
    next = readDeclaration(draft, from, to, "file");
  });
  return next;
}

/** Whether `NAME(…)` is a macro at file scope and not a function's declarator. */
function isInvocation(draft: Draft, macro: number, close: number, words: number, to: number): boolean {
  const after = draft.at(close + 1, to);
  if (words === 1) {
    if (isDeclaratorParenthesis(draft, macro + 1, to)) return false;
    if (!isWord(after)) return true;
    return draft.newlineBetween(close, close + 1);
  }
  const ownLine = isWord(after) && draft.newlineBetween(close, close + 1) && draft.column(close + 1) === 0;
  if (ownLine && /^[A-Z][A-Z\d_]*$/.test(draft.word(macro))) return true;
  return (
    !isParameterList(draft, macro + 1) &&
    (after === Mark.semicolon || after === Mark.equals || after === 0 || isWord(after))
  );
}

function readInvocation(draft: Draft, from: number, macro: number, close: number, to: number): number {
  const after = draft.at(close + 1, to);
  if (after === Mark.openBrace) return readDefinition(draft, from, macro, close, to);
  if (after === Mark.open || after === Mark.star) {
    // `static RETURN(x) *name(…)`, `NAME(a)(b)`: leave the first part as the type.
    draft.fuse(macro, close + 1);
    const specifiers = readSpecifiers(draft, from, close + 1, "file");
    return Math.max(readDeclarationTail(draft, specifiers.next, to), close + 1);
  }
  if (after === Mark.equals || after === Mark.openSquare) {
    declareMacroName(draft, macro, close);
    return readDeclarationTail(draft, close + 1, to);
  }
  if (after === Mark.comma) {
    draft.nest(() => readArguments(draft, macro + 1));
    draft.put(draft.start[close + 1]!, ";");
    return close + 2;
  }
  draft.blank(from, macro);
  draft.nest(() => readArguments(draft, macro + 1));
  if (after === Mark.semicolon) return close + 2;
  if (!draft.insertAfter(close, ";")) splitInvocation(draft, macro, close);
  return close + 1;
}

/** Without room for a semicolon, the parentheses and commas become semicolons: `NAME;arg; arg;`. */
function splitInvocation(draft: Draft, macro: number, close: number): void {
  draft.put(draft.start[close]!, ";");
  const statement = findStatement(draft, macro + 2, close);
  if (statement > macro + 3 && draft.isName(macro + 2, close)) {
    // `DEFINE_FREE(name, type, if (…) …)` keeps its name alone.
    draft.blank(macro + 1);
    draft.blank(macro + 3, close);
    return;
  }
  if (close === macro + 2) {
    draft.blank(macro + 1);
    return;
  }
  if (close === macro + 3) {
    // `NAME "text";` and `NAME name;` read well.
    const only = draft.kind[macro + 2];
    draft.put(draft.start[macro + 1]!, only === Kind.string || only === Kind.name ? " " : ";");
    return;
  }
  draft.put(draft.start[macro + 1]!, ";");
  for (let i = macro + 2; i < close; i = draft.skip(i, close)) {
    const kind = draft.kind[i]!;
    if (kind === Mark.openSquare) draft.blank(i, draft.skip(i, close));
    // Top-level statements hold no binary operators.
    if (kind > Kind.character && !isWord(kind) && kind !== Mark.open && !draft.isBlank(i)) {
      draft.put(draft.start[i]!, ";".padEnd(draft.end[i]! - draft.start[i]!));
    }
  }
}

/** The first statement word among arguments, or -1. */
function findStatement(draft: Draft, from: number, close: number): number {
  for (let i = from; i < close; i = draft.skip(i, close)) if (isStatementWord(draft.kind[i]!)) return i;
  return -1;
}

/** From behind a type: declarators up to the semicolon or a body. */
function readDeclarationTail(draft: Draft, from: number, to: number): number {
  return readDeclaration(draft, from, to, "file");
}

/** `MACRO(name, …) { … }`: the first name among the arguments, otherwise the macro itself, is the function. */
function readDefinition(draft: Draft, from: number, macro: number, close: number, to: number): number {
  const body = close + 1;
  const first = macro + 2;
  const named = draft.kind[first] === Kind.name && (first + 1 === close || draft.kind[first + 1] === Mark.comma);
  if (named) {
    draft.blank(macro + 1);
    if (first + 1 === close) draft.blank(close);
    else {
      draft.put(draft.start[first + 1]!, "(");
      readMacroParameters(draft, first + 2, close);
    }
  } else {
    const storage = firstStorage(draft, from, macro);
    if (storage >= 0) draft.replace(storage, "int");
    else if (draft.kind[from] !== Kind.type) return nameDefinition(draft, macro, close, to);
    if (!isParameterList(draft, macro + 1)) draft.blank(macro + 2, close);
  }
  const end = draft.close(body, to);
  if (end < 0) return body + 1;
  draft.nest(() => draft.readers.statements(draft, body + 1, end));
  return end + 1;
}

/** `MACRO(struct foo) { … }`: the last name among the arguments is the function; without one, the macro's last letter. */
function nameDefinition(draft: Draft, macro: number, close: number, to: number): number {
  let name = -1;
  for (let i = macro + 2; i < close; i++) if (draft.kind[i] === Kind.name) name = i;
  if (name >= 0) {
    draft.blank(macro + 1, name);
    draft.blank(name + 1, close + 1);
  } else {
    const last = draft.end[macro]! - 1;
    if (last - draft.start[macro]! > 1) draft.put(last - 1, " ");
    draft.blank(macro + 2, close);
  }
  const end = draft.close(close + 1, to);
  if (end < 0) return close + 2;
  draft.nest(() => draft.readers.statements(draft, close + 2, end));
  return end + 1;
}

function firstStorage(draft: Draft, from: number, to: number): number {
  for (let i = from; i < to; i++) if (draft.kind[i] === Kind.storage && draft.end[i]! - draft.start[i]! >= 3) return i;
  return -1;
}

/** Parameters stay when they declare something; `type, name` pairs as in SYSCALL_DEFINE lose their inner comma. */
function readMacroParameters(draft: Draft, from: number, close: number): void {
  let pairs = true;
  let part = 0;
  for (let i = from; i < close; part++) {
    const end = draft.find(i, close, Mark.comma);
    if (part % 2 === 1 && !(end === i + 1 && draft.kind[i] === Kind.name)) pairs = false;
    if (part % 2 === 0 && !draft.isWordAt(i, end)) pairs = false;
    i = end + 1;
  }
  if (part < 2 || part % 2 === 1) pairs = false;
  if (!pairs) {
    draft.blank(from, close);
    return;
  }
  part = 0;
  for (let i = from; i < close; part++) {
    const end = draft.find(i, close, Mark.comma);
    if (part % 2 === 0) draft.blank(end);
    i = end + 1;
  }
}
