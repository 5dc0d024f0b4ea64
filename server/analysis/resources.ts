// Things obtained along a path: who holds them, who gave them back, and which failed call was never tested.
import type { FunctionFact } from "../knowledge/schema.ts";
import type { AssignEvent, Block, CallEvent, CleanupEvent, Event, IterateEvent } from "../program/cfg.ts";
import { functionName } from "../program/entries.ts";
import { mentions, placeOf, pointeeOf, rootOf, spoken, walkExpr } from "../program/places.ts";
import type { CallExpr, Expr } from "../syntax/ast.ts";
import { type Frame, first } from "./frame.ts";
import { handedTo, isBeside, isRead, madeOfHanded, mayLend, noteLenders, type Relation, wentOn } from "./handed.ts";
import { neverFails } from "./never-fails.ts";
import { equated, holdsAddress } from "./pointer-relations.ts";
import { type Owned, type PathState, withEntry, withMember, without, withValue } from "./state.ts";
import { type Summary, stripCasts } from "./summary.ts";
import { type Failure, NEGATIVE, POSITIVE, refinementOf, resultKey, ZERO } from "./values.ts";

/** The states after a call that may fail: one in which it did, one in which it gave what it was asked for. */
export function applyResult(
  frame: Frame,
  state: PathState,
  event: CallEvent,
  fact: FunctionFact,
  block: Block,
  index: number,
): readonly PathState[] {
  const key = resultKey(event.expr);
  const used = isUsed(event.expr, block, index);
  const owned = isManaged(frame, fact) ? undefined : obtained(frame, fact, event, key);
  if (
    owned !== undefined &&
    !owned.isPointer &&
    (block.inLoop || isLent(state, owned) || TEARS_DOWN.test(frame.fn.name))
  )
    return [state];
  const outcomes = outcomesOf(fact, event);
  // Nothing hangs on which it was: one path will do.
  if (outcomes !== undefined && fact.obtains === undefined && outcomes.failed.failureOf === undefined)
    return [used ? withValue(state, key, { mask: outcomes.failed.mask | outcomes.given }) : state];
  if (outcomes === undefined || (!used && owned === undefined)) return [own(state, owned)];
  const isCallers = owned !== undefined && frame.fixedParams.has(placeOfOwned(owned));
  // What a wrapper was given is its caller's to give back, also when it fails: `return device_register(dev)`.
  const failing = fact.obtains?.evenOnFailure === true && !isCallers ? own(state, owned) : state;
  const failed = used ? withValue(failing, key, outcomes.failed) : failing;
  const given = own(used ? withValue(state, key, { mask: outcomes.given }) : state, owned);
  // A result that nobody looks at tells the paths apart for nobody.
  return used ? [failed, given] : [given];
}

function isLent(state: PathState, owned: Owned): boolean {
  const place = placeOfOwned(owned);
  return owned.releasedBy.some((release) => state.lent.has(`${release}:${place}`));
}

/** The device was enabled by a function after which the driver core gives everything back (pcim_enable_device). */
function isManaged(frame: Frame, fact: FunctionFact): boolean {
  const { managedBy: by, unless } = fact.obtains ?? {};
  const { start, end } = frame.fn.def;
  if (unless !== undefined && frame.program.file.text.slice(start, end).includes(unless)) return true;
  return by?.some((name) => frame.program.calls.has(name)) ?? false;
}

export function own(state: PathState, owned: Owned | undefined): PathState {
  return owned === undefined ? state : { ...state, owned: withEntry(state.owned, owned.key, owned) };
}

/** What the file nowhere undoes, nobody can say that it forgets; what pins an object shows by the object. */
function mayBeMissed(frame: Frame, fact: FunctionFact): boolean {
  return fact.keeps !== undefined || (fact.obtains?.releasedBy.some((each) => frame.program.calls.has(each)) ?? false);
}

function obtained(frame: Frame, fact: FunctionFact, event: CallEvent, resultPlace: string): Owned | undefined {
  const { obtains } = fact;
  if (obtains === undefined) return undefined;
  const isPointer = obtains.handle === "return" || obtains.member !== undefined;
  const arg = obtains.handle === "return" ? undefined : event.expr.args[obtains.handle];
  const key =
    obtains.handle === "return"
      ? resultPlace
      : arg === undefined
        ? undefined
        : obtains.member !== undefined
          ? memberOfLocal(arg, obtains.member)
          : obtains.out === true
            ? pointeeOf(arg)
            : handleKey(arg);
  if (key === undefined || (!isPointer && !mayBeMissed(frame, fact))) return undefined;
  return {
    key: isPointer ? key : `${key}~${fact.name}`,
    from: fact.name,
    what: obtains.what,
    isPointer,
    isNumber: isPointer && fact.returns === "value",
    ...(obtains.failureTest === undefined ? {} : { failureTest: obtains.failureTest }),
    ...(obtains.heldTest === undefined ? {} : { heldTest: obtains.heldTest }),
    releasedBy: obtains.releasedBy,
    ...pinned(fact, event),
    at: { start: event.start, end: event.end },
  };
}

/** `args.np` for `&args`. */
function memberOfLocal(arg: Expr, member: string): string | undefined {
  const inner = stripCasts(arg);
  return inner.kind === "unary" && inner.op === "&" && inner.operand.kind === "name"
    ? `${inner.operand.name}.${member}`
    : undefined;
}

function pinned(fact: FunctionFact, event: CallEvent): { readonly pins?: readonly string[] } {
  const pins = (fact.keeps ?? []).flatMap((index) => {
    const arg = event.expr.args[index];
    return (arg === undefined ? undefined : handleKey(arg)) ?? [];
  });
  return pins.length === 0 ? {} : { pins };
}

/** What an argument names: the place, or for `&dev->x` the object itself. */
export function handleKey(arg: Expr): string | undefined {
  const inner = stripCasts(arg);
  return inner.kind === "unary" && inner.op === "&" ? placeOf(inner.operand) : placeOf(inner);
}

/** The reference that a loop macro holds to its element while the body runs. */
export function ownElement(frame: Frame, state: PathState, event: IterateEvent): PathState {
  const release = frame.program.knowledge.govern(event.macro)?.elementReleasedBy;
  const target = event.targets[0];
  const key = target === undefined ? undefined : placeOf(target);
  if (release === undefined || key === undefined || !event.enters) return state;
  const at = { start: event.start, end: event.end };
  return own(state, {
    key,
    from: event.macro,
    what: "reference",
    isPointer: true,
    isNumber: false,
    releasedBy: [release],
    at,
  });
}

/** The place of a resource without the mark of how it was obtained. */
export function placeOfOwned(owned: Owned): string {
  return owned.isPointer ? owned.key : owned.key.slice(0, owned.key.lastIndexOf("~"));
}

function outcomesOf(
  fact: FunctionFact,
  event: CallEvent,
): { failed: { mask: number; failureOf?: Failure }; given: number } | undefined {
  const at = { name: fact.name, start: event.start, end: event.end };
  switch (fact.returns) {
    case "null-on-failure":
      if (neverFails(fact, event.expr)) return undefined;
      return { failed: { mask: ZERO, failureOf: { ...at, shows: "null" } }, given: POSITIVE };
    case "errptr-on-failure":
      return { failed: { mask: NEGATIVE, failureOf: { ...at, shows: "errptr" } }, given: POSITIVE };
    case "null-or-errptr":
      return { failed: { mask: NEGATIVE, failureOf: { ...at, shows: "errptr" } }, given: ZERO | POSITIVE };
    case "negative-errno":
      return { failed: { mask: NEGATIVE }, given: SUCCESS[fact.obtains?.successIs ?? "zero"] };
    case "nonzero-on-failure":
      return { failed: { mask: NEGATIVE | POSITIVE }, given: ZERO };
    case "value":
      // The test is a call of its own: dma_mapping_error(dev, address).
      return fact.obtains?.failureTest === undefined
        ? undefined
        : { failed: { mask: NEGATIVE }, given: ZERO | POSITIVE };
    case "boolean":
    case "zero-on-failure":
      return fact.obtains === undefined ? undefined : { failed: { mask: ZERO }, given: POSITIVE };
    default:
      return undefined;
  }
}

const SUCCESS = { zero: ZERO, positive: POSITIVE, "zero-or-positive": ZERO | POSITIVE };

/** Whether anything takes the call's result: a store right after it, a test, a return, or an expression around it. */
export function isUsed(call: CallExpr, block: Block, index: number): boolean {
  for (let next = index + 1; next < block.events.length; next++) {
    const event = block.events[next]!;
    const value = event.kind === "assign" || event.kind === "return" ? event.value : undefined;
    if (value !== undefined && contains(value, call)) return true;
    if (event.kind === "call" && event.expr.args.some((arg) => contains(arg, call))) return true;
    if (event.kind === "deref" && contains(event.base, call)) return true;
  }
  const { exit } = block;
  return exit.kind === "branch" ? contains(exit.test, call) : exit.kind === "switch" && contains(exit.value, call);
}

function contains(expr: Expr, call: CallExpr): boolean {
  if (call.start < expr.start || expr.end < call.end) return false;
  let found = false;
  walkExpr(
    expr,
    (each) => (found ||= each === call || (each.kind === "call" && each.start === call.start && each.end === call.end)),
  );
  return found;
}

/** A value is stored: what it holds moves with it, or gets out of sight. */
export function moveOwned(state: PathState, event: AssignEvent): PathState {
  const value = event.value === undefined ? undefined : stripCasts(event.value);
  const target = placeOf(event.target);
  let after = state;
  if (target !== undefined) after = overwrite(after, target);
  if (value === undefined) return after;
  const from =
    value.kind === "call" ? resultKey(value) : value.kind === "assign" ? placeOf(value.target) : placeOf(value);
  const moved = from === undefined ? undefined : after.owned.get(from);
  if (moved === undefined) {
    // The pointer goes along inside something bigger: `x = &p->member`, `x = { .p = p }`, `x = cpu_to_le32(address)`.
    if (target !== undefined && /^\w+$/.test(target) && isRead(after, value)) return after;
    return escapeMentioned(madeOfHanded(after, target, value), value);
  }
  const owned = without(after.owned, moved.key);
  if (target !== undefined && value.kind !== "call" && isStoredIn(target, moved)) {
    const aliases = [...(moved.aliases ?? []), moved.key];
    return { ...after, owned: withEntry(owned, target, { ...moved, key: target, aliases }) };
  }
  if (target === undefined || value.kind !== "call") {
    // A second name: from here on it may be given back under either.
    return { ...after, owned };
  }
  return { ...after, owned: withEntry(owned, target, { ...moved, key: target }) };
}

/** `priv->buf = buf`: the object has it now, under this name. */
function isStoredIn(target: string, { key, isPointer, isNumber, handed, pins }: Owned): boolean {
  if (!isPointer || isNumber || handed !== undefined || pins !== undefined || !/^\w+$/.test(key)) return false;
  return /^\w+->[\w.]+$/.test(target);
}

/** A place holds another value: what it named is out of sight. */
export function overwrite(state: PathState, target: string): PathState {
  let after = state;
  for (const [key, owned] of state.owned) {
    // Another value over the only name, or over a part of it (`dev` or `i` of `dev->clk[i]`): out of sight from here.
    if (mentions(placeOfOwned(owned), target)) after = { ...after, owned: without(after.owned, key) };
    else if (owned.aliases?.includes(target) === true) {
      const aliases = owned.aliases.filter((each) => each !== target);
      after = { ...after, owned: withEntry(after.owned, key, { ...owned, aliases }) };
    }
  }
  return after;
}

export function isLocalName(frame: Frame, place: string): boolean {
  return /^\w+$/.test(place) && frame.program.types.isLocal(frame.fn.def, place);
}

function escapeMentioned(state: PathState, expr: Expr): PathState {
  let after = state;
  walkExpr(expr, (each) => {
    const place = placeOf(each);
    if (place === undefined) return;
    const owned = after.owned.get(place);
    if (owned?.isPointer && (expr.kind !== "call" || owned.isNumber))
      after = { ...after, owned: without(after.owned, place) };
  });
  return after;
}

/** Arguments of a call: given back, kept by the callee, or only looked at. */
export function applyArguments(
  frame: Frame,
  state: PathState,
  event: CallEvent,
  callee: Summary | undefined,
  block: Block,
  index: number,
): PathState {
  const fact = event.name === undefined ? undefined : frame.program.knowledge.fn(event.name);
  let after = releaseByName(frame, state, event, fact);
  if (after.owned.size === 0) return after;
  if (isUsed(event.expr, block, index)) after = wentOn(after, event);
  const { args } = event.expr;
  for (const [key, owned] of after.owned) {
    const place = placeOfOwned(owned);
    // What is stored in an object may be reached from any other: `foo_detach(link)` frees `link->priv->buf`; and what
    // is the file's own, from anywhere.
    const isStored = !owned.isPointer || !isLocalName(frame, place);
    const switchedOff =
      (isStored && mayRelease(callee, owned)) ||
      (!owned.isPointer && fact === undefined && mayTearDown(frame, event.name ?? "", callee)) ||
      (isBeside(owned, args) && (callee === undefined ? TEARS_DOWN.test(event.name ?? "") : mayRelease(callee, owned)));
    if (switchedOff || handsOver(frame, args, owned)) {
      after = { ...after, owned: without(after.owned, key) };
      continue;
    }
    for (const [at, arg] of args.entries()) {
      const relation = relationToAny(arg, owned);
      if (relation === "none") continue;
      const seen = derived(after, event, owned, relation);
      if (seen === undefined && !keeps(fact, callee, at, relation, owned)) continue;
      const lent = mayLend(fact, at, relation) && !mayRelease(callee, owned);
      after = seen ?? (lent ? handedTo(frame, after, owned, event) : undefined) ?? letGo(after, owned, event);
      break;
    }
  }
  return after;
}

/** `pdev = to_platform_device(dev)`: the same thing seen as another type. */
function derived(state: PathState, event: CallEvent, owned: Owned, relation: Relation): PathState | undefined {
  const isCast = event.expr.args.length === 1 && /^to_[a-z]\w*$/.test(event.name ?? "");
  if ((!isCast && event.name !== "container_of") || relation !== "itself" || !owned.isPointer) return undefined;
  const key = resultKey(event.expr);
  const aliases = [...(owned.aliases ?? []), owned.key];
  return { ...state, owned: withEntry(without(state.owned, owned.key), key, { ...owned, key, aliases }) };
}

/** It is out of sight; only what it pins still shows whether it has to be given back. */
function letGo(state: PathState, owned: Owned, { name }: CallEvent): PathState {
  const owns = without(state.owned, owned.key);
  if (owned.pins === undefined || TEARS_DOWN.test(name ?? "")) return { ...state, owned: owns };
  return { ...state, owned: withEntry(owns, owned.key, { ...owned, faint: true }) };
}

function releaseByName(frame: Frame, state: PathState, event: CallEvent, fact: FunctionFact | undefined): PathState {
  if (event.name === undefined) return state;
  const handleArg = event.expr.args[fact?.handleParam ?? 0];
  const handle = handleArg === undefined ? undefined : handleKey(handleArg);
  if (handle !== undefined) frame.outcome.released.add(`${event.name}:${lastWord(handle)}`);
  let after = state;
  let known = false;
  for (const [key, owned] of state.owned) {
    if (!owned.releasedBy.includes(event.name)) continue;
    if (
      handle !== undefined &&
      owned.byName !== true &&
      !mayBeSame(owned, handle) &&
      !holdsAddress(frame.fn, handle, placeOfOwned(owned))
    )
      continue;
    known ||= owned.given === undefined;
    noteLenders(frame, owned);
    after = { ...after, owned: without(after.owned, key), given: withMember(after.given, placeOfOwned(owned)) };
  }
  // What is given back without having been obtained here is only lent: obtaining it again restores the balance.
  if (known || handle === undefined || fact?.handleParam === undefined) return after;
  return { ...after, lent: withMember(after.lent, `${event.name}:${handle}`) };
}

/** Whether a handle may be another name of the resource: a switch may be reached through another pointer or index. */
function mayBeSame(owned: Owned, handle: string): boolean {
  const place = placeOfOwned(owned);
  // `request_firmware(fw, …)` fills `*fw`.
  if (spoken(place) === spoken(handle) || owned.aliases?.includes(handle)) return true;
  // `put_device(&pdev->dev)`.
  if (owned.isPointer && [place, ...(owned.aliases ?? [])].some((each) => handle.startsWith(`${each}->`))) return true;
  return !owned.isPointer && (rootOf(place) !== rootOf(handle) || /[[\]]/.test(place + handle));
}

/** The member or variable that a place ends with, by which releases in other functions are recognised. */
export function lastWord(place: string): string {
  return /(\w+)(\[[^\]]*\])?$/.exec(place)?.[1] ?? place;
}

/** `devm_add_action_or_reset(dev, foo_release, p)`: a function of the driver that releases it takes over. */
function handsOver(frame: Frame, args: readonly Expr[], owned: Owned): boolean {
  return args.some((arg) => {
    const name = functionName(arg);
    const summary = name === undefined ? undefined : frame.summaries.get(name);
    return mayRelease(summary, owned);
  });
}

/** A function of a name like these may switch off, under another name, what was switched on. */
export const TEARS_DOWN =
  /remove|clean|destroy|free|tear|uninit|deinit|disable|stop|release|exit|unregister|shutdown|power_?off|reset|undo|put/;

/** Of a function that is known, all it calls is known by name. */
function mayTearDown(frame: Frame, name: string, callee: Summary | undefined): boolean {
  if (!TEARS_DOWN.test(name)) return false;
  if (callee === undefined || !callee.complete) return true;
  const { knowledge } = frame.program;
  return [...callee.releases].some(
    (each) => TEARS_DOWN.test(each) && knowledge.fn(each) === undefined && !frame.summaries.has(each),
  );
}

/** The nearest relation of an argument to any of the names of what is owned. */
function relationToAny(arg: Expr, owned: Owned): Relation {
  const relation = relationOf(arg, placeOfOwned(owned));
  if (relation !== "none" || owned.aliases === undefined) return relation;
  return owned.aliases.map((alias) => relationOf(arg, alias)).find((each) => each !== "none") ?? "none";
}

/** How an argument relates to a place: the place itself, something in it (`&p->node`), or the object that holds it. */
function relationOf(arg: Expr, place: string): Relation {
  const inner = stripCasts(arg);
  const own = placeOf(inner);
  if (own === place) return "itself";
  const address = inner.kind === "unary" && inner.op === "&" ? placeOf(inner.operand) : undefined;
  if (address === place) return "itself";
  if (address !== undefined && mentions(address, place)) return "inside";
  const holder = own ?? address;
  if (holder !== undefined && holder !== place && mentions(place, holder)) return "owner";
  // Reading a member passes no pointer to the object: `foo(p->count)`.
  if (own !== undefined) return "none";
  let within = false;
  walkExpr(inner, (each) => (within ||= placeOf(each) === place && each.kind === "name"));
  return within && inner.kind !== "call" ? "inside" : "none";
}

function keeps(
  fact: FunctionFact | undefined,
  callee: Summary | undefined,
  index: number,
  relation: Relation,
  owned: Owned,
): boolean {
  if (mayRelease(callee, owned)) return true;
  if (relation === "owner") return callee === undefined && fact === undefined;
  if (!owned.isPointer) return callee === undefined && fact === undefined;
  // A number is kept by whoever gets to see it, if only in a register of the device.
  if (owned.isNumber) return fact?.name !== owned.failureTest;
  if (callee !== undefined) return !callee.borrows.has(index);
  if (fact === undefined) return true;
  return fact.borrows !== "all" && !(fact.borrows?.includes(index) ?? false);
}

function mayRelease(callee: Summary | undefined, owned: Owned): boolean {
  return callee !== undefined && (!callee.complete || owned.releasedBy.some((release) => callee.releases.has(release)));
}

/** A test says that the call had failed: on that side there is nothing to give back. */
export function disown(state: PathState, test: Expr, outcome: boolean): PathState {
  if (state.owned.size === 0) return state;
  const same = equated(test, outcome);
  if (same !== undefined) {
    // It is another thing that some other name has too: `if (mask != fixed_mask) bitmap_free(mask)`.
    const owned = same.map((place) => state.owned.get(place)).find((each) => each?.isPointer === true);
    if (owned !== undefined) return { ...state, owned: without(state.owned, owned.key) };
  }
  const refinement = refinementOf(test);
  if (refinement === undefined) return state;
  const { mask } = outcome ? refinement.whenTrue : refinement.whenFalse;
  if (mask & POSITIVE) return state;
  let after = state;
  for (const [key, owned] of state.owned) {
    const place = placeOfOwned(owned);
    // What the object itself says of whether it holds anything: `if (info->cmap.len) fb_dealloc_cmap(&info->cmap)`.
    const isEmpty = !owned.isPointer && test.kind === "member" && refinement.key.startsWith(`${place}.`);
    // Without the object there is nothing in it either: `if (dev) iounmap(dev->regs)`.
    if (
      isEmpty ||
      place === refinement.key ||
      place.startsWith(`${refinement.key}->`) ||
      owned.aliases?.includes(refinement.key)
    )
      after = { ...after, owned: without(after.owned, key) };
  }
  return after;
}

/** `__free(kfree)` gives the variable back when its scope ends. */
export function undoVariable(state: PathState, event: CleanupEvent): PathState {
  const name = event.variable?.name;
  return name === undefined ? state : { ...state, owned: without(state.owned, name) };
}

/** A pointer is followed: is it the untested result of a call that failed? */
export function checkUse(frame: Frame, state: PathState, base: Expr, at: Event): PathState {
  const inner = pointerOf(base);
  const key = inner.kind === "call" ? resultKey(inner) : placeOf(inner);
  const value = key === undefined ? undefined : state.values.get(key);
  const failure = value?.failureOf;
  if (key === undefined || failure === undefined) return state;
  if (first(frame, "unchecked", failure, ""))
    frame.outcome.unchecked.push({
      place: inner.kind === "call" ? `${failure.name}()` : key,
      failure,
      start: at.start,
      end: at.end,
    });
  return withValue(state, key, undefined);
}

/** The pointer in `p + 4` and `(u8 *)p`. */
function pointerOf(expr: Expr): Expr {
  const inner = stripCasts(expr);
  return inner.kind === "binary" && (inner.op === "+" || inner.op === "-") ? pointerOf(inner.left) : inner;
}

/** Arguments that the kernel function reads or writes through at once. */
export function checkArguments(frame: Frame, state: PathState, event: CallEvent, fact?: FunctionFact): PathState {
  let after = state;
  for (const index of fact?.derefs ?? []) {
    const arg = event.expr.args[index];
    if (arg !== undefined) after = checkUse(frame, after, arg, event);
  }
  return after;
}
