// Two classes of locks that are taken in both orders: tasks that come to both places can wait for each other for ever.
import type { Func, Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import type { FunctionFacts, Reach } from "./facts.ts";
import { lockClass } from "./lock-class.ts";
import type { LockOrder } from "./outcome.ts";
import type { Held } from "./state.ts";

/** One lock taken under another, with how the kernel comes there. */
export interface Nesting {
  readonly fn: Func;
  readonly outer: Held;
  readonly order: LockOrder;
  readonly reach: Reach;
}

/** Two nestings, one the other way round than the other. */
export interface Inversion {
  /** The nesting that is the rarer one in the file, or the later one. */
  readonly here: Nesting;
  readonly other: Nesting;
}

interface Edge extends Nesting {
  /** `struct foo.lock`, outer and inner. */
  readonly from: string;
  readonly to: string;
  /** Classes of whatever else is held, or may be held by a caller. */
  readonly gates: ReadonlySet<string>;
}

export function inversions(program: Program, functions: ReadonlyMap<string, FunctionFacts>): readonly Inversion[] {
  const edges = edgesOf(program, functions);
  const found = new Map<string, Inversion>();
  for (const here of edges) {
    const pair = [here.from, here.to].sort().join(" ");
    if (found.has(pair)) continue;
    const forward = edges.filter((each) => each.from === here.from && each.to === here.to);
    const backward = edges.filter((each) => each.from === here.to && each.to === here.from);
    for (const a of forward) {
      const b = backward.find((each) => canMeet(a, each));
      if (b === undefined || found.has(pair)) continue;
      const isRarer =
        count(forward) !== count(backward) ? count(forward) < count(backward) : a.order.start > b.order.start;
      found.set(pair, isRarer ? { here: a, other: b } : { here: b, other: a });
    }
  }
  return [...found.values()];
}

/** In how many functions. */
function count(edges: readonly Edge[]): number {
  return new Set(edges.map((each) => each.fn)).size;
}

function edgesOf(program: Program, functions: ReadonlyMap<string, FunctionFacts>): readonly Edge[] {
  const all = [...functions.values()];
  if (all.every(({ outcome }) => outcome.orders.length === 0)) return [];
  const byCallers = new Map<string, Set<string>>();
  for (const { fn, outcome } of all) {
    for (const { callee, under } of outcome.callsUnder) {
      const gates = byCallers.get(callee) ?? new Set();
      byCallers.set(callee, gates);
      for (const held of under) gates.add(lockClass(program, fn, held) ?? "?");
    }
  }
  return all.flatMap(({ fn, outcome, reaches }): Edge[] => {
    const reach = reaches.find(isOpen);
    if (reach === undefined) return [];
    return outcome.orders.flatMap((order): Edge[] => {
      const place = order.inside === undefined ? fn : functions.get(order.inside.fn)?.fn;
      const to =
        place === undefined || (order.inside?.file !== undefined && order.inside.file !== program.path)
          ? undefined
          : lockClass(program, place, order.taken);
      if (to === undefined || isNested(program, order.inside ?? order)) return [];
      const classes = order.under.map((held) => lockClass(program, fn, held));
      return order.under.flatMap((outer, index): Edge[] => {
        const from = classes[index];
        // Two objects of one type have an order of their own, which the types do not tell.
        if (from === undefined || from === to || isNested(program, outer.at)) return [];
        const gates = new Set(classes.filter((_, other) => other !== index).map((each) => each ?? "?"));
        for (const each of byCallers.get(fn.name) ?? []) gates.add(each);
        return [{ fn, outer, order, reach, from, to, gates }];
      });
    });
  });
}

/** mutex_lock_nested() and its like say that the order was thought of. */
function isNested(program: Program, { start, end }: Span): boolean {
  return /_nest(ed|_lock)/.test(program.file.text.slice(start, end));
}

/** Not only while the device is set up or taken down, when nobody else is there. */
function isOpen({ entry }: Reach): boolean {
  return !/\.(probe|remove|shutdown|disconnect|suspend|resume|bind|unbind)|module_(init|exit)|^power management/.test(
    entry.role,
  );
}

/** Whether two tasks can be at the two places at once. */
function canMeet(a: Edge, b: Edge): boolean {
  // A lock that both hold lets only one of them come there; one that is not known may be such a lock.
  for (const gate of a.gates) if (gate === "?" || b.gates.has(gate)) return false;
  if (b.gates.has("?")) return false;
  // The kernel itself may serialise the operations of one table.
  const [first, second] = [a.reach.entry, b.reach.entry];
  return tableOf(first.role) !== tableOf(second.role) || /^(file|procfs) operation /.test(first.role);
}

/** `file operation` of `file operation .open`. */
function tableOf(role: string): string {
  return role.replace(/ \..*/, "");
}
