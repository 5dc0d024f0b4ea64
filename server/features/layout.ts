// A text laid out with room at the ends of lines and behind functions, so that what is typed moves little of what follows.
import type { Span } from "../text/lines.ts";

/** Blanks at the end of a line, and behind a function: as much can be typed before what follows moves. */
const LINE = 32;
const FUNCTION = 240;

/** Some rules look so far for the word before another one. */
const LONGEST = 256;

/** White space of C that no one writes, so that it can be told from the person's and taken out of what is said. */
const BLANK = "\v";

export interface Layout {
  /** What the person wrote. */
  readonly text: string;
  /** The same with blanks in its rooms, each of which begins at an offset of the text; all lists have one entry a room. */
  readonly padded: string;
  readonly at: readonly number[];
  readonly lengths: readonly number[];
  readonly endsFunction: readonly boolean[];
}

/** An edit in one place. */
export interface Move {
  readonly layout: Layout;
  /** Where the function that it stands in ended in the layout before, and how much longer it is in this one. */
  readonly within?: { readonly cut: number; readonly growth: number };
}

/** `ends` are offsets behind functions, `lines` ends of lines within them. */
export function layOut(text: string, ends: readonly number[], lines: readonly number[]): Layout {
  if (text.includes(BLANK)) return { text, padded: text, at: [], lengths: [], endsFunction: [] };
  const rooms = [
    ...ends.map((at) => ({ at, length: FUNCTION, endsFunction: true })),
    ...lines.map((at) => ({ at, length: LINE, endsFunction: false })),
  ].sort((a, b) => a.at - b.at);
  const at = rooms.map((room) => room.at);
  const lengths = rooms.map((room) => room.length);
  const padded = pad(text, 0, at, lengths, 0, at.length) + text.slice(at.at(-1) ?? 0);
  return { text, padded, at, lengths, endsFunction: rooms.map((room) => room.endsFunction) };
}

/** The text from an offset to the last of some rooms, with these. */
function pad(text: string, from: number, at: readonly number[], lengths: readonly number[], first: number, to: number) {
  const pieces: string[] = [];
  let done = from;
  for (let room = first; room < to; room++) {
    pieces.push(text.slice(done, at[room]), BLANK.repeat(lengths[room]!));
    done = at[room]!;
  }
  return pieces.join("");
}

/**
 * The layout after an edit in one place: the rooms behind it make up for what came or went. Undefined where there is not
 * enough room, or where a room would stand where it could mean something.
 */
export function moved(before: Layout, text: string): Move | undefined {
  const delta = text.length - before.text.length;
  const start = sameAtStart(before.text, text);
  const end = before.text.length - sameAtEnd(before.text, text, start);
  const { at, endsFunction } = before;
  const count = at.length;
  // What is typed at the end of a line goes before its room, what is typed behind a function behind that one's.
  const isBehind = (room: number): boolean =>
    start < end ? at[room]! >= end : at[room]! > start || (at[room] === start && !endsFunction[room]);
  let first = 0;
  while (first < count && !isBehind(first)) first++;
  let kept = first;
  while (kept > 0 && at[kept - 1]! > start) kept--;
  const dropped = sum(before.lengths, kept, first);
  if (endsFunction.slice(kept, first).includes(true) || (first === count && dropped > 0)) return undefined;
  const without = <T>(list: readonly T[]): T[] => [...list.slice(0, kept), ...list.slice(first)];
  const lengths = without(before.lengths);
  const places = without(at).map((each, room) => (room < kept ? each : each + delta));
  const ends = without(endsFunction);
  const last = take(lengths, ends, kept, delta - dropped);
  if (last === undefined || (kept < places.length && !ends[kept] && !isLineEnd(text, places[kept]!))) return undefined;
  let changed = 0;
  while (changed < kept && at[changed]! < start) changed++;
  const head = before.padded.slice(0, start + sum(before.lengths, 0, changed));
  const middle = pad(text, start, places, lengths, changed, last);
  // Behind the last room that is another now, everything is as it was.
  const old = last - kept + first;
  const rest =
    last === kept
      ? text.slice(last === changed ? start : places[last - 1])
      : before.padded.slice(at[old - 1]! + sum(before.lengths, 0, old));
  const layout = { text, padded: head + middle + rest, at: places, lengths, endsFunction: ends };
  const cut = ends.indexOf(true, kept);
  if (cut < 0) return { layout };
  const was = cut - kept + first;
  const growth = before.lengths[was]! - lengths[cut]!;
  return { layout, within: { cut: at[was]! + sum(before.lengths, 0, was), growth } };
}

/** Takes room from the first one on, or gives it back there; the room behind the last one that changed. */
function take(lengths: number[], ends: readonly boolean[], first: number, wanted: number): number | undefined {
  if (first === lengths.length) return first;
  let room = first;
  let left = wanted;
  for (;;) {
    const length = lengths[room]!;
    const taken = Math.min(length, left);
    lengths[room] = length - taken;
    if (lengths[room]! > LONGEST) return undefined;
    left -= taken;
    if (left === 0) return room + 1;
    if (ends[room] || ++room === lengths.length) return undefined;
  }
}

/** Whether blanks there, before a line ends, say nothing: behind a backslash they would part it from the line break. */
function isLineEnd(text: string, at: number): boolean {
  return /^[\r\n]/.test(text.slice(at, at + 1)) && !/\\[ \t]*$/.test(text.slice(Math.max(0, at - 80), at));
}

function sum(lengths: readonly number[], from: number, to: number): number {
  let all = 0;
  for (let room = from; room < to; room++) all += lengths[room]!;
  return all;
}

/** As many characters are compared at once, which takes no longer than one. */
const PIECE = 1024;

function sameAtStart(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let at = 0;
  while (at + PIECE <= shorter && one.slice(at, at + PIECE) === other.slice(at, at + PIECE)) at += PIECE;
  while (at < shorter && one[at] === other[at]) at++;
  return at;
}

/** As many as are not the same at the start. */
function sameAtEnd(one: string, other: string, start: number): number {
  const most = Math.min(one.length, other.length) - start;
  let same = 0;
  const piece = (text: string): string => text.slice(text.length - same - PIECE, text.length - same);
  while (same + PIECE <= most && piece(one) === piece(other)) same += PIECE;
  while (same < most && one[one.length - 1 - same] === other[other.length - 1 - same]) same++;
  return same;
}

/** Whether every room behind a function still is: elsewhere it might change what the parser makes of errors. */
export function isBehindFunctions({ at, lengths, endsFunction }: Layout, cuts: readonly number[]): boolean {
  const known = new Set(cuts);
  let blanks = 0;
  let ends = 0;
  for (const [room, place] of at.entries()) {
    if (endsFunction[room]) {
      if (!known.has(place + blanks)) return false;
      ends++;
    }
    blanks += lengths[room]!;
  }
  return ends > 0 || cuts.length === 0;
}

/** Brings offsets of the one text to the other. */
export class Places {
  private readonly layout: Layout;
  /** Where each room begins in the padded text. */
  private readonly padded: readonly number[];

  constructor(layout: Layout) {
    this.layout = layout;
    let blanks = 0;
    this.padded = layout.at.map((at, room) => {
      const place = at + blanks;
      blanks += layout.lengths[room]!;
      return place;
    });
  }

  inText(offset: number): number {
    const room = countBelow(this.padded, offset) - 1;
    if (room < 0) return offset;
    const [from, length] = [this.padded[room]!, this.layout.lengths[room]!];
    return this.layout.at[room]! + Math.max(0, offset - from - length);
  }

  inPadded({ start, end }: Span): Span {
    return { start: this.at(start), end: this.at(end) };
  }

  private at(offset: number): number {
    const room = countBelow(this.layout.at, offset) - 1;
    if (room < 0) return offset;
    return this.padded[room]! + this.layout.lengths[room]! + offset - this.layout.at[room]!;
  }
}

/** How many of a rising list lie below a limit. */
function countBelow(list: readonly number[], limit: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A piece of the padded text as the person wrote it. */
export function unpadded(text: string): string {
  return text.includes(BLANK) ? text.replaceAll(BLANK, "") : text;
}
