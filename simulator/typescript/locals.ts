// The variables of a function that has no functions in it: all stand at its head, where one closure sees them.
import { some } from "./jump-plan.ts";
import { type Local, lexicalNames, patternNames, varNames } from "./scope.ts";
import type { FunctionNode, Node, OfType, Statement } from "./syntax.ts";

/** `this`, for the closure. */
export const THIS = -1;

export class Locals {
  private readonly all: Local[] = [];
  private head = "";

  /** Those of the function itself. */
  ofFunction(node: FunctionNode, names: ReadonlySet<string>): ReadonlyMap<string, Local> {
    const parameters = new Set<string>();
    for (const one of node.params) patternNames(one, parameters);
    const variables = varNames(node.body.type === "BlockStatement" ? node.body.body : []);
    const known = new Map<string, Local>();
    for (const name of names) {
      const isDeclared = parameters.has(name) || variables.has(name);
      known.set(name, this.add(name, isDeclared));
      if (!parameters.has(name)) this.atHead(name, isDeclared);
    }
    return known;
  }

  /** Those of a block: no name at the head may hide what is meant outside of the block. */
  ofBlock(names: ReadonlySet<string>): ReadonlyMap<string, Local> {
    const known = new Map<string, Local>();
    for (const name of names) {
      const local = this.add(`$${this.all.length}$${name}`, false);
      known.set(name, local);
      this.atHead(local.name, false);
    }
    return known;
  }

  get declarations(): string {
    return this.head && `let ${this.head};`;
  }

  /** Reads a variable by its index, or writes it. */
  get closure(): string {
    const cases = this.all.map(({ name, index, isConstant }) =>
      isConstant ? `case ${index}:return ${name};` : `case ${index}:return $w?${name}=$v:${name};`,
    );
    return `($i,$w,$v)=>{switch($i){${cases.join("")}case ${THIS}:return this;}}`;
  }

  private add(name: string, isDeclared: boolean): Local {
    const local = { name, index: this.all.length, isConstant: false, isDeclared };
    this.all.push(local);
    return local;
  }

  private atHead(name: string, hasValue: boolean): void {
    this.head += `${this.head && ","}${name}${hasValue ? "" : "=$.none"}`;
  }
}

/**
 * Whether all variables of a function can stand at its head: nobody else sees them, so that those of every round of a
 * loop may be the same, and what stands before a declaration runs before it.
 */
export function hasOnlyLocals(node: FunctionNode): boolean {
  if (node.type === "FunctionExpression" && node.id) return false;
  if (node.type === "ClassMethod" || node.type === "ClassPrivateMethod") return false;
  return ![...node.params, node.body].some((part) => some(part, isMore));
}

function isMore(node: Node): boolean {
  if (node.type === "SwitchStatement") {
    const { cases } = node as OfType<Statement, "SwitchStatement">;
    return lexicalNames(cases.flatMap(({ consequent }) => consequent)).size > 0;
  }
  return /Function|ObjectMethod|^Class|^Super$|^TSEnumDeclaration$/.test(node.type);
}
