// How the old form becomes the new one where that needs no thought.
import type { RemovedFact } from "../knowledge/schema.ts";
import { placeOf } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Expr, Include } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Own } from "./api-removed-own.ts";
import type { Code, MemberUse } from "./api-removed-uses.ts";
import type { Edit, Fix } from "./rule.ts";
import { edit } from "./wording.ts";

function one(title: string, edits: readonly Edit[]): readonly Fix[] {
  return [{ title, edits, preferred: true }];
}

export function headerFixes(program: Program, fact: RemovedFact, include: Include): readonly Fix[] {
  const { text } = program.file;
  const { rename, remove } = fact.fix ?? {};
  const again = program.file.unit.includes.some((each) => each.path === rename);
  if (remove === true || again) return one(`Remove <${fact.name}>`, [edit(program, line(text, include), "")]);
  if (rename === undefined) return [];
  const start = text.indexOf(fact.name, include.start);
  return one(`Include <${rename}>`, [edit(program, { start, end: start + fact.name.length }, rename)]);
}

export function nameFixes(program: Program, code: Code, fact: RemovedFact, at: Span, own: Own): readonly Fix[] {
  const { rename, remove, resultUnused } = fact.fix ?? {};
  if (remove === true) {
    const span = removable(program, code, at);
    return span === undefined ? [] : one(`Remove ${fact.name}`, [edit(program, span, "")]);
  }
  if (rename === undefined || (resultUnused === true && !code.isStatement(at.start))) return [];
  const isOld = (offset: number) => !own.inUndecidedArm(offset) && !/^(\.|->)$/.test(code.before(offset));
  // A successor is told of once, so that all uses change together.
  const places = fact.successor === undefined ? [at.start] : occurrences(code.shadow, fact.name).filter(isOld);
  const edits = places.map((start) => edit(program, { start, end: start + (at.end - at.start) }, rename));
  return one(`Use ${/^[a-z_]\w*$/.test(rename) ? `${rename}()` : rename}`, edits);
}

function occurrences(shadow: string, name: string): readonly number[] {
  return [...shadow.matchAll(new RegExp(`\\b${name}\\b`, "g"))].map((found) => found.index);
}

/** An initialiser of a member, a macro with its line, or an annotation with the blank before it. */
function removable(program: Program, code: Code, at: Span): Span | undefined {
  const { text } = program.file;
  const member = /\n?[ \t]*\.\w+\s*=\s*$/.exec(text.slice(Math.max(0, at.start - 200), at.start));
  if (member !== null) {
    const comma = /^\s*,/.exec(text.slice(at.end, at.end + 100));
    return { start: at.start - member[0].length, end: at.end + (comma?.[0].length ?? 0) };
  }
  if (program.file.reading.annotations.some((each) => each.start === at.start)) {
    const blank = /[ \t]*$/.exec(text.slice(Math.max(0, at.start - 200), at.start))![0];
    return { start: at.start - blank.length, end: at.end };
  }
  const args = code.argumentsAt(at.start) === undefined ? null : /^\s*\([^()]*\)\s*;/.exec(text.slice(at.end));
  const bare = /^\s*;/.exec(text.slice(at.end));
  const end = at.end + (args?.[0].length ?? bare?.[0].length ?? Number.NaN);
  return Number.isNaN(end) ? undefined : line(text, { start: at.start, end });
}

/** The whole line, where nothing else stands on it. */
function line(text: string, span: Span): Span {
  const indent = /[ \t]*$/.exec(text.slice(Math.max(0, span.start - 200), span.start))![0];
  const start = span.start - indent.length;
  const end = text[span.end] === "\r" ? span.end + 2 : text[span.end] === "\n" ? span.end + 1 : span.end;
  return start === 0 || text[start - 1] === "\n" ? { start, end } : span;
}

export function callFixes(program: Program, fact: RemovedFact, args: readonly Expr[]): readonly Fix[] {
  const { drop, when, insert, at } = fact.fix ?? {};
  if (drop !== undefined) {
    const [before, arg, next] = [args[drop - 1], args[drop], args[drop + 1]];
    const written = arg === undefined ? "" : program.file.text.slice(arg.start, arg.end);
    if (arg === undefined || when?.includes(written) === false) return [];
    const span =
      next !== undefined ? { start: arg.start, end: next.start } : { start: before?.end ?? arg.start, end: arg.end };
    return one(`Leave out ${written}`, [edit(program, span, "")]);
  }
  if (insert === undefined || at === undefined) return [];
  const next = args[at];
  const before = args[at - 1];
  if (next !== undefined)
    return one(`Add ${insert}`, [edit(program, { start: next.start, end: next.start }, `${insert}, `)]);
  if (before === undefined) return [];
  return one(`Add ${insert}`, [edit(program, { start: before.end, end: before.end }, `, ${insert}`)]);
}

export function memberFixes(program: Program, fact: RemovedFact, use: MemberUse, at: Span): readonly Fix[] {
  const { rename, remove, set, clear } = fact.fix ?? {};
  const { text } = program.file;
  if (rename !== undefined) return one(`Use ${rename}`, [edit(program, at, rename)]);
  if (remove === true && use.kind === "initializer") {
    const before = /\n?[ \t]*$/.exec(text.slice(Math.max(0, use.start - 200), use.start))![0];
    const comma = /^\s*,/.exec(text.slice(use.end, use.end + 100));
    const span = { start: use.start - before.length, end: use.end + (comma?.[0].length ?? 0) };
    return one(`Remove .${text.slice(at.start, at.end)}`, [edit(program, span, "")]);
  }
  if (set === undefined || clear === undefined || use.alone !== true || use.value === undefined) return [];
  const pointer = use.base === undefined ? undefined : placeOf(use.base);
  if (pointer === undefined) return [];
  const struct = use.arrow === true ? pointer : `&${pointer}`;
  const cleared = use.op === "&=" && use.value.kind === "unary" && use.value.op === "~" ? use.value.operand : undefined;
  const flags = use.op === "|=" ? use.value : cleared;
  if (flags === undefined) return [];
  const name = cleared === undefined ? set : clear;
  const written = text.slice(flags.start, flags.end).replace(/^\(([^()]*)\)$/, "$1");
  return one(`Use ${name}()`, [edit(program, use, `${name}(${struct}, ${written})`)]);
}
