// Expressions of the parser's tree as plain syntax.
import type { CallExpr, Expr, InitializerItem, SizeofExpr } from "./ast.ts";
import { type Conversion, shadowText, spanAround } from "./conversion.ts";
import { child, type RawNode } from "./tree.ts";

export function convertExpr(context: Conversion, node: RawNode): Expr {
  const { start, end } = node;
  const unknown: Expr = { kind: "unknown", start, end };
  const sub = (field: string): Expr => {
    const each = child(node, field);
    return each === undefined ? unknown : context.expr(each);
  };
  const operator = (): string => {
    const each = child(node, "operator");
    return each === undefined ? "" : shadowText(context, each);
  };
  switch (node.type) {
    case "identifier":
    case "field_identifier":
    case "type_identifier":
      return nameOrType(context, node);
    case "number_literal":
    case "char_literal":
    case "true":
    case "false":
      return { kind: "number", text: shadowText(context, node), start, end };
    case "null":
      return { kind: "name", name: "NULL", start, end };
    case "string_literal":
    case "concatenated_string":
      return { kind: "string", text: context.text.slice(start, end), start, end };
    case "parenthesized_expression":
      return parenthesized(context, node);
    case "call_expression":
      return call(context, node);
    case "field_expression": {
      const field = child(node, "field");
      if (field === undefined) return unknown;
      return {
        kind: "member",
        base: sub("argument"),
        field: shadowText(context, field),
        arrow: operator() === "->",
        start,
        end,
      };
    }
    case "subscript_expression":
      return { kind: "index", base: sub("argument"), index: sub("index"), start, end };
    case "unary_expression":
    case "pointer_expression":
      return { kind: "unary", op: operator(), operand: sub("argument"), start, end };
    case "update_expression":
      return { kind: "update", op: operator() === "--" ? "--" : "++", operand: sub("argument"), start, end };
    case "binary_expression":
      return { kind: "binary", op: operator(), left: sub("left"), right: sub("right"), start, end };
    case "assignment_expression":
      return { kind: "assign", op: operator(), target: sub("left"), value: sub("right"), start, end };
    case "conditional_expression": {
      const then = child(node, "consequence");
      return {
        kind: "conditional",
        test: sub("condition"),
        ...(then === undefined ? {} : { consequence: context.expr(then) }),
        otherwise: sub("alternative"),
        start,
        end,
      };
    }
    case "cast_expression":
      return cast(context, node);
    case "comma_expression":
      return { kind: "comma", items: [...commaItems(context, node)], start, end };
    case "sizeof_expression":
    case "alignof_expression":
    case "offsetof_expression":
      return sizeOf(context, node);
    case "compound_statement":
      return { kind: "block", body: context.stmts(node.children), start, end };
    case "initializer_list":
      return { kind: "initializer", items: initializerItems(context, node), start, end };
    case "compound_literal_expression": {
      const type = child(node, "type");
      const value = child(node, "value");
      return {
        kind: "initializer",
        ...(type === undefined ? {} : { type: context.typeOf(type) }),
        items: value === undefined ? [] : initializerItems(context, value),
        start,
        end,
      };
    }
    case "extension_expression": {
      const inner = node.children.find((each) => each.named);
      return inner === undefined ? unknown : context.expr(inner);
    }
    case "type_descriptor":
      return { kind: "type", text: shadowText(context, node), start, end };
    default:
      return unknown;
  }
}

function nameOrType(context: Conversion, node: RawNode): Expr {
  const { start, end } = node;
  const type = spanAround(context.reading.typeArguments, start);
  if (type !== undefined)
    return { kind: "type", text: context.text.slice(type.start, type.end), start: type.start, end: type.end };
  const name = shadowText(context, node);
  if (name === "true" || name === "false") return { kind: "number", text: name, start, end };
  const constant = context.constants.has(name) && !context.locals.has(name);
  return { kind: "name", name, ...(constant ? { constant } : {}), start, end };
}

function parenthesized(context: Conversion, node: RawNode): Expr {
  const inner = node.children.find((each) => each.named);
  return inner === undefined ? { kind: "unknown", start: node.start, end: node.end } : context.expr(inner);
}

function call(context: Conversion, node: RawNode): CallExpr {
  const callee = child(node, "function");
  const list = child(node, "arguments");
  const args: Expr[] = [];
  for (const each of list?.children ?? []) if (each.named) args.push(context.expr(each));
  const { start, end } = node;
  return {
    kind: "call",
    callee: callee === undefined ? { kind: "unknown", start, end } : context.expr(callee),
    args,
    start,
    end,
  };
}

function cast(context: Conversion, node: RawNode): Expr {
  const { start, end } = node;
  const type = child(node, "type");
  const value = child(node, "value");
  if (type === undefined || value === undefined) return { kind: "unknown", start, end };
  const operand = context.expr(value);
  const named = type.children.length === 1 ? type.children[0] : undefined;
  // `(flags) & MASK` reads as a cast of `&MASK` to a type `flags`, unless flags is known to be a variable.
  if (named?.type === "type_identifier" && operand.kind === "unary" && context.locals.has(shadowText(context, named))) {
    const left: Expr = { kind: "name", name: shadowText(context, named), start: named.start, end: named.end };
    return { kind: "binary", op: operand.op, left, right: operand.operand, start, end };
  }
  return { kind: "cast", type: context.typeOf(type), operand, start, end };
}

function* commaItems(context: Conversion, node: RawNode): Generator<Expr> {
  for (const each of node.children) {
    if (!each.named) continue;
    if (each.type === "comma_expression") yield* commaItems(context, each);
    else yield context.expr(each);
  }
}

function sizeOf(context: Conversion, node: RawNode): SizeofExpr {
  const type = child(node, "type");
  const value = child(node, "value");
  return {
    kind: "sizeof",
    op: node.type.replace("_expression", ""),
    ...(type === undefined ? {} : { type: context.typeOf(type) }),
    ...(value === undefined ? {} : { operand: context.expr(value) }),
    start: node.start,
    end: node.end,
  };
}

function initializerItems(context: Conversion, node: RawNode): InitializerItem[] {
  const items: InitializerItem[] = [];
  for (const each of node.children) {
    if (!each.named) continue;
    if (each.type !== "initializer_pair") {
      items.push({ path: [], value: context.expr(each) });
      continue;
    }
    const value = child(each, "value");
    const path = each.children
      .filter((part) => part.field === "designator" && part.type.startsWith("field"))
      .map((part) => shadowText(context, part).replace(/^\.\s*/, ""));
    if (value !== undefined) items.push({ path, value: context.expr(value) });
  }
  return items;
}
