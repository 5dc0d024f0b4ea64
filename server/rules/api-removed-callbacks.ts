// Functions that are given to a struct's member whose signature has changed: in which way they are still of the old one.
import type { RemovedFact } from "../knowledge/schema.ts";
import type { Program } from "../program/program.ts";
import type { Expr, FunctionDef, Stmt, Variable } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Code } from "./api-removed-uses.ts";
import type { Edit, Fix } from "./rule.ts";
import { edit } from "./wording.ts";

export interface OldCallback {
  readonly name: string;
  /** In which way, so that it fits behind the function's name: `returns int`, `takes 2 arguments`. */
  readonly how: string;
  /** Where the function is defined. */
  readonly related: readonly Span[];
  readonly fixes: readonly Fix[];
}

/** Undefined where the function has the new form, or is not seen. */
export function callbackUses(program: Program, code: Code, fact: RemovedFact, value: Expr): OldCallback | undefined {
  const named = value.kind === "unary" && value.op === "&" ? value.operand : value;
  const def = named.kind === "name" ? program.functions.get(named.name)?.def : undefined;
  if (def === undefined || def.variadic) return undefined;
  const how = oldForm(program, fact, def);
  if (how === undefined) return undefined;
  return { name: def.name, how, related: [def.nameSpan], fixes: fixesOf(program, code, fact, def) };
}

function oldForm(program: Program, fact: RemovedFact, def: FunctionDef): string | undefined {
  const { text } = program.file;
  const { returns, params } = def;
  if (fact.type !== undefined && returns.base === fact.type && returns.pointers === 0) return `returns ${fact.type}`;
  if (fact.parameters !== undefined && params.length === fact.parameters && params[0]?.type.base !== "void")
    return `takes ${fact.parameters === 1 ? "1 argument" : `${fact.parameters} arguments`}`;
  const first = params[0]?.type;
  if (fact.first !== undefined && first?.base === fact.first && first.pointers === 1) return `takes a ${fact.first} *`;
  const index = fact.constParameter ?? params.length;
  const param = params[index];
  const before = params[index - 1]?.end ?? def.nameSpan.end;
  if (param !== undefined && param.type.pointers === 1 && param.type.base.startsWith("struct "))
    if (!/\bconst\b/.test(text.slice(before, param.end))) return `takes a ${param.type.base} * that is not const`;
  return undefined;
}

/** The function must be used for nothing else: whoever calls it counts on its old form. */
function fixesOf(program: Program, code: Code, fact: RemovedFact, def: FunctionDef): readonly Fix[] {
  if (def.understoodUntil < def.end || occurrences(code.shadow, def.name) !== 2) return [];
  const edits =
    fact.type === "int" && fact.instead.startsWith("void ")
      ? returningNothing(program, def)
      : fact.parameters !== undefined
        ? withoutLast(program, code, fact, def)
        : undefined;
  return edits === undefined ? [] : [{ title: `Give ${def.name}() the new signature`, edits, preferred: true }];
}

/** Each return must return 0, since nobody hears of another result any more. */
function returningNothing(program: Program, def: FunctionDef): readonly Edit[] | undefined {
  const { text } = program.file;
  const edits: Edit[] = [edit(program, typeWord(text, def), "void")];
  const last = def.body.body.at(-1);
  for (const each of returns(def.body)) {
    if (each.value === undefined || each.value.kind !== "number" || Number(each.value.text) !== 0) return undefined;
    if (each === last) edits.push(edit(program, wholeLine(text, each), ""));
    else edits.push(edit(program, { start: each.start, end: each.end }, "return;"));
  }
  return last?.kind === "return" ? edits : undefined;
}

function typeWord(text: string, def: FunctionDef): Span {
  const { start, end } = def.returns;
  const at = start + Math.max(0, text.slice(start, end).search(/\bint\b/));
  return { start: at, end: at + 3 };
}

/** With the line break and the empty line before it. */
function wholeLine(text: string, stmt: Span): Span {
  const before = /\s*$/.exec(text.slice(Math.max(0, stmt.start - 200), stmt.start))![0];
  return { start: stmt.start - before.length, end: stmt.end };
}

type Return = Stmt & { kind: "return" };

function* returns(stmt: Stmt | undefined): Generator<Return> {
  if (stmt === undefined) return;
  if (stmt.kind === "return") yield stmt;
  else if (stmt.kind === "compound" || stmt.kind === "case") for (const each of stmt.body) yield* returns(each);
  else if (stmt.kind === "if") {
    yield* returns(stmt.consequence);
    yield* returns(stmt.otherwise);
  } else if ("body" in stmt && stmt.body !== undefined) yield* returns(stmt.body as Stmt);
}

/** Only where the new form is the old one without its last parameter, and the function does not look at it. */
function withoutLast(program: Program, code: Code, fact: RemovedFact, def: FunctionDef): readonly Edit[] | undefined {
  const [kept, dropped] = def.params.slice(-2) as readonly (Variable | undefined)[];
  if (kept === undefined || dropped === undefined || !/probe|release/.test(fact.name)) return undefined;
  if (occurrences(code.shadow.slice(def.body.start, def.body.end), dropped.name) > 0) return undefined;
  return [edit(program, { start: kept.end, end: dropped.end }, "")];
}

function occurrences(shadow: string, name: string): number {
  return shadow.match(new RegExp(`\\b${name}\\b`, "g"))?.length ?? 0;
}
