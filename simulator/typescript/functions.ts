// Writes functions as generators, and classes; what JavaScript itself calls stays as it is and runs in one go.
import { type ParameterType, parameterType } from "./annotations.ts";
import { type Emission, type FunctionContext, LOOK, type Mode } from "./emission.ts";
import { propertyKey } from "./expressions.ts";
import { hasOnlyLocals, Locals } from "./locals.ts";
import { declares, lexicalNames, patternNames, type Scope, varNames } from "./scope.ts";
import type { BlockNode, ClassMember, ClassNode, Expression, FunctionNode, Node, Parameter } from "./syntax.ts";

/** JavaScript calls these when it converts values, and cannot wait for them. */
const CALLED_BY_LANGUAGE: ReadonlySet<string> = new Set(["toString", "valueOf", "toJSON"]);

export function writeFunction(emission: Emission, node: FunctionNode): string {
  if (node.async) emission.problem(node, "async is not available: drivers are synchronous, and blocking calls wait");
  if (node.generator)
    emission.problem(node, "generator functions are not available: every function can be suspended as it is");
  const mode = modeOf(node);
  const name = nameOf(emission, node);
  emission.nameHint = undefined;
  const arrow = node.type === "ArrowFunctionExpression";
  const outerContext = emission.context;
  const outerScope = emission.scope;
  const id = emission.output.functions.length;
  const context = newContext(mode, name, arrow, outerContext, id);
  const params = node.params.filter((one) => !isThis(one));
  emission.output.functions.push({
    name,
    module: emission.module.index,
    params: params.map((one) => typeOf(emission, one, node)),
  });
  const head = headOf(emission, node);
  emission.context = context;
  emission.scope = functionScope(emission, node, params, outerScope);
  try {
    const list = params.map((one) => emission.pattern(one)).join(",");
    if (outerScope.kind === "module" && standsAtHead(emission, node)) {
      context.locals = new Locals();
      emission.scope = { ...emission.scope, locals: context.locals.ofFunction(node, emission.scope.names) };
    }
    const body = bodyOf(emission, node);
    const written = assemble(context, id, list, body, emission.output.isBare);
    return finish(context, node, head, written);
  } finally {
    emission.context = outerContext;
    emission.scope = outerScope;
  }
}

/** Nobody else looks at types where a driver is run from a shell: a pointer to an unknown one has no members. */
function typeOf(emission: Emission, parameter: Parameter, { typeParameters }: FunctionNode): ParameterType {
  const type = parameterType(parameter, emission.aliases);
  if (type.kind !== "reference" || emission.aliases.has(type.to)) return type;
  const isGeneric = typeParameters?.params.some(({ name }) => name === type.to) === true;
  const isDeclared = emission.module.imports.has(type.to) || declares(emission.scope, type.to);
  if (!isGeneric && !isDeclared) emission.problem(parameter, `unknown type name '${type.to}'`);
  return type;
}

export function newContext(
  mode: Mode,
  name: string,
  arrow: boolean,
  parent?: FunctionContext,
  id = -1,
): FunctionContext {
  return {
    mode,
    name,
    id,
    arrow,
    parent,
    locals: undefined,
    slots: 0,
    temps: 0,
    taken: 0,
    usesThis: false,
    usesSuper: false,
    usesStack: false,
  };
}

/** The frame of a running function: its caller, depth, site, and the closures that see its scopes. */
export function prologue(context: FunctionContext, isBare: boolean): string {
  return `const $f={c:$.top,d:$.top.d+1,s:-1${isBare ? "" : looks(context)}};$.enter($f);let $c,$t${temporaries(context, ",")};${context.locals?.declarations ?? ""}`;
}

function looks({ locals, slots }: FunctionContext): string {
  if (locals !== undefined) return `,v:${locals.closure}`;
  return `,l0:${LOOK}${Array.from({ length: slots }, (_, i) => `,l${i + 1}:undefined`).join("")}`;
}

/** Nobody looks at variables of what is bare, and those of what is jumped in have their places. */
function standsAtHead({ context, output }: Emission, node: FunctionNode): boolean {
  if (context.mode !== "generator" || output.isBare || output.jumping.has(context.id)) return false;
  return hasOnlyLocals(node);
}

function temporaries(context: FunctionContext, before: string): string {
  return Array.from({ length: context.temps }, (_, i) => `${i === 0 ? before : ","}$o${i + 1}`).join("");
}

function assemble(context: FunctionContext, id: number, list: string, body: string, isBare: boolean): string {
  // Variables are seen from within the block in which they are declared.
  const whole = (code: string): string =>
    context.usesStack ? `const $m=$.mark();try{${code}}finally{$.release($m);}` : code;
  if (context.mode !== "generator") {
    const temps = temporaries(context, "");
    return `(${list}){${whole(`${temps && `let ${temps};`}${body}`)}}`;
  }
  // A default that calls something may suspend, which parameters cannot.
  const suspends = list.includes("yield");
  const code = `${prologue(context, isBare)}${suspends ? `var [${list}]=$a;` : ""}${body}`;
  return `(${suspends ? "...$a" : list}){/*#${id}*/${whole(code)}}`;
}

function finish(context: FunctionContext, node: FunctionNode, head: string, written: string): string {
  if (node.type === "FunctionDeclaration") return `${head}${written}`;
  if (node.type === "FunctionExpression") return `(${head}${written})`;
  if (node.type !== "ArrowFunctionExpression") return `${head}${written}`;
  const bound = context.usesThis ? `$.bind(${head}${written},this)` : `(${head}${written})`;
  if (!context.usesSuper || context.parent?.arrow) return bound;
  return `(($s)=>${bound})(($p)=>super[$p])`;
}

function headOf(emission: Emission, node: FunctionNode): string {
  const star = modeOf(node) === "generator" ? "*" : "";
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
      return `function*${node.id ? emission.pattern(node.id) : ""}`;
    case "ArrowFunctionExpression":
      return "function*";
    default: {
      const prefix = node.kind === "get" || node.kind === "set" ? `${node.kind} ` : star;
      const isStatic = "static" in node && node.static ? "static " : "";
      if (node.kind === "constructor") return "constructor";
      return `${isStatic}${prefix}${propertyKey(emission, node)}`;
    }
  }
}

function modeOf(node: FunctionNode): Mode {
  if (node.type !== "ObjectMethod" && node.type !== "ClassMethod") {
    return node.type === "ClassPrivateMethod" && node.kind !== "method" ? "atomic" : "generator";
  }
  if (node.kind !== "method") return "atomic";
  return !node.computed && node.key.type === "Identifier" && CALLED_BY_LANGUAGE.has(node.key.name)
    ? "atomic"
    : "generator";
}

function nameOf(emission: Emission, node: FunctionNode): string {
  if (node.type === "FunctionDeclaration" || node.type === "FunctionExpression") {
    if (node.id) return node.id.name;
  } else if (node.type !== "ArrowFunctionExpression") {
    const key = node.key as { name?: string; id?: { name: string } };
    return key.name ?? (key.id ? `#${key.id.name}` : "(anonymous)");
  }
  return emission.nameHint ?? "(anonymous)";
}

function isThis(parameter: Parameter): boolean {
  return parameter.type === "Identifier" && parameter.name === "this";
}

function functionScope(emission: Emission, node: FunctionNode, params: readonly Parameter[], outer: Scope): Scope {
  const names = new Set<string>();
  for (const one of params) patternNames(one, names);
  const parameters = new Set(names);
  if (node.body.type === "BlockStatement") {
    varNames(node.body.body, names);
    for (const name of lexicalNames(node.body.body)) names.add(name);
  }
  let parent = outer;
  if (node.type === "FunctionExpression" && node.id && !names.has(node.id.name)) {
    parent = { slot: 0, kind: "block", names: new Set([node.id.name]), parent, module: emission.module };
  }
  return { slot: 0, kind: "function", names, parameters, parent, module: emission.module };
}

function bodyOf(emission: Emission, node: FunctionNode): string {
  const { body } = node;
  if (body.type === "BlockStatement") return emission.writers.body(emission, (body as BlockNode).body);
  return `${emission.hook(body)}return ${emission.expression(body as Expression)};`;
}

export function writeClass(emission: Emission, given: Node): string {
  const node = given as ClassNode;
  if (node.decorators?.length) emission.problem(node, "decorators are not available");
  const own = node.id ? emission.pattern(node.id) : "";
  const base = node.superClass ? ` extends (${emission.expression(node.superClass)})` : "";
  const outer = emission.context;
  return emission.within(new Set(node.id ? [node.id.name] : []), () => {
    try {
      const members = node.body.body.map((one) => {
        emission.context = newContext("atomic", own || "(class)", false);
        return classMember(emission, one);
      });
      return `class ${own}${base}{static{$.own(this);}${members.join("")}}`;
    } finally {
      emission.context = outer;
    }
  });
}

function classMember(emission: Emission, node: ClassMember): string {
  switch (node.type) {
    case "ClassMethod":
    case "ClassPrivateMethod":
      return "abstract" in node && node.abstract ? "" : writeFunction(emission, node);
    case "ClassProperty":
    case "ClassPrivateProperty": {
      if ("declare" in node && node.declare) return "";
      const name = propertyKey(emission, node);
      emission.nameHint = name;
      const value = node.value ? `=${emission.expression(node.value)}` : "";
      return `${node.static ? "static " : ""}${name}${value};`;
    }
    case "TSDeclareMethod":
    case "TSIndexSignature":
      return "";
    case "StaticBlock":
      return `static{${emission.within(lexicalNames(node.body), () => node.body.map((one) => emission.statement(one)).join(""))}}`;
    default:
      return emission.problem(node, `${node.type} is not supported in driver code`);
  }
}
