// A file in parts that end where functions end, each parsed alone, so that what was not touched need not be read again.
import type { Span } from "../text/lines.ts";
import type { Unit } from "./ast.ts";
import { constantsOf, convertUnit, isStray } from "./convert.ts";
import type { Reading } from "./reading.ts";
import type { RawNode } from "./tree.ts";

/** One part with all that its syntax was made from: while that is the same, so is the syntax. */
export interface Part extends Span {
  readonly text: string;
  readonly shadow: string;
  /** What the reading pass noted in it. */
  readonly notes: string;
  /** Constants known before it, as numbered by `constantsKey`. */
  readonly constants: string;
  /** What comes next shows that a function at its end was cut short. */
  readonly endsEarly: boolean;
  readonly root: RawNode;
  readonly unit: Unit;
  readonly problems: readonly Span[];
}

/**
 * Offsets behind the functions, tables and structs of a shadow, where one part ends and the next begins; none where
 * braces do not match, since then no one knows where a function ends.
 */
export function cutsOf(shadow: string): readonly number[] {
  const cuts: number[] = [];
  let [depth, parens] = [0, 0];
  /** Parentheses open around each brace: one that is open when its brace closes was not finished, and ends with it. */
  const around: number[] = [];
  let before = "";
  let opensFunction = false;
  for (let at = 0; at < shadow.length; at++) {
    const char = shadow[at]!;
    if (isBlank(char)) continue;
    if (char === '"' || char === "'") at = endOfString(shadow, at);
    else if (char === "(") parens++;
    else if (char === ")") parens--;
    else if (char === "{") {
      if (depth++ === 0) opensFunction = before === ")" && parens === 0;
      around.push(parens);
    } else if (char === "}") {
      if (--depth < 0) return [];
      parens = around.pop()!;
      if (depth === 0 && parens === 0 && opensFunction && beginsAnew(shadow, at + 1)) cuts.push(at + 1);
    } else if (char === ";" && before === "}" && depth === 0 && parens === 0 && beginsAnew(shadow, at + 1))
      cuts.push(at + 1);
    before = char;
  }
  return depth === 0 && parens === 0 ? cuts : [];
}

function isBlank(char: string): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r" || char === "\v" || char === "\f";
}

/** Ends of lines at which a statement or a block ends, with nothing behind it. */
export function lineEndsOf(text: string, shadow: string): readonly number[] {
  const ends: number[] = [];
  let depth = 0;
  let last = -1;
  for (let at = 0; at < shadow.length; at++) {
    const char = shadow[at]!;
    if (char === "\n" || char === "\r") {
      if (depth > 0 && last >= 0 && /[;{}]/.test(text[last]!) && text.slice(last + 1, at).trim() === "") ends.push(at);
      last = -1;
    }
    if (isBlank(char)) continue;
    last = at;
    if (char === '"' || char === "'") {
      at = endOfString(shadow, at);
      last = at;
      if (shadow[at] === "\n") at--;
    } else if (char === "{") depth++;
    else if (char === "}") depth--;
  }
  return ends;
}

function beginsAnew(shadow: string, at: number): boolean {
  const next = nextToken(shadow, at);
  return next === shadow.length || /[A-Za-z_]/.test(shadow[next]!);
}

function nextToken(shadow: string, at: number): number {
  let next = at;
  while (next < shadow.length && isBlank(shadow[next]!)) next++;
  return next;
}

function endOfString(shadow: string, start: number): number {
  for (let at = start + 1; at < shadow.length; at++) {
    const char = shadow[at];
    if (char === shadow[start] || char === "\n") return at;
    if (char === "\\") at++;
  }
  return shadow.length;
}

/** Reads the parts of a text, taking from earlier ones what is the same at the same place. */
export function readParts(
  text: string,
  reading: Reading,
  cuts: readonly number[],
  earlier: readonly Part[],
  parse: (shadow: string, start: number) => RawNode,
): readonly Part[] {
  const known = new Map(earlier.map((part) => [part.start, part]));
  // Blanks go with what stands before them: they may grow and shrink while what follows stays where it is.
  const begins = cuts.map((cut) => nextToken(reading.shadow, cut));
  const ends = [...begins.filter((begin) => begin < text.length), text.length];
  const spans = ends.map((end, index) => ({ start: ends[index - 1] ?? 0, end }));
  const notes = notesOf(reading, spans);
  const drafts = spans.map(({ start, end }, index) => {
    // Where the parser recovers from an error may hang on what is blank.
    const own = text.slice(start, end).trimEnd();
    const shadow = reading.shadow.slice(start, end).trimEnd();
    const before = known.get(start);
    const root = before?.shadow === shadow ? before.root : parse(shadow, start);
    return { start, end, text: own, shadow, notes: notes[index]!, root, before };
  });
  const constants = constantsOf(reading);
  let key = [...constants].join(" ");
  return drafts.map(({ before, ...draft }, index) => {
    const next = drafts[index + 1]?.root.children[0];
    const endsEarly = next !== undefined && isStray(next);
    const same =
      before !== undefined &&
      before.text === draft.text &&
      before.root === draft.root &&
      before.notes === draft.notes &&
      before.constants === key &&
      before.endsEarly === endsEarly;
    const made = same ? before : convertUnit(draft.root, text, reading, { constants, endsEarly });
    const part = { ...draft, constants: key, endsEarly, unit: made.unit, problems: made.problems };
    for (const { name } of part.unit.enumerators) {
      constants.add(name);
      key += ` ${name}`;
    }
    return part;
  });
}

/** What the reading pass noted within each part, as a text to compare. */
function notesOf(reading: Reading, spans: readonly Span[]): readonly string[] {
  const notes = spans.map(() => "");
  const indexAt = (offset: number): number => {
    let low = 0;
    let high = spans.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[middle]!.end <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const note = (kind: string, { start, end }: Span, more = ""): void => {
    for (let index = indexAt(start); index < spans.length && spans[index]!.start < end; index++)
      notes[index] += `${kind}${start}-${end}${more};`;
  };
  for (const each of reading.annotations) note("a", each, JSON.stringify([each.name, each.args]));
  for (const [start, name] of reading.macroStatements) note("m", { start, end: start + 1 }, name);
  for (const each of reading.typeArguments) note("t", each);
  for (const each of reading.inactive) note("i", each);
  for (const each of reading.runaways) note("r", each);
  return notes;
}

/** All parts together as one unit. */
export function unitOf(parts: readonly Part[], reading: Reading): Unit {
  const all = <K extends keyof Unit>(key: K): Unit[K][number][] => parts.flatMap(({ unit }) => [...unit[key]]);
  return {
    functions: all("functions"),
    variables: all("variables"),
    prototypes: all("prototypes"),
    records: all("records"),
    typedefs: all("typedefs"),
    enumerators: all("enumerators"),
    fileMacros: all("fileMacros"),
    macros: [...reading.macros],
    includes: [...reading.includes],
  };
}
