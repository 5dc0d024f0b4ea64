// Frames as a debugger sees them: variables in view, expressions evaluated there, assignments.
import type { Frame, Place, Site, Variable, Scope as View } from "../engine/interfaces.ts";
import { sizeOf } from "../engine/layout.ts";
import { Emission, Output, type Writers } from "./emission.ts";
import { target } from "./expressions.ts";
import { faultOf } from "./fault.ts";
import { newContext } from "./functions.ts";
import type { HeadLooks } from "./head-looks.ts";
import type { JumpPlan } from "./jump-plan.ts";
import { ADDRESS, isPointer, memberOf, TARGET } from "./references.ts";
import { type FrameRecord, type Look, NONE, type Runtime } from "./runtime.ts";
import type { Scope } from "./scope.ts";
import { type Looking, show } from "./show.ts";
import { type Expression, parseOne, untyped } from "./syntax.ts";

export interface Inspector {
  readonly runtime: Runtime;
  readonly writers: Writers;
  readonly looking: Looking;
  readonly looks: HeadLooks;
  planOf(site: Site): JumpPlan | undefined;
}

/** Conditions of breakpoints are evaluated again and again. */
const written = new WeakMap<Scope, Map<string, string>>();

export class DriverFrame implements Frame {
  readonly site: Site;
  private readonly inspector: Inspector;
  private readonly scope: Scope;
  private readonly record: FrameRecord;

  constructor(inspector: Inspector, site: Site, scope: Scope, record: FrameRecord) {
    this.inspector = inspector;
    this.site = site;
    this.scope = scope;
    this.record = record;
  }

  get fn(): string {
    return this.site.fn;
  }

  get call(): object {
    return this.record;
  }

  scopes(): readonly View[] {
    const locals: string[] = [];
    let globals: Scope | undefined;
    for (let at: Scope | undefined = this.scope; at; at = at.parent) {
      if (at.kind === "module") globals = at;
      else for (const name of at.names) if (!locals.includes(name)) locals.push(name);
    }
    const { looking, runtime } = this.inspector;
    const names = [...(globals?.names ?? [])].filter((name) => !locals.includes(name));
    return [
      { name: "Locals", variables: variables(locals, this.look, looking) },
      { name: "Module globals", variables: moduleVariables(names, runtime.modules[this.scope.module.index], looking) },
    ];
  }

  get parameters(): ReadonlySet<string> {
    let at: Scope | undefined = this.scope;
    while (at !== undefined && at.kind !== "function") at = at.parent;
    return at?.parameters ?? new Set();
  }

  evaluate(source: string): Variable {
    const known = written.get(this.scope) ?? new Map<string, string>();
    written.set(this.scope, known);
    const code = known.get(source) ?? this.compile(source, (emission, node) => emission.expression(node));
    known.set(source, code);
    return show(source, this.run(code), this.inspector.looking);
  }

  place(source: string): Place | undefined {
    const node = untyped(parseOne(source));
    if (node.type !== "MemberExpression" || node.property.type === "PrivateName") return undefined;
    const { object, property, computed } = node;
    const of = this.run(this.compile(source, (emission) => emission.expression(object as Expression)));
    if (!isPointer(of)) return undefined;
    const target = of[TARGET];
    if (typeof target === "string") return undefined;
    if (target.kind === "layout") {
      const name = !computed && property.type === "Identifier" ? property.name : undefined;
      const { type, offset } = memberOf(target, name ?? "");
      return { address: of[ADDRESS] + offset, bytes: sizeOf(type) };
    }
    const index = computed ? Number(this.run(this.compile(source, (emission) => emission.expression(property)))) : 0;
    const bytes = sizeOf(target.of);
    return { address: (of[ADDRESS] + index * bytes) >>> 0, bytes };
  }

  set(name: string, source: string): Variable {
    const { runtime, looking } = this.inspector;
    const value = this.run(this.compile(source, (emission, node) => emission.expression(node)));
    const assign = this.compile(name, (emission, node) => {
      const { type } = untyped(node);
      if (type !== "Identifier" && type !== "MemberExpression") throw new Error(`'${name}' is nothing that can be set`);
      return `${target(emission, node)}=$.incoming`;
    });
    runtime.incoming = value;
    try {
      this.run(assign);
    } finally {
      runtime.incoming = undefined;
    }
    return show(name, value, looking);
  }

  obstacle(to: Site): string | undefined {
    const plan = this.inspector.planOf(this.site);
    if (plan === undefined) return "only calls of functions can jump, and this is file scope";
    if (plan !== this.inspector.planOf(to)) return `it is not in ${this.fn}(): a jump stays in its function`;
    return plan.obstacle(this.site.id, to.id, (scope, name) => {
      try {
        this.lookIn(scope, name);
        return true;
      } catch {
        return false;
      }
    });
  }

  private readonly look: Look = (source) => this.lookIn(this.scope, source);

  private lookIn(scope: Scope, source: string): unknown {
    const { v } = this.record;
    const look = this.record[`l${scope.slot}`];
    if (v === undefined && look === undefined) throw new Error("nothing can be seen here yet");
    const value = v === undefined ? look!(source) : this.inspector.looks.look(v, this.scopeOf(scope.slot), source);
    if (value === NONE) throw new ReferenceError(`'${source.replace(/^\((.*)\)$/, "$1")}' has no value yet`);
    return value;
  }

  /** The scope of the statement, or the one around it, that has the place of another one. */
  private scopeOf(slot: number): Scope {
    let at: Scope = this.scope;
    while (at.slot !== slot && at.parent !== undefined) at = at.parent;
    return at;
  }

  private compile(source: string, write: (emission: Emission, node: Expression) => string): string {
    const output = new Output();
    const context = newContext("look", this.site.fn, false);
    const emission = new Emission(
      this.site.file,
      output,
      this.inspector.writers,
      this.scope,
      context,
      new Map(),
      source,
    );
    const written = write(emission, parseOne(source));
    const problem = output.problems[0];
    if (problem) throw new Error(problem.message);
    const temps = Array.from({ length: context.temps }, (_, i) => `let $o${i + 1};`).join("");
    return `${temps}(${written})`;
  }

  private run(code: string): unknown {
    try {
      return this.inspector.looking(() => this.look(code));
    } catch (error) {
      throw new Error(reasonOf(error));
    }
  }
}

/** Those of the names that have a value yet. */
function variables(names: readonly string[], look: Look, looking: Looking): Variable[] {
  const found: Variable[] = [];
  for (const name of names) {
    try {
      found.push(show(name, look(name), looking));
    } catch {
      // Declared below the statement: it does not exist yet.
    }
  }
  return found;
}

/** Functions and structs do not change, and the source shows them. */
export function moduleVariables(names: readonly string[], look: Look | undefined, looking: Looking): Variable[] {
  if (!look) return [];
  return variables(names, look, looking).filter((one) => one.type !== "function" && one.type !== "type");
}

function reasonOf(error: unknown): string {
  if (error instanceof ReferenceError)
    return error.message.replace(/^Cannot access '(.*)' before.*/, "'$1' has no value yet");
  if (error instanceof TypeError && /constant variable/.test(error.message)) return "a constant cannot be set";
  if (error instanceof TypeError && /Symbol value/.test(error.message)) return "a variable has no value yet";
  if (error instanceof SyntaxError) return error.message;
  return faultOf(error).message;
}
