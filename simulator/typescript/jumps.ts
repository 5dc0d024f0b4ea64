// Writes functions of which a person makes calls leave one statement for another: each list of statements can be begun anywhere.
import type { Emission, FunctionContext, Writers } from "./emission.ts";
import { writeEnum } from "./enums.ts";
import { target } from "./expressions.ts";
import { type Barrier, declaredBy, type JumpPlan, type StatementList } from "./jump-plan.ts";
import { type Local, lexicalNames, patternNames } from "./scope.ts";
import { bodyOf, declarations, isEmpty, VOID, writeStatement } from "./statements.ts";
import type { Expression, Node, OfType, Statement } from "./syntax.ts";

/** Those functions of the output are written so that are to be jumped in, and the others as they always are. */
export function jumpingWriters(ordinary: Writers): Writers {
  const open = new WeakMap<FunctionContext, Jumping>();
  return {
    ...ordinary,
    statement: (emission, node) => open.get(emission.context)?.statement(node) ?? ordinary.statement(emission, node),
    body: (emission, statements) => {
      const { context, output } = emission;
      const plan = output.jumping.get(context.id);
      if (plan === undefined || context.mode !== "generator") return ordinary.body(emission, statements);
      const jumping = new Jumping(emission, plan);
      open.set(context, jumping);
      return jumping.body(statements);
    },
  };
}

const NOT_BEGUN = "the loop around it has not begun";
const NOT_CAUGHT = "nothing was thrown that its catch clause could handle";
const FINALLY_IN = "a finally clause runs when what it belongs to ends";
const FINALLY_OUT = "a finally clause has to run to its end";

/**
 * A list of statements becomes `$L1: for (let $p = 0;;) { switch ($p) { case 0: … case 1: … } break; }`, with its
 * variables declared before it. `$g` is the statement on the way to which the call is: whoever is left by it goes on
 * with the list around, and a list in which it stands goes on there, or with the statement that it stands in.
 */
class Jumping {
  private readonly emission: Emission;
  private readonly plan: JumpPlan;
  private list: StatementList | undefined;
  private index = 0;
  /** Labels written before the statement at hand. */
  private labels = "";
  private breaks = "";
  private continues = "";
  private marks = 0;

  constructor(emission: Emission, plan: JumpPlan) {
    this.emission = emission;
    this.plan = plan;
  }

  body(statements: readonly Statement[]): string {
    return `let $g;${this.hoisted(statements)}${this.run(statements)}`;
  }

  statement(node: Statement): string {
    const { emission } = this;
    switch (node.type) {
      case "ExpressionStatement":
        return `${this.hook(node)}(${emission.expression(node.expression)});`;
      case "VariableDeclaration":
        return this.variables(node);
      case "ClassDeclaration":
        return node.declare
          ? ""
          : `${this.hook(node, node.id ?? node)}${node.id?.name}=${emission.writers.classOf(emission, node)};`;
      case "TSEnumDeclaration":
        return node.declare
          ? ""
          : `${this.hook(node, node.id)}${writeEnum(emission, node).replace(/^const [^=]+/, node.id.name)}`;
      case "ReturnStatement":
        return `${this.hook(node)}return${node.argument ? ` ${emission.expression(node.argument)}` : ""};`;
      case "ThrowStatement":
        return `${this.hook(node)}throw $.thrown(${emission.expression(node.argument)});`;
      case "BreakStatement":
        return `${this.hook(node)}break ${node.label?.name ?? this.breaks};`;
      case "ContinueStatement":
        return `${this.hook(node)}continue ${node.label?.name ?? this.continues};`;
      case "IfStatement":
        return this.condition(node);
      case "ForStatement":
        return this.forLoop(node);
      case "ForInStatement":
      case "ForOfStatement":
        return this.forEach(node);
      case "WhileStatement":
        return this.loop((label) => {
          const test = this.hooked(node.test, node, "", true);
          return `${label}while($g!==void 0||${test}){${this.branch(node.body)}}`;
        });
      case "DoWhileStatement":
        return this.loop((label) => `${label}do{${this.branch(node.body)}}while(${this.hooked(node.test)});`);
      case "SwitchStatement":
        return this.switchOf(node);
      case "TryStatement":
        return this.tryOf(node);
      case "BlockStatement":
        return `${this.label()}{${this.block(node.body)}}`;
      case "LabeledStatement":
        return this.labelled(node);
      default:
        return writeStatement(emission, node);
    }
  }

  /** As everywhere, but whoever stops there may be told to go elsewhere. */
  private hook(from: Node, to: Node = from, isStart = true): string {
    const id = this.emission.site(from, to);
    this.plan.add(id, { list: this.list!, index: this.index, isStart });
    const leave = `continue $L${this.list!.id};`;
    return `$f.s=${id};if((--$.n<0||$b[${id}]!==0)&&(yield ${id},($g=$.to)!==void 0))${leave}`;
  }

  /** Before a statement that is also entered on the way to one within it. */
  private guarded(from: Node, to: Node = from): string {
    return `if($g===void 0){${this.hook(from, to)}}`;
  }

  private hooked(node: Expression, from: Node = node, before = "", isStart = false): string {
    const id = this.emission.site(from, node);
    this.plan.add(id, { list: this.list!, index: this.index, isStart });
    const told = `(--$.n<0||$b[${id}]!==0)&&(yield ${id},$g=$.to)`;
    return `(${before}$f.s=${id},${told},$g!==void 0||(${this.emission.expression(node)}))`;
  }

  private run(statements: readonly Statement[], barrier: Barrier = {}, others: readonly Statement[] = []): string {
    const { list: outer, index, plan } = this;
    const leave = outer === undefined ? "" : `continue $L${outer.id};`;
    if (statements.length === 0) return leave && `if($g!==void 0)${leave}`;
    const list = plan.list({ outer, index, statements, others, barrier, scope: this.emission.scope });
    this.list = list;
    let functions = "";
    let ways = "";
    let cases = "";
    for (const [place, statement] of statements.entries()) {
      this.index = place;
      const first = plan.starts.length;
      const written = this.statement(statement);
      if (statement.type === "FunctionDeclaration") {
        functions += written;
        continue;
      }
      cases += `case ${place}:${written}`;
      const [own, within] = [[] as number[], [] as number[]];
      for (const start of plan.starts.slice(first)) (plan.places.get(start)!.list === list ? own : within).push(start);
      if (own.length > 0) ways += `${casesOf(own)}$p=${place};$g=void 0;break;`;
      if (within.length > 0) ways += `${casesOf(within)}$p=${place};break;`;
    }
    this.list = outer;
    this.index = index;
    const way = `if($g!==void 0)switch($g){${ways}${leave && `default:${leave}`}}`;
    return `${functions}$L${list.id}:for(let $p=0;;){${way}switch($p){${cases}}break;}`;
  }

  /** Statements in a scope of their own. */
  private block(
    statements: readonly Statement[],
    barrier: Barrier = {},
    more: ReadonlySet<string> = new Set(),
  ): string {
    const { emission } = this;
    const names = lexicalNames(statements);
    for (const name of more) names.add(name);
    return emission.within(names, () => {
      const look = names.size > 0 ? emission.look() : "";
      return `${this.hoisted(statements)}${look}${this.run(statements, barrier)}`;
    });
  }

  private branch(node: Statement, barrier: Barrier = {}): string {
    return this.block(bodyOf(node), barrier);
  }

  private variables(node: OfType<Statement, "VariableDeclaration">): string {
    const { emission } = this;
    if (node.declare) return "";
    const hook = node.declarations.some((one) => one.init) ? this.hook(node) : "";
    if (node.kind !== "const" && node.kind !== "let") return `${hook}${declarations(emission, node)};`;
    const parts = node.declarations.map((one) => {
      emission.nameHint = one.id.type === "Identifier" ? one.id.name : undefined;
      const names = patternNames(one.id, new Set());
      emission.declared(names, { isConstant: false });
      const pattern = emission.pattern(one.id);
      emission.declared(names, { isConstant: node.kind === "const" });
      return one.init ? `(${pattern}=${emission.expression(one.init)});` : "";
    });
    emission.nameHint = undefined;
    return hook + parts.join("");
  }

  private condition(node: OfType<Statement, "IfStatement">): string {
    const label = this.label();
    const hook = this.guarded(node, node.test);
    const test = this.emission.expression(node.test);
    const first = this.plan.starts.length;
    const then = this.branch(node.consequent);
    const within = this.plan.starts.slice(first);
    const otherwise = node.alternate ? `else{${this.branch(node.alternate)}}` : "";
    return `${hook}${label}if($g===void 0?${test}:[${within}].includes($g)){${then}}${otherwise}`;
  }

  private forLoop(node: OfType<Statement, "ForStatement">): string {
    const { emission } = this;
    const { init } = node;
    const head = node.update ?? node.test ?? init ?? node;
    const hook = this.guarded(node, head === node ? node.body : head);
    const names = new Set<string>();
    const isDeclared = init?.type === "VariableDeclaration";
    if (isDeclared && init.kind !== "var") for (const one of init.declarations) patternNames(one.id, names);
    return emission.within(names, () =>
      this.loop((label) => {
        const value = init && !isDeclared ? `$g!==void 0||(${emission.expression(init)})` : "";
        const start = isDeclared ? declarations(emission, init) : value;
        const test = node.test ? `$g!==void 0||(${emission.expression(node.test)})` : "";
        const look = names.size > 0 ? emission.look() : "";
        const body = this.branch(node.body, isDeclared ? { in: NOT_BEGUN } : {});
        const again = this.hooked(node.update ?? (VOID as Expression), node.update ?? node, look.replace(";", ","));
        return `${hook}${label}for(${start};${test};${again}){${look}${body}}`;
      }),
    );
  }

  private forEach(node: OfType<Statement, "ForInStatement" | "ForOfStatement">): string {
    const { emission } = this;
    if (node.type === "ForOfStatement" && node.await) emission.problem(node, "for await is not available");
    const hook = this.guarded(node, node.right);
    const over = emission.expression(node.right);
    const { left } = node;
    const names = new Set<string>();
    if (left.type === "VariableDeclaration" && left.kind !== "var") patternNames(left.declarations[0]!.id, names);
    return emission.within(names, () =>
      this.loop((label) => {
        const variable = left.type === "VariableDeclaration" ? declarations(emission, left) : target(emission, left);
        const look = names.size > 0 ? emission.look() : "";
        const body = this.branch(node.body, { in: NOT_BEGUN });
        const again = isEmpty(node.body) ? this.hook(node, node.right, false) : "";
        const kind = node.type === "ForOfStatement" ? "of" : "in";
        return `${hook}${label}for(${variable} ${kind} ${over}){${look}${again}${body}}`;
      }),
    );
  }

  private switchOf(node: OfType<Statement, "SwitchStatement">): string {
    const { emission, plan } = this;
    const label = this.label();
    const hook = this.guarded(node, node.discriminant);
    const on = emission.expression(node.discriminant);
    const all = node.cases.flatMap((one) => one.consequent);
    const names = lexicalNames(all);
    const { breaks } = this;
    const mark = `$B${++this.marks}`;
    this.breaks = mark;
    const written = emission.within(names, () => {
      const look = names.size > 0 ? emission.look() : "";
      const variables = this.hoisted(all);
      let [choice, ways, lists] = ["", "", ""];
      for (const [place, { test, consequent }] of node.cases.entries()) {
        choice += `${test ? `case ${emission.expression(test)}` : "default"}:$q=${place};break;`;
        const first = plan.starts.length;
        const others = all.filter((one) => !consequent.includes(one));
        lists += `case ${place}:${consequent.length === 0 ? "" : this.run(consequent, {}, others)}`;
        const within = plan.starts.slice(first);
        if (within.length > 0) ways += `${casesOf(within)}$q=${place};break;`;
      }
      const chosen = `if($g===void 0)switch($v){${choice}}else switch($g){${ways}}`;
      return `${variables}${look}let $q=-1;${chosen}${label}${mark}:switch($q){${lists}}`;
    });
    this.breaks = breaks;
    return `${hook}{const $v=$g===void 0?${on}:0;{${written}}}`;
  }

  /** What is jumped over is not run, and so a finally clause is not either that a jump leads out of. */
  private tryOf(node: OfType<Statement, "TryStatement">): string {
    const { emission } = this;
    const label = this.label();
    let code = `try{${this.block(node.block.body)}}`;
    if (node.handler) {
      const { param, body } = node.handler;
      const names = param ? patternNames(param, new Set()) : new Set<string>();
      const handled = this.block(body.body, { in: NOT_CAUGHT }, names);
      const bound = param ? `let ${emission.pattern(param)}=` : "";
      code += `catch($e){${bound}$.caught($e,$f);${handled}}`;
    }
    if (!node.finalizer) return `${label}{${code}}`;
    const inner = node.handler ? `try{${code}}` : code;
    const last = this.block(node.finalizer.body, { in: FINALLY_IN, out: FINALLY_OUT });
    return `${label}{${inner}catch($e){throw $.failed($e);}finally{if($.live&&$g===void 0){$.top=$f;${last}}}}`;
  }

  private labelled(node: OfType<Statement, "LabeledStatement">): string {
    this.labels += `${node.label.name}:`;
    const written = this.statement(node.body);
    return `${this.label()}{${written}}`;
  }

  /** Variables of a list, declared before it: they have no value until their declaration has run. */
  private hoisted(statements: readonly Statement[]): string {
    const locals = new Map<string, Local>();
    for (const one of statements) {
      if (one.type === "FunctionDeclaration") continue;
      const isConstant =
        one.type === "TSEnumDeclaration" || (one.type === "VariableDeclaration" && one.kind === "const");
      for (const name of lexicalNames([one])) locals.set(name, { name, index: 0, isConstant, isDeclared: true });
    }
    if (locals.size === 0) return "";
    // Nobody gives a constant another value, though it is declared as a variable.
    this.emission.scope = { ...this.emission.scope, locals };
    const valued = new Set(statements.flatMap((one) => [...declaredBy(one)]));
    return `let ${[...locals.keys()].map((name) => (valued.has(name) ? `${name}=$.none` : name))};`;
  }

  /** The labels of the statement at hand, for the one that takes them. */
  private label(): string {
    const { labels } = this;
    this.labels = "";
    return labels;
  }

  /** A statement that can be broken out of, and gone on with. */
  private loop(write: (label: string) => string): string {
    const { breaks, continues } = this;
    const mark = `$B${++this.marks}`;
    this.breaks = mark;
    this.continues = mark;
    const written = write(`${this.label()}${mark}:`);
    this.breaks = breaks;
    this.continues = continues;
    return written;
  }
}

function casesOf(sites: readonly number[]): string {
  return sites.map((site) => `case ${site}:`).join("");
}
