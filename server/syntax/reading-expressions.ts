// Expressions: parentheses, casts, strings glued to macros, operands side by side, offsetof.
import { readArguments } from "./reading-arguments.ts";
import { readAsm } from "./reading-asm.ts";
import type { Draft } from "./reading-draft.ts";
import { allWords, fuseTypeof, startsType } from "./reading-types.ts";
import { Kind, Mark } from "./reading-words.ts";

export function readExpression(draft: Draft, from: number, to: number): void {
  let i = from;
  while (i < to) {
    const kind = draft.kind[i]!;
    if (kind === Mark.open) i = readParenthesis(draft, i, from, to);
    else if (kind === Mark.openSquare) {
      const close = draft.close(i, to);
      if (close > 0) draft.nest(() => draft.readers.expression(draft, i + 1, close));
      i = draft.skip(i, to);
    } else if (kind === Mark.openBrace) {
      if (draft.close(i, to) > 0) draft.nest(() => draft.readers.initializer(draft, i));
      i = draft.skip(i, to);
    } else if (kind === Kind.typeof) i = fuseTypeof(draft, i, to);
    else if (kind === Kind.name || kind === Kind.string) i = readRun(draft, i, to);
    else if (kind === Kind.number) {
      // `2 SECONDS`: the macro begins with an operator.
      if (draft.at(i + 1, to) === Kind.name) draft.insertAfter(i, "*");
      else if (draft.at(i + 1, to) === Kind.number) draft.insertAfter(i, "+");
      i++;
    } else if (kind === Kind.offsetof) i = readOffsetof(draft, i, to);
    else if (kind === Kind.asm) i = readAsm(draft, i, to);
    else if (kind === Kind.sizeof) {
      // tree-sitter-c takes only types for `alignof`; `sizeof` takes both.
      if (draft.word(i) !== "sizeof" && draft.end[i]! - draft.start[i]! > 6 && !startsType(draft, i + 2, to)) {
        draft.replace(i, "sizeof");
      }
      i++;
    } else if (kind === Kind.noise) {
      draft.blank(i);
      i++;
    } else if (kind === Kind.ellipsis) {
      // Only ranges of a case and of a designator have it; designators keep it.
      if (draft.at(from - 1) === Kind.case) draft.put(draft.start[i]!, "|| ");
      i++;
    } else i++;
  }
}

function readParenthesis(draft: Draft, open: number, from: number, to: number): number {
  const close = draft.close(open, to);
  if (close < 0) return open + 1;
  const inner = draft.at(open + 1);
  const before = open > from ? draft.kind[open - 1]! : 0;
  if (inner === Mark.openBrace) {
    const end = draft.close(open + 1, close);
    if (end > 0) draft.nest(() => draft.readers.statements(draft, open + 2, end));
    return close + 1;
  }
  if (startsType(draft, open + 1, close)) {
    const callee = before === Kind.name || before === Mark.close || before === Mark.closeSquare;
    const separated = draft.find(open + 1, close, Mark.comma) < close;
    if (callee && (separated || before === Kind.name)) draft.nest(() => readArguments(draft, open));
    else draft.nest(() => draft.readers.typeName(draft, open + 1, close));
    return close + 1;
  }
  const plain = before !== Kind.name && before !== Mark.close;
  if (plain && isQualifiedPointer(draft, open + 1, close)) draft.readers.typeName(draft, open + 1, close);
  else draft.nest(() => readArguments(draft, open, plain));
  return close + 1;
}

/** `(u32 *)`, `(u_char far *)`: words that are no keywords, then pointers. */
function isQualifiedPointer(draft: Draft, from: number, close: number): boolean {
  return draft.isName(from, close) && draft.kind[close - 1] === Mark.star && allWords(draft, from, close);
}

/** Words and strings side by side: C has them adjacent only in concatenated strings. */
function readRun(draft: Draft, from: number, to: number): number {
  let i = from;
  let items = 0;
  let strings = 0;
  while (i < to && (draft.kind[i] === Kind.name || draft.kind[i] === Kind.string)) {
    items++;
    if (draft.kind[i] === Kind.string) strings++;
    else if (draft.at(i + 1, to) === Mark.open && draft.close(i + 1, to) > 0) {
      const close = draft.close(i + 1, to);
      const after = draft.at(close + 1, to);
      if (items === 1 && after !== Kind.string && after !== Kind.name) {
        draft.nest(() => readArguments(draft, i + 1));
        return close + 1;
      }
      i = close;
    }
    i++;
  }
  if (items === 1) {
    if (draft.at(i, to) !== Kind.number || draft.kind[from] !== Kind.name) return i;
    if (draft.insertAfter(from, "+")) return i;
    draft.fuse(from, i + 1);
    return i + 1;
  }
  if (strings > 0) glueStrings(draft, from, i);
  else separateOperands(draft, from, i, to);
  return i;
}

/** tree-sitter-c joins strings and names when a string is among the first two, and knows no calls there. */
function glueStrings(draft: Draft, from: number, end: number): void {
  let settled = false;
  let names = 0;
  for (let i = from; i < end; i++) {
    if (draft.kind[i] === Kind.string) {
      settled = true;
      continue;
    }
    const name = i;
    if (draft.at(i + 1, end) === Mark.open && draft.close(i + 1, end) > 0) {
      i = draft.close(i + 1, end);
      draft.fuse(name, i + 1);
    }
    // The first name stays: it is the level of a printk.
    if (!settled && names++ > 0) draft.blank(name, i + 1);
  }
}

function separateOperands(draft: Draft, from: number, end: number, to: number): void {
  for (let i = from; i < end; i++) {
    let last = i;
    if (draft.at(i + 1, to) === Mark.open && draft.close(i + 1, to) > 0) {
      last = draft.close(i + 1, to);
      draft.nest(() => readArguments(draft, i + 1));
    }
    if (last + 1 < end && !draft.insertAfter(last, "+")) draft.blank(i, last + 1);
    i = last;
  }
}

/** tree-sitter-c allows one member name: `offsetof(struct foo, a.b[2])` loses what follows `a`. */
function readOffsetof(draft: Draft, i: number, to: number): number {
  const close = draft.at(i + 1, to) === Mark.open ? draft.close(i + 1, to) : -1;
  if (close < 0) return i + 1;
  const comma = draft.find(i + 2, close, Mark.comma);
  if (draft.word(i) !== "offsetof" || comma + 1 >= close || draft.kind[comma + 1] !== Kind.name) {
    draft.disguise(i);
    draft.nest(() => readArguments(draft, i + 1));
    return close + 1;
  }
  draft.nest(() => draft.readers.typeName(draft, i + 2, comma));
  draft.blank(comma + 2, close);
  return close + 1;
}
