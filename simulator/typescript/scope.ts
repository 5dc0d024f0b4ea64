// Which names a block, a function or a file declares, and what a name means where it stands.
import type { Node, Statement } from "./syntax.ts";

/** Names declared at one place, inside another. */
export interface Scope {
  /** The frame's field that holds the closure which sees these names; scopes without names share their parent's. */
  readonly slot: number;
  readonly kind: "module" | "function" | "block";
  readonly names: ReadonlySet<string>;
  /** Those of a function's names that are its parameters. */
  readonly parameters?: ReadonlySet<string>;
  /** Of a function whose variables all stand at its head. */
  readonly locals?: ReadonlyMap<string, Local>;
  readonly parent: Scope | undefined;
  readonly module: ModuleNames;
}

/** A variable that stands at the head of its function, see locals.ts. */
export interface Local {
  /** What it is called at the head. */
  readonly name: string;
  /** What the closure calls it. */
  readonly index: number;
  isConstant: boolean;
  /** It is a constant that was written as an array. */
  isArray?: true;
  /** Its declaration stands before what is being written. */
  isDeclared: boolean;
}

/** The names that a file has from elsewhere. */
export interface ModuleNames {
  readonly index: number;
  readonly imports: ReadonlyMap<string, Import>;
  /** Constants of the file whose bit 31 is set. */
  readonly unsigned: ReadonlySet<string>;
}

/** An imported name: of the simulated kernel, or of another file of the program. */
export interface Import {
  readonly local: string;
  readonly name: string;
  /** `linux/slab`; undefined when `file` is set. */
  readonly header?: string;
  /** Index of the file; `name` is `*` for all of its exports. */
  readonly file?: number;
  readonly typeOnly: boolean;
  readonly at: Node;
  /** It is used other than as a type. */
  used: boolean;
}

export function declares(scope: Scope | undefined, name: string): boolean {
  for (let at = scope; at; at = at.parent) if (at.names.has(name)) return true;
  return false;
}

/** Names that are declared by let, const, class, enum and function in a list of statements, and by var when asked. */
export function lexicalNames(statements: readonly Node[]): Set<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    const node = declarationOf(statement);
    if (isVariables(node) && node.kind !== "var" && !node.declare) {
      for (const one of node.declarations) patternNames(one.id, names);
    } else if (isNamed(node)) {
      names.add(node.id.name);
    }
  }
  return names;
}

/** Names that `var` declares anywhere in a function's body, but not in functions inside it. */
export function varNames(statements: readonly Node[], names = new Set<string>()): Set<string> {
  for (const statement of statements) visit(statement, names);
  return names;
}

export function patternNames(pattern: Node, names: Set<string>): Set<string> {
  const node = pattern as unknown as PatternNode;
  switch (node.type) {
    case "Identifier":
      names.add(node.name);
      break;
    case "ObjectPattern":
      for (const property of node.properties) patternNames(property, names);
      break;
    case "ObjectProperty":
      patternNames(node.value, names);
      break;
    case "ArrayPattern":
      for (const element of node.elements) if (element) patternNames(element, names);
      break;
    case "RestElement":
      patternNames(node.argument, names);
      break;
    case "AssignmentPattern":
      patternNames(node.left, names);
      break;
  }
  return names;
}

/** Any of the patterns; `type` says which of the parts it has. */
export interface PatternNode extends Node {
  readonly name: string;
  readonly key: Node;
  readonly computed?: boolean;
  readonly value: Node;
  readonly argument: Node;
  readonly left: Node;
  readonly right: Node;
  readonly properties: readonly Node[];
  readonly elements: readonly (Node | null)[];
}

interface Variables extends Node {
  readonly kind: string;
  readonly declare?: boolean;
  readonly declarations: readonly { readonly id: Node }[];
}

function isVariables(node: Node): node is Variables {
  return node.type === "VariableDeclaration";
}

function isNamed(node: Node): node is Node & { id: { name: string } } {
  return (
    (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration" || node.type === "TSEnumDeclaration") &&
    (node as { id?: unknown }).id !== null &&
    (node as { declare?: boolean }).declare !== true
  );
}

export function declarationOf(statement: Node): Node {
  const { declaration } = statement as { declaration?: Node | null };
  return statement.type === "ExportNamedDeclaration" && declaration ? declaration : statement;
}

function visit(statement: Node, names: Set<string>): void {
  const node = declarationOf(statement);
  if (isVariables(node)) {
    if (node.kind === "var") for (const one of node.declarations) patternNames(one.id, names);
    return;
  }
  const parts = node as unknown as Record<string, Node | readonly Statement[] | null | undefined>;
  if (!CONTAINERS.has(node.type)) return;
  for (const key of ["body", "consequent", "alternate", "block", "handler", "finalizer", "init", "left", "cases"]) {
    const part = parts[key];
    if (Array.isArray(part)) varNames(part as readonly Node[], names);
    else if (part) visit(part as Node, names);
  }
}

const CONTAINERS: ReadonlySet<string> = new Set([
  "BlockStatement",
  "IfStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
  "LabeledStatement",
  "SwitchStatement",
  "SwitchCase",
  "TryStatement",
  "CatchClause",
]);
