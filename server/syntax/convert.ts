// The parser's tree of one file as plain syntax: functions, variables, records, macros and what was not understood.
import type { Span } from "../text/lines.ts";
import type { Expr, FileMacro, FunctionDef, Stmt, TypeRef, Unit, Variable } from "./ast.ts";
import { annotationsIn, type Conversion, shadowText } from "./conversion.ts";
import { convertType, convertVariables, recordOf, takeApart } from "./convert-declarations.ts";
import { convertExpr } from "./convert-expressions.ts";
import { convertStmt } from "./convert-statements.ts";
import type { Reading } from "./reading.ts";
import { child, firstBroken, type RawNode } from "./tree.ts";

/** Where a part of a file stands: what is known before it, and whether what follows cuts its last function short. */
export interface Place {
  readonly constants: ReadonlySet<string>;
  readonly endsEarly: boolean;
}

export function convertUnit(
  root: RawNode,
  text: string,
  reading: Reading,
  place: Place = { constants: constantsOf(reading), endsEarly: false },
): { unit: Unit; problems: readonly Span[] } {
  const context: Conversion = {
    text,
    reading,
    locals: new Set(),
    constants: new Set(place.constants),
    problems: [],
    expr: (node): Expr => convertExpr(context, node),
    stmt: (node): Stmt => convertStmt(context, node),
    stmts: (nodes) =>
      nodes.filter((each) => each.named || each.type === "ERROR").map((each) => convertStmt(context, each)),
    typeOf: (node): TypeRef => convertType(context, node),
    variables: (node): Variable[] => convertVariables(context, node),
  };
  const unit: Mutable<Unit> = {
    functions: [],
    variables: [],
    prototypes: [],
    records: [],
    typedefs: [],
    enumerators: [],
    fileMacros: [],
    macros: [...reading.macros],
    includes: [...reading.includes],
  };
  for (const [index, node] of root.children.entries()) {
    const next = root.children[index + 1];
    topLevel(context, unit, node, next === undefined ? place.endsEarly : isStray(next));
  }
  collectProblems(root, context.problems);
  return { unit, problems: context.problems };
}

/** Object-like macros that stand for a constant, wherever they are defined. */
export function constantsOf({ macros }: Reading): Set<string> {
  const plain = macros.filter((each) => each.params === undefined && isPlainConstant(each.body));
  return new Set(plain.map((each) => each.name));
}

/** A number or a constant expression of numbers and upper-case names; anything else may stand for a variable. */
function isPlainConstant(body: string): boolean {
  return (
    body !== "" && /^[\s()0-9A-Zx_a-f+*|<&~-]+$/.test(body) && !/[a-z_]{2,}/.test(body.replace(/0x[0-9a-f]+/g, ""))
  );
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

function topLevel(context: Conversion, unit: Mutable<Unit>, node: RawNode, endsEarly = false): void {
  switch (node.type) {
    case "function_definition": {
      const made = functionDef(context, node, endsEarly);
      if (made !== undefined) unit.functions.push(made);
      return;
    }
    case "declaration":
      for (const variable of context.variables(node)) {
        if (variable.type.callable && isPrototype(context, node, variable)) unit.prototypes.push(variable);
        else unit.variables.push(variable);
      }
      specifier(context, unit, child(node, "type"));
      return;
    case "type_definition":
      unit.typedefs.push(...context.variables(node));
      specifier(context, unit, child(node, "type"));
      return;
    case "struct_specifier":
    case "union_specifier":
    case "enum_specifier":
      specifier(context, unit, node);
      return;
    case "expression_statement": {
      const made = fileMacro(context, node);
      if (made !== undefined) unit.fileMacros.push(made);
      return;
    }
    case "ERROR":
    case "linkage_specification":
    case "declaration_list":
      for (const each of node.children) topLevel(context, unit, each);
      return;
    default:
  }
}

/** What cannot stand between functions: a brace too many has ended the function before it. */
export function isStray(node: RawNode): boolean {
  return node.type === "ERROR" || (node.type.endsWith("_statement") && node.type !== "expression_statement");
}

function understoodUntil(context: Conversion, node: RawNode): number {
  const runaway = context.reading.runaways.find((each) => node.start < each.end && each.start < node.end);
  const broken = firstBroken(node);
  // A closing brace that is missing at the very end still leaves the function unfinished.
  return Math.min(broken === undefined ? node.end : Math.min(broken, node.end - 1), runaway?.start ?? node.end);
}

function functionDef(context: Conversion, node: RawNode, endsEarly: boolean): FunctionDef | undefined {
  const body = child(node, "body");
  const declarator = child(node, "declarator");
  if (body === undefined || declarator === undefined) return undefined;
  context.locals.clear();
  const parts = takeApart(context, declarator, node);
  if (parts.name === "") return undefined;
  const params: Variable[] = [];
  let variadic = false;
  // A definition by macro, `NAME(foo) {`, has no parameters that could be seen.
  for (const each of parts.parameters?.children ?? []) {
    if (each.type === "parameter_declaration") params.push(...context.variables(each));
    else if (each.type === "variadic_parameter") variadic = true;
  }
  const words = node.children
    .filter((each) => each.type === "storage_class_specifier")
    .map((each) => shadowText(context, each));
  const returnsNode = child(node, "type");
  const returns: TypeRef = {
    base: returnsNode === undefined ? "" : shadowText(context, returnsNode).replace(/\s+/g, " "),
    pointers: parts.pointers,
    dimensions: [],
    callable: false,
    annotations: [],
    start: node.start,
    end: parts.nameSpan.start,
  };
  const list = parts.parameters ?? parts.nameSpan;
  const onlyVoid =
    params.length === 1 && params[0]!.name === "" && params[0]!.type.base === "void" && params[0]!.type.pointers === 0;
  return {
    name: parts.name,
    nameSpan: parts.nameSpan,
    returns,
    params: onlyVoid ? [] : params,
    variadic,
    body: { kind: "compound", body: context.stmts(body.children), start: body.start, end: body.end },
    isStatic: words.includes("static"),
    isInline: words.includes("inline") || words.includes("__inline"),
    annotations: [
      ...annotationsIn(context.reading, node.start, list.start),
      ...annotationsIn(context.reading, list.end, body.start),
    ],
    understoodUntil: endsEarly ? node.start : understoodUntil(context, node),
    inactive: context.reading.inactive.some((span) => span.start <= node.start && node.end <= span.end),
    start: node.start,
    end: node.end,
  };
}

/** `int f(int);` declares a function; `int (*f)(int);` a variable. */
function isPrototype(context: Conversion, node: RawNode, variable: Variable): boolean {
  const declarator = node.children.find((each) => each.field === "declarator" && each.start === variable.start);
  return (
    declarator !== undefined && declarator.type !== "init_declarator" && takeApart(context, declarator, node).isFunction
  );
}

function specifier(context: Conversion, unit: Mutable<Unit>, node: RawNode | undefined): void {
  if (node === undefined) return;
  const record = recordOf(context, node);
  if (record !== undefined) unit.records.push(record);
  if (node.type !== "enum_specifier") return;
  for (const each of child(node, "body")?.children ?? []) {
    const name = child(each, "name");
    const value = child(each, "value");
    if (each.type !== "enumerator" || name === undefined) continue;
    context.constants.add(shadowText(context, name));
    unit.enumerators.push({
      name: shadowText(context, name),
      ...(value === undefined ? {} : { value: context.expr(value) }),
    });
  }
}

function fileMacro(context: Conversion, node: RawNode): FileMacro | undefined {
  const inner = node.children.find((each) => each.named);
  if (inner === undefined) return undefined;
  const expr = context.expr(inner);
  if (expr.kind !== "call" || expr.callee.kind !== "name") return undefined;
  return { name: expr.callee.name, nameSpan: expr.callee, args: expr.args, start: node.start, end: node.end };
}

function collectProblems(node: RawNode, problems: Span[]): void {
  if (node.broken) {
    problems.push({ start: node.start, end: node.end });
    return;
  }
  for (const each of node.children) collectProblems(each, problems);
}
