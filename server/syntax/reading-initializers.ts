// Initialisers: macros without commas between them, designators of old style, empty elements.
import type { Draft } from "./reading-draft.ts";
import { isWord, Kind, Mark } from "./reading-words.ts";

export function readInitializer(draft: Draft, open: number): void {
  const close = draft.match[open]!;
  let i = open + 1;
  let needsElement = true;
  while (i < close) {
    const kind = draft.kind[i]!;
    if (kind === Mark.comma) {
      if (needsElement) draft.blank(i);
      needsElement = true;
      i++;
      continue;
    }
    if (kind === Mark.semicolon) {
      draft.blank(i++);
      continue;
    }
    i = readElement(draft, i, close);
    needsElement = false;
  }
}

function readElement(draft: Draft, from: number, to: number): number {
  let i = from;
  while (i < to) {
    const kind = draft.kind[i]!;
    if (kind === Mark.dot && draft.isWordAt(i + 1, to)) i += 2;
    else if (kind === Mark.openSquare && draft.close(i, to) > 0) {
      const close = draft.close(i, to);
      draft.nest(() => draft.readers.expression(draft, i + 1, close));
      i = close + 1;
    } else break;
  }
  if (i === from && draft.isName(i, to) && draft.at(i + 1, to) === Mark.open) {
    const close = draft.close(i + 1, to);
    if (close > i + 2 && draft.at(close + 1, to) === Mark.equals && draft.find(i + 2, close, Mark.comma) === close) {
      // `MACRO(3) = …` is an index designator.
      draft.blank(i);
      draft.put(draft.start[i + 1]!, "[");
      draft.put(draft.start[close]!, "]");
      i = close + 1;
    }
  }
  const designated = i > from;
  if (draft.at(i, to) === Mark.equals) i++;
  else if (designated && draft.at(i, to) === Mark.openBrace) {
    // Without room for `=` the designator goes.
    if (!draft.insertAfter(i - 1, "=")) draft.blank(from, i);
  } else if (!designated && draft.isWordAt(i, to) && draft.at(i + 1, to) === Mark.colon) i += 2;
  if (draft.at(i, to) === Mark.openBrace) {
    const close = draft.close(i, to);
    if (close < 0) return i + 1;
    draft.nest(() => draft.readers.initializer(draft, i));
    if (close + 1 < to && draft.kind[close + 1] !== Mark.comma && draft.kind[close + 1] !== Mark.semicolon) {
      draft.insertAfter(close, ",");
    }
    return close + 1;
  }
  const end = endOfValue(draft, i, to);
  draft.nest(() => draft.readers.expression(draft, i, end));
  if (end < to && draft.kind[end] !== Mark.comma && draft.kind[end] !== Mark.semicolon) draft.insertAfter(end - 1, ",");
  return Math.max(end, from + 1);
}

/** The comma behind a value, or the token that begins the next element where the comma is hidden in a macro. */
function endOfValue(draft: Draft, from: number, to: number): number {
  let i = from;
  while (i < to) {
    const kind = draft.kind[i]!;
    if (kind === Mark.comma || kind === Mark.semicolon) return i;
    if (i > from) {
      const before = draft.kind[i - 1]!;
      const operand =
        isWord(before) ||
        before === Kind.number ||
        before === Mark.close ||
        before === Mark.closeBrace ||
        before === Kind.string;
      if (operand && beginsElement(draft, i, to, before)) return i;
    }
    i = draft.skip(i, to);
  }
  return to;
}

function beginsElement(draft: Draft, i: number, to: number, before: number): boolean {
  const kind = draft.kind[i]!;
  if (kind === Mark.dot) return assigns(draft, i, to);
  if (kind === Mark.openBrace) return before === Kind.name || (before === Mark.close && !closesCast(draft, i - 1));
  if (kind === Mark.openSquare) return draft.newlineBetween(i - 1, i) && assigns(draft, i, to);
  // A name in front of a string may be glued to it; two names or calls in a row are elements.
  if (kind !== Kind.name) return false;
  if (before === Kind.name) return draft.newlineBetween(i - 1, i);
  return (
    before === Mark.close &&
    !closesCast(draft, i - 1) &&
    draft.kind[draft.match[i - 1]! - 1] === Kind.name &&
    draft.at(i + 1, to) !== Kind.string
  );
}

/** `.name =` or `[index] =`. */
function assigns(draft: Draft, i: number, to: number): boolean {
  let at = i;
  while (at < to) {
    if (draft.kind[at] === Mark.dot) at += 2;
    else if (draft.kind[at] === Mark.openSquare) at = draft.skip(at, to);
    else break;
  }
  return draft.at(at, to) === Mark.equals;
}

function closesCast(draft: Draft, close: number): boolean {
  const open = draft.match[close]!;
  if (open <= 0) return false;
  const before = draft.kind[open - 1]!;
  return before !== Kind.name;
}
