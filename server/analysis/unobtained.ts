// What is given back on the very path on which obtaining it failed: the jump leads to the wrong label.
import type { FunctionFact } from "../knowledge/schema.ts";
import type { CallEvent, Event } from "../program/cfg.ts";
import { mentions, placeOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { explore } from "./explore.ts";
import { pointsOf } from "./order.ts";
import { handleKey, isUsed } from "./resources.ts";
import { inFunction } from "./reuse.ts";
import { type PathState, withValue } from "./state.ts";
import { evaluate, NEGATIVE, POSITIVE, resultKey, ZERO } from "./values.ts";

export interface Unobtained {
  readonly fn: Func;
  /** The call that failed. */
  readonly obtain: Span & { readonly name: string };
  /** The call that undoes it all the same. */
  readonly release: Span & { readonly name: string };
  readonly place: string;
}

/** What counts its users or complains: to undo it once too often does harm. Pointers that may be NULL do none. */
const COUNTED =
  /enable|preparation|^irq$|registration|runtime PM|triggered buffer|misc device|I2C adapter|direct mode|UART port|PCI region|rate protection|USB gadget/;

/** What a path knows of one resource. */
const FAILED = "~failed:";
const OBTAINED = "~obtained:";

export function unobtained(program: Program): readonly Unobtained[] {
  return [...program.functions.values()].flatMap((fn) =>
    fn.cfg.complete ? inFunction(unobtained, program, fn, (view) => jumpsTooFar(view, fn)) : [],
  );
}

interface Obtain {
  readonly fact: FunctionFact;
  /** Where and under which name the path keeps what became of it. */
  readonly handle: string;
}

function jumpsTooFar(program: Program, fn: Func): readonly Unobtained[] {
  const points = pointsOf(fn);
  if (fn.cfg.blocks.some(({ exit }) => exit.kind === "branch" && namesErrno(exit.test))) return [];
  const obtains = new Map<CallEvent, Obtain>();
  for (const { event, block, index } of points) {
    // In a loop it may be another one, or one of several, each time.
    if (event.kind !== "call" || fn.cfg.blocks[block]!.inLoop) continue;
    const obtain = obtainOf(program, event);
    // Whoever does not look whether it failed means to undo it in any case.
    const { events } = fn.cfg.blocks[block]!;
    if (obtain === undefined || !isUsed(event.expr, fn.cfg.blocks[block]!, index)) continue;
    if (
      events.some((each) => each.kind === "call" && /^WARN/.test(each.name ?? "") && each.expr.args[0] === event.expr)
    )
      continue;
    // KUNIT_ASSERT_EQ(test, ret, 0) ends the test.
    if (
      events.some((each) => each.kind === "call" && each.start > event.start && /^KUNIT_ASSERT/.test(each.name ?? ""))
    )
      continue;
    if (points.some(({ event: other }) => other.kind === "call" && releases(program, other, obtain)))
      obtains.set(event, obtain);
  }
  if (obtains.size === 0) return [];
  const keep = new Set([...obtains.values()].flatMap(({ handle }) => [FAILED + handle, OBTAINED + handle]));
  const found = new Map<string, Unobtained>();
  const step = (state: PathState, event: Event): readonly PathState[] => {
    switch (event.kind) {
      case "assign": {
        const place = placeOf(event.target);
        if (place === undefined) return [state];
        const value = event.value === undefined ? undefined : evaluate(state.values, event.value);
        return [
          withValue(changed(state, place), place, value?.mask === 7 && value.exact === undefined ? undefined : value),
        ];
      }
      case "iterate":
        return [event.targets.reduce((after, target) => changed(after, placeOf(target) ?? ""), state)];
      case "return":
        return [];
      case "call":
        break;
      default:
        return [state];
    }
    const before = withValue(state, resultKey(event.expr), undefined);
    const obtain = obtains.get(event);
    if (obtain === undefined) {
      for (const [call, each] of obtains) {
        if (!releases(program, event, each)) continue;
        const failed = state.values.get(FAILED + each.handle)?.site;
        if (failed !== call.start) continue;
        const at = { name: event.name!, start: event.start, end: event.end };
        const obtain = { name: each.fact.name, start: call.start, end: call.end };
        found.set(`${call.start}`, { fn, obtain, release: at, place: each.handle });
      }
      return [afterCall(program, before, event, obtains)];
    }
    const { handle } = obtain;
    const failed = before.values.has(OBTAINED + handle)
      ? before
      : withValue(before, FAILED + handle, { mask: POSITIVE, site: event.start });
    const given = withValue(withValue(before, FAILED + handle, undefined), OBTAINED + handle, { mask: POSITIVE });
    return [
      withValue(failed, resultKey(event.expr), { mask: NEGATIVE }),
      withValue(given, resultKey(event.expr), { mask: ZERO }),
    ];
  };
  const whole = explore(fn.cfg, { step, keep });
  return whole ? [...found.values()] : [];
}

/** `ret != -EACCES`: some failures are none. */
function namesErrno(test: Expr): boolean {
  let found = false;
  walkExpr(test, (each) => {
    if (each.kind === "unary" && each.op === "-" && each.operand.kind === "name") found = true;
  });
  return found;
}

function obtainOf(program: Program, event: CallEvent): Obtain | undefined {
  const fact = event.name === undefined ? undefined : program.knowledge.fn(event.name);
  const obtains = fact?.obtains;
  if (fact === undefined || obtains === undefined || typeof obtains.handle !== "number") return undefined;
  if (program.functions.has(fact.name) || fact.returns !== "negative-errno" || !COUNTED.test(obtains.what))
    return undefined;
  if (
    obtains.out === true ||
    obtains.evenOnFailure === true ||
    (obtains.successIs ?? "zero-or-positive") === "positive"
  )
    return undefined;
  if (obtains.managedBy?.some((name) => program.calls.has(name))) return undefined;
  const arg = event.expr.args[obtains.handle];
  const handle = arg === undefined ? undefined : handleKey(arg);
  // `irq[i]` is another one each time.
  return handle === undefined || /[[*]/.test(handle) ? undefined : { fact, handle };
}

function releases(program: Program, event: CallEvent, { fact, handle }: Obtain): boolean {
  if (event.name === undefined || !fact.obtains!.releasedBy.includes(event.name)) return false;
  const arg = event.expr.args[program.knowledge.fn(event.name)?.handleParam ?? 0];
  return arg !== undefined && handleKey(arg) === handle;
}

/** A place holds something new: what is known of it, and of what it leads to, is about something else. */
function changed(state: PathState, place: string): PathState {
  let after = state;
  for (const key of state.values.keys()) {
    const about = key.startsWith("~") ? key.slice(key.indexOf(":") + 1) : key;
    if (place === "" || mentions(about, place)) after = withValue(after, key, undefined);
  }
  return after;
}

/** A function of the driver may have obtained it, or a variable whose address it is given may hold something else. */
function afterCall(
  program: Program,
  state: PathState,
  event: CallEvent,
  obtains: ReadonlyMap<CallEvent, Obtain>,
): PathState {
  let after = state;
  for (const arg of event.expr.args) {
    const place = arg.kind === "unary" && arg.op === "&" ? placeOf(arg.operand) : undefined;
    if (place !== undefined && /^\w+$/.test(place)) after = changed(after, place);
  }
  for (const { fact, handle } of obtains.values()) {
    const same = event.name !== undefined && fact.obtains!.releasedBy.includes(event.name);
    const own = event.name === undefined || program.functions.has(event.name);
    if (same || own) after = withValue(after, FAILED + handle, own ? undefined : after.values.get(FAILED + handle));
    if (same) after = withValue(after, OBTAINED + handle, undefined);
  }
  return after;
}
