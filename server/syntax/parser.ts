// Text in, read file out: the reading pass, tree-sitter-c, and the copy into plain syntax. Never fails on any C.
import { Language, Parser as TreeSitter } from "web-tree-sitter";
import { Lines, type Span } from "../text/lines.ts";
import type { Unit } from "./ast.ts";
import { convertUnit } from "./convert.ts";
import { type Reading, readKernelC } from "./reading.ts";
import { copyTree } from "./tree.ts";

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

export interface Parser {
  parse(path: string, text: string): ParsedFile;
}

/** The two wasm files as bytes: web-tree-sitter's runtime and tree-sitter-c's grammar. */
export interface ParserBytes {
  readonly runtime: Uint8Array;
  readonly grammar: Uint8Array;
}

export async function createParser(bytes: ParserBytes): Promise<Parser> {
  await TreeSitter.init({ wasmBinary: bytes.runtime });
  const parser = new TreeSitter();
  parser.setLanguage(await Language.load(bytes.grammar));
  return {
    parse(path, text) {
      const reading = readKernelC(text);
      const tree = parser.parse(reading.shadow);
      if (tree === null) throw new Error(`${path}: the parser was given no language`);
      try {
        const { unit, problems } = convertUnit(copyTree(tree), text, reading);
        return { path, text, lines: new Lines(text), reading, unit, problems };
      } finally {
        tree.delete();
      }
    },
  };
}
