// Types where they stand in expressions: how one begins, and `typeof` as one type name.
import type { Draft } from "./reading-draft.ts";
import { beginsType, isWord, Kind, Mark } from "./reading-words.ts";

export function startsType(draft: Draft, i: number, to: number): boolean {
  const kind = draft.at(i, to);
  if (!beginsType(kind)) return false;
  if (kind !== Kind.typeof || draft.at(i + 1, to) !== Mark.open) return true;
  const after = draft.at(draft.skip(i + 1, to), to);
  return after === 0 || after === Mark.star || after === Mark.comma || after === Mark.openSquare || isWord(after);
}

/** `typeof(expr)` becomes one type name. Returns the token after it. */
export function fuseTypeof(draft: Draft, i: number, to: number): number {
  if (draft.at(i + 1, to) !== Mark.open) return i + 1;
  const close = draft.close(i + 1, to);
  if (close < 0) return i + 1;
  draft.fuse(i, close + 1);
  return close + 1;
}

export function allWords(draft: Draft, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isWord(draft.kind[i]!) && draft.kind[i] !== Mark.star) return false;
  return true;
}
