// Where the statements of a function stand, and whether a call of it that is about to run one can go on at another.
import { lexicalNames, patternNames, type Scope } from "./scope.ts";
import type { Node, Statement } from "./syntax.ts";

/** Statements that follow each other, in a block, a branch, a loop or a function. */
export interface StatementList {
  readonly id: number;
  /** The list in which the statement stands that this list is a part of; undefined for the body of the function. */
  readonly outer: StatementList | undefined;
  /** Which of the statements of that list it is. */
  readonly index: number;
  readonly statements: readonly Statement[];
  /** Statements of the same scope in other lists: those of the other cases of a switch. */
  readonly others: readonly Statement[];
  readonly scope: Scope;
  readonly barrier: Barrier;
}

/** Why a list cannot be jumped into from outside of its statement, or out of; undefined where it can. */
export interface Barrier {
  readonly in?: string;
  readonly out?: string;
}

export interface Place {
  readonly list: StatementList;
  readonly index: number;
  /** A statement of the list begins here; not so at what a loop does between its rounds. */
  readonly isStart: boolean;
}

export class JumpPlan {
  /** By the number of their site. */
  readonly places = new Map<number, Place>();
  /** Sites at which statements begin, in the order of the source. */
  readonly starts: number[] = [];
  private lists = 0;

  list(of: Omit<StatementList, "id">): StatementList {
    return { ...of, id: ++this.lists };
  }

  add(site: number, place: Place): void {
    this.places.set(site, place);
    if (place.isStart) this.starts.push(site);
  }

  /**
   * Why a call that is about to run one statement cannot go on at another; undefined when it can. `hasValue` says whether
   * a variable of a scope has got its value.
   */
  obstacle(from: number, to: number, hasValue: (scope: Scope, name: string) => boolean): string | undefined {
    const [start, goal] = [this.places.get(from), this.places.get(to)];
    if (start === undefined || goal === undefined || !goal.isStart) return "no statement begins there";
    const left = listsOf(start.list);
    const entered = listsOf(goal.list);
    const common = left.find((list) => entered.includes(list))!;
    // Between its rounds a loop is within itself, though its statement stands in a list outside.
    const rounds = start.isStart || start.list !== common ? undefined : start.index;
    for (const { barrier } of left.slice(0, left.indexOf(common))) if (barrier.out !== undefined) return barrier.out;
    let at = goal.index;
    let later: readonly Node[] = [goal.list.statements[at]!];
    for (const list of entered) {
      later = [...later, ...list.statements.slice(at + 1)];
      if (list === common) break;
      const isWithin = list.outer === common && list.index === rounds;
      if (list.barrier.in !== undefined && !isWithin) return list.barrier.in;
      const skipped = unsetIn(list, at, later, () => false);
      if (skipped !== undefined) return skipped;
      at = list.index;
      const around = list.outer!.statements[at]!;
      if (!isPassedOnce(around)) later = [around];
    }
    return unsetIn(common, at, later, (name) => hasValue(common.scope, name));
  }
}

/** From the innermost outwards. */
function listsOf(list: StatementList): readonly StatementList[] {
  const found: StatementList[] = [];
  for (let at: StatementList | undefined = list; at !== undefined; at = at.outer) found.push(at);
  return found;
}

/** Whoever goes on within it does nothing else of it. */
function isPassedOnce(statement: Statement): boolean {
  if (statement.type === "LabeledStatement") return isPassedOnce(statement.body);
  return statement.type === "IfStatement" || statement.type === "BlockStatement";
}

/** What a list would go on without from a statement on: a variable of it that has no value there, and is used later. */
function unsetIn(
  { statements, others }: StatementList,
  index: number,
  rest: readonly Node[],
  hasValue: (name: string) => boolean,
): string | undefined {
  const before = statements.slice(0, index);
  // Functions that were made before may be called later.
  const later = [...rest, ...others, ...before.filter(hasFunction)];
  for (const statement of [...before, ...others]) {
    for (const name of declaredBy(statement)) {
      if (hasValue(name) || !later.some((one) => uses(one, name))) continue;
      const line = statement.loc?.start.line ?? 0;
      return `'${name}' would have no value: its declaration in line ${line} has not run`;
    }
  }
  return undefined;
}

/** Names that a statement gives a value when it runs. */
export function declaredBy(statement: Statement): ReadonlySet<string> {
  const names = new Set<string>();
  if (statement.type === "VariableDeclaration" && statement.kind !== "var" && !statement.declare) {
    for (const { id, init } of statement.declarations) if (init) patternNames(id, names);
  } else if (statement.type === "ClassDeclaration" && statement.id && !statement.declare) names.add(statement.id.name);
  else if (statement.type === "TSEnumDeclaration" && !statement.declare) names.add(statement.id.name);
  return names;
}

function uses(statement: Node, name: string): boolean {
  const isName = (node: Node): boolean => node.type === "Identifier" && (node as Node & { name: string }).name === name;
  return some(statement, isName, (node) => declaresItself(node, name));
}

/** What has a variable of its own by this name means no other. */
function declaresItself(node: Node, name: string): boolean {
  const { params, body } = node as Node & { params?: readonly Node[]; body?: unknown };
  const names = new Set<string>();
  for (const one of params ?? []) patternNames(one, names);
  if (Array.isArray(body)) for (const one of lexicalNames(body as readonly Node[])) names.add(one);
  return names.has(name);
}

function hasFunction(statement: Node): boolean {
  return some(statement, ({ type }) => /Function|ObjectMethod|Class/.test(type));
}

/** Whether something holds for a node or one within it; names of properties are none of their own. */
export function some(
  node: Node,
  holds: (node: Node) => boolean,
  isPassed: (node: Node) => boolean = () => false,
): boolean {
  if (isPassed(node)) return false;
  if (holds(node)) return true;
  const fields = node as Node & { computed?: boolean };
  for (const [key, value] of Object.entries(fields)) {
    if ((key === "property" || key === "key") && fields.computed !== true) continue;
    if (key === "loc" || key === "typeAnnotation" || key === "typeParameters") continue;
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const part of parts) if (isNode(part) && some(part, holds, isPassed)) return true;
  }
  return false;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}
