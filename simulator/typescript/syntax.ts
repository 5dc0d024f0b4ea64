// Reads TypeScript with Babel: the shapes of its trees that the front end looks at, and its errors as problems.
import { type Expression, type File, parse, parseExpression } from "@babel/parser";
import type { Problem } from "../engine/interfaces.ts";

export type { Expression };
export type Statement = File["program"]["body"][number];
export type OfType<N, T extends string> = Extract<N, { type: T }>;
export type ObjectMember = OfType<Expression, "ObjectExpression">["properties"][number];
export type ClassNode = OfType<Expression, "ClassExpression"> | OfType<Statement, "ClassDeclaration">;
export type ClassMember = ClassNode["body"]["body"][number];
export type FunctionNode =
  | OfType<Expression, "FunctionExpression" | "ArrowFunctionExpression">
  | OfType<Statement, "FunctionDeclaration">
  | OfType<ObjectMember, "ObjectMethod">
  | OfType<ClassMember, "ClassMethod" | "ClassPrivateMethod">;
export type Parameter = FunctionNode["params"][number];
export type CallNode = OfType<Expression, "CallExpression" | "OptionalCallExpression">;
export type MemberNode = OfType<Expression, "MemberExpression" | "OptionalMemberExpression">;
export type Argument = CallNode["arguments"][number];
export type BlockNode = OfType<Statement, "BlockStatement">;
export type EnumNode = OfType<Statement, "TSEnumDeclaration">;
export type VariableNode = OfType<Statement, "VariableDeclaration">;
export type ImportNode = OfType<Statement, "ImportDeclaration">;
export type ExportNode = OfType<Statement, "ExportNamedDeclaration">;

/** What every node has; for things that may be any node. */
export interface Node {
  readonly type: string;
  readonly loc?: Location | null | undefined;
}

interface Location {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

export interface Parsed {
  readonly statements: readonly Statement[];
  readonly problems: readonly Problem[];
}

export function parseFile(file: string, text: string): Parsed {
  try {
    const tree = parse(text, { sourceType: "module", plugins: ["typescript"], errorRecovery: true });
    return { statements: tree.program.body, problems: (tree.errors ?? []).map((error) => problemOf(file, error)) };
  } catch (error) {
    return { statements: [], problems: [problemOf(file, error)] };
  }
}

/** Throws an Error with Babel's words when it is none. */
export function parseOne(source: string): Expression {
  try {
    return parseExpression(source, { sourceType: "module", plugins: ["typescript"] });
  } catch (error) {
    throw new Error(wordsOf(error));
  }
}

function problemOf(file: string, error: unknown): Problem {
  const loc = (error as { loc?: { line: number; column: number } }).loc ?? { line: 1, column: 0 };
  return { file, line: loc.line, column: loc.column + 1, message: wordsOf(error) };
}

/** Babel ends its messages with the position, which is told apart. */
function wordsOf(error: unknown): string {
  return String((error as Error).message).replace(/\s*\(\d+:\d+\)$/, "");
}

/** Takes types off an expression: `x as T`, `x!`, `<T>x`. */
export function untyped<N extends Node>(node: N): N {
  let inner: Node = node;
  while (
    inner.type === "TSAsExpression" ||
    inner.type === "TSSatisfiesExpression" ||
    inner.type === "TSNonNullExpression" ||
    inner.type === "TSTypeAssertion" ||
    inner.type === "TSInstantiationExpression" ||
    inner.type === "ParenthesizedExpression"
  ) {
    inner = (inner as unknown as { expression: Node }).expression;
  }
  return inner as N;
}
