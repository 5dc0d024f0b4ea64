// Writes enums: their members are computed while compiling, so that they need no code of their own.
import type { Emission } from "./emission.ts";
import { type EnumNode, type Expression, untyped } from "./syntax.ts";

type Value = number | string;

export function writeEnum(emission: Emission, node: EnumNode): string {
  const members = new Map<string, Value>();
  const { members: list } =
    (node as unknown as { body?: { members: EnumMembers } }).body ?? (node as unknown as { members: EnumMembers });
  let next: Value = 0;
  for (const one of list) {
    const name = one.id.name ?? one.id.value!;
    const value: Value | undefined = one.initializer ? constant(one.initializer, node.id.name, members) : next;
    if (value === undefined) emission.problem(one.initializer!, `the value of '${name}' is not a constant`);
    members.set(name, value ?? 0);
    next = typeof value === "number" ? value + 1 : 0;
  }
  const entries = [...members].flatMap(([name, value]) => [
    `[${JSON.stringify(name)}]:${JSON.stringify(value)}`,
    ...(typeof value === "number" ? [`[${JSON.stringify(String(value))}]:${JSON.stringify(name)}`] : []),
  ]);
  return `const ${emission.pattern(node.id)}={${entries.join(",")}};`;
}

type EnumMembers = readonly { id: { name?: string; value?: string }; initializer?: Expression | null }[];

function constant(given: Expression, self: string, known: ReadonlyMap<string, Value>): Value | undefined {
  const node = untyped(given);
  switch (node.type) {
    case "NumericLiteral":
    case "StringLiteral":
      return node.value;
    case "Identifier":
      return known.get(node.name);
    case "MemberExpression": {
      const ours =
        node.object.type === "Identifier" && node.object.name === self && node.property.type === "Identifier";
      return ours && node.property.type === "Identifier" ? known.get(node.property.name) : undefined;
    }
    case "UnaryExpression": {
      const value = constant(node.argument, self, known);
      if (typeof value !== "number") return undefined;
      return node.operator === "-"
        ? -value
        : node.operator === "~"
          ? ~value
          : node.operator === "+"
            ? value
            : undefined;
    }
    case "BinaryExpression":
      return node.left.type === "PrivateName"
        ? undefined
        : combined(node.operator, constant(node.left, self, known), constant(node.right, self, known));
    default:
      return undefined;
  }
}

function combined(operator: string, left: Value | undefined, right: Value | undefined): Value | undefined {
  if (typeof left === "string" && typeof right === "string") return operator === "+" ? left + right : undefined;
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  return ARITHMETIC[operator]?.(left, right);
}

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "|": (left, right) => left | right,
  "&": (left, right) => left & right,
  "^": (left, right) => left ^ right,
  "<<": (left, right) => left << right,
  ">>": (left, right) => left >> right,
  ">>>": (left, right) => left >>> right,
};
