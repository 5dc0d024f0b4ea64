// The macros of a driver, and what one of them may hide from whoever reads a call of it.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { MacroDef } from "../syntax/ast.ts";
import type { ParsedFile } from "../syntax/parser.ts";

export interface MacroEffects {
  /** It takes or releases a lock, or may. */
  readonly locks: boolean;
  /** Parameters that it assigns to, by index. */
  readonly assigns: readonly number[];
}

/** How deep macros are followed into macros. */
const NESTING = 8;

export class Macros {
  private readonly knowledge: Knowledge;
  private readonly defs = new Map<string, MacroDef>();
  private readonly effects = new Map<string, MacroEffects>();
  private functions: ReadonlySet<string> | undefined;

  /** The first definition of a name counts: the file itself comes first. */
  constructor(files: readonly ParsedFile[], knowledge: Knowledge) {
    this.knowledge = knowledge;
    for (const { unit } of files)
      for (const each of unit.macros) if (!this.defs.has(each.name)) this.defs.set(each.name, each);
  }

  has(name: string): boolean {
    return this.defs.has(name);
  }

  values(): Iterable<MacroDef> {
    return this.defs.values();
  }

  functionLike(): ReadonlySet<string> {
    this.functions ??= new Set(
      [...this.defs.values()].flatMap((each) => (each.params === undefined ? [] : [each.name])),
    );
    return this.functions;
  }

  /** What a call of this name may do besides what its arguments say; undefined for what is no macro of the driver. */
  effectsOf(name: string): MacroEffects | undefined {
    const def = this.defs.get(name);
    if (def === undefined) return undefined;
    let known = this.effects.get(name);
    if (known === undefined) {
      const assigns = (def.params ?? []).flatMap((param, index) => (assignsTo(def.body, param) ? [index] : []));
      known = { locks: this.touchesLocks(def, 0), assigns };
      this.effects.set(name, known);
    }
    return known;
  }

  private touchesLocks(def: MacroDef, depth: number): boolean {
    if (depth > NESTING) return true;
    for (const [word] of def.body.matchAll(/[A-Za-z_]\w*/g)) {
      if (word === def.name) continue;
      const fact = this.knowledge.fn(word);
      if ((fact?.acquires ?? fact?.releases) !== undefined || /^(scoped_)?guard$/.test(word)) return true;
      const inner = this.defs.get(word);
      if (inner !== undefined && this.touchesLocks(inner, depth + 1)) return true;
    }
    return false;
  }
}

function assignsTo(body: string, param: string): boolean {
  return new RegExp(`\\b${param}\\b\\)*\\s*([-+*/|&^%]|<<|>>)?=(?!=)|\\b${param}\\b\\)*\\s*(\\+\\+|--)`).test(body);
}
