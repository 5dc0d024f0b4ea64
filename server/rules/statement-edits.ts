// Edits that put statements before another one: on lines of their own, indented as it is, with braces where they are needed.

import type { Program } from "../program/program.ts";
import { childrenOf, walkStatements } from "../program/statements.ts";
import type { BlockStmt, Stmt } from "../syntax/ast.ts";
import type { Edit } from "./rule.ts";
import { edit } from "./wording.ts";

/** The statement that each statement of a body stands in. */
export type Parents = ReadonlyMap<Stmt, Stmt>;

export function parentsOf(body: BlockStmt): Parents {
  const parents = new Map<Stmt, Stmt>();
  walkStatements(body, (stmt) => {
    for (const each of childrenOf(stmt)) parents.set(each, stmt);
  });
  return parents;
}

/** The white space that a line begins with. */
export function indentOf(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1))![0];
}

/**
 * Puts lines before a statement, and another text in its place if one is given. Undefined where the statement shares
 * its line with something else than a comment.
 */
export function putBefore(
  program: Program,
  parents: Parents,
  stmt: Stmt,
  lines: readonly string[],
  instead?: string,
): readonly Edit[] | undefined {
  const { text } = program.file;
  const lineStart = text.lastIndexOf("\n", stmt.start - 1) + 1;
  const indent = text.slice(lineStart, stmt.start);
  if (indent.trim() !== "") return undefined;
  const edits: Edit[] = [];
  const insert = (at: number, what: string): void => void edits.push(edit(program, { start: at, end: at }, what));
  const parent = parents.get(stmt);
  const needsBraces = lines.length > 0 && !/^(compound|case|label)$/.test(parent?.kind ?? "compound");
  const head = text.slice(0, lineStart).trimEnd().length;
  if (needsBraces) {
    if (text.slice(text.lastIndexOf("\n", head - 1) + 1, head).includes("//")) return undefined;
    insert(head, " {");
  }
  if (lines.length > 0) insert(lineStart, lines.map((line) => `${indent}${line}\n`).join(""));
  if (instead !== undefined) edits.push(edit(program, stmt, instead));
  if (!needsBraces) return edits;
  const lineEnd = text.indexOf("\n", stmt.end);
  if (lineEnd === -1 || !/^\s*(\/\/.*|\/\*[^*]*\*\/\s*)?$/.test(text.slice(stmt.end, lineEnd))) return undefined;
  const isElse = parent!.kind === "if" && parent!.otherwise === stmt;
  const outer = indentOf(text, isElse ? head : parent!.start);
  if (parent!.kind !== "if" || isElse || parent!.otherwise === undefined) insert(lineEnd, `\n${outer}}`);
  else {
    const before = /^\s*(?=else\b)/.exec(text.slice(lineEnd));
    if (before === null) return undefined;
    edits.push(edit(program, { start: lineEnd, end: lineEnd + before[0].length }, `\n${outer}} `));
  }
  return edits;
}

/** Whether a statement never goes on to the one after it. */
export function isLeaving(stmt: Stmt): boolean {
  return /^(return|goto|break|continue)$/.test(stmt.kind);
}

/** A label, or a statement that stands in a list after some. */
export type Item = { readonly label: string; readonly start: number } | { readonly stmt: Stmt };

/** The statements of a list with their labels, in order. */
export function itemsOf(list: readonly Stmt[]): readonly Item[] {
  return list.flatMap((each): readonly Item[] => {
    if (each.kind !== "label") return [{ stmt: each }];
    return [{ label: each.name, start: each.start }, ...(each.body === undefined ? [] : itemsOf([each.body]))];
  });
}

/** The list that a statement stands in, labels aside; undefined for the only statement of an `if` or a loop. */
export function listOf(parents: Parents, stmt: Stmt): readonly Stmt[] | undefined {
  let parent = parents.get(stmt);
  while (parent?.kind === "label") parent = parents.get(parent);
  return parent?.kind === "compound" || parent?.kind === "case" ? parent.body : undefined;
}
