// A file that a person types in: laid out with room in its functions and behind them, so that what was not touched stays in its place.
import { expectMore, shareContext } from "../analysis/reuse.ts";
import type { ParsedFile, Parser, Part, PartedFile, PartReader, Program } from "../program/program.ts";
import type { Finding } from "../rules/rule.ts";
import type { Span } from "../text/lines.ts";
import { isBehindFunctions, type Layout, layOut, type Move, moved, Places, unpadded } from "./layout.ts";

/** Files that are remembered. */
const FILES = 8;

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
  spanToText(span: Span): Span;
}

/** The latest version of each file that a person types in. */
export class Typing {
  private readonly versions = new Map<string, Version>();

  /** Undefined where the parser cannot read parts. */
  read(parser: Parser, path: string, text: string): LaidOut | undefined {
    if (parser.parts === undefined) return undefined;
    const earlier = this.versions.get(path);
    const move = earlier && moved(earlier.layout, text);
    let layout = move?.layout;
    let file = move && readMoved(parser.parts, path, earlier.file, move);
    if (layout === undefined || file === undefined || !isBehindFunctions(layout, file.cuts)) {
      const { ends, lines } = parser.parts.rooms(text);
      layout = layOut(text, ends, lines);
      file = parser.parts.parse(path, layout.padded, earlier?.file.parts ?? []);
    }
    const places = new Places(layout);
    const [used, parted] = [layout, file];
    return {
      file,
      relate: (program) => {
        const context = contextText(program, parted);
        expectMore(program);
        if (earlier !== undefined && isSameContext(earlier, program, context)) shareContext(program, earlier.program);
        // While braces do not match, nothing can be kept; what was before is worth more when they do again.
        if (earlier !== undefined && used.at.length === 0) return;
        this.versions.delete(path);
        this.versions.set(path, { layout: used, file: parted, context, program });
        if (this.versions.size > FILES) this.versions.delete(this.versions.keys().next().value!);
      },
      toText: (finding) => findingInText(places, path, finding),
      fromText: (span) => places.inPadded(span),
      spanToText: ({ start, end }) => ({ start: places.inText(start), end: places.inText(end) }),
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

function readMoved(reader: PartReader, path: string, earlier: PartedFile, { layout, within }: Move): PartedFile {
  const again = within === undefined ? undefined : reader.again(earlier, layout.padded, within.cut, within.growth);
  return again ?? reader.parse(path, layout.padded, earlier.parts);
}

function findingInText(places: Places, path: string, finding: Finding): Finding {
  const back = <T extends Span & { readonly file: string }>(each: T): T =>
    each.file === path ? { ...each, start: places.inText(each.start), end: places.inText(each.end) } : each;
  const fixes = finding.fixes.map((fix) => ({
    ...fix,
    title: unpadded(fix.title),
    edits: fix.edits.map((edit) => ({ ...back(edit), text: unpadded(edit.text) })),
  }));
  const related = finding.related.map((each) => ({ ...back(each), message: unpadded(each.message) }));
  return { ...back(finding), message: unpadded(finding.message), related, fixes };
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
