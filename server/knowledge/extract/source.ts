// One file of a kernel tree as the extraction sees it: read, its comments blanked, its kernel-doc by name.
import type { Annotation } from "../../syntax/ast.ts";
import { annotationsIn, spanAround } from "../../syntax/conversion.ts";
import { tokenize } from "../../syntax/lexer.ts";
import type { ParsedFile, Parser } from "../../syntax/parser.ts";
import type { DocFacts } from "./harvest.ts";
import { docFacts } from "./kernel-doc.ts";

export interface Source {
  /** Relative to the tree. */
  readonly path: string;
  readonly parsed: ParsedFile;
  /** The text with comments and preprocessor lines blanked, annotations kept; offsets are those of the text. */
  readonly clean: string;
  /** Counted from 1. */
  line(offset: number): number;
  /** What the kernel-doc comment of that name says, the last one before the offset. */
  doc(name: string, offset: number): DocFacts | undefined;
  /** Annotations that begin within a range. */
  annotations(from: number, to: number): readonly Annotation[];
  /** In an arm of a conditional that the reading leaves out. */
  isInactive(offset: number): boolean;
}

export function readSource(parser: Parser, path: string, text: string): Source {
  const parsed = parser.parse(path, text);
  const docs = kernelDocs(text);
  return {
    path,
    parsed,
    clean: withoutComments(text),
    line: (offset) => parsed.lines.position(offset).line + 1,
    doc: (name, offset) => {
      const found = docs.get(name)?.findLast((each) => each.end <= offset);
      return found === undefined ? undefined : docFacts(found.text);
    },
    annotations: (from, to) => annotationsIn(parsed.reading, from, to),
    isInactive: (offset) => spanAround(parsed.reading.inactive, offset) !== undefined,
  };
}

/** The text with comments and preprocessor lines blanked: equal in length. */
export function withoutComments(text: string): string {
  const { chars, directives } = tokenize(text);
  const parts: string[] = [];
  let at = 0;
  const copy = (to: number): void => {
    for (; at < to; at = Math.min(at + 8192, to)) {
      const part = chars.subarray(at, Math.min(at + 8192, to));
      parts.push(String.fromCharCode.apply(null, part as unknown as number[]));
    }
    at = to;
  };
  for (const { start, end } of directives) {
    copy(start);
    parts.push(text.slice(start, end).replace(/[^\n]/g, " "));
    at = end;
  }
  copy(text.length);
  return parts.join("");
}

const docHead =
  /^\/\*\*[ \t]*(?:\n[ \t]*\*[ \t]*)?(?:function |define |macro )?([A-Za-z_]\w*)[ \t]*(?:\([^)\n]*\))?[ \t]*[-:\n\u2013]/;

function kernelDocs(text: string): Map<string, { end: number; text: string }[]> {
  const found = new Map<string, { end: number; text: string }[]>();
  for (let at = text.indexOf("/**"); at >= 0; at = text.indexOf("/**", at + 3)) {
    const close = text.indexOf("*/", at + 3);
    if (close < 0) break;
    const comment = text.slice(at, close + 2);
    const name = docHead.exec(comment)?.[1];
    if (name !== undefined) {
      const before = found.get(name);
      const made = { end: close + 2, text: comment };
      if (before === undefined) found.set(name, [made]);
      else before.push(made);
    }
    at = close;
  }
  return found;
}

/** The offset of the bracket that closes the one at `open`, or -1. */
export function closing(clean: string, open: number): number {
  let depth = 0;
  for (let at = open; at < clean.length; at++) {
    const c = clean.charCodeAt(at);
    if (c === 34 || c === 39) {
      for (at++; at < clean.length && clean.charCodeAt(at) !== c; at++) if (clean.charCodeAt(at) === 92) at++;
    } else if (c === 40 || c === 91 || c === 123) depth++;
    else if ((c === 41 || c === 93 || c === 125) && --depth === 0) return at;
  }
  return -1;
}

/** Spans of the parts between commas that stand in no brackets of their own. */
export function splitAtCommas(clean: string, from: number, to: number): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let start = from;
  for (let at = from; at < to; at++) {
    const c = clean.charCodeAt(at);
    if (c === 40 || c === 91 || c === 123) {
      const close = closing(clean, at);
      if (close < 0 || close >= to) break;
      at = close;
    } else if (c === 34 || c === 39) {
      for (at++; at < to && clean.charCodeAt(at) !== c; at++) if (clean.charCodeAt(at) === 92) at++;
    } else if (c === 44) {
      parts.push({ start, end: at });
      start = at + 1;
    }
  }
  if (clean.slice(start, to).trim() !== "" || parts.length > 0) parts.push({ start, end: to });
  return parts;
}
