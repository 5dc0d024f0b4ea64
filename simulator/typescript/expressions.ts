// Writes expressions: types fall away, keys are guarded, everything else stays as it was.
import { absenceOf, forbiddenKey } from "./ambient.ts";
import { GROWING, guarded, guardedRight } from "./bigints.ts";
import type { Emission } from "./emission.ts";
import type { PatternNode } from "./scope.ts";
import { type Expression, type MemberNode, type Node, type ObjectMember, type OfType, untyped } from "./syntax.ts";
import { comparedAsSigned } from "./unsigned.ts";

export function writeExpression(emission: Emission, given: Expression): string {
  const node = untyped(given);
  // Only a function itself is called as what it is given to, and not one that stands somewhere in an expression.
  if (node.type !== "ArrowFunctionExpression" && node.type !== "FunctionExpression") emission.nameHint = undefined;
  const e = (one: Node): string => emission.expression(one as Expression);
  switch (node.type) {
    case "Identifier":
      return emission.reference(node.name, node);
    case "NumericLiteral":
      return String(node.extra?.raw ?? node.value);
    case "StringLiteral":
      return JSON.stringify(node.value);
    case "BigIntLiteral":
      return `${node.value}n`;
    case "BooleanLiteral":
      return String(node.value);
    case "NullLiteral":
      return "null";
    case "RegExpLiteral":
      return `/${node.pattern}/${node.flags}`;
    case "TemplateLiteral":
      return `\`${node.quasis.map((part, i) => part.value.raw + (node.expressions[i] ? `\${${e(node.expressions[i])}}` : "")).join("")}\``;
    case "ThisExpression":
      return writeThis(emission);
    case "ArrayExpression":
      return arrayOf(emission, node);
    case "ObjectExpression":
      return `({${node.properties.map((one) => objectMember(emission, one)).join(",")}})`;
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return emission.context.mode === "look"
        ? emission.problem(node, "functions cannot be made here")
        : emission.writers.fn(emission, node);
    case "ClassExpression":
      return emission.writers.classOf(emission, node);
    case "UnaryExpression":
      return unary(emission, node);
    case "UpdateExpression":
      readOnly(emission, node);
      return node.prefix
        ? `(${node.operator}${target(emission, node.argument)})`
        : `(${target(emission, node.argument)}${node.operator})`;
    case "BinaryExpression":
      if (node.left.type === "PrivateName") return `(#${node.left.id.name} in ${e(node.right)})`;
      comparedAsSigned(emission, node);
      if (isDoubled(node.operator, node.left, node.right)) return `$.o(${e(node.left)} + ${e(node.right)})`;
      if (mayGrow(node.operator, node.left, node.right)) return guarded(node.operator, e(node.left), e(node.right));
      return `(${e(node.left)} ${node.operator} ${e(node.right)})`;
    case "LogicalExpression":
      return `(${e(node.left)} ${node.operator} ${e(node.right)})`;
    case "AssignmentExpression":
      readOnly(emission, node);
      return assignment(emission, node);
    case "ConditionalExpression":
      return `(${e(node.test)} ? ${e(node.consequent)} : ${e(node.alternate)})`;
    case "SequenceExpression":
      return `(${node.expressions.map(e).join(",")})`;
    case "MemberExpression":
      return hasElements(emission, node) ? element(emission, node) : member(emission, node);
    case "OptionalMemberExpression":
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
      return emission.writers.call(emission, node);
    default:
      return emission.problem(node, unsupported(node.type));
  }
}

/** What is given a number literal is no BigInt. */
function mayGrow(operator: string, left: Node, right: Node): boolean {
  return GROWING.has(operator) && left.type !== "NumericLiteral" && right.type !== "NumericLiteral";
}

/** A text that is added to itself without end: V8's own limit is half a gigabyte. */
function isDoubled(operator: string, left: Node, right: Node): boolean {
  return (
    operator === "+" && left.type === "Identifier" && right.type === "Identifier" && nameOf(left) === nameOf(right)
  );
}

function nameOf(node: Node): string {
  return (node as unknown as { readonly name: string }).name;
}

function arrayOf(emission: Emission, { elements }: OfType<Expression, "ArrayExpression">): string {
  const written = elements.map((one) => (one === null ? "" : emission.argument(one))).join(",");
  const list = `[${written}${elements.at(-1) === null ? "," : ""}]`;
  return elements.some((one) => one?.type === "SpreadElement") ? `$.o(${list})` : list;
}

/** What is taken by a key may be an element of an array in memory, unless it is known to be an array of JavaScript. */
function hasElements(emission: Emission, { computed, object, property }: MemberNode): boolean {
  if (!computed || emission.context.mode !== "generator" || object.type === "Super") return false;
  return property.type !== "StringLiteral" && !(object.type === "Identifier" && emission.isArray(object.name));
}

/** Elements of arrays in memory are read by their numbers, those of others as JavaScript does. */
function element(emission: Emission, node: MemberNode): string {
  const [object, index] = [emission.temporary(), emission.temporary()];
  const choice = `${inMemory(object, index)}?$.at(${object},${index}):${object}[$.k(${index})]`;
  return `(${taken(emission, node, object, index)},${choice})`;
}

function setElement(emission: Emission, node: MemberNode, given: Expression): string {
  const [object, index, value] = [emission.temporary(), emission.temporary(), emission.temporary()];
  const set = `${inMemory(object, index)}?$.put(${object},${index},${value}):$.w(${object})[$.k(${index})]=${value}`;
  return `(${taken(emission, node, object, index)},${value}=${emission.expression(given)},${set})`;
}

function taken(emission: Emission, { object, property }: MemberNode, ...names: [string, string]): string {
  const [of, index] = [object, property].map((one) => emission.expression(one as Expression));
  return `${names[0]}=${of},${names[1]}=${index}`;
}

function inMemory(object: string, index: string): string {
  return `${object} instanceof $R&&typeof ${index}==="number"`;
}

function assignment(emission: Emission, node: OfType<Expression, "AssignmentExpression">): string {
  const left = untyped(node.left);
  if (node.operator === "=" && left.type === "MemberExpression" && hasElements(emission, left)) {
    return setElement(emission, left, node.right);
  }
  const to = target(emission, node.left);
  const value = emission.expression(node.right);
  const operator = node.operator.slice(0, -1);
  if (isDoubled(operator, node.left, node.right)) return `$.o(${to} += ${value})`;
  if (!mayGrow(operator, node.left, node.right)) return `(${to} ${node.operator} ${value})`;
  if (node.left.type !== "Identifier") return `(${to} ${node.operator} ${guardedRight(operator, value)})`;
  return `(${to} = ${guarded(operator, to, value)})`;
}

const UNSUPPORTED: Readonly<Record<string, string>> = {
  AwaitExpression: "await is not available: drivers are synchronous, and blocking calls wait",
  YieldExpression: "yield is not available: every function can be suspended as it is",
  ImportExpression: "import() is not available: import at the top of the file",
  MetaProperty: "import.meta and new.target are not available",
  TaggedTemplateExpression: "tagged templates are not available: call the function",
  Super: "'super' may only be called or followed by a property",
};

function unsupported(type: string): string {
  return UNSUPPORTED[type] ?? `${type} is not supported in driver code`;
}

/** Of arrow functions, which become generators: those around `this` are bound to it. */
function writeThis(emission: Emission): string {
  for (let at = emission.context; at.arrow; at = at.parent!) {
    at.usesThis = true;
    if (!at.parent) break;
  }
  return "this";
}

export function member(emission: Emission, node: MemberNode): string {
  if (node.object.type === "Super") return superMember(emission, node);
  return `${operand(emission, node.object)}${access(emission, node)}`;
}

/** What a property is taken of; a number needs parentheses. */
export function operand(emission: Emission, node: Node): string {
  const written = emission.expression(node as Expression);
  return /^\d/.test(written) ? `(${written})` : written;
}

/** `.name` or `[key]`. */
export function access(emission: Emission, node: MemberNode): string {
  const { property } = node;
  if (property.type === "PrivateName") return `.#${property.id.name}`;
  if (node.computed) return `[${key(emission, property as Expression)}]`;
  const name = (property as OfType<Expression, "Identifier">).name;
  const object = untyped(node.object);
  if (object.type === "Identifier" && object.name === "Math" && name === "random") {
    emission.problem(property, "Math has no 'random': a run is repeatable; use get_random_u32 of linux/random");
  }
  guard(emission, property, name);
  return `.${name}`;
}

/** A computed key: checked when it runs, or here when it is a literal. */
export function key(emission: Emission, node: Expression): string {
  const inner = untyped(node);
  if (inner.type === "NumericLiteral") return emission.expression(inner);
  if (inner.type === "StringLiteral") guard(emission, inner, inner.value);
  return `$.k(${emission.expression(inner)})`;
}

function guard(emission: Emission, node: Node, name: string): void {
  const reason = forbiddenKey(name);
  if (reason !== undefined) emission.problem(node, reason);
}

export function superMember(emission: Emission, node: MemberNode): string {
  const inArrow = emission.context.arrow;
  for (let at = emission.context; at.arrow && at.parent; at = at.parent) at.usesSuper = true;
  if (!inArrow) return `super${access(emission, node)}`;
  writeThis(emission);
  const { property } = node;
  if (property.type === "PrivateName") return emission.problem(node, "super has no private members");
  if (node.computed) return `$s(${key(emission, property as Expression)})`;
  const name = (property as OfType<Expression, "Identifier">).name;
  guard(emission, property, name);
  return `$s(${JSON.stringify(name)})`;
}

/** The name of a property in a literal, a class or a pattern. */
export function propertyKey(emission: Emission, node: { key: Node; computed?: boolean | undefined }): string {
  const { key: name } = node;
  if (node.computed) return `[${key(emission, name as Expression)}]`;
  if (name.type === "PrivateName") return `#${(name as unknown as { id: { name: string } }).id.name}`;
  if (name.type === "Identifier") {
    const text = (name as unknown as { name: string }).name;
    guard(emission, name, text);
    return text;
  }
  if (name.type === "StringLiteral") {
    const text = (name as unknown as { value: string }).value;
    guard(emission, name, text);
    return `[${JSON.stringify(text)}]`;
  }
  return emission.expression(name as Expression);
}

function objectMember(emission: Emission, node: ObjectMember): string {
  switch (node.type) {
    case "SpreadElement":
      return `...${emission.expression(node.argument)}`;
    case "ObjectMethod":
      return emission.writers.fn(emission, node);
    default:
      if (node.key.type === "Identifier" && !node.computed) emission.nameHint = node.key.name;
      return `${propertyKey(emission, node)}:${emission.expression(node.value as Expression)}`;
  }
}

function unary(emission: Emission, node: OfType<Expression, "UnaryExpression">): string {
  if (node.operator === "delete") {
    readOnly(emission, node);
    const removed = untyped(node.argument);
    if (removed.type !== "MemberExpression") return emission.problem(node, "only properties can be deleted");
    return `(delete ${changed(emission, removed)})`;
  }
  if (node.operator === "throw") return emission.problem(node, unsupported(node.type));
  return `(${node.operator} ${emission.expression(node.argument)})`;
}

function readOnly(emission: Emission, node: Node): void {
  if (emission.context.mode === "look") emission.problem(node, "looking changes nothing: assignments are not allowed");
}

/** The left side of an assignment. */
export function target(emission: Emission, given: Node): string {
  const node = untyped(given);
  if (node.type === "Identifier") {
    const { name } = node as unknown as { name: string };
    const imported = emission.importOf(name);
    if (imported) return emission.problem(node, `'${name}' is imported and cannot be assigned to`);
    emission.reference(name, node);
    return emission.assigned(name);
  }
  return emission.pattern(node);
}

/** A property that is assigned to or deleted: functions that are not the driver's own stay as they are. */
function changed(emission: Emission, node: MemberNode): string {
  if (node.object.type === "Super") return emission.problem(node, "assign to 'this' instead of 'super'");
  return `$.w(${emission.expression(node.object)})${access(emission, node)}`;
}

/** Patterns of declarations, parameters and assignments. */
export function writePattern(emission: Emission, given: Node): string {
  const node = untyped(given) as unknown as PatternNode;
  switch (node.type) {
    case "Identifier":
      return bindingName(emission, node);
    case "MemberExpression":
      return changed(emission, node as unknown as MemberNode);
    case "ObjectPattern":
      return `{${node.properties.map((one) => emission.pattern(one)).join(",")}}`;
    case "ObjectProperty":
      return `${propertyKey(emission, node)}:${emission.pattern(node.value)}`;
    case "ArrayPattern":
      return `[${node.elements.map((one) => (one ? emission.pattern(one) : "")).join(",")}]`;
    case "RestElement":
      return `...${emission.pattern(node.argument)}`;
    case "AssignmentPattern":
      return `${emission.pattern(node.left)}=${emission.expression(node.right as Expression)}`;
    default:
      return emission.problem(node, unsupported(node.type));
  }
}

/** A name that is declared; those that begin with $ are the compiler's own. */
function bindingName(emission: Emission, node: Node): string {
  const { name } = node as unknown as { name: string };
  if (name.startsWith("$")) emission.problem(node, "names that begin with $ are reserved");
  if (name === "arguments" || name === "eval") emission.problem(node, absenceOf(name, emission.scope));
  return emission.assigned(name);
}
