// Declarations, types and records of the parser's tree as plain syntax.
import type { Span } from "../text/lines.ts";
import type { Expr, RecordDef, TypeRef, Variable } from "./ast.ts";
import { annotationsIn, type Conversion, shadowText, squeeze } from "./conversion.ts";
import { child, firstBroken, type RawNode } from "./tree.ts";

/** A declarator taken apart: `*(*name[3])(int)` from the outside in. */
export interface Declarator {
  readonly name: string;
  readonly nameSpan: Span;
  readonly pointers: number;
  readonly dimensions: readonly (Expr | null)[];
  /** The parameter list of the function it declares or points to. */
  readonly parameters?: RawNode;
  /** It declares a function itself, not a pointer to one. */
  readonly isFunction: boolean;
}

export function takeApart(context: Conversion, node: RawNode | undefined, at: Span): Declarator {
  let name = "";
  let nameSpan: Span = { start: at.end, end: at.end };
  let pointers = 0;
  const dimensions: (Expr | null)[] = [];
  let parameters: RawNode | undefined;
  let isFunction = false;
  let current = node;
  while (current !== undefined) {
    const type: string = current.type;
    if (type.endsWith("identifier")) {
      name = shadowText(context, current);
      nameSpan = { start: current.start, end: current.end };
      break;
    }
    if (type.endsWith("pointer_declarator")) {
      if (parameters === undefined || !isFunction) {
        pointers++;
        // `(*p)[16]` points to an array, and is none.
        dimensions.length = 0;
      } else isFunction = false;
    } else if (type.endsWith("array_declarator")) {
      const size = child(current, "size");
      dimensions.push(size === undefined || size.type === "*" ? null : context.expr(size));
    } else if (type.endsWith("function_declarator")) {
      parameters = child(current, "parameters");
      isFunction = true;
    }
    current =
      child(current, "declarator") ??
      current.children.find((each) => each.type.endsWith("declarator") || each.type.endsWith("identifier"));
  }
  return { name, nameSpan, pointers, dimensions, isFunction, ...(parameters === undefined ? {} : { parameters }) };
}

export function convertVariables(context: Conversion, node: RawNode): Variable[] {
  const specifier = child(node, "type");
  if (specifier === undefined) return [];
  const words = node.children
    .filter((each) => each.type === "storage_class_specifier")
    .map((each) => shadowText(context, each));
  const declarators = node.children.filter((each) => each.field === "declarator");
  const firstAt = declarators[0]?.start ?? node.end;
  const record = recordOf(context, specifier);
  const body = record === undefined ? undefined : child(specifier, "body");
  const shared = annotationsIn(context.reading, node.start, firstAt).filter(
    (each) => body === undefined || each.end <= body.start || body.end <= each.start,
  );
  const base = baseName(context, specifier);
  const makes = (declarator: RawNode | undefined, until: number): Variable => {
    const isInit = declarator?.type === "init_declarator";
    const inner = isInit ? child(declarator, "declarator") : declarator;
    const parts = takeApart(context, inner, node);
    const value = isInit ? child(declarator, "value") : undefined;
    const all = declarator === undefined ? [] : annotationsIn(context.reading, declarator.start, value?.start ?? until);
    // `int (*ready)(void __iomem *base)`: what is marked is the parameter.
    const { parameters } = parts;
    const own = all.filter(
      (each) => parameters === undefined || each.end <= parameters.start || parameters.end <= each.start,
    );
    if (parts.name !== "") context.locals.add(parts.name);
    const type: TypeRef = {
      base,
      pointers: parts.pointers,
      dimensions: parts.dimensions,
      callable: parts.parameters !== undefined,
      annotations: own.length === 0 ? shared : [...shared, ...own],
      ...(record === undefined ? {} : { record }),
      ...(hasWidth(node, inner?.end ?? node.end, until) ? { isBitField: true } : {}),
      start: node.start,
      end: inner?.end ?? node.end,
    };
    return {
      name: parts.name,
      nameSpan: parts.nameSpan,
      type,
      ...(value === undefined ? {} : { init: context.expr(value) }),
      isStatic: words.includes("static"),
      isTypedef: node.type === "type_definition",
      isExtern: words.includes("extern"),
      start: declarator?.start ?? node.start,
      end: declarator?.end ?? node.end,
    };
  };
  if (declarators.length === 0) return node.type === "declaration" ? [] : [makes(undefined, node.end)];
  return declarators.map((each, index) => makes(each, declarators[index + 1]?.start ?? node.end));
}

/** `u64 ready:1`. */
function hasWidth(node: RawNode, from: number, until: number): boolean {
  return node.children.some((each) => each.type === "bitfield_clause" && each.start >= from && each.end <= until);
}

export function convertType(context: Conversion, node: RawNode): TypeRef {
  const { start, end } = node;
  const specifier = child(node, "type");
  const parts = takeApart(context, child(node, "declarator"), node);
  const record = specifier === undefined ? undefined : recordOf(context, specifier);
  return {
    base: specifier === undefined ? "" : baseName(context, specifier),
    pointers: parts.pointers,
    dimensions: parts.dimensions,
    callable: parts.parameters !== undefined,
    annotations: annotationsIn(context.reading, start, end),
    ...(record === undefined ? {} : { record }),
    start,
    end,
  };
}

function baseName(context: Conversion, specifier: RawNode): string {
  const word = TAGGED[specifier.type];
  if (word === undefined) return squeeze(shadowText(context, specifier));
  const tag = child(specifier, "name");
  return tag === undefined ? word : `${word} ${shadowText(context, tag)}`;
}

const TAGGED: Readonly<Record<string, string>> = {
  struct_specifier: "struct",
  union_specifier: "union",
  enum_specifier: "enum",
};

/** The body of a struct or union specifier, where it has one. */
export function recordOf(context: Conversion, specifier: RawNode): RecordDef | undefined {
  if (specifier.type !== "struct_specifier" && specifier.type !== "union_specifier") return undefined;
  const body = child(specifier, "body");
  if (body === undefined) return undefined;
  const members: Variable[] = [];
  for (const each of body.children)
    if (each.type === "field_declaration") members.push(...convertVariables(context, each));
  return {
    name: baseName(context, specifier),
    members,
    complete: firstBroken(body) === undefined,
    start: specifier.start,
    end: specifier.end,
  };
}
