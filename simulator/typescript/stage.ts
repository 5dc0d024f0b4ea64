// What the code of a program stands on: the same in all its runs, and at any moment one of them is on it.
import type { KernelFunction } from "../engine/interfaces.ts";
import { type Callee, type Face, faceOf } from "./kernel-calls.ts";
import { Kinds } from "./kinds.ts";
import { languageOf } from "./language.ts";
import { References, type Surroundings } from "./references.ts";
import type { Ground } from "./runtime.ts";

/** A run of the program. */
export interface Actor {
  readonly surroundings: Surroundings;
  readonly callees: readonly Callee[];
  imported(header: string, name: string): unknown;
  readonly onMuch: (() => void) | undefined;
}

/**
 * Functions of drivers are made anew in each run, and V8 keeps one that was called until everything is collected. So
 * nothing that driver code holds may lead to a machine but by way of this, and only while the code runs.
 */
export class Stage implements Ground {
  readonly references = new References();
  readonly kinds = new Kinds(this.references);
  readonly language: (name: string) => unknown;
  callees: readonly Callee[] = [];
  private readonly faces: { readonly name: string; readonly steps: boolean; readonly face: Face }[] = [];
  private actor: Actor | undefined;

  constructor() {
    this.language = languageOf(this.kinds, this.references, (header, name, ...args) => {
      const call = this.imported(header, name) as (...values: number[]) => unknown;
      return call(...args);
    });
  }

  /** A run has the stage from here on, or nobody; gives who had it. */
  enter(actor: Actor | undefined): Actor | undefined {
    const before = this.actor;
    this.actor = actor;
    this.references.around = actor?.surroundings as Surroundings;
    this.callees = actor?.callees ?? [];
    return before;
  }

  imported(header: string, name: string): unknown {
    return this.actor!.imported(header, name);
  }

  onMuch(): void {
    this.actor?.onMuch?.();
  }

  /** The function of driver code that calls the callee at a place. Most runs import the same in the same order. */
  faceAt(at: number, { name, steps }: KernelFunction): Face {
    const known = this.faces[at];
    if (known?.name === name && known.steps === steps) return known.face;
    const face = faceOf(this, at, name, steps);
    this.faces[at] = { name, steps, face };
    return face;
  }
}
