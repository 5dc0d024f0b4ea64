// RCU's read side and its updates: what is read outside a section, used after it, or freed while readers may see it.
import { type Block, type CallEvent, type Event, successors } from "../program/cfg.ts";
import { placeOf, rootOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { type Summary, stripCasts } from "./summary.ts";
import { walkFunction } from "./walk-function.ts";

export interface RcuMisuse extends Span {
  /**
   * `outside`: a protected pointer or list is read where nothing protects it. `after`: what was read is used after the
   * section. `freed`: an element is freed that readers may still look at.
   */
  readonly kind: "outside" | "after" | "freed";
  /** The function or the loop that reads or frees, or the pointer that is used. */
  readonly what: string;
  /** What led here: the read, the end of the section; or the removal from the list. */
  readonly steps: readonly (Span & { readonly name: string })[];
}

const REMOVES = /^h?list_(nulls_|bl_)?del(_init)?_rcu$|^hlist_nulls_del_(init_)?rcu$/;
const FREES = /^(kfree|kvfree|kfree_sensitive|vfree|kmem_cache_free)$/;
/** Functions that wait for readers, or hand over to something that does. */
const WAITS = /synchronize|rcu_barrier|call_rcu|kfree_rcu|queue_rcu_work/;
/** What takes a reference, so that the object stays. */
const HOLDS = /get|hold|ref|inc|pin|grab|acquire|lock/;

/** Whether the file has anything to do with RCU. */
export function usesRcu(program: Program): boolean {
  return /_rcu\b|rcu_dereference/.test(program.file.text);
}

/** `isAlone`: the kernel calls the function itself, in process context, with nothing held. */
export function rcuMisuses(
  program: Program,
  fn: Func,
  summaries: ReadonlyMap<string, Summary>,
  isAlone: boolean,
): readonly RcuMisuse[] {
  if (!fn.cfg.complete) return [];
  const events = fn.cfg.blocks.flatMap((block) => block.events);
  const reads = events.filter(isRead);
  const removals = events.filter((event) => event.kind === "call" && REMOVES.test(event.name ?? ""));
  const found = removals.length === 0 ? [] : freedTooSoon(program, fn);
  if (reads.length === 0) return found;
  const bare = bareEvents(program, fn, summaries);
  if (isAlone)
    for (const event of reads)
      if (bare.has(event))
        found.push({ kind: "outside", what: nameOf(event), steps: [], start: event.start, end: event.end });
  return [...found, ...usedAfter(fn, bare)];
}

function nameOf(event: Event): string {
  return event.kind === "iterate" ? event.macro : event.kind === "call" ? (event.name ?? "") : "";
}

/** Reads that need a section; the forms that name another protection are left alone. */
function isRead(event: Event): boolean {
  return (
    (event.kind === "call" && event.name === "rcu_dereference") ||
    (event.kind === "iterate" &&
      event.enters &&
      event.macro === "list_for_each_entry_rcu" &&
      event.targets.length === 1)
  );
}

/** Events at which no path holds any lock, and all is understood. */
function bareEvents(program: Program, fn: Func, summaries: ReadonlyMap<string, Summary>): ReadonlySet<Event> {
  const bare = new Set<Event>();
  const held = new Set<Event>();
  const { outcome } = walkFunction(program, fn, summaries, (event, state) => {
    (state.locks.size > 0 || state.uncertain ? held : bare).add(event);
  });
  for (const event of held) bare.delete(event);
  return outcome.cut ? new Set() : bare;
}

/** `p = rcu_dereference(x); rcu_read_unlock(); p->y`: nothing keeps `*p` any more. */
function usedAfter(fn: Func, bare: ReadonlySet<Event>): RcuMisuse[] {
  const found: RcuMisuse[] = [];
  for (const block of fn.cfg.blocks) {
    for (const [index, read] of block.events.entries()) {
      const value = read.kind === "assign" && read.value !== undefined ? stripCasts(read.value) : undefined;
      const pointer = read.kind === "assign" && read.target.kind === "name" ? read.target.name : undefined;
      if (pointer === undefined || value?.kind !== "call" || placeOf(value.callee) !== "rcu_dereference") continue;
      if (bare.has(read) || isHeldOn(fn, pointer)) continue;
      const end = follow(
        fn,
        block,
        index + 1,
        (event) => ends(event) || (isAssigned(event, pointer) ? "stop" : undefined),
      );
      for (const each of end) {
        const uses = follow(fn, each.block, each.index + 1, (event) =>
          begins(event) || isAssigned(event, pointer)
            ? "stop"
            : event.kind === "deref" && placeOf(stripCasts(event.base)) === pointer && bare.has(event)
              ? "found"
              : undefined,
        );
        const use = uses[0];
        if (use === undefined || found.some(({ what }) => what === pointer)) continue;
        const { start, end: until } = use.event;
        const steps = [
          { ...spanOf(read), name: "read" },
          { ...spanOf(each.event), name: "end" },
        ];
        found.push({ kind: "after", what: pointer, steps, start, end: until });
      }
    }
  }
  return found;
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

function ends(event: Event): "found" | undefined {
  return event.kind === "call" && event.name === "rcu_read_unlock" ? "found" : undefined;
}

function begins(event: Event): boolean {
  return (event.kind === "call" && event.name === "rcu_read_lock") || event.kind === "guard";
}

function isAssigned(event: Event, name: string): boolean {
  if (event.kind === "assign") return placeOf(event.target) === name;
  return event.kind === "iterate" && event.targets.some((each) => placeOf(each) === name);
}

/** Someone may take a reference to what a pointer points to, or keep the pointer. */
function isHeldOn(fn: Func, pointer: string): boolean {
  return fn.cfg.blocks.some(({ events }) =>
    events.some((event) => {
      if (event.kind !== "call" || /^(rcu_|IS_ERR)/.test(event.name ?? "")) return false;
      return HOLDS.test(event.name ?? "get") && event.expr.args.some((arg) => isRootedIn(arg, pointer));
    }),
  );
}

function isRootedIn(expr: Expr, name: string): boolean {
  let found = false;
  walkExpr(expr, (each) => {
    if (each.kind === "name" && each.name === name) found = true;
  });
  return found;
}

/** Whether anything in the file reads under RCU. */
export function hasReaders({ file }: Program): boolean {
  return /_for_each_entry\w*_rcu|rcu_read_lock|guard\(rcu\)/.test(file.text);
}

/** `list_del_rcu(&p->node); kfree(p)`, with nothing between that waits for readers. */
function freedTooSoon(program: Program, fn: Func): RcuMisuse[] {
  // Whoever tears all down, or waited before, has no readers left; a list that nobody here reads may have none at all.
  if (/exit|remove|destroy|cleanup|fini|deinit|uninit|release|teardown|shutdown|stop|unregister|flush/i.test(fn.name))
    return [];
  if (!hasReaders(program)) return [];
  const found: RcuMisuse[] = [];
  for (const block of fn.cfg.blocks) {
    for (const [index, event] of block.events.entries()) {
      if (event.kind !== "call" || !REMOVES.test(event.name ?? "") || event.expr.args[0] === undefined) continue;
      const node = stripCasts(event.expr.args[0]);
      const place = node.kind === "unary" && node.op === "&" ? placeOf(node.operand) : undefined;
      const pointer = place === undefined || !place.includes("->") ? undefined : rootOf(place);
      if (pointer === undefined || !new RegExp(`^${pointer}->\\w+$`).test(place!) || waitsAnywhere(fn)) continue;
      const frees = follow(fn, block, index + 1, (each) => {
        if (isAssigned(each, pointer)) return "stop";
        if (each.kind !== "call") return undefined;
        const freed = each.expr.args.at(-1);
        if (FREES.test(each.name ?? "") && freed !== undefined && placeOf(stripCasts(freed)) === pointer)
          return "found";
        return mayWait(program, each, 0) ? "stop" : undefined;
      });
      for (const free of frees) {
        const what = free.event.kind === "call" ? (free.event.name ?? "") : "";
        if (found.some(({ start }) => start === free.event.start)) continue;
        found.push({ kind: "freed", what, steps: [{ ...spanOf(event), name: event.name! }], ...spanOf(free.event) });
      }
    }
  }
  return found;
}

function waitsAnywhere(fn: Func): boolean {
  return fn.cfg.blocks.some(({ events }) =>
    events.some((event) => event.kind === "call" && WAITS.test(event.name ?? "")),
  );
}

/** A call that waits for readers, or of which that is not known. */
function mayWait(program: Program, { name }: CallEvent, depth: number): boolean {
  if (name === undefined || WAITS.test(name)) return true;
  const callee = program.functions.get(name) ?? program.inlines.get(name);
  if (callee === undefined) return program.knowledge.fn(name) === undefined;
  if (depth > 4 || !callee.cfg.complete) return true;
  return callee.cfg.blocks.some(({ events }) =>
    events.some((event) => event.kind === "call" && mayWait(program, event, depth + 1)),
  );
}

interface Met {
  readonly block: Block;
  readonly index: number;
  readonly event: Event;
}

/** Follows all ways on from an event; `look` says where a way ends, and whether with what is looked for. */
function follow(fn: Func, from: Block, index: number, look: (event: Event) => "found" | "stop" | undefined): Met[] {
  const found: Met[] = [];
  const seen = new Set<number>();
  const queue = [{ block: from, index }];
  for (const { block, index: first } of queue) {
    let isOver = false;
    for (let at = first; at < block.events.length && !isOver; at++) {
      const event = block.events[at]!;
      const answer = look(event);
      if (answer === "found") found.push({ block, index: at, event });
      isOver = answer !== undefined;
    }
    if (isOver) continue;
    for (const to of successors(block.exit)) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push({ block: fn.cfg.blocks[to]!, index: 0 });
    }
  }
  return found;
}
