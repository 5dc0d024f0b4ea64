// Text in, read file out: the reading pass, tree-sitter-c, and the copy into plain syntax. Never fails on any C.
import { Language, Parser as TreeSitter } from "web-tree-sitter";
import { Lines, type Span } from "../text/lines.ts";
import { readAgain } from "./again.ts";
import type { Unit } from "./ast.ts";
import { convertUnit } from "./convert.ts";
import { cutsOf, lineEndsOf, type Part, readParts, unitOf } from "./parts.ts";
import { type Reading, readKernelC } from "./reading.ts";
import { type CursorFunctions, copyTree, type RawNode } from "./tree.ts";

/** One C file as read: what it says, and where it could not be understood. */
export interface ParsedFile {
  readonly path: string;
  readonly text: string;
  readonly lines: Lines;
  readonly reading: Reading;
  readonly unit: Unit;
  /** Places the parser could not make sense of. */
  readonly problems: readonly Span[];
}

/** A file that was read in parts. */
export interface PartedFile extends ParsedFile {
  readonly parts: readonly Part[];
  /** Offsets behind functions, at which blanks may be added. */
  readonly cuts: readonly number[];
}

/** Reads files that a person types in. */
export interface PartReader {
  /** Where blanks may be added: behind functions, and at the ends of lines within them. */
  rooms(text: string): { readonly ends: readonly number[]; readonly lines: readonly number[] };
  /** Reads only the parts that differ from those of an earlier version; other syntax is taken over from there. */
  parse(path: string, text: string, earlier: readonly Part[]): PartedFile;
  /**
   * Reads only the function that ended at the offset `cut`, and that is longer by `growth` now, with as much less blank
   * room behind it; undefined where more may have changed.
   */
  again(earlier: PartedFile, text: string, cut: number, growth: number): PartedFile | undefined;
}

export interface Parser {
  parse(path: string, text: string): ParsedFile;
  /** Absent where nothing is read twice. */
  readonly parts?: PartReader;
}

/** The two wasm files as bytes: web-tree-sitter's runtime and tree-sitter-c's grammar. */
export interface ParserBytes {
  readonly runtime: Uint8Array;
  readonly grammar: Uint8Array;
}

/** The library's module: it is made of what the first call of init() is given, and there is one for all parsers. */
let started: Promise<CursorFunctions> | undefined;

async function start(wasmBinary: Uint8Array): Promise<CursorFunctions> {
  const module = { wasmBinary };
  await TreeSitter.init(module);
  return module as unknown as CursorFunctions;
}

export async function createParser(bytes: ParserBytes): Promise<Parser> {
  started ??= start(bytes.runtime);
  const functions = await started;
  const parser = new TreeSitter();
  parser.setLanguage(await Language.load(bytes.grammar));
  const parseShadow = (shadow: string, start: number): RawNode => {
    const tree = parser.parse(shadow);
    if (tree === null) throw new Error("the parser was given no language");
    try {
      return copyTree(tree, functions, start);
    } finally {
      tree.delete();
    }
  };
  return {
    parts: {
      rooms(text) {
        const { shadow } = readKernelC(text);
        const ends = cutsOf(shadow);
        return { ends, lines: ends.length === 0 ? [] : lineEndsOf(text, shadow) };
      },
      parse(path, text, earlier) {
        const reading = readKernelC(text);
        const cuts = cutsOf(reading.shadow);
        const parts = readParts(text, reading, cuts, earlier, parseShadow);
        const problems = parts.flatMap((part) => [...part.problems]);
        return { path, text, lines: new Lines(text), reading, unit: unitOf(parts, reading), problems, parts, cuts };
      },
      again(earlier, text, cut, growth) {
        const made = readAgain(earlier, text, cut, growth, parseShadow);
        if (made === undefined) return undefined;
        const problems = made.parts.flatMap((part) => [...part.problems]);
        return {
          path: earlier.path,
          text,
          lines: new Lines(text),
          unit: unitOf(made.parts, made.reading),
          problems,
          ...made,
        };
      },
    },
    parse(path, text) {
      const reading = readKernelC(text);
      const { unit, problems } = convertUnit(parseShadow(reading.shadow, 0), text, reading);
      return { path, text, lines: new Lines(text), reading, unit, problems };
    },
  };
}
