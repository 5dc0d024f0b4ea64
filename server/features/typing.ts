// A file that a person types in: laid out with room behind each function, so that what was not touched stays in its place.
import { expectMore, shareContext } from "../analysis/reuse.ts";
import type { ParsedFile, Parser, Part, Program } from "../program/program.ts";
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
  readonly parts: readonly Part[];
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
    const known = earlier?.parts ?? [];
    let layout = earlier && moved(earlier.layout, text);
    let file = layout && parser.parts.parse(path, padded(layout), known);
    if (layout === undefined || file === undefined || !isBehindFunctions(layout, file.cuts)) {
      layout = { text, rooms: parser.parts.cuts(text).map((at) => ({ at, length: ROOM })) };
      file = parser.parts.parse(path, padded(layout), known);
    }
    const { parts } = file;
    const used = layout;
    return {
      file,
      relate: (program) => {
        const context = contextText(program);
        expectMore(program);
        if (earlier !== undefined && isSameContext(earlier, program, context)) shareContext(program, earlier.program);
        // While braces do not match, nothing can be kept; what was before is worth more when they do again.
        if (earlier !== undefined && used.rooms.length === 0) return;
        this.versions.delete(path);
        this.versions.set(path, { layout: used, parts, context, program });
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

/** The layout after an edit in one place: the room behind it makes up for what came or went. */
function moved(before: Layout, text: string): Layout | undefined {
  const delta = text.length - before.text.length;
  const shorter = Math.min(text.length, before.text.length);
  let start = 0;
  while (start < shorter && text[start] === before.text[start]) start++;
  let same = 0;
  while (same < shorter - start && text[text.length - 1 - same] === before.text[before.text.length - 1 - same]) same++;
  const end = before.text.length - same;
  const after = before.rooms.findIndex(({ at }) => at > start || (at === start && at < end));
  if (after < 0) return { text, rooms: before.rooms };
  const room = before.rooms[after]!;
  if (room.at < end || room.length < delta) return undefined;
  const rooms = before.rooms.map(({ at, length }, index) => {
    if (index < after) return { at, length };
    return { at: at + delta, length: index === after ? length - delta : length };
  });
  return { text, rooms };
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
function contextText({ file, functions, inlines }: Program): string {
  const { text, unit, reading } = file;
  const inside = unit.functions.map(({ body }) => body).sort((a, b) => a.start - b.start);
  const pieces: unknown[] = [[...functions.keys()], [...inlines.keys()]];
  let from = 0;
  for (const { start, end } of inside) {
    if (start < from) continue;
    // How much room is left behind a function says nothing; what follows is as far from the next one as it was.
    pieces.push(text.slice(from, start).trimStart(), reading.shadow.slice(from, start).trimStart(), start);
    from = end;
  }
  pieces.push(text.slice(from).trimStart(), reading.shadow.slice(from).trimStart(), text.length);
  // Macros may be defined in the middle of a function, and conditionals begin there.
  for (const { name, params, body, nameSpan } of unit.macros) pieces.push(name, params, body, nameSpan.start);
  for (const { name, inactive } of unit.functions) pieces.push(name, inactive);
  return JSON.stringify(pieces);
}

function isSameContext({ program: earlier, context }: Version, program: Program, now: string): boolean {
  return (
    context === now &&
    earlier.knowledge === program.knowledge &&
    earlier.headers.length === program.headers.length &&
    earlier.headers.every((header, index) => header === program.headers[index])
  );
}
