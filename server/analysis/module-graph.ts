// The calls within a file and between the files of its module, by the names that the linker would join.
import type { Entry } from "../program/entries.ts";
import type { Program } from "../program/program.ts";
import type { Caller, CallGraph, Reach } from "./contexts.ts";
import type { Sibling, SiblingFunction } from "./sibling.ts";

/** A function of another file of the module that takes locks, as it is reached. */
export interface FunctionElsewhere {
  readonly fn: SiblingFunction;
  readonly reaches: readonly Reach[];
}

export class ModuleGraph implements CallGraph {
  private readonly program: Program;
  private readonly siblings: readonly Sibling[];
  private readonly own = new Map<string, Caller>();
  /** The file that a function of another one belongs to. */
  private readonly homes = new Map<Caller, Sibling>();
  /** Functions of other files that have the name alone in the module, as far as it was read. */
  readonly defined: ReadonlyMap<string, SiblingFunction>;

  constructor(program: Program, siblings: readonly Sibling[]) {
    this.program = program;
    this.siblings = siblings;
    const defined = new Map<string, SiblingFunction>();
    const taken = new Set([...program.functions.keys(), ...program.inlines.keys()]);
    for (const sibling of siblings) {
      for (const fn of sibling.functions.values()) {
        this.homes.set(fn, sibling);
        if (fn.isStatic) continue;
        if (taken.has(fn.name)) defined.delete(fn.name);
        else defined.set(fn.name, fn);
        taken.add(fn.name);
      }
    }
    this.defined = defined;
  }

  /** A function of the file itself, or of its headers. */
  add(fn: Caller): void {
    this.own.set(fn.name, fn);
  }

  resolve(from: Caller, name: string): Caller | undefined {
    const home = this.homes.get(from);
    return home === undefined ? (this.own.get(name) ?? this.defined.get(name)) : this.named(home, name);
  }

  entries(): readonly { readonly entry: Entry; readonly fn: Caller }[] {
    const found: { entry: Entry; fn: Caller }[] = [];
    for (const entry of this.program.entries) {
      const fn = this.own.get(entry.fn) ?? this.defined.get(entry.fn);
      if (fn !== undefined) found.push({ entry, fn });
    }
    for (const sibling of this.siblings) {
      for (const entry of sibling.entries) {
        const fn = this.named(sibling, entry.fn);
        if (fn !== undefined) found.push({ entry, fn });
      }
    }
    return found;
  }

  elsewhere(ways: ReadonlyMap<Caller, readonly Reach[]>): readonly FunctionElsewhere[] {
    const all = this.siblings.flatMap((each) => [...each.functions.values()]);
    return all.flatMap((fn) => (fn.locks.length === 0 ? [] : [{ fn, reaches: ways.get(fn) ?? [] }]));
  }

  /** What a name means in another file: its own function, or one that any file may call. */
  private named(home: Sibling, name: string): Caller | undefined {
    const own = home.functions.get(name);
    if (own !== undefined) return own;
    const fn = this.program.functions.get(name);
    if (fn !== undefined) return fn.def.isStatic ? undefined : this.own.get(name);
    return this.defined.get(name);
  }
}
