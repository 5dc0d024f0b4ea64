// Data breakpoints: watches with conditions and hit counts, as people set them.
import type { Frame } from "../engine/interfaces.ts";
import { BoundBreakpoint, Counted, type LineBreakpoint, problemOf } from "./breakpoints.ts";
import type { AccessType, Target } from "./targets.ts";
import type { Access, Watch } from "./watches.ts";

export interface DataBreakpoint extends Pick<LineBreakpoint, "condition" | "hitCondition"> {
  /** Undefined: there is nothing of that name. */
  readonly target: Target | undefined;
  readonly access: AccessType;
}

export interface SetDataBreakpoint {
  readonly id: number;
  readonly message?: string;
}

export class DataBreakpoints {
  /** What the run watches. */
  watches: readonly Watch[] = [];
  private bound: readonly BoundBreakpoint[] = [];
  private readonly counted = new Counted();

  /** Replaces them all; hits are counted from `since`. */
  set(wanted: readonly DataBreakpoint[], newId: () => number, since: number): readonly SetDataBreakpoint[] {
    const watches: Watch[] = [];
    const bound: BoundBreakpoint[] = [];
    const answers = wanted.map(({ target, access, ...asked }) => {
      const id = newId();
      const message = target === undefined ? "There is nothing of this name to be watched." : problemOf(asked);
      if (message !== undefined || target === undefined) return { id, message: message! };
      watches.push({ id, target, access });
      bound.push(new BoundBreakpoint({ ...asked, id, file: "data", line: 0, site: undefined }, since, []));
      return { id };
    });
    this.watches = watches;
    this.bound = bound;
    this.counted.forget(since);
    return answers;
  }

  /** From where on hits have not been counted yet. */
  get uncountedFrom(): number {
    return this.counted.from(this.bound);
  }

  /** All hits up to a moment are counted. */
  countedTo(clock: number): void {
    this.counted.reach(clock);
  }

  /** Some of them look at variables. */
  get isConditional(): boolean {
    return this.bound.some(({ breakpoint }) => breakpoint.condition !== undefined);
  }

  /** What comes after a moment will be another future. */
  forget(clock: number): void {
    this.counted.forget(clock);
    for (const one of this.bound) one.forget(clock);
  }

  /** Whether an access stops the run; `text` is what is wrong with its condition. */
  reach(
    { watch: { id }, clock }: Access,
    frame: Frame | undefined,
  ): { readonly stops: boolean; readonly text?: string } {
    const hit = this.bound.find(({ breakpoint }) => breakpoint.id === id)?.reach(frame, clock);
    return hit?.kind === "mistake" ? { stops: false, text: hit.text } : { stops: hit?.kind === "stop" };
  }
}
