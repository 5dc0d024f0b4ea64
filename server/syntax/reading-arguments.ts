// The arguments of calls and macros: types, operators, statements and braces in the place of operands.
import type { Draft } from "./reading-draft.ts";
import { allWords, fuseTypeof, startsType } from "./reading-types.ts";
import { isStatementWord, isWord, Kind, Mark } from "./reading-words.ts";

/** `plain` parentheses group an expression; the others hold the arguments of a call. */
export function readArguments(draft: Draft, open: number, plain = false): void {
  const close = draft.match[open]!;
  let i = open + 1;
  if (i >= close) return;
  for (;;) {
    const end = draft.find(i, close, Mark.comma);
    if (end === i) {
      // The comma of an empty argument goes; behind the last one it is the comma before.
      if (end < close) draft.blank(end);
      else blankCommaBefore(draft, open, end);
    } else draft.nest(() => readArgument(draft, i, end, plain));
    if (end >= close) break;
    i = end + 1;
  }
}

function blankCommaBefore(draft: Draft, open: number, end: number): void {
  let i = end - 1;
  while (i > open && draft.kind[i] === Mark.comma) draft.blank(i--);
}

function readArgument(draft: Draft, from: number, to: number, plain: boolean): void {
  const kind = draft.kind[from]!;
  if (to - from === 1 && !isWord(kind) && kind > Kind.stray) {
    draft.put(draft.start[from]!, "_".repeat(draft.end[from]! - draft.start[from]!));
    return;
  }
  const statements = draft.kind[to - 1] === Mark.closeBrace && (isStatementWord(kind) || isGoverned(draft, from, to));
  if (statements || draft.find(from, to, Mark.semicolon) < to) {
    readStatementList(draft, from, to);
    return;
  }
  if (startsType(draft, from, to)) {
    readTypeArgument(draft, from, to);
    return;
  }
  if (isStatementWord(kind)) {
    readStatementArgument(draft, from, to);
    return;
  }
  if (kind === Mark.openBrace) {
    readBraceArgument(draft, from, to);
    return;
  }
  if ((kind === Mark.dot || kind === Mark.openSquare) && !plain) {
    readDesignatedArgument(draft, from, to);
    return;
  }
  if (kind === Kind.name && !plain) {
    if (draft.isName(from + 1, to) && allWords(draft, from, to)) {
      readTypeArgument(draft, from, to);
      return;
    }
    let stars = from + 1;
    while (stars < to && draft.kind[stars] === Mark.star) stars++;
    if (stars === to && stars > from + 1) {
      readTypeArgument(draft, from, to);
      return;
    }
    if (draft.isName(from + 1, to) && draft.kind[from + 2] === Mark.star) {
      readTypeArgument(draft, from, to);
      return;
    }
  }
  if (!plain && kind !== Kind.asm) {
    const colon = draft.find(from, to, Mark.colon, Mark.question);
    // `MACRO(x, 10:8)` passes a range of bits.
    if (draft.at(colon, to) === Mark.colon) draft.put(draft.start[colon]!, "|");
  }
  let first = from;
  let last = to;
  if (isBinaryOnly(kind)) draft.blank(first++);
  if (last - first > 1 && isOperator(draft.kind[last - 1]!)) draft.blank(--last);
  draft.readers.expression(draft, first, last);
}

/** `for_each_x(…) { … }` */
function isGoverned(draft: Draft, from: number, to: number): boolean {
  if (!draft.isName(from, to) || draft.at(from + 1, to) !== Mark.open) return false;
  return draft.at(draft.skip(from + 1, to), to) === Mark.openBrace;
}

function isBinaryOnly(kind: number): boolean {
  switch (kind) {
    case Kind.binary:
    case Kind.assign:
    case Kind.arrow:
    case Mark.dot:
    case Mark.equals:
    case Mark.less:
    case Mark.greater:
    case Mark.slash:
    case Mark.percent:
    case Mark.bar:
    case Mark.caret:
    case Mark.question:
    case Mark.colon:
      return true;
    default:
      return false;
  }
}

function isOperator(kind: number): boolean {
  return (
    isBinaryOnly(kind) ||
    kind === Mark.star ||
    kind === Mark.plus ||
    kind === Mark.minus ||
    kind === Mark.ampersand ||
    kind === Mark.tilde ||
    kind === Mark.bang ||
    kind === Kind.and
  );
}

/** A type in the place of an operand becomes one identifier; behind `=` follows an ordinary expression. */
function readTypeArgument(draft: Draft, from: number, to: number): void {
  const equals = draft.find(from, to, Mark.equals);
  const end = Math.min(equals, to);
  if (end === from) {
    draft.readers.expression(draft, from, to);
    return;
  }
  let words = from;
  while (words < end) {
    if (draft.kind[words] === Kind.typeof) words = Math.max(words + 1, fuseTypeof(draft, words, end));
    else if (isWord(draft.kind[words]!)) words++;
    else break;
  }
  const single = words === from + 1;
  draft.fuse(from, words, end);
  if (draft.kind[from] !== Kind.name && (single || draft.newlineBetween(from, from + 1))) draft.disguise(from);
  draft.typeArguments.push({ start: draft.start[from]!, end: draft.end[end - 1]! });
  if (equals < to) draft.readers.expression(draft, equals + 1, to);
}

/** A statement as an argument becomes a block where there is room for braces; otherwise its operands stay. */
function readStatementArgument(draft: Draft, from: number, to: number): void {
  const kind = draft.kind[from]!;
  if (to === from + 1) {
    draft.disguise(from);
    return;
  }
  if (kind === Kind.return || kind === Kind.goto) {
    draft.blank(from);
    draft.readers.expression(draft, from + 1, to);
    return;
  }
  const close = draft.at(from + 1, to) === Mark.open ? draft.close(from + 1, to) : -1;
  if (kind !== Kind.if || close < 0 || close + 1 >= to) {
    draft.fuse(from, to);
    return;
  }
  // `if (test) call(x)` without room reads as `(test) & call(x)`.
  draft.blank(from);
  draft.insertAfter(close, "&");
  draft.readers.expression(draft, from + 1, close + 1);
  draft.nest(() => readArgument(draft, close + 1, to, true));
}

/** Statements as one argument: a block where braces find room, otherwise their semicolons become commas. */
function readStatementList(draft: Draft, from: number, to: number): void {
  if (draft.kind[to - 1] === Mark.semicolon || draft.kind[to - 1] === Mark.closeBrace) {
    if (draft.wrap(from, to)) {
      draft.nest(() => draft.readers.statements(draft, from, to));
      return;
    }
  }
  let i = from;
  while (i < to) {
    const end = draft.find(i, to, Mark.semicolon);
    if (end === i) draft.blank(end);
    else {
      draft.nest(() => readArgument(draft, i, end, true));
      if (end + 1 < to && end < to) draft.put(draft.start[end]!, ",");
      else if (end < to) draft.blank(end);
    }
    i = end + 1;
  }
}

/** Braces as an argument are a block when they hold statements; initialiser braces become parentheses. */
function readBraceArgument(draft: Draft, from: number, to: number): void {
  const close = draft.close(from, to);
  if (close < 0) return;
  const semicolon = draft.find(from + 1, close, Mark.semicolon) < close;
  if (semicolon || close === from + 1 || isStatementWord(draft.kind[from + 1]!)) {
    draft.nest(() => draft.readers.statements(draft, from + 1, close));
    return;
  }
  draft.put(draft.start[from]!, "(");
  draft.put(draft.start[close]!, ")");
  let i = from + 1;
  while (i < close) {
    const end = draft.find(i, close, Mark.comma);
    const part = i;
    if (end === part) draft.blank(end);
    else draft.nest(() => readBraceItem(draft, part, end));
    if (end === close - 1) draft.blank(end);
    i = end + 1;
  }
}

/** `.h = { 1, 2 }` and `[0 ... 3] = X` as arguments become assignments. */
function readDesignatedArgument(draft: Draft, from: number, to: number): void {
  if (draft.kind[from] === Mark.dot) {
    readBraceItem(draft, from, to);
    return;
  }
  const close = draft.close(from, to);
  if (close < 0) return;
  draft.put(draft.start[from]!, "(");
  draft.put(draft.start[close]!, ")");
  const range = draft.find(from + 1, close, Kind.ellipsis);
  if (range < close) draft.put(draft.start[range]!, "|| ");
  draft.readers.expression(draft, from + 1, close);
  if (draft.at(close + 1, to) === Mark.equals && draft.at(close + 2, to) === Mark.openBrace) {
    readBraceArgument(draft, close + 2, to);
  } else draft.readers.expression(draft, close + 1, to);
}

function readBraceItem(draft: Draft, from: number, to: number): void {
  let i = from;
  while (draft.at(i, to) === Mark.dot && draft.isName(i + 1, to)) {
    if (i === from) draft.blank(i);
    i += 2;
  }
  if (draft.at(i, to) === Mark.equals) i++;
  if (draft.at(i, to) === Mark.openBrace) readBraceArgument(draft, i, to);
  else if (i < to) readArgument(draft, i, to, false);
}
