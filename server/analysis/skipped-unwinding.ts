// Returns between two failures that are both unwound, without the same unwinding: `return ret` where `goto err` stands before and after.
import { type Block, type CallEvent, type Event, type ReturnEvent, successors } from "../program/cfg.ts";
import { placeOf, textOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import { stripCasts } from "./summary.ts";

export interface SkippedUnwinding extends Span {
  /** The call that the ways out before and after it make. */
  readonly undo: CallEvent;
  readonly before: Span;
  readonly after: Span;
}

/** A test of which one side fails, with what is called on the way out from there. */
interface Failure {
  readonly block: Block;
  /** Called on the way out, by text. */
  readonly undone: ReadonlyMap<string, CallEvent>;
  /** It returns at once, having at most said why. */
  readonly bare?: ReturnEvent;
}

export function skippedUnwindings(program: Program, fn: Func): readonly SkippedUnwinding[] {
  const { blocks, entry, complete } = fn.cfg;
  if (!complete || fn.def.returns.pointers > 0 || blocks.length > 400) return [];
  const success = successOf(program, blocks);
  const succeeds = reaching(blocks, (block) => block.events.some((event) => success.has(event)));
  if (!succeeds.has(entry)) return [];
  const failures = blocks.flatMap((block) => failureOf(program, blocks, block, succeeds) ?? []);
  const through = ways(blocks);
  const unwound = failures.filter(({ undone }) => undone.size > 0);
  return failures.flatMap((failure) => {
    const { bare } = failure;
    if (bare === undefined) return [];
    for (const before of unwound) {
      if (!through(before.block.id, failure.block.id)) continue;
      for (const [text, undo] of before.undone) {
        const after = unwound.find(
          (each) =>
            each.undone.has(text) &&
            each.block !== failure.block &&
            each.block !== before.block &&
            through(failure.block.id, each.block.id) &&
            each.block.exit.kind === "branch" &&
            each.block.exit.test.start > bare.start,
        );
        if (after === undefined || !isAlive(blocks, succeeds, before.block, after.block, text, undo)) continue;
        if (isHandedTo(failure.block, undo)) continue;
        const [first, last] = [spanOf(before.block), spanOf(after.block)];
        // A loop may come round to it before anything is obtained.
        if (first === undefined || last === undefined || !(first.start < bare.start && bare.start < last.start))
          continue;
        return [{ undo, before: first, after: last, start: bare.start, end: bare.end }];
      }
    }
    return [];
  });
}

/** `return 0`, or where there is none, the return that stands before the labels at which everything is undone. */
function successOf(program: Program, blocks: readonly Block[]): ReadonlySet<Event> {
  const events = blocks.flatMap((block) => block.events).sort((a, b) => a.start - b.start);
  const returns = events.flatMap((event) => (event.kind === "return" && event.value !== undefined ? [event] : []));
  const zero = returns.filter(({ value }) => value?.kind === "number" && /^0+$/.test(value.text));
  if (zero.length > 0) return new Set(zero);
  const last = returns.at(-2);
  const undoes = (event: Event): boolean => event.kind === "call" && isUndoing(program, event);
  if (last?.value?.kind !== "name" || !events.some((event) => event.start > last.start && undoes(event)))
    return new Set();
  const before = blocks.filter(({ exit }) => exit.kind === "branch" && exit.test.start > last.start);
  return before.length > 2 ? new Set() : new Set([last]);
}

/** Blocks from which some block of a kind can be reached. */
function reaching(blocks: readonly Block[], wanted: (block: Block) => boolean): ReadonlySet<number> {
  const found = new Set(blocks.filter(wanted).map(({ id }) => id));
  for (let grew = true; grew; ) {
    grew = false;
    for (const { id, exit } of blocks)
      if (!found.has(id) && successors(exit).some((to) => found.has(to))) {
        found.add(id);
        grew = true;
      }
  }
  return found;
}

/** Tells whether one block can be reached from another. */
function ways(blocks: readonly Block[]): (here: number, there: number) => boolean {
  const known = new Map<number, ReadonlySet<number>>();
  return (here, there) => {
    let reached = known.get(here);
    if (reached === undefined) {
      reached = reachable(blocks, successors(blocks[here]!.exit));
      known.set(here, reached);
    }
    return reached.has(there);
  };
}

function reachable(blocks: readonly Block[], starts: readonly number[], without = -1): ReadonlySet<number> {
  const reached = new Set(starts.filter((id) => id !== without));
  for (const id of reached) for (const to of successors(blocks[id]!.exit)) if (to !== without) reached.add(to);
  return reached;
}

function failureOf(
  program: Program,
  blocks: readonly Block[],
  block: Block,
  succeeds: ReadonlySet<number>,
): Failure | undefined {
  if (block.exit.kind !== "branch" || !succeeds.has(block.id)) return undefined;
  const { whenTrue, whenFalse } = block.exit;
  if (succeeds.has(whenTrue) === succeeds.has(whenFalse)) return undefined;
  const side = succeeds.has(whenTrue) ? whenFalse : whenTrue;
  const ways = reachable(blocks, [side]);
  const calls = [...ways].flatMap((id) => blocks[id]!.events.filter((event) => event.kind === "call"));
  const returns = [...ways].flatMap((id) => blocks[id]!.events.filter((event) => event.kind === "return"));
  const only = returns.length === 1 && calls.every((call) => SAYS.test(call.name ?? "")) ? returns[0] : undefined;
  // The packet stays with the kernel, which sends it again.
  const bare = only?.value?.kind === "name" && only.value.name === "NETDEV_TX_BUSY" ? undefined : only;
  const undone = new Map<string, CallEvent>();
  for (const id of ways)
    for (const event of blocks[id]!.events) {
      const text = event.kind === "call" && isUndoing(program, event) ? textOf(event.expr) : undefined;
      if (text !== undefined && event.kind === "call") undone.set(text, event);
    }
  return { block, undone, ...(bare?.value === undefined ? {} : { bare }) };
}

/** Messages, and what makes an errno of a pointer. */
const SAYS = /err|ERR|warn|WARN|dbg|debug|info|print|log|msg|notice|crit|alert|emerg|trace/;

const UNDOES =
  /(^|_)(free|kfree|put|release|destroy|unregister|deregister|disable|unprepare|remove|del|delete|exit|deinit|uninit|fini|cleanup|close|unmap|iounmap|detach|teardown|unref|drop|disconnect|assert)(_|$)/;

/** A call that by its name gives something back; locks have their own rules. */
function isUndoing({ knowledge }: Program, { name, expr }: CallEvent): boolean {
  if (name === undefined || expr.args.length === 0 || !UNDOES.test(name)) return false;
  const fact = knowledge.fn(name);
  return fact === undefined ? true : fact.handleParam !== undefined && (fact.releases?.length ?? 0) === 0;
}

/** Nothing between the two gives it back, obtains it anew or puts something else in its place. */
function isAlive(
  blocks: readonly Block[],
  succeeds: ReadonlySet<number>,
  before: Block,
  after: Block,
  text: string,
  undo: CallEvent,
): boolean {
  const handles = undo.expr.args.flatMap((arg) => placeOf(bare(arg)) ?? []);
  const forward = reachable(blocks, successors(before.exit));
  return ![...forward].some((id) => {
    if (!succeeds.has(id) || (id !== after.id && !reachable(blocks, successors(blocks[id]!.exit)).has(after.id)))
      return false;
    return blocks[id]!.events.some(
      (event) =>
        (event.kind === "call" && textOf(event.expr) === text) ||
        (event.kind === "assign" && handles.includes(placeOf(event.target) ?? "")),
    );
  });
}

function bare(arg: CallEvent["expr"]["args"][number]): typeof arg {
  const inner = stripCasts(arg);
  return inner.kind === "unary" && inner.op === "&" ? inner.operand : inner;
}

/** What fails here has the very thing in hand, and may have given it back. */
function isHandedTo({ events }: Block, undo: CallEvent): boolean {
  const handles = undo.expr.args.flatMap((arg) => placeOf(stripCasts(arg)) ?? []);
  return events.some(
    (event) => event.kind === "call" && event.expr.args.some((arg) => handles.includes(placeOf(stripCasts(arg)) ?? "")),
  );
}

function spanOf({ exit }: Block): Span | undefined {
  return exit.kind === "branch" ? { start: exit.test.start, end: exit.test.end } : undefined;
}
