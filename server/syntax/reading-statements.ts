// Function bodies: macros that govern a block or lack their semicolon, labels, cases, local declarations.

import { readArguments } from "./reading-arguments.ts";
import { readAsm } from "./reading-asm.ts";
import { readDeclaration } from "./reading-declarations.ts";
import type { Draft } from "./reading-draft.ts";
import { beginsType, isStatementWord, Kind, Mark } from "./reading-words.ts";

const governs =
  /for_?_?each|_each(_|$)|scoped_(cond_)?guard|iterate|while_|^for_|_for_|_loop$|^with_|^loop_|_foreach|_safe_from$|^do_/i;

export function readStatements(draft: Draft, from: number, to: number): void {
  /** Closing braces of `do` blocks, innermost last. */
  const doEnds: number[] = [];
  let i = from;
  while (i < to) {
    const kind = draft.kind[i]!;
    if (kind === Mark.closeBrace && doEnds.length > 0 && doEnds[doEnds.length - 1] === i) {
      doEnds.pop();
      i = readDoEnd(draft, i + 1, to);
    } else if (kind === Mark.semicolon || kind === Mark.openBrace || kind === Mark.closeBrace) i++;
    else if (kind === Kind.name) i = readNamed(draft, i, to);
    else if (beginsType(kind) || kind === Kind.noise) i = readTyped(draft, i, to);
    else if (kind === Kind.else) {
      // The statement is in an arm that was left out.
      if (i + 1 >= to || draft.kind[i + 1] === Mark.closeBrace) draft.insertAfter(i, ";");
      i++;
    } else if (kind === Kind.annotation) i++;
    else if (kind === Kind.do) {
      if (draft.at(i + 1, to) === Mark.openBrace) {
        const close = draft.close(i + 1, to);
        if (close > 0) doEnds.push(close);
      }
      i++;
    } else if (kind === Kind.if || kind === Kind.while) i = readCondition(draft, i, to);
    else if (kind === Kind.for) i = readFor(draft, i, to);
    else if (kind === Kind.case || kind === Kind.default) i = readCase(draft, i, to);
    else if (kind === Kind.asm) i = readAsm(draft, i, to);
    else if (kind === Kind.goto && !draft.isName(i + 1, to)) {
      // A computed goto reads as the expression it jumps to.
      draft.blank(i);
      i = readSimple(draft, i + 1, to);
    } else if (isStatementWord(kind)) i = readSimple(draft, i + 1, to);
    else i = readSimple(draft, i, to);
  }
}

/** An expression up to its semicolon. */
function readSimple(draft: Draft, from: number, to: number): number {
  let end = from;
  while (end < to) {
    const kind = draft.kind[end]!;
    if (kind === Mark.semicolon || kind === Mark.closeBrace) break;
    // A statement word cannot continue an expression: the semicolon is not typed yet.
    if (isStatementWord(kind) && end > from) break;
    end = draft.skip(end, to);
  }
  draft.nest(() => draft.readers.expression(draft, from, end));
  return Math.max(end, from);
}

function readTyped(draft: Draft, i: number, to: number): number {
  if (draft.kind[i] === Kind.noise) {
    draft.blank(i);
    return i + 1;
  }
  let name = i;
  while (name < to && (draft.kind[name] === Kind.storage || draft.kind[name] === Kind.qualifier)) name++;
  if (name > i && draft.isName(name, to) && draft.at(name + 1, to) === Mark.open && draft.word(i) === "static") {
    // `static DECLARE_WORK(work, function);`
    draft.blank(i, name);
    return readInvocation(draft, name, to);
  }
  let next = to;
  draft.nest(() => {
    next = readDeclaration(draft, i, to, "local");
  });
  return Math.max(next, i + 1);
}

function readDoEnd(draft: Draft, i: number, to: number): number {
  if (draft.isName(i, to) && draft.at(i + 1, to) === Mark.open && draft.close(i + 1, to) > 0) {
    // `do { … } while_each_thread(g, t);`
    govern(draft, i, draft.close(i + 1, to));
  } else if (draft.at(i, to) !== Kind.while || draft.at(i + 1, to) !== Mark.open) return i;
  const close = draft.close(i + 1, to);
  if (close < 0) return i + 1;
  draft.nest(() => readArguments(draft, i + 1, true));
  if (draft.at(close + 1, to) !== Mark.semicolon) draft.insertAfter(close, ";");
  return close + 1;
}

function readCondition(draft: Draft, i: number, to: number): number {
  // `if MACRO(…)` has its parentheses from the macro.
  const open = draft.isName(i + 1, to) ? i + 2 : i + 1;
  if (draft.at(open, to) !== Mark.open) return i + 1;
  const close = draft.close(open, to);
  if (close < 0) return i + 1;
  if (open > i + 1) draft.blank(i + 1);
  if (draft.at(close + 1, to) === Kind.case) draft.replace(i, "if");
  draft.nest(() => readArguments(draft, open, true));
  return close + 1;
}

function readFor(draft: Draft, i: number, to: number): number {
  const close = draft.at(i + 1, to) === Mark.open ? draft.close(i + 1, to) : -1;
  if (close < 0) return i + 1;
  let at = i + 2;
  const first = draft.find(at, close, Mark.semicolon);
  if (first === close) {
    // `for (MACRO(x))`: the header is hidden in the macro.
    draft.replace(i, "if");
    draft.nest(() => readArguments(draft, i + 1, true));
    return close + 1;
  }
  if (beginsType(draft.at(at, close)) || (draft.isName(at, close) && draft.isName(at + 1, close))) {
    at = readTyped(draft, at, close);
  }
  while (at < close) {
    const end = draft.find(at, close, Mark.semicolon, Mark.comma);
    if (end > at) draft.nest(() => draft.readers.expression(draft, at, end));
    at = end + 1;
  }
  return close + 1;
}

function readCase(draft: Draft, i: number, to: number): number {
  let colon = i + 1;
  let questions = 0;
  while (colon < to) {
    const kind = draft.kind[colon]!;
    if (kind === Mark.question) questions++;
    else if (kind === Mark.colon && questions-- === 0) break;
    else if (kind === Mark.semicolon || kind === Mark.closeBrace || kind === Mark.openBrace) break;
    colon = draft.skip(colon, to);
  }
  draft.nest(() => draft.readers.expression(draft, i + 1, colon));
  return draft.at(colon, to) === Mark.colon ? colon + 1 : Math.max(colon, i + 1);
}

function readNamed(draft: Draft, i: number, to: number): number {
  const next = draft.at(i + 1, to);
  if (next === Mark.colon) return readLabel(draft, i, to);
  if (next === Mark.open) return readInvocation(draft, i, to);
  if (next === Kind.name || beginsType(next)) {
    // A macro alone on its line, followed by a label or by what does not stand deeper.
    const alone =
      draft.isAlone(i, to) && (draft.at(i + 2, to) === Mark.colon || /^[A-Z][A-Z0-9_]*$/.test(draft.word(i)));
    if (alone) return endMacro(draft, i);
    if (draft.word(i) === "__label__") return labelNames(draft, i, to);
    return readTyped(draft, i, to);
  }
  if (next === Mark.star) {
    let at = i + 1;
    while (at < to && (draft.kind[at] === Mark.star || draft.kind[at] === Kind.qualifier)) at++;
    const after = draft.at(at + 1, to);
    if (
      draft.isName(at, to) &&
      (after === Mark.equals ||
        after === Mark.semicolon ||
        after === Mark.comma ||
        after === Mark.openSquare ||
        after === Kind.name)
    ) {
      return readTyped(draft, i, to);
    }
    return readSimple(draft, i, to);
  }
  if (next === Mark.openBrace) {
    if (!govern(draft, i, -1)) draft.blank(i);
    return i + 1;
  }
  if (next === 0 || next === Mark.closeBrace || isStatementWord(next)) {
    return endMacro(draft, i);
  }
  return readSimple(draft, i, to);
}

/** Puts the semicolon behind a macro without arguments, over its last letter where no blank is left. */
function endMacro(draft: Draft, i: number): number {
  if (!draft.insertAfter(i, ";") && draft.end[i]! - draft.start[i]! > 1) draft.put(draft.end[i]! - 1, ";");
  return i + 1;
}

/** `__label__ a, b;` reads as a declaration. */
function labelNames(draft: Draft, i: number, to: number): number {
  return Math.min(draft.find(i, to, Mark.semicolon) + 1, to);
}

function readLabel(draft: Draft, i: number, to: number): number {
  const next = draft.at(i + 2, to);
  if (i + 2 >= to || next === Mark.closeBrace || draft.word(i + 2) === "typedef") draft.insertAfter(i + 1, ";");
  return i + 2;
}

/** `NAME(…)` at the beginning of a statement. */
function readInvocation(draft: Draft, i: number, to: number): number {
  const close = draft.close(i + 1, to);
  if (close < 0) return readSimple(draft, i, to);
  const next = draft.at(close + 1, to);
  const name = draft.word(i);
  const single = draft.find(i + 2, close, Mark.comma) === close || draft.at(close - 1) === Mark.semicolon;
  if (single && holdsStatements(draft, i + 2, close)) {
    // `DEBUG(if (x) …;)` is the block of its statements.
    draft.blank(i);
    draft.put(draft.start[i + 1]!, "{");
    draft.put(draft.start[close]!, "}");
    draft.nest(() => draft.readers.statements(draft, i + 2, close));
    return close + 1;
  }
  if (next === Mark.openBrace) {
    draft.nest(() => readArguments(draft, i + 1));
    if (!govern(draft, i, close)) draft.insertAfter(close, ";");
    return close + 1;
  }
  if (next === Mark.equals && draft.at(close + 2, to) === Mark.openBrace) return readMacroVariable(draft, i, close, to);
  const wordFollows = draft.isWordAt(close + 1, to);
  const prefix = next === Mark.star || next === Kind.increment || next === Mark.open || next === Mark.tilde;
  if (!wordFollows && next !== 0 && next !== Mark.closeBrace && next !== Kind.number && !prefix)
    return readSimple(draft, i, to);
  const onNewLine = close + 1 < to && draft.newlineBetween(close, close + 1);
  if (prefix && !(onNewLine && (governs.test(name) || draft.column(close + 1) <= draft.column(i))))
    return readSimple(draft, i, to);
  if (next === Kind.name && !onNewLine && !governs.test(name) && isDeclaredByMacro(draft, close + 1, to)) {
    draft.fuse(i, close + 1);
    return readTyped(draft, close + 1, to);
  }
  draft.nest(() => readArguments(draft, i + 1));
  const body = next !== 0 && next !== Mark.closeBrace && next !== Kind.else;
  const deeper =
    onNewLine &&
    /[a-z]/.test(name) &&
    next !== Kind.case &&
    next !== Kind.default &&
    draft.column(close + 1) > draft.column(i) &&
    isFirstOnLine(draft, i);
  if (body && (governs.test(name) || deeper) && govern(draft, i, close)) return close + 1;
  if (!draft.insertAfter(close, ";")) {
    draft.put(draft.start[i + 1]!, close === i + 2 ? " " : ";");
    draft.put(draft.start[close]!, ";");
  }
  return close + 1;
}

/** Whether arguments are statements: they end in a semicolon or a block, or begin with a statement's word. */
function holdsStatements(draft: Draft, from: number, close: number): boolean {
  const last = draft.at(close - 1);
  if (draft.isName(from, close) && draft.at(from + 1) === Mark.open && last === Mark.closeBrace) {
    return draft.at(draft.skip(from + 1, close), close) === Mark.openBrace;
  }
  if (from >= close || (last !== Mark.semicolon && last !== Mark.closeBrace)) return false;
  return last === Mark.semicolon
    ? draft.find(from, close - 1, Mark.comma, Mark.semicolon) === close - 1 || isStatementWord(draft.kind[from]!)
    : isStatementWord(draft.kind[from]!);
}

function isFirstOnLine(draft: Draft, i: number): boolean {
  return i === 0 || draft.newlineBetween(i - 1, i);
}

function isDeclaredByMacro(draft: Draft, i: number, to: number): boolean {
  const after = draft.at(i + 1, to);
  return after === Mark.semicolon || after === Mark.equals || after === Mark.openSquare;
}

/** `DEFINE_X(name) = { … };` reads as a declaration of the first name among the arguments. */
function readMacroVariable(draft: Draft, i: number, close: number, to: number): number {
  declareMacroName(draft, i, close);
  draft.nest(() => draft.readers.initializer(draft, close + 2));
  return draft.skip(close + 2, to);
}

/** Turns `MACRO(…, name, …)` into `MACRO name`; the last plain name is the variable, as in `DEFINE_PER_CPU(type, name)`. */
export function declareMacroName(draft: Draft, i: number, close: number): boolean {
  let name = -1;
  for (let at = i + 2; at < close; ) {
    const end = draft.find(at, close, Mark.comma);
    if (end === at + 1 && draft.kind[at] === Kind.name) name = at;
    at = end + 1;
  }
  if (name < 0) {
    draft.fuse(i, close + 1);
    return false;
  }
  draft.blank(i + 1, name);
  draft.blank(name + 1, close + 1);
  return true;
}

/** Makes a loop of `NAME(…)`; a name too short for `while` becomes `if`. */
function govern(draft: Draft, i: number, close: number): boolean {
  const length = draft.end[i]! - draft.start[i]!;
  const name = draft.word(i);
  const offset = draft.start[i]!;
  const empty = close === i + 2;
  if (close < 0 || empty) {
    // Room for `while(0)` must come out of the name itself.
    const end = close < 0 ? draft.end[i]! : draft.end[close]!;
    const head = end - offset >= 8 ? "while" : "if";
    if (end - offset < head.length + 3) return false;
    draft.put(offset, head.padEnd(end - offset - 3));
    draft.put(end - 3, "(0)");
    if (close > 0) for (let at = draft.end[i]!; at < end - 3; at++) if (draft.chars[at] !== 10) draft.chars[at] = 32;
  } else if (length >= 5) draft.replace(i, "while");
  else if (length >= 2) draft.replace(i, "if");
  else return false;
  draft.macroStatements.set(offset, name);
  return true;
}
