// A file that a person types in: laid out with room behind each function, so that what was not touched stays in its place.
import { expectMore, shareContext } from "../analysis/reuse.ts";
import type { ParsedFile, Parser, Part, PartedFile, PartReader, Program } from "../program/program.ts";
import type { Finding } from "../rules/rule.ts";
import type { Span } from "../text/lines.ts";

/** Blanks behind a function: as much can be typed in it before everything moves. */
const ROOM = 240;

/** Files that are remembered. */
const FILES = 8;

/** Blanks that stand in the laid-out text, and not in the person's. */
interface Room {
  /** Offset in the person's text. */
  readonly at: number;
  readonly length: number;
}

interface Layout {
  readonly text: string;
  readonly rooms: readonly Room[];
}

interface Version {
  readonly layout: Layout;
  readonly file: PartedFile;
  readonly context: string;
  readonly program: Program;
}

/** The file as laid out; what is found there has to be brought back to the person's text. */
export interface LaidOut {
  readonly file: ParsedFile;
  /** What stands for functions that were not touched may be taken from the version before. */
  relate(program: Program): void;
  toText(findings: Finding): Finding;
  fromText(span: Span): Span;
}

/** The latest version of each file that a person types in. */
export class Typing {
  private readonly versions = new Map<string, Version>();

  /** Undefined where the parser cannot read parts. */
  read(parser: Parser, path: string, text: string): LaidOut | undefined {
    if (parser.parts === undefined) return undefined;
    const earlier = this.versions.get(path);
    const known = earlier?.file.parts ?? [];
    const move = earlier && moved(earlier.layout, text);
    let layout = move?.layout;
    let file = layout && readMoved(parser.parts, path, padded(layout), earlier?.file, move);
    if (layout === undefined || file === undefined || !isBehindFunctions(layout, file.cuts)) {
      layout = { text, rooms: parser.parts.cuts(text).map((at) => ({ at, length: ROOM })) };
      file = parser.parts.parse(path, padded(layout), known);
    }
    const [used, parted] = [layout, file];
    return {
      file,
      relate: (program) => {
        const context = contextText(program, parted);
        expectMore(program);
        if (earlier !== undefined && isSameContext(earlier, program, context)) shareContext(program, earlier.program);
        // While braces do not match, nothing can be kept; what was before is worth more when they do again.
        if (earlier !== undefined && used.rooms.length === 0) return;
        this.versions.delete(path);
        this.versions.set(path, { layout: used, file: parted, context, program });
        if (this.versions.size > FILES) this.versions.delete(this.versions.keys().next().value!);
      },
      toText: (finding) => findingInText(used, path, finding),
      fromText: (span) => ({ start: inLayout(used, span.start), end: inLayout(used, span.end) }),
    };
  }
}

const typings = new WeakMap<Parser, Typing>();

/** What all checks with one parser remember. */
export function typingOf(parser: Parser): Typing {
  const known = typings.get(parser) ?? new Typing();
  typings.set(parser, known);
  return known;
}

/** An edit in one place, in front of a room or behind all of them. */
interface Move {
  readonly layout: Layout;
  /** Where in the text as it was laid out the room began that makes up for what came or went, and how much came. */
  readonly room?: { readonly at: number; readonly growth: number };
}

function readMoved(reader: PartReader, path: string, text: string, earlier?: PartedFile, move?: Move): PartedFile {
  const { room } = move ?? {};
  const again =
    earlier === undefined || room === undefined ? undefined : reader.again(earlier, text, room.at, room.growth);
  return again ?? reader.parse(path, text, earlier?.parts ?? []);
}

/** The layout after an edit in one place: the room behind it makes up for what came or went. */
function moved(before: Layout, text: string): Move | undefined {
  const delta = text.length - before.text.length;
  const start = sameAtStart(before.text, text);
  const end = before.text.length - sameAtEnd(before.text, text, start);
  const after = before.rooms.findIndex(({ at }) => at > start || (at === start && at < end));
  if (after < 0) return { layout: { text, rooms: before.rooms } };
  const room = before.rooms[after]!;
  if (room.at < end || room.length < delta) return undefined;
  const rooms = before.rooms.map(({ at, length }, index) => {
    if (index < after) return { at, length };
    return { at: at + delta, length: index === after ? length - delta : length };
  });
  const blanks = before.rooms.slice(0, after).reduce((sum, { length }) => sum + length, 0);
  return { layout: { text, rooms }, room: { at: room.at + blanks, growth: delta } };
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

/** Whether all room is where it can be told from nothing: elsewhere it might change what the parser makes of errors. */
function isBehindFunctions({ rooms }: Layout, cuts: readonly number[]): boolean {
  if (rooms.length === 0) return cuts.length === 0;
  const known = new Set(cuts);
  let blanks = 0;
  return rooms.every(({ at, length }) => {
    const place = at + blanks;
    blanks += length;
    return known.has(place);
  });
}

function padded({ text, rooms }: Layout): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { at, length } of rooms) {
    pieces.push(text.slice(from, at), " ".repeat(length));
    from = at;
  }
  pieces.push(text.slice(from));
  return pieces.join("");
}

function inText({ rooms }: Layout, offset: number): number {
  let blanks = 0;
  for (const { at, length } of rooms) {
    if (offset <= at + blanks) break;
    if (offset < at + blanks + length) return at;
    blanks += length;
  }
  return offset - blanks;
}

function inLayout({ rooms }: Layout, offset: number): number {
  let blanks = 0;
  for (const { at, length } of rooms) if (at < offset) blanks += length;
  return offset + blanks;
}

function findingInText(layout: Layout, path: string, finding: Finding): Finding {
  const back = <T extends Span & { readonly file: string }>(each: T): T =>
    each.file === path ? { ...each, start: inText(layout, each.start), end: inText(layout, each.end) } : each;
  const fixes = finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(back) }));
  return { ...back(finding), related: finding.related.map(back), fixes };
}

/** Everything of a file but the insides of functions, with where they stand: whatever else depends on it, sees it. */
function contextText({ functions, inlines }: Program, file: PartedFile): string {
  const pieces: unknown[] = [[...functions.keys()], [...inlines.keys()], file.text.length];
  // Macros may be defined in the middle of a function, and conditionals begin there.
  for (const { name, params, body, nameSpan } of file.unit.macros) pieces.push(name, params, body, nameSpan.start);
  return JSON.stringify(pieces) + file.parts.map((part) => contextOfPart(part, file)).join("\n");
}

const contexts = new WeakMap<Part, string>();

function contextOfPart(part: Part, { text, reading }: PartedFile): string {
  const known = contexts.get(part);
  if (known !== undefined) return known;
  const inside = part.unit.functions.map(({ body }) => body).sort((a, b) => a.start - b.start);
  const pieces: unknown[] = [part.start];
  let from = part.start;
  for (const { start, end } of inside) {
    if (start < from) continue;
    // How much room is left behind a function says nothing; what follows is as far from the next one as it was.
    pieces.push(text.slice(from, start).trimStart(), reading.shadow.slice(from, start).trimStart(), start);
    from = end;
  }
  pieces.push(text.slice(from, part.end).trimStart(), reading.shadow.slice(from, part.end).trimStart());
  for (const { name, inactive } of part.unit.functions) pieces.push(name, inactive);
  const made = JSON.stringify(pieces);
  contexts.set(part, made);
  return made;
}

function isSameContext({ program: earlier, context }: Version, program: Program, now: string): boolean {
  return (
    context === now &&
    earlier.knowledge === program.knowledge &&
    earlier.headers.length === program.headers.length &&
    earlier.headers.every((header, index) => header === program.headers[index])
  );
}
