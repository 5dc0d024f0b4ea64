// Writes calls: those of driver functions are delegated to, array methods with callbacks get versions that suspend.
import { BOUNDED } from "./bounds.ts";
import type { Emission } from "./emission.ts";
import { access, member, operand, superMember } from "./expressions.ts";
import { PURE_NAMES } from "./language-names.ts";
import {
  type Argument,
  type CallNode,
  type Expression,
  type MemberNode,
  type Node,
  type OfType,
  untyped,
} from "./syntax.ts";

/** Methods that call back; at run time they are taken over only for arrays, maps and sets. */
const CALLING_BACK: ReadonlySet<string> = new Set([
  "every",
  "filter",
  "find",
  "findIndex",
  "findLast",
  "findLastIndex",
  "flatMap",
  "forEach",
  "from",
  "map",
  "parse",
  "reduce",
  "reduceRight",
  "replace",
  "replaceAll",
  "some",
  "sort",
  "stringify",
  "toSorted",
]);

/** Methods that change nothing, for expressions that only look. */
const LOOKING_METHODS: ReadonlySet<string> = new Set([
  "add",
  "at",
  "get",
  "has",
  "includes",
  "indexOf",
  "join",
  "slice",
  "toString",
]);

export function writeCall(emission: Emission, node: Expression): string {
  switch (node.type) {
    case "NewExpression":
      if (emission.context.mode === "look") return emission.problem(node, "objects cannot be made here");
      return `$.o(new (${emission.expression(node.callee as Expression)})(${emission.argumentList(node.arguments)}))`;
    case "CallExpression":
      return plainCall(emission, node);
    default:
      return chain(emission, node as Link);
  }
}

function plainCall(emission: Emission, node: CallNode): string {
  const callee = untyped(node.callee as Expression);
  checkLooking(emission, node, callee);
  if (callee.type === "Identifier") noteImport(emission, node, callee);
  const list = emission.argumentList(node.arguments);
  if ((callee as Node).type === "Super") return `super(${list})`;
  if ((callee as Node).type === "Import")
    return emission.problem(node, "import() is not available: import at the top of the file");
  if (callee.type === "MemberExpression") return methodCall(emission, callee, list);
  const name = emission.expression(callee);
  return emission.called(`${/^\$x\[/.test(name) ? `(0,${name})` : name}(${list})`);
}

function methodCall(emission: Emission, callee: MemberNode, list: string): string {
  if (callee.object.type === "Super") {
    const name = superMember(emission, callee);
    return emission.called(emission.context.arrow ? `${name}.call(this,${list})` : `${name}(${list})`);
  }
  const method = methodName(callee);
  if (isGuarded(method)) {
    return emission.called(`$.m(${operand(emission, callee.object)},${JSON.stringify(method)},[${list}])`);
  }
  return emission.called(`${member(emission, callee)}(${list})`);
}

/** Calls of it go through the run time. */
function isGuarded(method: string | undefined): boolean {
  return method !== undefined && (CALLING_BACK.has(method) || BOUNDED.has(method));
}

function methodName(callee: MemberNode): string | undefined {
  return !callee.computed && callee.property.type === "Identifier" ? callee.property.name : undefined;
}

/** What makes a local struct. */
const ON_STACK: ReadonlySet<string> = new Set([
  "DECLARE_COMPLETION_ONSTACK",
  "DECLARE_WAITQUEUE",
  "DECLARE_WAIT_QUEUE_HEAD_ONSTACK",
  "DEFINE_WAIT",
  "on_stack",
]);

/** Remembers what was asked of the kernel, and whether the function needs its stack given back. */
function noteImport(emission: Emission, call: CallNode, callee: OfType<Expression, "Identifier">): void {
  const imported = emission.importOf(callee.name);
  if (imported?.header === undefined || emission.context.mode === "look") return;
  if (ON_STACK.has(imported.name)) emission.context.usesStack = true;
  // What TypeScript says with `pointer!` is nothing to a macro.
  const texts = call.arguments.map((one) =>
    emission.source.slice(one.start ?? 0, one.end ?? 0).replaceAll(/(?<=[\w)\]])!(?!=)/g, ""),
  );
  const site = emission.output.sites.length - 1;
  emission.output.kernelCalls.push({ file: emission.file, imported, call, site, texts });
}

function checkLooking(emission: Emission, node: Node, callee: Expression): void {
  if (emission.context.mode !== "look") return;
  if (callee.type === "Identifier") {
    const imported = emission.importOf(callee.name);
    if (imported?.header !== undefined && PURE_NAMES.has(imported.name)) return;
    if (["BigInt", "Boolean", "Number", "String"].includes(callee.name)) return;
    emission.problem(node, `looking changes nothing: '${callee.name}' cannot be called here`);
  } else if (callee.type === "MemberExpression" || callee.type === "OptionalMemberExpression") {
    const method = methodName(callee);
    const onMath = callee.object.type === "Identifier" && callee.object.name === "Math";
    if (!onMath && (method === undefined || !LOOKING_METHODS.has(method))) {
      emission.problem(node, `looking changes nothing: '${method ?? "this"}' cannot be called here`);
    }
  } else {
    emission.problem(node, "looking changes nothing: functions cannot be called here");
  }
}

type Link = OfType<
  Expression,
  "OptionalMemberExpression" | "OptionalCallExpression" | "MemberExpression" | "CallExpression"
>;

/**
 * An optional chain, link by link: `a?.b(c)` becomes `($1 = a) == null ? void 0 : <call of $1.b>`, because what
 * suspends cannot stand inside `?.`.
 */
function chain(emission: Emission, last: Link): string {
  const links: Link[] = [];
  let base: Node = last;
  while (isLink(base)) {
    links.unshift(base);
    base = untyped(
      (base.type.endsWith("CallExpression") ? (base as CallNode).callee : (base as MemberNode).object) as Node,
    );
  }
  if (links[0]?.type === "OptionalCallExpression" && base.type === "MemberExpression") {
    links.unshift(base as Link);
    base = untyped((base as MemberNode).object as Node);
  }
  let conditions = "";
  let current = operand(emission, base);
  for (let i = 0; i < links.length; i++) {
    const link = links[i]!;
    if (isOptional(link)) {
      const kept = emission.temporary();
      conditions += `(${kept}=${current})==null?void 0:`;
      current = kept;
    }
    const next = links[i + 1];
    if (link.type === "MemberExpression" || link.type === "OptionalMemberExpression") {
      if (!next?.type.endsWith("CallExpression")) {
        current += access(emission, link);
        continue;
      }
      i++;
      const call = next as CallNode;
      checkLooking(emission, call, link);
      const list = emission.argumentList(call.arguments as Argument[]);
      if (isOptional(call as Link)) {
        const object = emission.temporary();
        const method = emission.temporary();
        conditions += `(${method}=(${object}=${current})${access(emission, link)})==null?void 0:`;
        current = emission.called(`${method}.call(${object}${list && `,${list}`})`);
      } else {
        const method = methodName(link);
        current = emission.called(
          isGuarded(method)
            ? `$.m(${current},${JSON.stringify(method)},[${list}])`
            : `${current}${access(emission, link)}(${list})`,
        );
      }
    } else {
      checkLooking(emission, link, untyped(link.callee as Expression));
      current = emission.called(`${current}(${emission.argumentList(link.arguments as Argument[])})`);
    }
  }
  return `(${conditions}${current})`;
}

/** Parentheses end a chain; Babel shows them as a plain member or call around an optional one. */
function isLink(node: Node): node is Link {
  return node.type === "OptionalMemberExpression" || node.type === "OptionalCallExpression";
}

function isOptional(link: Link): boolean {
  return (link as { optional?: boolean | null }).optional === true;
}
