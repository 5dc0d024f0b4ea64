// Looks at the variables of functions that have them all at their head: those in view become variables of a function.
import { THIS } from "./locals.ts";
import { type FrameRecord, NONE, type Runtime } from "./runtime.ts";
import type { Local, Scope } from "./scope.ts";

export type Variables = NonNullable<FrameRecord["v"]>;

type Look = (this: unknown, variables: Variables) => unknown;

export class HeadLooks {
  private readonly runtime: Runtime;
  private readonly names = new WeakMap<Scope, ReadonlyMap<string, Local>>();
  /** Conditions of breakpoints are evaluated again and again: by scope, what has no value in it, and text. */
  private readonly looks = new WeakMap<Scope, Map<string, Look>>();

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** Evaluates JavaScript that the compiler wrote. */
  look(variables: Variables, scope: Scope, source: string): unknown {
    const names = this.namesIn(scope);
    const only = names.get(source.replace(/^\((.*)\)$/, "$1"));
    if (only !== undefined) return variables(only.index);
    const missing = [...names].flatMap(([name, { index }]) => (variables(index) === NONE ? [name] : []));
    const looks = this.looks.get(scope) ?? new Map<string, Look>();
    this.looks.set(scope, looks);
    const key = `${missing} ${source}`;
    const look = looks.get(key) ?? this.make(scope, missing, source);
    looks.set(key, look);
    return look.call(variables(THIS), variables);
  }

  /** Of each name the innermost. */
  private namesIn(scope: Scope): ReadonlyMap<string, Local> {
    const known = this.names.get(scope);
    if (known !== undefined) return known;
    const names = new Map<string, Local>();
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
      for (const [name, local] of at.locals ?? []) if (!names.has(name)) names.set(name, local);
    }
    this.names.set(scope, names);
    return names;
  }

  private make(scope: Scope, missing: readonly string[], source: string): Look {
    let [before, after] = ["", ""];
    for (const [name, { index, isConstant }] of this.namesIn(scope)) {
      if (missing.includes(name)) continue;
      before += `${isConstant ? "const" : "let"} ${name}=$v(${index});`;
      if (!isConstant) after += `$v(${index},true,${name});`;
    }
    // What is declared after the end has no value before it.
    after += `return $r;${missing.map((name) => `let ${name};`).join("")}`;
    const [, temporaries, expression] = /^((?:let \$o\d+;)*)(.*)$/s.exec(source)!;
    const code = `(function($v){${before}${temporaries}const $r=${expression};${after}})`;
    return this.runtime.modules[scope.module.index]!(code) as Look;
  }
}
