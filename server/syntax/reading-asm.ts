// Asm statements: templates, operands and constraints that come from macros.
import type { Draft } from "./reading-draft.ts";
import { Kind, Mark } from "./reading-words.ts";

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
  } else {
    draft.readers.expression(draft, from, to);
    return;
  }
  if (draft.kind[first] === Kind.string) draft.blank(first + 1, value);
  else if (draft.isName(first, value) && draft.end[first]! - draft.start[first]! > 1) {
    draft.replace(first, '""');
    draft.blank(first + 1, value);
    const close = draft.match[value]!;
    const comma = draft.find(value + 1, close, Mark.comma);
    if (comma < close) draft.blank(comma, close);
  }
  draft.readers.expression(draft, value, to);
}

function readAsmTemplate(draft: Draft, from: number, end: number): void {
  if (draft.find(from, end, Kind.string) < end) {
    draft.readers.expression(draft, from, end);
    return;
  }
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
