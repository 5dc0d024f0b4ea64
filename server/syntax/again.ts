// One function of a file read anew, where nothing but the inside of its body is another; the rest is taken over.
import { convertUnit, isStray } from "./convert.ts";
import { type Tokens, tokenize } from "./lexer.ts";
import { cutsOf, type Part } from "./parts.ts";
import { type Reading, readKernelC } from "./reading.ts";
import { Mark } from "./reading-words.ts";
import type { RawNode } from "./tree.ts";

/** A file as it was read. */
interface Earlier {
  readonly text: string;
  readonly reading: Reading;
  readonly parts: readonly Part[];
  readonly cuts: readonly number[];
}

export interface ReadAgain {
  readonly reading: Reading;
  readonly parts: readonly Part[];
  readonly cuts: readonly number[];
}

/**
 * The file with the function that ended at the offset `cut` longer by `growth`, and with as much less blank room behind it.
 * Undefined where that is not all, or where what stands in the function could mean something to what stands outside.
 */
export function readAgain(
  earlier: Earlier,
  text: string,
  cut: number,
  growth: number,
  parse: (shadow: string, start: number) => RawNode,
): ReadAgain | undefined {
  const index = earlier.parts.findIndex((each) => each.start < cut && cut <= each.end);
  const part = earlier.parts[index];
  if (part === undefined || !earlier.cuts.includes(cut)) return undefined;
  const begin = part.start;
  const end = cut + growth;
  if (end <= begin || (begin > 0 && earlier.text[begin - 1] !== "\n")) return undefined;
  const roomFrom = cut + Math.max(growth, 0);
  const room = earlier.text.slice(cut, cut + 1).repeat(Math.max(-growth, 0));
  const now = text.slice(begin, end);
  if (text !== earlier.text.slice(0, begin) + now + room + earlier.text.slice(roomFrom) || /\S|\n/.test(room))
    return undefined;
  const taken = earlier.text.slice(cut, roomFrom);
  if (/\S|\n/.test(taken) || earlier.reading.shadow.slice(cut, roomFrom) !== taken) return undefined;
  const before = alone(earlier.text.slice(begin, cut));
  const after = alone(now);
  if (before === undefined || after === undefined || before.head !== after.head) return undefined;
  const reading = joined(earlier.reading, { start: begin, end: cut }, before.reading, after.reading, room, roomFrom);
  if (reading === undefined) return undefined;
  const made = partAgain(part, text, reading, parse);
  if (made === undefined) return undefined;
  return {
    reading,
    parts: earlier.parts.with(index, made),
    cuts: earlier.cuts.map((each) => (each === cut ? end : each)),
  };
}

interface Alone {
  readonly reading: Reading;
  /** What stands before the body, as written and as read. */
  readonly head: string;
}

/** Undefined where a text is not something that ends with one body in braces, or where more than its words count. */
function alone(text: string): Alone | undefined {
  const tokens = tokenize(text);
  const body = bodyOf(tokens);
  // Directives decide about what stands around them.
  if (body === undefined || tokens.directives.length > 0 || tokens.runaways.length > 0) return undefined;
  const reading = readKernelC(text);
  const cuts = cutsOf(reading.shadow);
  if (cuts.length !== 1 || cuts[0] !== text.length) return undefined;
  return { reading, head: `${text.slice(0, body + 1)}\n${reading.shadow.slice(0, body + 1)}` };
}

/** Where the last pair of braces opens, when it ends the text and every bracket has its partner. */
function bodyOf({ count, kind, start, end, text }: Tokens): number | undefined {
  const open: number[] = [];
  let body: number | undefined;
  for (let i = 0; i < count; i++) {
    const mark = kind[i]!;
    if (mark === Mark.open || mark === Mark.openSquare || mark === Mark.openBrace) {
      if (open.length === 0 && mark === Mark.openBrace) body = start[i]!;
      open.push(mark);
    }
    const opener = OPENERS.get(mark);
    if (opener === undefined) continue;
    // What is open within braces and was not finished ends with them.
    if (opener === Mark.openBrace) while (open.length > 0 && open.at(-1) !== opener) open.pop();
    if (open.pop() !== opener) return undefined;
  }
  return open.length === 0 && kind[count - 1] === Mark.closeBrace && end[count - 1] === text.length ? body : undefined;
}

const OPENERS: ReadonlyMap<number, number> = new Map([
  [Mark.close, Mark.open],
  [Mark.closeSquare, Mark.openSquare],
  [Mark.closeBrace, Mark.openBrace],
]);

/** The reading of the whole with a part read alone; undefined where the part had another reading within the whole. */
function joined(
  whole: Reading,
  at: { readonly start: number; readonly end: number },
  before: Reading,
  after: Reading,
  room: string,
  roomFrom: number,
): Reading | undefined {
  const { start, end } = at;
  const isWithin = (offset: number): boolean => start <= offset && offset < end;
  const count = (offsets: Iterable<number>): number => {
    let within = 0;
    for (const offset of offsets) if (isWithin(offset)) within++;
    return within;
  };
  const starts = (spans: readonly { readonly start: number }[]): readonly number[] => spans.map((each) => each.start);
  if (
    whole.shadow.slice(start, end) !== before.shadow ||
    count(starts(whole.annotations)) !== before.annotations.length ||
    count(whole.macroStatements.keys()) !== before.macroStatements.size ||
    count(starts(whole.typeArguments)) !== before.typeArguments.length ||
    whole.inactive.some((each) => isWithin(each.start) || isWithin(each.end - 1))
  )
    return undefined;
  const spans = <S extends { readonly start: number; readonly end: number }>(
    all: readonly S[],
    own: readonly S[],
  ): readonly S[] => [
    ...all.filter((each) => each.start < start),
    ...own.map((each) => ({ ...each, start: each.start + start, end: each.end + start })),
    ...all.filter((each) => each.start >= end),
  ];
  const statements = [...whole.macroStatements];
  const changed = (key: "tokens" | "blankedTokens" | "blankedInactive" | "blankedAnnotations"): number =>
    whole[key] - before[key] + after[key];
  return {
    ...whole,
    shadow: whole.shadow.slice(0, start) + after.shadow + room + whole.shadow.slice(roomFrom),
    annotations: spans(whole.annotations, after.annotations),
    macroStatements: new Map([
      ...statements.filter(([offset]) => offset < start),
      ...[...after.macroStatements].map(([offset, name]) => [offset + start, name] as const),
      ...statements.filter(([offset]) => offset >= end),
    ]),
    typeArguments: spans(whole.typeArguments, after.typeArguments),
    tokens: changed("tokens"),
    blankedTokens: changed("blankedTokens"),
    blankedInactive: changed("blankedInactive"),
    blankedAnnotations: changed("blankedAnnotations"),
  };
}

/** Undefined where other parts may hang on what is another in this one. */
function partAgain(
  part: Part,
  text: string,
  reading: Reading,
  parse: (shadow: string, start: number) => RawNode,
): Part | undefined {
  const { start, end, endsEarly, constants } = part;
  const shadow = reading.shadow.slice(start, end).trimEnd();
  const root = parse(shadow, start);
  if (isCutShort(root) !== isCutShort(part.root)) return undefined;
  const place = { constants: new Set(constants.split(" ")), endsEarly };
  const { unit, problems } = convertUnit(root, text, reading, place);
  const names = (of: Part["unit"]): string => of.enumerators.map(({ name }) => name).join(" ");
  if (names(unit) !== names(part.unit)) return undefined;
  // A note that none is the same as: when all is read anew, so is this part.
  return { ...part, text: text.slice(start, end).trimEnd(), shadow, notes: "again", root, unit, problems };
}

/** Whether it shows that the function before it was cut short. */
function isCutShort({ children: [first] }: RawNode): boolean {
  return first !== undefined && isStray(first);
}
