// Which of two events of a function can come after the other, whatever the conditions on the way.
import { type Cfg, type Event, successors } from "../program/cfg.ts";
import type { Func } from "../program/program.ts";

/** Where an event stands in the graph. */
export interface Point {
  readonly block: number;
  readonly index: number;
  readonly event: Event;
}

const points = new WeakMap<Cfg, readonly Point[]>();

export function pointsOf(fn: Func): readonly Point[] {
  const known = points.get(fn.cfg);
  if (known !== undefined) return known;
  const made = fn.cfg.blocks.flatMap(({ events, id }) => events.map((event, index) => ({ block: id, index, event })));
  points.set(fn.cfg, made);
  return made;
}

export class Order {
  private readonly cfg: Cfg;
  private readonly from = new Map<number, ReadonlySet<number>>();

  constructor(cfg: Cfg) {
    this.cfg = cfg;
  }

  /** A path leads from the one to the other. */
  canFollow(later: Point, earlier: Point): boolean {
    if (earlier.block === later.block && earlier.index < later.index) return true;
    return this.after(earlier.block).has(later.block);
  }

  /** A path leads from the one to the other, and none back. */
  isAfter(later: Point, earlier: Point): boolean {
    return this.canFollow(later, earlier) && !this.canFollow(earlier, later);
  }

  /** Whether a block can be entered once this one has begun. */
  leadsTo(from: number, to: number): boolean {
    return from === to || this.after(from).has(to);
  }

  /** Blocks that can be entered after this one was left. */
  private after(block: number): ReadonlySet<number> {
    const known = this.from.get(block);
    if (known !== undefined) return known;
    const found = new Set(successors(this.cfg.blocks[block]!.exit));
    for (const id of found) for (const to of successors(this.cfg.blocks[id]!.exit)) found.add(to);
    this.from.set(block, found);
    return found;
  }
}

const orders = new WeakMap<Cfg, Order>();

export function orderOf(fn: Func): Order {
  const known = orders.get(fn.cfg);
  if (known !== undefined) return known;
  const made = new Order(fn.cfg);
  orders.set(fn.cfg, made);
  return made;
}
