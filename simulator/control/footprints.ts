// Where a strand has been, on the way to where it is: as much of it as one step back needs.
import type { Layer } from "../engine/task.ts";
import { isSameLine, type Position } from "./strand.ts";

interface Footprint {
  /** When the line was reached. */
  readonly clock: number;
  readonly base: Layer;
  readonly position: Position;
}

export class Footprints {
  private readonly here: Position;
  private readonly isInto: boolean;
  /** The last two lines that it was on, or over. */
  private last: Footprint | undefined;
  private beforeLast: Footprint | undefined;

  /** `isInto`: what was called on the way counts too. */
  constructor(here: Position, isInto = false) {
    this.here = here;
    this.isInto = isInto;
  }

  add(clock: number, base: Layer, position: Position): void {
    // What was called on the way is stepped over.
    if (!this.isInto && position.depth > this.here.depth) return;
    if (this.last?.base === base && isSamePlace(this.last.position, position)) return;
    this.beforeLast = this.last?.base === base ? this.last : undefined;
    this.last = { clock, base, position };
  }

  /**
   * When the line before the present one was reached; undefined when that was not seen. `isWhole` says that the strand
   * was looked at from its beginning, so that there was nothing before what was seen.
   */
  before(base: Layer | undefined, isWhole: boolean): number | undefined {
    const { last, beforeLast } = this;
    if (last === undefined || last.base !== base) return undefined;
    if (isSamePlace(last.position, this.here)) return isWhole ? (beforeLast ?? last).clock : beforeLast?.clock;
    return isWhole || beforeLast !== undefined ? last.clock : undefined;
  }
}

function isSamePlace(a: Position, b: Position): boolean {
  return a.depth === b.depth && isSameLine(a.site, b.site);
}
