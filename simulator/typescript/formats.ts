// Checks printk formats against their arguments, in the words of gcc's -Wformat.
import type { KernelFunction } from "../engine/interfaces.ts";
import { type Expression, type Node, untyped } from "./syntax.ts";

export interface FormatProblem {
  readonly node: Node;
  readonly message: string;
}

type Wanted = "int" | "long long int" | "char *" | "void *";

interface Conversion {
  readonly text: string;
  /** Undefined: gcc does not know it. */
  readonly wants: Wanted | undefined;
}

export function checkFormat(fn: KernelFunction, args: readonly Node[]): FormatProblem[] {
  const at = fn.params.indexOf("format");
  const node = args[at];
  if (at < 0 || node === undefined || args.some((one) => one.type === "SpreadElement")) return [];
  const format = literalText(node);
  if (format === undefined) return [{ node, message: whyNotLiteral(node) }];
  const rest = args.slice(fn.params.length);
  const problems: FormatProblem[] = [];
  let next = 0;
  for (const conversion of conversionsOf(format)) {
    if (conversion.text === "%") problems.push({ node, message: "spurious trailing '%' in format" });
    else if (conversion.wants === undefined) {
      problems.push({ node, message: `unknown conversion type character '${conversion.text.at(-1)}' in format` });
    } else {
      const index = next++;
      const argument = rest[index];
      const message = argument ? mismatch(conversion, argument, at + index + 2) : missing(conversion);
      if (message !== undefined) problems.push({ node: argument ?? node, message });
    }
  }
  if (next < rest.length) problems.push({ node: rest[next]!, message: "too many arguments for format" });
  return problems;
}

/** A string, or several put together with `+`; names in front, such as KERN_INFO, hold no conversions. */
function literalText(given: Node): string | undefined {
  const node = untyped(given) as Expression;
  if (node.type === "StringLiteral") return node.value;
  if (node.type !== "BinaryExpression" || node.operator !== "+") return undefined;
  const left = untyped(node.left as Expression);
  const first = left.type === "Identifier" && /^[A-Z_]+$/.test(left.name) ? "" : literalText(left);
  const second = literalText(node.right);
  return first === undefined || second === undefined ? undefined : first + second;
}

function whyNotLiteral(node: Node): string {
  return untyped(node).type === "TemplateLiteral"
    ? "format not a string literal: a template hides the values from the check of the format; use conversions such as %d and pass the values"
    : "format not a string literal: its conversions cannot be checked";
}

const CONVERSION = /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?(hh|h|ll|l|z|t|j)?(p[a-zA-Z0-9]*|[a-zA-Z])|$|(?=.))/g;

function conversionsOf(format: string): Conversion[] {
  const found: Conversion[] = [];
  for (const match of format.matchAll(CONVERSION)) {
    const [text, , width, precision, length, type] = match;
    if (text === "%%") continue;
    if (type === undefined) {
      const after = format[match.index + 1];
      found.push(after === undefined ? { text: "%", wants: undefined } : { text: `%${after}`, wants: undefined });
      continue;
    }
    for (const star of [width, precision]) if (star === "*") found.push({ text, wants: "int" });
    found.push({ text, wants: wantedBy(type, length) });
  }
  return found;
}

function wantedBy(type: string, length: string | undefined): Wanted | undefined {
  if ("diuxXo".includes(type)) return length === "ll" ? "long long int" : "int";
  if (type === "c") return "int";
  if (type === "s") return "char *";
  return type.startsWith("p") ? "void *" : undefined;
}

function missing({ text, wants }: Conversion): string {
  return `format '${text}' expects a matching '${wants}' argument`;
}

function mismatch({ text, wants }: Conversion, argument: Node, position: number): string | undefined {
  const has = typeOfLiteral(argument);
  if (has === undefined || has === wants) return undefined;
  if (wants === "void *" && has === "char *") return undefined;
  if (wants === "long long int" && has === "int") return undefined;
  return `format '${text}' expects argument of type '${wants}', but argument ${position} has type '${has}'`;
}

/** Only what the source shows without knowing types. */
function typeOfLiteral(given: Node): string | undefined {
  const node = untyped(given) as Expression;
  switch (node.type) {
    case "StringLiteral":
    case "TemplateLiteral":
      return "char *";
    case "NumericLiteral":
      return Number.isInteger(node.value) ? "int" : "double";
    case "BooleanLiteral":
      return "int";
    case "BigIntLiteral":
      return "long long int";
    case "NullLiteral":
      return "void *";
    case "UnaryExpression":
      return node.operator === "-" || node.operator === "~" ? typeOfLiteral(node.argument) : undefined;
    default:
      return undefined;
  }
}
