// What the parts of the compiler share while they write the JavaScript of one file: scopes, sites, problems.
import type { Problem, Site } from "../engine/interfaces.ts";
import { AMBIENT, absenceOf } from "./ambient.ts";
import type { Aliases, ParameterType } from "./annotations.ts";
import type { JumpPlan } from "./jump-plan.ts";
import type { Locals } from "./locals.ts";
import type { Import, Local, ModuleNames, Scope } from "./scope.ts";
import type { Argument, CallNode, Expression, FunctionNode, Node, Statement } from "./syntax.ts";

/**
 * `generator`: suspended before each statement. `atomic`: constructors, getters and what JavaScript itself calls; runs
 * in one go. `look`: an expression that a person typed, without effects.
 */
export type Mode = "generator" | "atomic" | "look";

export interface FunctionContext {
  readonly mode: Mode;
  readonly name: string;
  /** Its place among the functions of the program; -1 for file scope and what else is none of them. */
  readonly id: number;
  readonly arrow: boolean;
  readonly parent: FunctionContext | undefined;
  /** Its variables, where all stand at its head. */
  locals: Locals | undefined;
  slots: number;
  temps: number;
  /** Of the temporaries so many are in use. */
  taken: number;
  usesThis: boolean;
  usesSuper: boolean;
  usesStack: boolean;
}

/** A site as the run time needs it: the names in view, and where the closure stands that sees them. */
export interface SiteScope {
  readonly scope: Scope;
  /** The function it stands in, see FunctionContext. */
  readonly fn: number;
}

export interface FunctionInfo {
  readonly name: string;
  /** Index of its file. */
  readonly module: number;
  readonly params: readonly ParameterType[];
}

/** A call of an imported kernel function; its arguments are checked when the kernel is known. */
export interface KernelCall {
  readonly file: string;
  readonly imported: Import;
  readonly call: CallNode;
  /** The statement it stands in. */
  readonly site: number;
  /** Its arguments as they were written. */
  readonly texts: readonly string[];
}

/** What all files of a program add to. */
export class Output {
  readonly sites: Site[] = [];
  readonly siteScopes: SiteScope[] = [];
  readonly functions: FunctionInfo[] = [];
  readonly problems: Problem[] = [];
  readonly kernelCalls: KernelCall[] = [];
  /** Functions keep no closures that see their scopes: nobody will look. */
  readonly isBare: boolean;
  /** Functions whose calls can leave one statement for another, by their place; the rest are as they always are. */
  readonly jumping: ReadonlyMap<number, JumpPlan>;

  constructor(isBare = false, jumping: ReadonlyMap<number, JumpPlan> = new Map()) {
    this.isBare = isBare;
    this.jumping = jumping;
  }
}

/** The writers of each kind of tree; they call each other through this table. */
export interface Writers {
  expression(emission: Emission, node: Expression): string;
  statement(emission: Emission, node: Statement): string;
  /** The statements of a function. */
  body(emission: Emission, statements: readonly Statement[]): string;
  call(emission: Emission, node: Expression): string;
  fn(emission: Emission, node: FunctionNode): string;
  classOf(emission: Emission, node: Node): string;
  pattern(emission: Emission, node: Node): string;
}

export class Emission {
  readonly file: string;
  readonly module: ModuleNames;
  readonly output: Output;
  readonly writers: Writers;
  scope: Scope;
  context: FunctionContext;
  /** What a function without a name of its own is called: the variable or property that it is given to. */
  nameHint: string | undefined;
  readonly aliases: Aliases;
  /** The file as it was written. */
  readonly source: string;

  constructor(
    file: string,
    output: Output,
    writers: Writers,
    scope: Scope,
    context: FunctionContext,
    aliases: Aliases,
    source: string,
  ) {
    this.file = file;
    this.module = scope.module;
    this.output = output;
    this.writers = writers;
    this.scope = scope;
    this.context = context;
    this.aliases = aliases;
    this.source = source;
  }

  problem(node: Node, message: string): string {
    const start = node.loc?.start ?? { line: 1, column: 0 };
    this.output.problems.push({ file: this.file, line: start.line, column: start.column + 1, message });
    return "undefined";
  }

  expression(node: Expression): string {
    return this.writers.expression(this, node);
  }

  statement(node: Statement): string {
    return this.writers.statement(this, node);
  }

  pattern(node: Node): string {
    return this.writers.pattern(this, node);
  }

  argumentList(list: readonly Argument[]): string {
    return list.map((one) => this.argument(one)).join(",");
  }

  argument(node: Argument): string {
    if (node.type === "SpreadElement") return `...${this.expression(node.argument)}`;
    if (node.type === "ArgumentPlaceholder") return this.problem(node, "an argument is missing");
    return this.expression(node);
  }

  /** Numbers a statement that reaches from one node to the end of another. */
  site(from: Node, to: Node = from): number {
    const id = this.output.sites.length;
    this.context.taken = 0;
    const start = from.loc?.start ?? { line: 1, column: 0 };
    const end = to.loc?.end ?? start;
    this.output.sites.push({
      id,
      file: this.file,
      line: start.line,
      column: start.column + 1,
      endLine: end.line,
      endColumn: end.column + 1,
      fn: this.context.name,
    });
    this.output.siteScopes.push({ scope: this.scope, fn: this.context.id });
    return id;
  }

  /** Stops before a statement when the budget is spent or a breakpoint is set. */
  hook(from: Node, to: Node = from): string {
    if (this.context.mode !== "generator") return "$.tick();";
    const id = this.site(from, to);
    return `$f.s=${id};if(--$.n<0||$b[${id}]!==0)yield ${id};`;
  }

  /** The same before an expression, as in the head of a loop. */
  hooked(node: Expression, from: Node = node): string {
    if (this.context.mode !== "generator") return `($.tick(),${this.expression(node)})`;
    const id = this.site(from, node);
    return `($f.s=${id},(--$.n<0||$b[${id}]!==0)&&(yield ${id}),${this.expression(node)})`;
  }

  /** Writes something inside a scope of its own. */
  within<T>(names: ReadonlySet<string>, write: () => T): T {
    const outer = this.scope;
    if (names.size > 0) {
      const slot = ++this.context.slots;
      const locals = this.context.locals?.ofBlock(names);
      this.scope = { slot, kind: "block", names, ...(locals && { locals }), parent: outer, module: this.module };
    }
    try {
      return write();
    } finally {
      this.scope = outer;
    }
  }

  /** Keeps a closure that sees the names of the innermost scope; for inspection. */
  look(): string {
    if (this.context.mode !== "generator" || this.output.isBare || this.context.locals) return "";
    return `$f.l${this.scope.slot}=${LOOK};`;
  }

  /** Names that are declared in the innermost scope have no value yet when it is entered. */
  unset(): string {
    const locals = [...(this.scope.locals?.values() ?? [])];
    return locals.length === 0 ? "" : `${locals.map(({ name }) => name).join("=")}=$.none;`;
  }

  /** For use in the statement that is being written. */
  temporary(): string {
    const { context } = this;
    context.taken++;
    context.temps = Math.max(context.temps, context.taken);
    return `$o${context.taken}`;
  }

  /** Takes the result of a call: a driver's function gives a generator, which is run to its end here. */
  called(call: string): string {
    if (this.context.mode === "look") return call;
    if (this.context.mode === "atomic") return `$.now(${call})`;
    // Most calls end at once, and without the protocol of iterators.
    return `(($c=${call})instanceof $G?(($t=$N.call($c)).done?$t=$t.value:$t=yield* $.rest($c,$t),$.top=$f,$t):$c)`;
  }

  importOf(name: string): Import | undefined {
    return this.isLocal(name) ? undefined : this.module.imports.get(name);
  }

  /** Whether a name is declared below file scope. */
  isLocal(name: string): boolean {
    for (let at: Scope | undefined = this.scope; at; at = at.parent) {
      if (at.kind !== "module" && at.names.has(name)) return true;
    }
    return false;
  }

  /** What a name is in the JavaScript. */
  reference(name: string, node: Node): string {
    const at = this.scopeOf(name);
    if (at !== undefined) {
      const local = this.localIn(at, name);
      if (local === undefined) return name;
      return local.isDeclared ? local.name : `$.early(${JSON.stringify(name)})`;
    }
    const imported = this.module.imports.get(name);
    if (imported) return this.importReference(imported, node);
    if (AMBIENT.has(name)) return name;
    return this.problem(node, absenceOf(name, this.scope));
  }

  /** The same where it is given a value. */
  assigned(name: string): string {
    const local = this.localIn(this.scopeOf(name), name);
    if (local === undefined) return name;
    if (!local.isDeclared) return `$.early(${JSON.stringify(name)}).x`;
    return local.isConstant ? "$C" : local.name;
  }

  /** Whether a variable surely is an array of JavaScript. */
  isArray(name: string): boolean {
    return this.localIn(this.scopeOf(name), name)?.isArray === true;
  }

  /** From here on the names of a declaration have a value. */
  declared(names: ReadonlySet<string>, as: Pick<Local, "isConstant" | "isArray">): void {
    for (const name of names) {
      const local = this.scope.locals?.get(name);
      if (local !== undefined) Object.assign(local, as, { isDeclared: true });
    }
  }

  private scopeOf(name: string): Scope | undefined {
    let at: Scope | undefined = this.scope;
    while (at !== undefined && !at.names.has(name)) at = at.parent;
    return at;
  }

  private localIn(scope: Scope | undefined, name: string): Local | undefined {
    return this.context.mode === "look" ? undefined : scope?.locals?.get(name);
  }

  private importReference(imported: Import, node: Node): string {
    if (imported.typeOnly) return this.problem(node, `'${imported.local}' is imported as a type only`);
    imported.used = true;
    if (imported.file === undefined) return imported.local;
    return imported.name === "*" ? `$x[${imported.file}]` : `$x[${imported.file}].${imported.name}`;
  }
}

export const LOOK = "($s)=>eval($s)";
