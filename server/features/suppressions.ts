// Findings that a comment allows: `/* driverlab: allow <rule>[, <rule>] -- reason */`, and comments that allow nothing.
import type { Program } from "../program/program.ts";
import { rules } from "../rules/index.ts";
import type { Edit, Finding, Rule } from "../rules/rule.ts";
import { nothingAllowed, type Written } from "../rules/unused-suppression.ts";
import { Lines, type Span } from "../text/lines.ts";

/** A finding that the driver's author allows, and why. */
export interface Allowed {
  readonly finding: Finding;
  readonly reason: string;
}

export interface Judged {
  /** What is to be shown: what no comment allows, and the comments that allow nothing. */
  readonly findings: readonly Finding[];
  readonly allowed: readonly Allowed[];
}

interface Suppression extends Written {
  /** Findings that start in here are allowed. */
  readonly governs: Span;
}

/** A statement longer than this has an end that was not typed yet. */
const STATEMENT = 4000;

/**
 * `asked` are the rules that were asked; a comment for another one may be needed by somebody else. `all` is false while some of the module was not read: a finding may then still come, and no comment is called unused.
 */
export function applySuppressions(
  program: Program,
  found: readonly Finding[],
  asked: readonly Rule[],
  all: boolean,
): Judged {
  const { text, path, problems } = program.file;
  const written = suppressions(text);
  const headers = program.headers.map((each) => [each.path, suppressions(each.text)] as const);
  const byFile = new Map([...headers, [path, written] as const]);
  const used = new Set<string>();
  const findings: Finding[] = [];
  const allowed: Allowed[] = [];
  for (const finding of found) {
    const by = byFile
      .get(finding.file)
      ?.find(
        ({ governs, rules: ids, reason }) =>
          reason !== "" &&
          governs.start <= finding.start &&
          finding.start < governs.end &&
          ids.some(({ id }) => id === finding.rule),
      );
    if (by === undefined) findings.push(finding);
    else allowed.push({ finding, reason: by.reason });
    if (by !== undefined) used.add(`${by.start} ${finding.rule}`);
  }
  const spoke = new Set(asked.filter(({ byRelease }) => byRelease !== true).map(({ id }) => id));
  const unused = (at: Written, id: string): boolean =>
    all && problems.length === 0 && spoke.has(id) && !used.has(`${at.start} ${id}`);
  const known = rules.map(({ id }) => id);
  for (const each of written) findings.push(...nothingAllowed(path, text, each, known, unused));
  return { findings, allowed };
}

/** The comment that allows a finding, on a line of its own before it; its reason is left for a person to write. */
export function allowance(text: string, finding: Finding): Edit | undefined {
  if (finding.rule === "unused-suppression") return undefined;
  const start = text.lastIndexOf("\n", finding.start - 1) + 1;
  const before = text.slice(text.lastIndexOf("\n", start - 2) + 1, start);
  // In a macro of several lines a comment would need a backslash, and what it says would not be about one place.
  if (/\\\r?\n$/.test(before) || text[start] === "#") return undefined;
  const indent = /^[ \t]*/.exec(text.slice(start))![0];
  const newline = before.endsWith("\r\n") ? "\r\n" : "\n";
  const comment = `${indent}/* driverlab: allow ${finding.rule} -- */${newline}`;
  return { file: finding.file, start, end: start, text: comment };
}

function suppressions(text: string): readonly Suppression[] {
  if (!text.includes("driverlab:")) return [];
  const { code, comments } = withoutComments(text);
  const lines = new Lines(text);
  return comments.flatMap((comment) => {
    const written = readComment(text, comment);
    return written === undefined ? [] : [{ ...written, governs: governed(code, lines, comment) }];
  });
}

/** The text with comments and the insides of strings blanked, and where the comments are. */
function withoutComments(text: string): { code: string; comments: readonly Span[] } {
  const comments: Span[] = [];
  const code = text.replace(
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/g,
    (piece, at: number) => {
      if (piece[0] !== "/") return `"${"x".repeat(piece.length - 2)}"`;
      comments.push({ start: at, end: at + piece.length });
      return piece.replace(/[^\n]/g, " ");
    },
  );
  return { code, comments };
}

function readComment(text: string, { start, end }: Span): Written | undefined {
  const said = /^(?:\/\*+|\/\/+)[\s*]*driverlab:([\s\S]*?)(?:\*\/)?$/.exec(text.slice(start, end))?.[1];
  if (said === undefined) return undefined;
  const [named = "", ...rest] = said.split(/\s--(?=\s|$)/);
  const reason = rest
    .join(" --")
    .replace(/\s*\n[\s*]*/g, " ")
    .trim();
  const list = /^\s*allow\s([\s\S]*)$/.exec(named)?.[1] ?? "";
  const from = text.indexOf(list, text.indexOf("driverlab:", start));
  const ids = [...list.matchAll(/[^\s,*]+/g)].map((match) => {
    return { id: match[0], start: from + match.index, end: from + match.index + match[0].length };
  });
  return { start, end, rules: ids, reason };
}

/**
 * Beside code, a comment governs that line. On a line of its own it governs the statement that begins on the next line
 * of code: of an `if`, a loop or a function only the head, since what is in the body are other statements.
 */
function governed(code: string, lines: Lines, { start, end }: Span): Span {
  const lineOf = (offset: number): Span => {
    const { line } = lines.position(offset);
    return { start: lines.start(line), end: lines.start(line + 1) };
  };
  const first = lineOf(start);
  const last = lineOf(end);
  if (code.slice(first.start, start).trim() !== "") return first;
  if (code.slice(end, last.end).trim() !== "") return last;
  const next = end + /^\s*/.exec(code.slice(end))![0].length;
  return { start: next, end: Math.max(lineOf(next).end, statementEnd(code, next)) };
}

function statementEnd(code: string, from: number): number {
  if (code[from] === "#") return from;
  let depth = 0;
  for (let at = from; at < code.length && at < from + STATEMENT; at++) {
    const char = code[at]!;
    if (char === "(" || char === "[") depth++;
    else if (char === ")" || char === "]") depth--;
    if (depth < 0 || (depth === 0 && /[;{}]/.test(char))) return at;
    // An entry of a table.
    if (depth === 0 && char === "," && code[at + 1] === "\n") return at;
  }
  return from;
}
