// Expressions and call arguments: types, operators and statements in the place of operands, strings glued to macros.
import type { Draft } from "./reading-draft.ts";
import { beginsType, isStatementWord, isWord, Kind, Mark } from "./reading-words.ts";

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

/** `(u_char far *)`: two words that are no keywords, then pointers. */
function isQualifiedPointer(draft: Draft, from: number, close: number): boolean {
  return (
    draft.isName(from, close) &&
    draft.isName(from + 1, close) &&
    draft.kind[close - 1] === Mark.star &&
    allWords(draft, from, close)
  );
}

/** Words and strings side by side: C has them adjacent only in concatenated strings. */
function readRun(draft: Draft, from: number, to: number): number {
  let i = from;
  let items = 0;
  let strings = 0;
  let calls = 0;
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
      calls++;
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
  if (strings > 0) glueStrings(draft, from, i, to);
  else separateOperands(draft, from, i, to);
  return i;
}

/** tree-sitter-c joins strings and names when a string is among the first two, and knows no calls there. */
function glueStrings(draft: Draft, from: number, end: number, to: number): void {
  let settled = false;
  let names = 0;
  for (let i = from; i < end; i++) {
    if (draft.kind[i] === Kind.string) {
      settled = true;
      continue;
    }
    const name = i;
    if (draft.at(i + 1, to) === Mark.open) {
      i = draft.close(i + 1, to);
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

/** `typeof(expr)` becomes one type name. Returns the token after it. */
export function fuseTypeof(draft: Draft, i: number, to: number): number {
  if (draft.at(i + 1, to) !== Mark.open) return i + 1;
  const close = draft.close(i + 1, to);
  if (close < 0) return i + 1;
  draft.fuse(i, close + 1);
  return close + 1;
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

export function readAsm(draft: Draft, i: number, to: number): number {
  if (draft.end[i]! - draft.start[i]! > 7) draft.replace(i, "asm");
  let open = i + 1;
  while (open < to && draft.kind[open] !== Mark.open && draft.isWordAt(open, to)) {
    const word = draft.word(open);
    if (word === "__volatile") draft.replace(open, "volatile");
    if (word === "__inline" || word === "__inline__") draft.blank(open);
    open++;
  }
  const close = draft.at(open, to) === Mark.open ? draft.close(open, to) : -1;
  if (close < 0) return open;
  draft.nest(() => readAsmParts(draft, open + 1, close));
  return close + 1;
}

/** The template of an asm statement, then outputs, inputs, clobbers and labels between colons. */
function readAsmParts(draft: Draft, from: number, close: number): void {
  const end = draft.find(from, close, Mark.colon);
  readAsmTemplate(draft, from, end);
  let section = 1;
  let i = end + 1;
  while (i < close) {
    const stop = draft.find(i, close, Mark.colon, Mark.comma);
    if (section < 3 && stop > i) readAsmOperand(draft, i, stop);
    if (draft.at(stop, close) === Mark.colon) section++;
    i = stop + 1;
  }
}

/** `[name] "constraint" (value)`: parts of it may come from macros. */
function readAsmOperand(draft: Draft, from: number, to: number): void {
  let i = from;
  if (draft.kind[i] === Mark.openSquare) i = draft.skip(i, to);
  const first = i;
  let value = to - 1;
  if (draft.kind[value] === Mark.close && draft.match[value]! >= first) value = draft.match[value]!;
  else if (to === from + 1 && draft.isName(from, to)) {
    // A macro for a whole operand goes with a comma beside it.
    draft.blank(from);
    if (draft.at(to) === Mark.comma) draft.blank(to);
    else if (draft.at(from - 1) === Mark.comma) draft.blank(from - 1);
    return;
  } else return readExpression(draft, from, to);
  if (draft.kind[first] === Kind.string) draft.blank(first + 1, value);
  else if (draft.isName(first, value) && draft.end[first]! - draft.start[first]! > 1) {
    draft.replace(first, '""');
    draft.blank(first + 1, value);
    const close = draft.match[value]!;
    const comma = draft.find(value + 1, close, Mark.comma);
    if (comma < close) draft.blank(comma, close);
  }
  readExpression(draft, value, to);
}

function readAsmTemplate(draft: Draft, from: number, end: number): void {
  if (draft.find(from, end, Kind.string) < end) return readExpression(draft, from, end);
  const inner = draft.at(from + 1, end) === Mark.open ? from + 2 : from;
  if (draft.at(inner, end) === Kind.string) {
    // `MACRO("text")` leaves its text.
    draft.blank(from, inner);
    draft.blank(inner + 1, end);
  } else if (from < end && draft.end[from]! - draft.start[from]! > 1) {
    draft.replace(from, '""');
    draft.blank(from + 1, end);
  }
}

function startsType(draft: Draft, i: number, to: number): boolean {
  const kind = draft.at(i, to);
  if (!beginsType(kind)) return false;
  if (kind !== Kind.typeof || draft.at(i + 1, to) !== Mark.open) return true;
  const after = draft.at(draft.skip(i + 1, to), to);
  return after === 0 || after === Mark.star || after === Mark.comma || after === Mark.openSquare || isWord(after);
}

/** `plain` parentheses group an expression; the others hold the arguments of a call. */
export function readArguments(draft: Draft, open: number, plain = false): void {
  const close = draft.match[open]!;
  let i = open + 1;
  if (i >= close) return;
  let empty = 0;
  let parts = 0;
  for (;;) {
    const end = draft.find(i, close, Mark.comma);
    parts++;
    if (end === i) {
      empty++;
      // The comma of an empty argument goes; behind the last one it is the comma before.
      if (end < close) draft.blank(end);
      else blankCommaBefore(draft, open, end);
    } else draft.nest(() => readArgument(draft, i, end, plain));
    if (end >= close) break;
    i = end + 1;
  }
  if (empty === parts || (plain && parts === 1)) return;
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
  if (statements || draft.find(from, to, Mark.semicolon) < to) return readStatementList(draft, from, to);
  if (startsType(draft, from, to)) return readTypeArgument(draft, from, to);
  if (isStatementWord(kind)) return readStatementArgument(draft, from, to);
  if (kind === Mark.openBrace) return readBraceArgument(draft, from, to);
  if ((kind === Mark.dot || kind === Mark.openSquare) && !plain) return readDesignatedArgument(draft, from, to);
  if (kind === Kind.name && !plain) {
    if (draft.isName(from + 1, to) && allWords(draft, from, to)) return readTypeArgument(draft, from, to);
    let stars = from + 1;
    while (stars < to && draft.kind[stars] === Mark.star) stars++;
    if (stars === to && stars > from + 1) return readTypeArgument(draft, from, to);
    if (draft.isName(from + 1, to) && draft.kind[from + 2] === Mark.star) return readTypeArgument(draft, from, to);
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
  readExpression(draft, first, last);
}

/** `for_each_x(…) { … }` */
function isGoverned(draft: Draft, from: number, to: number): boolean {
  if (!draft.isName(from, to) || draft.at(from + 1, to) !== Mark.open) return false;
  return draft.at(draft.skip(from + 1, to), to) === Mark.openBrace;
}

function allWords(draft: Draft, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isWord(draft.kind[i]!) && draft.kind[i] !== Mark.star) return false;
  return true;
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
export function readTypeArgument(draft: Draft, from: number, to: number): void {
  const equals = draft.find(from, to, Mark.equals);
  const end = equals < to ? equals : to;
  if (end === from) return readExpression(draft, from, to);
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
  if (equals < to) readExpression(draft, equals + 1, to);
}

/** A statement as an argument becomes a block where there is room for braces; otherwise its operands stay. */
function readStatementArgument(draft: Draft, from: number, to: number): void {
  const kind = draft.kind[from]!;
  if (to === from + 1) return draft.disguise(from);
  if (kind === Kind.return || kind === Kind.goto) {
    draft.blank(from);
    return readExpression(draft, from + 1, to);
  }
  const close = draft.at(from + 1, to) === Mark.open ? draft.close(from + 1, to) : -1;
  if (kind !== Kind.if || close < 0 || close + 1 >= to) return draft.fuse(from, to);
  // `if (test) call(x)` without room reads as `(test) & call(x)`.
  draft.blank(from);
  draft.insertAfter(close, "&");
  readExpression(draft, from + 1, close + 1);
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
  if (draft.kind[from] === Mark.dot) return readBraceItem(draft, from, to);
  const close = draft.close(from, to);
  if (close < 0) return;
  draft.put(draft.start[from]!, "(");
  draft.put(draft.start[close]!, ")");
  const range = draft.find(from + 1, close, Kind.ellipsis);
  if (range < close) draft.put(draft.start[range]!, "|| ");
  readExpression(draft, from + 1, close);
  if (draft.at(close + 1, to) === Mark.equals && draft.at(close + 2, to) === Mark.openBrace) {
    readBraceArgument(draft, close + 2, to);
  } else readExpression(draft, close + 1, to);
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
