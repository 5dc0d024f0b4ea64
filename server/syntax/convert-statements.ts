// Statements of the parser's tree as plain syntax.
import type { Expr, Stmt } from "./ast.ts";
import { type Conversion, shadowText } from "./conversion.ts";
import { takeApart } from "./convert-declarations.ts";
import { child, type RawNode } from "./tree.ts";

export function convertStmt(context: Conversion, node: RawNode): Stmt {
  const { start, end } = node;
  const empty: Stmt = { kind: "empty", start, end };
  const unknownExpr: Expr = { kind: "unknown", start, end };
  const exprIn = (field: string): Expr => {
    const each = child(node, field);
    return each === undefined ? unknownExpr : context.expr(each);
  };
  const stmtIn = (field: string): Stmt => {
    const each = child(node, field);
    return each === undefined ? empty : context.stmt(each);
  };
  switch (node.type) {
    case "compound_statement":
      return { kind: "compound", body: context.stmts(node.children), start, end };
    case "expression_statement":
      return expressionStatement(context, node);
    case "declaration":
      return declaration(context, node);
    case "type_definition":
    case "struct_specifier":
    case "union_specifier":
    case "enum_specifier":
    case ";":
      return empty;
    case "if_statement": {
      if (context.reading.macroStatements.has(start))
        return macro(context, node, exprIn("condition"), stmtIn("consequence"));
      const otherwise = child(node, "alternative")?.children.find((each) => each.named);
      return {
        kind: "if",
        test: exprIn("condition"),
        consequence: stmtIn("consequence"),
        ...(otherwise === undefined ? {} : { otherwise: context.stmt(otherwise) }),
        start,
        end,
      };
    }
    case "while_statement":
      return context.reading.macroStatements.has(start)
        ? macro(context, node, exprIn("condition"), stmtIn("body"))
        : { kind: "while", test: exprIn("condition"), body: stmtIn("body"), start, end };
    case "do_statement":
      return { kind: "do", test: exprIn("condition"), body: stmtIn("body"), start, end };
    case "for_statement":
      return forStatement(context, node);
    case "switch_statement":
      return { kind: "switch", value: exprIn("condition"), body: stmtIn("body"), start, end };
    case "case_statement":
      return caseStatement(context, node);
    case "labeled_statement": {
      const label = child(node, "label");
      const body = node.children.findLast((each) => each.named && each.field !== "label");
      return {
        kind: "label",
        name: label === undefined ? "" : shadowText(context, label),
        ...(body === undefined ? {} : { body: context.stmt(body) }),
        start,
        end,
      };
    }
    case "goto_statement": {
      const label = child(node, "label");
      return { kind: "goto", ...(label === undefined ? {} : { label: shadowText(context, label) }), start, end };
    }
    case "break_statement":
      return { kind: "break", start, end };
    case "continue_statement":
      return { kind: "continue", start, end };
    case "return_statement": {
      const value = node.children.find((each) => each.named);
      return { kind: "return", ...(value === undefined ? {} : { value: context.expr(value) }), start, end };
    }
    case "attributed_statement": {
      const inner = node.children.findLast((each) => each.named);
      return inner === undefined ? empty : context.stmt(inner);
    }
    default:
      return { kind: "unknown", start, end };
  }
}

function expressionStatement(context: Conversion, node: RawNode): Stmt {
  const { start, end } = node;
  const inner = node.children.find((each) => each.named);
  if (inner === undefined) return { kind: "empty", start, end };
  if (inner.type === "gnu_asm_expression") return { kind: "asm", start, end };
  return { kind: "expression", expr: context.expr(inner), start, end };
}

function declaration(context: Conversion, node: RawNode): Stmt {
  const { start, end } = node;
  const type = child(node, "type");
  const declarator = child(node, "declarator");
  const inner = declarator?.children.find((each) => each.named);
  // `foo (bar);` reads as a declaration of bar; where no such type was declared it is a call.
  if (
    type?.type === "type_identifier" &&
    declarator?.type === "parenthesized_declarator" &&
    inner?.type === "identifier"
  ) {
    const callee: Expr = { kind: "name", name: shadowText(context, type), start: type.start, end: type.end };
    const expr: Expr = { kind: "call", callee, args: [context.expr(inner)], start: type.start, end: declarator.end };
    return { kind: "expression", expr, start, end };
  }
  // `struct foo *` just typed before a call reads as a prototype; real ones inside functions are hardly ever written.
  if (declarator?.type === "function_declarator" || declarator?.type === "pointer_declarator") {
    const isExtern = node.children.some((each) => shadowText(context, each) === "extern");
    if (!isExtern && takeApart(context, declarator, node).isFunction) return { kind: "unknown", start, end };
  }
  return { kind: "declaration", variables: context.variables(node), start, end };
}

/** A statement macro, which the reading pass put as `while` or, where that is too long, as `if`. */
function macro(context: Conversion, node: RawNode, test: Expr, body: Stmt): Stmt {
  const { start, end } = node;
  const name = context.reading.macroStatements.get(start) ?? "";
  // Without arguments the condition is a made-up 0.
  const none = test.kind === "number" && !context.text.slice(test.start, test.end).includes("0");
  return {
    kind: "macro",
    name,
    nameSpan: { start, end: start + name.length },
    args: none ? [] : test.kind === "comma" ? test.items : [test],
    body,
    start,
    end,
  };
}

function forStatement(context: Conversion, node: RawNode): Stmt {
  const { start, end } = node;
  const init = child(node, "initializer");
  const test = child(node, "condition");
  const step = child(node, "update");
  const body = child(node, "body");
  const first: Stmt | undefined =
    init === undefined
      ? undefined
      : init.type === "declaration"
        ? context.stmt(init)
        : { kind: "expression", expr: context.expr(init), start: init.start, end: init.end };
  return {
    kind: "for",
    ...(first === undefined ? {} : { init: first }),
    ...(test === undefined ? {} : { test: context.expr(test) }),
    ...(step === undefined ? {} : { step: context.expr(step) }),
    body: body === undefined ? { kind: "empty", start, end } : context.stmt(body),
    start,
    end,
  };
}

function caseStatement(context: Conversion, node: RawNode): Stmt {
  const value = child(node, "value");
  const body = node.children.filter((each) => (each.named && each.field !== "value") || each.type === ";");
  return {
    kind: "case",
    ...(value === undefined ? {} : { value: context.expr(value) }),
    body: context.stmts(body),
    start: node.start,
    end: node.end,
  };
}
