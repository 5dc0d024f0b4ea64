// Writes statements, each behind a hook that can stop before it.
import type { Emission } from "./emission.ts";
import { writeEnum } from "./enums.ts";
import { target } from "./expressions.ts";
import { lexicalNames, patternNames } from "./scope.ts";
import type { Expression, Node, OfType, Statement, VariableNode } from "./syntax.ts";

export function writeBody(emission: Emission, statements: readonly Statement[]): string {
  return statements.map((one) => emission.statement(one)).join("");
}

export function writeStatement(emission: Emission, node: Statement): string {
  switch (node.type) {
    case "ExpressionStatement":
      return `${emission.hook(node)}(${emission.expression(node.expression)});`;
    case "VariableDeclaration":
      return variables(emission, node);
    case "FunctionDeclaration":
      return node.declare ? "" : emission.writers.fn(emission, node);
    case "ClassDeclaration":
      return node.declare ? "" : `${emission.hook(node, node.id ?? node)}${emission.writers.classOf(emission, node)}`;
    case "TSEnumDeclaration":
      return node.declare ? "" : `${emission.hook(node, node.id)}${writeEnum(emission, node)}`;
    case "ReturnStatement":
      return `${emission.hook(node)}return${node.argument ? ` ${emission.expression(node.argument)}` : ""};`;
    case "ThrowStatement":
      return `${emission.hook(node)}throw $.thrown(${emission.expression(node.argument)});`;
    case "IfStatement":
      return `${emission.hook(node, node.test)}if(${emission.expression(node.test)})${branch(emission, node.consequent)}${node.alternate ? `else${branch(emission, node.alternate)}` : ""}`;
    case "ForStatement":
      return forLoop(emission, node);
    case "ForInStatement":
    case "ForOfStatement":
      return forEach(emission, node);
    case "WhileStatement":
      return `while(${emission.hooked(node.test, node)})${branch(emission, node.body)}`;
    case "DoWhileStatement":
      return `do${branch(emission, node.body)}while(${emission.hooked(node.test)});`;
    case "SwitchStatement":
      return switchOf(emission, node);
    case "TryStatement":
      return tryOf(emission, node);
    case "BlockStatement":
      return `{${block(emission, node.body)}}`;
    case "LabeledStatement":
      return labelled(emission, node);
    case "BreakStatement":
    case "ContinueStatement":
      return `${emission.hook(node)}${node.type === "BreakStatement" ? "break" : "continue"}${node.label ? ` ${node.label.name}` : ""};`;
    case "DebuggerStatement":
    case "EmptyStatement":
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSDeclareFunction":
      return "";
    default:
      return `${emission.problem(node, `${node.type} is not supported in driver code`)};`;
  }
}

/** Statements in a scope of their own, in which more names may be declared before them. */
function block(
  emission: Emission,
  statements: readonly Statement[],
  more: ReadonlySet<string> = new Set(),
  before = (): string => "",
): string {
  const names = lexicalNames(statements);
  for (const name of more) names.add(name);
  return emission.within(names, () => {
    const look = names.size > 0 ? emission.look() + emission.unset() : "";
    return look + before() + statements.map((one) => emission.statement(one)).join("");
  });
}

function branch(emission: Emission, node: Statement): string {
  return `{${block(emission, node.type === "BlockStatement" ? node.body : [node])}}`;
}

/** A declaration without a value does nothing worth stopping at. */
function variables(emission: Emission, node: VariableNode): string {
  if (node.declare) return "";
  const runs = node.declarations.some((one) => one.init);
  return `${runs ? emission.hook(node) : ""}${declarations(emission, node)};`;
}

export function declarations(emission: Emission, node: VariableNode): string {
  if (node.kind !== "const" && node.kind !== "let" && node.kind !== "var") {
    return emission.problem(node, `'${node.kind}' declarations are not available`);
  }
  const atHead = emission.context.locals !== undefined;
  const parts = node.declarations.flatMap((one) => {
    emission.nameHint = one.id.type === "Identifier" ? one.id.name : undefined;
    const value = one.init ? emission.expression(one.init) : undefined;
    const pattern = declared(emission, one.id, node.kind, one.init);
    if (!atHead) return value === undefined ? pattern : `${pattern}=${value}`;
    if (value === undefined) return node.kind === "var" ? [] : `${pattern}=void 0`;
    return `(${pattern}=${value})`;
  });
  emission.nameHint = undefined;
  return `${atHead ? "" : `${node.kind} `}${parts.join(",")}`;
}

/** What is declared, once its value is known. */
function declared(emission: Emission, id: Node, kind: string, init?: Node | null): string {
  const names = patternNames(id, new Set());
  emission.declared(names, { isConstant: false });
  const pattern = emission.pattern(id);
  const isArray = id.type === "Identifier" && init?.type === "ArrayExpression";
  if (kind === "const") emission.declared(names, { isConstant: true, ...(isArray && { isArray }) });
  return pattern;
}

function bound(emission: Emission, id: Node, value: string): string {
  const pattern = declared(emission, id, "let");
  return emission.context.locals === undefined ? `let ${pattern}=${value};` : `(${pattern}=${value});`;
}

/** What a loop gives a value in each round. */
function loopVariable(emission: Emission, left: OfType<Statement, "ForOfStatement">["left"]): string {
  if (left.type !== "VariableDeclaration") return target(emission, left);
  if (emission.context.locals === undefined) return declarations(emission, left);
  return declared(emission, left.declarations[0]!.id, left.kind);
}

/** Every iteration has its own variables, and so a closure of its own that sees them. */
function loopBody(emission: Emission, node: Statement, hasNames: boolean): string {
  const look = hasNames ? emission.look() : "";
  return `{${look}${block(emission, bodyOf(node))}}`;
}

export function bodyOf(node: Statement): readonly Statement[] {
  return node.type === "BlockStatement" ? node.body : [node];
}

function forLoop(emission: Emission, node: OfType<Statement, "ForStatement">): string {
  const head = node.update ?? node.test ?? node.init ?? node;
  const first = emission.hook(node, head === node ? node.body : head);
  const names = new Set<string>();
  const { init } = node;
  if (init?.type === "VariableDeclaration" && init.kind !== "var") {
    for (const one of init.declarations) patternNames(one.id, names);
  }
  return emission.within(names, () => {
    const start = init
      ? init.type === "VariableDeclaration"
        ? declarations(emission, init)
        : emission.expression(init)
      : "";
    const test = node.test ? emission.expression(node.test) : "";
    // The closure of an iteration is made before its update, but for the first one, which has none.
    const own = names.size > 0 ? emission.look() : "";
    const body = `{${own.replace("=", "??=")}${block(emission, bodyOf(node.body))}}`;
    const look = own.replace(";", ",");
    const forget = own === "" ? "" : `${own.slice(0, own.indexOf("="))}=void 0;`;
    const again = emission.hooked(node.update ?? (VOID as Expression), node.update ?? node);
    return `${first}${forget}for(${start};${test};(${look}${again}))${body}`;
  });
}

/** Nothing to do, as an expression. */
export const VOID: Node = { type: "NullLiteral" };

function forEach(emission: Emission, node: OfType<Statement, "ForInStatement" | "ForOfStatement">): string {
  if (node.type === "ForOfStatement" && node.await) emission.problem(node, "for await is not available");
  const hook = emission.hook(node, node.right);
  const over = emission.expression(node.right);
  const { left } = node;
  const names = new Set<string>();
  if (left.type === "VariableDeclaration" && left.kind !== "var") patternNames(left.declarations[0]!.id, names);
  return emission.within(names, () => {
    const variable = loopVariable(emission, left);
    const body = loopBody(emission, node.body, names.size > 0);
    const again = isEmpty(node.body) ? emission.hook(node, node.right) : "";
    return `${hook}for(${variable} ${node.type === "ForOfStatement" ? "of" : "in"} ${over}){${again}${body}}`;
  });
}

export function isEmpty(node: Statement): boolean {
  return node.type === "EmptyStatement" || (node.type === "BlockStatement" && node.body.length === 0);
}

function switchOf(emission: Emission, node: OfType<Statement, "SwitchStatement">): string {
  const hook = emission.hook(node, node.discriminant);
  const on = emission.expression(node.discriminant);
  const names = lexicalNames(node.cases.flatMap((one) => one.consequent));
  return emission.within(names, () => {
    const look = names.size > 0 ? emission.look() : "";
    const cases = node.cases.map((one) => {
      const head = one.test ? `case ${emission.expression(one.test)}:` : "default:";
      return `${head}${one.consequent.length > 0 ? look : ""}${one.consequent.map((each) => emission.statement(each)).join("")}`;
    });
    return `${hook}switch(${on}){${cases.join("")}}`;
  });
}

/**
 * A driver catches what drivers throw. What ends its task, a fault, passes by every catch and finally: the kernel
 * would not run them either.
 */
function tryOf(emission: Emission, node: OfType<Statement, "TryStatement">): string {
  let code = `try{${block(emission, node.block.body)}}`;
  const frame = emission.context.mode === "generator" ? ",$f" : "";
  if (node.handler) {
    const { param, body } = node.handler;
    const names = param ? patternNames(param, new Set()) : new Set<string>();
    const caught = `$.caught($e${frame})`;
    const handled = block(emission, body.body, names, () => (param ? bound(emission, param, caught) : `${caught};`));
    code += `catch($e){${handled}}`;
  }
  if (!node.finalizer) return code;
  const inner = node.handler ? `try{${code}}` : code;
  const restore = frame && "$.top=$f;";
  return `${inner}catch($e){throw $.failed($e);}finally{if($.live){${restore}${block(emission, node.finalizer.body)}}}`;
}

function labelled(emission: Emission, node: OfType<Statement, "LabeledStatement">): string {
  const written = emission.statement(node.body);
  // The hook of a loop stands before its label, or `continue` could not name it.
  const at =
    /^(?:\$f\.s=(\d+);if\(--\$\.n<0\|\|\$b\[\1\]!==0\)yield \1;|\$\.tick\(\);)(?:\$f\.l\d+=void 0;)?(?=for|switch|if\(|\w+:)/.exec(
      written,
    );
  const hook = at?.[0] ?? "";
  return `${hook}${node.label.name}:${written.slice(hook.length) || ";"}`;
}
