// Errors on their way to the caller: where one gets lost, changes its sign, or is read from what is none.
import { type Block, type CallEvent, type Event, type ReturnEvent, successors } from "../program/cfg.ts";
import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import { walkStatements } from "../program/statements.ts";
import type { CallExpr, Expr, Stmt, TypeRef } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { blindTests, isNumber, mentionsName, returnsErrno } from "./errno-tests.ts";
import type { Outcome } from "./outcome.ts";
import { type Known, type Reaching, sides, visitReaching } from "./reaching.ts";
import { TEARS_DOWN } from "./resources.ts";
import { type Summary, stripCasts } from "./summary.ts";
import { deadErrors } from "./unread.ts";
import { evaluate, keyOf, NEGATIVE, POSITIVE, refinementOf, ZERO } from "./values.ts";

/**
 * returns-zero: fails, and returns 0 or the 0 of an earlier success. dead-error: an errno is stored and never read.
 * not-an-error: PTR_ERR() of what is no error here. positive: an errno without its minus. bool: an errno in a type that
 * has no room for it. unsigned: an error is looked for below zero in a variable that has no sign. zero-irq: only 0 is
 * taken for a failure, which it never is. minus-one: -1, which is -EPERM, for want of memory.
 * timeout: an error is looked for below zero where 0 says that the time is up. bytes: a number of bytes in place of an
 * errno. err-ptr-of-0: ERR_PTR() of 0, which is NULL. ptr-err-of-null: PTR_ERR() of what may be NULL, which is 0.
 */
export interface WrongErrno extends Span {
  readonly kind:
    | "returns-zero"
    | "dead-error"
    | "not-an-error"
    | "positive"
    | "type"
    | "unsigned"
    | "zero-irq"
    | "minus-one"
    | "timeout"
    | "bytes"
    | "err-ptr-of-0"
    | "ptr-err-of-null";
  /** The variable, the pointer, the type or the constant that it is about. */
  readonly subject: string;
  /** The call that failed, or whose result it is. */
  readonly call?: CallExpr;
  /** Where the failure is seen. */
  readonly at?: Span;
  /** What to write in place of the span, where that is certain. */
  readonly instead?: string;
}

interface Look {
  readonly program: Program;
  readonly fn: Func;
  readonly summaries: ReadonlyMap<string, Summary>;
  readonly outcome: Outcome;
  readonly found: WrongErrno[];
  /** The blocks that lead to each block. */
  readonly before: readonly (readonly number[])[];
}

export function wrongErrnos(
  program: Program,
  fn: Func,
  summaries: ReadonlyMap<string, Summary>,
  outcome: Outcome,
): readonly WrongErrno[] {
  const { blocks, complete } = fn.cfg;
  if (!concerns(fn)) return [];
  const before: number[][] = blocks.map(() => []);
  // What stands behind a return leads nowhere.
  const reached = new Set([fn.cfg.entry]);
  for (const id of reached)
    for (const to of successors(blocks[id]!.exit)) {
      before[to]!.push(id);
      reached.add(to);
    }
  const look: Look = { program, fn, summaries, outcome, found: [], before };
  const returnsErrno = isErrno(fn.def.returns);
  const exits = complete && returnsErrno ? commonExits(look) : new Map<number, string>();
  const arrivals = new Map<number, Arrival[]>([...exits.keys()].map((id) => [id, []]));
  visitReaching(program, fn, summaries, {
    event(known, event, block) {
      if (event.kind === "call") lookAtCall(look, known, event);
      else if (event.kind === "return") lookAtReturn(look, known, event, block);
      else if (event.kind === "assign" && event.value !== undefined && event.target.kind === "name")
        lookAtStore(look, event.target.name, event.value);
    },
    leave(known, block) {
      look.found.push(...blindTests(program, fn, summaries, known, block));
      if (arrivals.size > 0)
        for (const [to, there] of sides(known, block)) arrivals.get(to)?.push({ block, known: there });
    },
  });
  for (const [id, ways] of arrivals) lookAtArrivals(look, blocks[id]!, exits.get(id)!, ways);
  if (complete && returnsErrno)
    for (const { variable, start, end } of deadErrors(program, fn))
      look.found.push({ kind: "dead-error", subject: variable, start, end });
  return look.found;
}

/** It returns an error or looks for one. */
function concerns({ cfg, def }: Func): boolean {
  if (isErrno(def.returns) || hasNoRoom(def.returns)) return true;
  return cfg.blocks.some(
    ({ events, exit }) =>
      events.some((event) => event.kind === "call" && (event.name === "PTR_ERR" || event.name === "ERR_PTR")) ||
      (exit.kind === "branch" && exit.test.kind === "binary" && exit.test.op === "<" && isNumber(exit.test.right, "0")),
  );
}

/** The function returns 0 or a negative errno, as far as its type tells. */
function isErrno(type: TypeRef): boolean {
  return type.pointers === 0 && /^(int|long|ssize_t|signed int|long int)$/.test(type.base);
}

/** `PTR_ERR(p)` where p is NULL or valid: 0, or a number that is none. */
function lookAtCall(look: Look, known: Known, { name, expr }: CallEvent): void {
  const { program, found } = look;
  const pointer = expr.args[0] === undefined ? undefined : stripCasts(expr.args[0]);
  if (name !== "PTR_ERR" || pointer === undefined) return;
  const place = placeOf(pointer);
  const value = place === undefined ? undefined : known.get(place);
  if (place === undefined || value === undefined || value.mask === 0) return;
  if (
    value.mask === (NEGATIVE | ZERO) &&
    isErrno(look.fn.def.returns) &&
    value.from.some((each) => givesNull(look, each))
  )
    found.push({ kind: "ptr-err-of-null", subject: place, call: value.from[0]!, start: expr.start, end: expr.end });
  if ((value.mask & NEGATIVE) !== 0) return;
  const [call] = value.from;
  const allocates = call?.callee.kind === "name" && program.knowledge.fact(call.callee.name)?.gfpParam !== undefined;
  found.push({
    kind: "not-an-error",
    subject: place,
    ...(call === undefined ? {} : { call }),
    ...(allocates && value.mask === ZERO ? { instead: "-ENOMEM" } : {}),
    start: expr.start,
    end: expr.end,
  });
}

/** A function of the driver that returns NULL as well as error pointers. */
function givesNull({ summaries }: Look, { callee }: CallExpr): boolean {
  return callee.kind === "name" && summaries.get(callee.name)?.fails?.mask === (NEGATIVE | ZERO);
}

function lookAtReturn(look: Look, known: Known, event: ReturnEvent, block: Block): void {
  const { fn, found } = look;
  if (event.value === undefined) return;
  const type = fn.def.returns;
  const value = stripCasts(event.value);
  const at = { start: value.start, end: value.end };
  if (evaluate(known, value).exact?.startsWith("-E") && hasNoRoom(type)) {
    found.push({ kind: "type", subject: type.base, ...at });
    return;
  }
  if (type.pointers > 0) lookAtNoError(look, known, value, block);
  if (!isErrno(type)) return;
  const rest = notCopied(look, known, value);
  if (rest !== undefined) found.push({ kind: "bytes", ...rest, ...at });
  const wrong = positiveErrno(look, value);
  if (wrong !== undefined) found.push({ kind: "positive", subject: wrong.subject, instead: wrong.instead, ...at });
  if (value.kind === "number" && evaluate(known, value).mask === ZERO) lookAtSuccess(look, known, block, at);
  const failed = failedCall(look, { block, known });
  if (failed === undefined) return;
  const { call } = failed;
  const isStale = value.kind === "name" && known.get(value.name)?.mask === ZERO && !TEARS_DOWN.test(fn.name);
  if (isStale && !block.events.some((each) => assigns(each, value.name)))
    found.push({
      kind: "returns-zero",
      subject: value.name,
      call,
      ...at,
      ...(failed.allocates ? { instead: "-ENOMEM" } : {}),
    });
  if (failed.allocates && isNumber(value, "-1"))
    found.push({ kind: "minus-one", subject: "-1", call, ...at, instead: "-ENOMEM" });
}

/** `return ERR_PTR(ret)` where a call failed and ret is still 0. */
function lookAtNoError(look: Look, known: Known, value: Expr, block: Block): void {
  const isError = value.kind === "call" && value.callee.kind === "name" && value.callee.name === "ERR_PTR";
  const code = isError ? value.args[0] : undefined;
  if (code?.kind !== "name" || known.get(code.name)?.mask !== ZERO) return;
  const failed = failedCall(look, { block, known });
  if (failed === undefined) return;
  const { call, allocates } = failed;
  const instead = allocates ? { instead: "ERR_PTR(-ENOMEM)" } : {};
  look.found.push({ kind: "err-ptr-of-0", subject: code.name, call, ...instead, start: value.start, end: value.end });
}

/** `return copy_to_user(…)` beside negative errnos: the number of bytes that were not copied is above 0. */
function notCopied(
  { program, outcome }: Look,
  known: Known,
  value: Expr,
): { readonly subject: string; readonly instead?: string } | undefined {
  if (!outcome.exits.some((exit) => exit.value.exact?.startsWith("-E"))) return undefined;
  const key = keyOf(value);
  const given = key === undefined ? undefined : known.get(key);
  if (given === undefined || (given.mask & POSITIVE) === 0 || given.from.length === 0) return undefined;
  const counts = given.from.every(
    ({ callee }) => callee.kind === "name" && program.knowledge.fact(callee.name)?.returns === "bytes-not-copied",
  );
  if (!counts) return undefined;
  if (value.kind === "name") return { subject: value.name, ...(given.mask === POSITIVE ? { instead: "-EFAULT" } : {}) };
  const { callee } = given.from[0]!;
  return { subject: callee.kind === "name" ? `${callee.name}()` : "" };
}

/** Types of which a negative errno is no value, or one that callers take for something else. */
function hasNoRoom({ base, pointers }: TypeRef): boolean {
  return (
    pointers === 0 && /^(bool|u8|u16|umode_t|irqreturn_t|enum irqreturn|__poll_t|blk_status_t|vm_fault_t)$/.test(base)
  );
}

/** `ENOMEM` or `-PTR_ERR(p)` in a function that elsewhere returns negative ones. */
function positiveErrno(look: Look, value: Expr): { subject: string; instead: string } | undefined {
  if (!look.outcome.exits.some((exit) => exit.value.mask === NEGATIVE) && !isCalledByKernel(look)) return undefined;
  if (value.kind === "name" && ERRNO.test(value.name)) return { subject: value.name, instead: `-${value.name}` };
  if (value.kind !== "unary" || value.op !== "-" || value.operand.kind !== "call") return undefined;
  const { callee, args } = value.operand;
  const pointer = args[0] === undefined ? undefined : placeOf(args[0]);
  if (callee.kind !== "name" || callee.name !== "PTR_ERR" || pointer === undefined) return undefined;
  return { subject: `-PTR_ERR(${pointer})`, instead: `PTR_ERR(${pointer})` };
}

/** The kernel calls it, and looks for negative errnos. */
function isCalledByKernel({ program, fn }: Look): boolean {
  return program.entries.some((entry) => entry.fn === fn.name && entry.context === "process");
}

const ERRNO =
  /^E(PERM|NOENT|IO|NXIO|AGAIN|NOMEM|ACCES|FAULT|BUSY|EXIST|NODEV|INVAL|NOSPC|RANGE|NOSYS|NODATA|TIMEDOUT|PROTO|OPNOTSUPP|NOTSUPP|PROBE_DEFER|REMOTEIO|SHUTDOWN|INTR|BADMSG|OVERFLOW|CANCELED)$/;

/** `ret = -PTR_ERR(p);` and `ret = ENOMEM;` where ret is what the function returns. */
function lookAtStore(look: Look, variable: string, value: Expr): void {
  const { fn, outcome, found } = look;
  const stored = stripCasts(value);
  if (!isErrno(fn.def.returns) || !outcome.exits.some((exit) => exit.variable === variable)) return;
  const wrong = positiveErrno(look, stored);
  if (wrong !== undefined)
    found.push({
      kind: "positive",
      subject: wrong.subject,
      instead: wrong.instead,
      start: stored.start,
      end: stored.end,
    });
}

/** `return 0` where a variable says that a call failed, and something shows that this is no success. */
function lookAtSuccess(look: Look, known: Known, block: Block, at: Span): void {
  const { program, fn, outcome, found } = look;
  if (TEARS_DOWN.test(fn.name) || outcome.exits.some((exit) => exit.value.mask === POSITIVE)) return;
  for (const [name, value] of known) {
    if (!isFailure(look, name, value) || isFallback(look, name)) continue;
    const call = value.from[0];
    const givesUp =
      unwinds(look, block) ||
      (complains(look, block, name) && outcome.exits.some((exit) => exit.value.mask === NEGATIVE));
    const notThere =
      call?.callee.kind === "name" && switchesOn(program, call.callee.name) && isAlone(look, block, name);
    if (!givesUp && !notThere) continue;
    found.push({ kind: "returns-zero", subject: name, ...(call === undefined ? {} : { call }), ...at, instead: name });
    return;
  }
}

/** `ret = try_this(); if (ret == 0) return 0;`, and then the function tries something else, which may fail in its turn. */
function isFallback({ fn: { cfg }, outcome }: Look, name: string): boolean {
  return cfg.blocks.some(({ exit }) => {
    const told = exit.kind === "branch" ? refinementOf(exit.test) : undefined;
    if (exit.kind !== "branch" || told?.key !== name) return false;
    const { whenTrue, whenFalse } = told;
    const side = whenTrue.mask === ZERO ? exit.whenTrue : whenFalse.mask === ZERO ? exit.whenFalse : undefined;
    const event = side === undefined ? undefined : cfg.blocks[side]!.events[0];
    if (event?.kind !== "return" || event.value?.kind !== "number" || event.value.text !== "0") return false;
    return outcome.exits.some(
      ({ value, variable, start }) => value.mask === NEGATIVE && variable !== name && start > event.start,
    );
  });
}

/** It enables a clock, a regulator, a device, itself or through a function of the driver that does nothing else. */
function switchesOn(program: Program, name: string): boolean {
  const own = program.functions.get(name);
  if (own === undefined) return typeof program.knowledge.fact(name)?.obtains?.handle === "number";
  const calls = own.cfg.blocks.flatMap(({ events }) =>
    events.flatMap((event) => (event.kind === "call" ? [event.name ?? ""] : [])),
  );
  return calls.length < 8 && calls.some((each) => typeof program.knowledge.fact(each)?.obtains?.handle === "number");
}

/** A variable that holds the error of a call, whichever way the point was reached. */
function isFailure({ program, fn, summaries, outcome }: Look, name: string, { mask, from, tested }: Reaching): boolean {
  if ((mask & ZERO) !== 0 || from.length === 0 || !program.types.isLocal(fn.def, name)) return false;
  if (mask === POSITIVE || (tested !== true && mask !== NEGATIVE)) return false;
  const type = program.types.variable(fn.def, name, fn.def.end)?.type;
  if (type === undefined || !isErrno(type)) return false;
  // What is returned elsewhere as it is, is an errno, whoever gave it.
  const isReturned = outcome.exits.some((exit) => exit.variable === name && exit.value.mask !== ZERO);
  return isReturned || from.every((call) => returnsErrno(program, summaries, call));
}

/** The block ends what others began: several gotos lead to it, and it undoes something. */
function unwinds({ before, fn }: Look, block: Block): boolean {
  const undoing = (each: Block): boolean =>
    each.events.some((event) => event.kind === "call" && TEARS_DOWN.test(event.name ?? ""));
  let at: Block = block;
  let undone = undoing(at);
  // A label that falls through to another has an edge from it and one from its goto.
  while (before[at.id]!.length === 1 && fn.cfg.blocks[before[at.id]![0]!]!.exit.kind === "jump") {
    at = fn.cfg.blocks[before[at.id]![0]!]!;
    undone ||= undoing(at);
  }
  return undone && before[at.id]!.length > 1;
}

const COMPLAINS = /^(dev_(err|crit|alert|emerg)|pr_(err|crit|alert|emerg)|netdev_err|netif_err|NL_SET_ERR_MSG\w*)$/;

/** Between the test of the variable and the return an error is printed. */
function complains({ before, fn }: Look, block: Block, variable: string): boolean {
  let at = block;
  for (let steps = 0; steps < 4; steps++) {
    if (at.events.some((event) => event.kind === "call" && COMPLAINS.test(event.name ?? ""))) return true;
    const [only, ...more] = before[at.id]!;
    if (only === undefined || more.length > 0) return false;
    at = fn.cfg.blocks[only]!;
    if (at.exit.kind === "branch" && mentionsName(at.exit.test, variable)) return false;
  }
  return false;
}

/** Nothing but the return hangs on the failure. */
function isAlone({ before, fn }: Look, block: Block, variable: string): boolean {
  const [only, ...more] = before[block.id]!;
  const from = only === undefined ? undefined : fn.cfg.blocks[only]!.exit;
  return more.length === 0 && block.events.length === 1 && from?.kind === "branch" && mentionsName(from.test, variable);
}

/** One way to a common exit that returns a variable. */
interface Arrival {
  readonly block: Block;
  readonly known: Known;
}

/** For each block that several ways lead to and that ends by returning a variable as it is: the variable. */
function commonExits({ fn, before, outcome }: Look): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const block of fn.cfg.blocks) {
    const ways = before[block.id]!;
    const isLabel = ways.length > 1 || (ways.length === 1 && isBehindSuccess(outcome, block));
    const variable = isLabel ? returnedFrom(fn, block) : undefined;
    if (variable !== undefined) found.set(block.id, variable);
  }
  return found;
}

function returnedFrom({ cfg }: Func, from: Block): string | undefined {
  let variable: string | undefined;
  const seen = new Set([from.id]);
  const assigned = new Set<string>();
  for (const id of seen) {
    const block = cfg.blocks[id]!;
    if (seen.size > 12 || block.inLoop) return undefined;
    for (const event of block.events) {
      if (event.kind === "assign") assigned.add(placeOf(event.target) ?? "");
      if (event.kind !== "return") continue;
      const name = event.value?.kind === "name" ? event.value.name : undefined;
      if (name === undefined || (variable !== undefined && variable !== name)) return undefined;
      variable = name;
    }
    for (const to of successors(block.exit)) seen.add(to);
  }
  return variable !== undefined && assigned.has(variable) ? undefined : variable;
}

/** Failures that go to the common exit with the 0 of an earlier success. */
function lookAtArrivals(look: Look, exit: Block, variable: string, arrivals: readonly Arrival[]): void {
  const { fn, program, outcome, found } = look;
  if (TEARS_DOWN.test(fn.name) || !program.types.isLocal(fn.def, variable)) return;
  // A function that says 1 when it has done something says 0 when it has not.
  if (outcome.exits.some((exit) => exit.value.mask === POSITIVE)) return;
  const isSuccess = ({ known }: Arrival): boolean => known.get(variable)?.mask === ZERO;
  const isError = ({ known }: Arrival): boolean => ((known.get(variable)?.mask ?? ZERO) & ZERO) === 0;
  // Where the failing branch itself says 0, it means it.
  if (arrivals.some((each) => isSuccess(each) && each.block.events.some((event) => assigns(event, variable)))) return;
  const isErrorLabel = onlyUnwinds(look, exit);
  // `if (ret < 0)` leaves what is above 0.
  const isNoError = ({ known }: Arrival): boolean => {
    const value = known.get(variable);
    return value !== undefined && (value.mask & NEGATIVE) === 0 && (value.mask & ZERO) !== 0;
  };
  const successes = arrivals
    .filter(isErrorLabel ? isNoError : isSuccess)
    .map((each) => ({ ...each, failed: failedCall(look, each) }));
  const onlyFailures = successes.every(({ block, failed }) => failed !== undefined || complains(look, block, variable));
  const returnsErrors = arrivals.some(isError) || outcome.exits.some((exit) => exit.value.mask === NEGATIVE);
  const isMixed = arrivals.some((each) => !isSuccess(each) && !isError(each) && !onlyFailures);
  if (!isErrorLabel && (!returnsErrors || isMixed)) return;
  const gotos = gotosOf(fn.def.body);
  for (const { block, known, failed } of successes) {
    const isFailure =
      isErrorLabel && (failed !== undefined || isNothing(look, { block, known }) || complains(look, block, variable));
    const alone = (onlyFailures && arrivals.some(isError)) || isFailure;
    // The return itself has been reported, where this is the only way to it.
    if (failed !== undefined && found.some(({ kind, call }) => kind === "returns-zero" && call === failed.call))
      continue;
    if (failed === undefined ? !alone : !(alone || failed.allocates || failed.makes)) continue;
    const said = block.events.findLast((event) => event.kind === "call");
    const at = failed?.at ?? said ?? (isFailure ? testBefore(fn, look.before, block) : undefined);
    if (at === undefined || !gotos.some((each) => each.start <= at.start && at.end <= each.end)) continue;
    found.push({
      kind: "returns-zero",
      subject: variable,
      ...(failed === undefined ? {} : { call: failed.call }),
      start: at.start,
      end: at.end,
    });
  }
}

/** A label behind `return 0`, at which something is undone: whoever comes there has failed. */
function onlyUnwinds({ fn, outcome }: Look, exit: Block): boolean {
  if (!isBehindSuccess(outcome, exit)) return false;
  const seen = new Set([exit.id]);
  let undoes = false;
  for (const id of seen) {
    const { events, exit: next } = fn.cfg.blocks[id]!;
    undoes ||= events.some((event) => event.kind === "call" && TEARS_DOWN.test(event.name ?? ""));
    for (const to of successors(next)) seen.add(to);
  }
  return undoes;
}

function isBehindSuccess({ exits }: Outcome, { events }: Block): boolean {
  const at = events[0]?.start;
  return exits.some(({ value, variable, end }) => value.mask === ZERO && variable === undefined && end < (at ?? 0));
}

/** The way goes there because a pointer that a call gave is NULL or an error. */
function isNothing({ program, fn, before }: Look, { block, known }: Arrival): boolean {
  const test = testBefore(fn, before, block);
  if (test === undefined) return false;
  const tested = test.kind === "unary" && test.op === "!" ? test.operand : test.kind === "call" ? test.args[0] : test;
  const type = tested === undefined ? undefined : program.types.typeOf(tested, fn.def);
  const value = known.get(refinementOf(test)?.key ?? "");
  return (type?.pointers ?? 0) > 0 && (value?.mask === ZERO || value?.mask === NEGATIVE);
}

/** Every `if (…) { …; goto label; }` without else. */
function gotosOf(body: Stmt): readonly Span[] {
  const found: Span[] = [];
  walkStatements(body, (stmt) => {
    if (stmt.kind !== "if" || stmt.otherwise !== undefined) return;
    const { consequence } = stmt;
    const last = consequence.kind === "compound" ? consequence.body.at(-1) : consequence;
    // The `if` before it, as in `if (!i) ret = -ENOMEM; goto err;`, may have set the error.
    const isPlain = consequence.kind !== "compound" || consequence.body.every((each) => each.kind !== "if");
    if (last?.kind === "goto" && isPlain) found.push(stmt);
  });
  return found;
}

function assigns(event: Event, variable: string): boolean {
  return event.kind === "assign" && placeOf(event.target) === variable;
}

/** The call whose failure, seen right before, is why the path goes here. */
function failedCall(
  { program, fn, summaries, before }: Look,
  { block, known }: Arrival,
): { call: CallExpr; at: Span; allocates: boolean; makes: boolean } | undefined {
  const test = testBefore(fn, before, block);
  if (test === undefined) return undefined;
  const key = refinementOf(test)?.key;
  const value = key === undefined ? undefined : known.get(key);
  const call = value?.from[0];
  if (value === undefined || call === undefined || call.callee.kind !== "name") return undefined;
  const fact = program.knowledge.fact(call.callee.name);
  const own = summaries.get(call.callee.name)?.fails;
  const isNull = value.mask === ZERO && (fact?.returns === "null-on-failure" || own?.allocates === true);
  const allocates = isNull && (fact?.gfpParam !== undefined || own?.allocates === true);
  // What is new would have been there; what is looked up may be missing for good.
  const makes = isNull && fact?.obtains?.handle === "return" && !/node|reference/.test(fact.obtains.what);
  const isError = value.mask === NEGATIVE && fact?.returns === "errptr-on-failure";
  return allocates || makes || isError ? { call, at: test, allocates, makes } : undefined;
}

/** What is asked right before the block, on the only way to it. */
function testBefore({ cfg }: Func, before: Look["before"], block: Block): Expr | undefined {
  for (let at = block, steps = 0; steps < 4; steps++) {
    const [only, ...more] = before[at.id]!;
    if (only === undefined || more.length > 0) return undefined;
    at = cfg.blocks[only]!;
    // `goto err;`
    if (at.exit.kind !== "jump") return at.exit.kind === "branch" ? at.exit.test : undefined;
  }
  return undefined;
}
