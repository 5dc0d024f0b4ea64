// Calls that may sleep: seen under a lock, or noted for the function's callers.
import type { CallEvent } from "../program/cfg.ts";
import type { Expr } from "../syntax/ast.ts";
import { compatible, conditionsOf, type Frame, first, isAtomic } from "./frame.ts";
import { lastWord } from "./resources.ts";
import { forbidsSleeping, type PathState } from "./state.ts";
import { type SleepSite, type Summary, stripCasts, toCaller } from "./summary.ts";
import { evaluate, type Facts, POSITIVE } from "./values.ts";

/** What gfp flags say: they allow sleeping, forbid it, are a parameter, or are not known. */
export type Gfp = "sleeps" | "atomic" | "unknown" | { readonly param: number };

/** Flags with __GFP_DIRECT_RECLAIM, and those without, of include/linux/gfp_types.h. */
const RECLAIM: ReadonlySet<string> = new Set([
  "GFP_KERNEL",
  "GFP_KERNEL_ACCOUNT",
  "GFP_NOIO",
  "GFP_NOFS",
  "GFP_USER",
  "GFP_HIGHUSER",
  "GFP_HIGHUSER_MOVABLE",
  "__GFP_RECLAIM",
  "__GFP_DIRECT_RECLAIM",
]);
const NO_RECLAIM: ReadonlySet<string> = new Set(["GFP_ATOMIC", "GFP_NOWAIT"]);

function gfpOf(values: Facts, expr: Expr, params: ReadonlyMap<string, number>): Gfp {
  const flags = stripCasts(expr);
  if (flags.kind === "name") {
    if (RECLAIM.has(flags.name)) return "sleeps";
    if (NO_RECLAIM.has(flags.name)) return "atomic";
    const exact = values.get(flags.name)?.exact;
    if (exact !== undefined) return RECLAIM.has(exact) ? "sleeps" : NO_RECLAIM.has(exact) ? "atomic" : "unknown";
    const param = params.get(flags.name);
    return param === undefined ? "unknown" : { param };
  }
  if (flags.kind === "number") return Number(flags.text) === 0 ? "atomic" : "unknown";
  if (flags.kind === "binary" && flags.op === "|") {
    const left = gfpOf(values, flags.left, params);
    const right = gfpOf(values, flags.right, params);
    if (left === "sleeps" || right === "sleeps") return "sleeps";
    // Modifiers such as __GFP_ZERO and __GFP_NOWARN neither allow nor forbid.
    return left === "unknown" ? right : left;
  }
  return "unknown";
}

/** A kernel function is called: does it sleep here, and who is to know? */
export function checkSleeping(frame: Frame, state: PathState, event: CallEvent, text: (expr: Expr) => string): void {
  const { program } = frame;
  // A macro of the driver hides what the kernel calls so.
  const fact =
    event.name === undefined || program.macros.has(event.name) ? undefined : program.knowledge.fact(event.name);
  if (fact === undefined || state.maySleepHere) return;
  // What the functions say that it calls is shown to people; a call may lie behind a test that its callers know of
  // (relay_flush() of a global channel), so that no finding rests on it.
  if (fact.maySleepBy === "derived") return;
  let gfp: string | undefined;
  let gfpParam: number | undefined;
  if (fact.maySleep === "flags") {
    const arg = fact.gfpParam === undefined ? undefined : event.expr.args[fact.gfpParam];
    if (arg === undefined) return;
    const flags = gfpOf(state.values, arg, frame.fixedParams);
    gfp = text(arg);
    if (flags === "atomic" && first(frame, "atomic-allocation", event, `${isAtomic(state) || state.uncertain}`))
      frame.outcome.atomicAllocations.push({
        callee: fact.name,
        gfp,
        gfpSpan: { start: arg.start, end: arg.end },
        locksHeld: isAtomic(state) || state.uncertain,
        start: event.start,
        end: event.end,
      });
    if (typeof flags === "object") gfpParam = flags.param;
    else if (flags !== "sleeps") return;
  } else if (fact.sleepParam !== undefined) {
    const delay = event.expr.args[fact.sleepParam];
    if (delay === undefined) return;
    const { mask } = evaluate(state.values, delay);
    const param = delay.kind === "name" ? frame.fixedParams.get(delay.name) : undefined;
    if (mask !== POSITIVE) {
      if (param === undefined || (mask & POSITIVE) === 0) return;
      gfpParam = param;
    }
  } else if (fact.maySleep !== "always") return;
  meetSleep(frame, state, {
    callee: fact.name,
    ...(gfp === undefined ? {} : { gfp }),
    ...(gfpParam === undefined ? {} : { gfpParam, ...(gfp === undefined ? { isDelay: true as const } : {}) }),
    steps: [],
    fn: frame.fn.name,
    file: frame.fn.file,
    conditions: [],
    dropped: new Set(),
    start: event.start,
    end: event.end,
  });
}

/** A function of the driver is called: what sleeps in it sleeps here. */
export function checkCallee(frame: Frame, state: PathState, event: CallEvent, callee: Summary): void {
  if (state.maySleepHere) return;
  // Of a function that the kernel exports a person has said so; what it calls may lie behind a test of its data (fput).
  if (!callee.fn.isStatic && frame.program.knowledge.fn(callee.fn.name)?.maySleep === "never") return;
  const { args } = event.expr;
  for (const site of callee.sleeps) {
    if (!compatible(site.conditions, state, args)) continue;
    const { gfpParam: inner, isDelay, ...rest } = site;
    let gfpParam: number | undefined;
    let gfp = site.gfp;
    if (inner !== undefined && isDelay === true) {
      const arg = args[inner];
      if (arg === undefined) continue;
      gfpParam = arg.kind === "name" ? frame.fixedParams.get(arg.name) : undefined;
      if (evaluate(state.values, arg).mask === POSITIVE) gfpParam = undefined;
      else if (gfpParam === undefined) continue;
    } else if (inner !== undefined) {
      const arg = args[inner];
      const flags = arg === undefined ? "unknown" : gfpOf(state.values, arg, frame.fixedParams);
      if (typeof flags === "object") gfpParam = flags.param;
      else if (flags !== "sleeps") continue;
      else gfp = frame.program.file.text.slice(arg!.start, arg!.end);
    }
    const dropped = new Set<string>();
    let unclear = false;
    for (const key of site.dropped) {
      const mine = toCaller(key, callee.fn, args, frame.program);
      if (mine === undefined) unclear = true;
      else dropped.add(mine);
    }
    if (unclear) continue;
    const conditions = site.conditions.flatMap((condition) => {
      const { param, unclear, value } = condition;
      if (param === undefined) return [condition];
      const arg = args[param];
      const mine = arg?.kind === "name" ? frame.fixedParams.get(arg.name) : undefined;
      if (mine !== undefined) return [{ ...condition, param: mine }];
      // Nobody above can tell any more whether it is met.
      return unclear === true ? [{ unclear, value }] : [];
    });
    // Whoever chooses the delay is who lets it sleep.
    if (isDelay === true && gfpParam === undefined) {
      const { start, end } = event;
      const here = { callee: callee.fn.name, steps: [], fn: frame.fn.name, file: frame.fn.file, start, end };
      meetSleep(frame, state, { ...here, conditions, dropped });
      continue;
    }
    meetSleep(frame, state, {
      ...rest,
      ...(gfp === undefined ? {} : { gfp }),
      ...(gfpParam === undefined ? {} : { gfpParam, ...(isDelay === true ? { isDelay } : {}) }),
      steps: [{ callee: callee.fn.name, file: frame.fn.file, start: event.start, end: event.end }, ...site.steps],
      conditions,
      dropped,
    });
  }
}

/** A site is reached in a state: report it when a lock forbids it, and pass it on to callers either way. */
function meetSleep(frame: Frame, state: PathState, site: SleepSite): void {
  if (site.gfpParam === undefined && !state.uncertain) {
    for (const held of state.locks.values()) {
      if (!forbidsSleeping(held) || site.dropped.has(held.key)) continue;
      // The callee may know the lock by another name: `limiter->pool->lock` and `pool->lock`.
      if ([...site.dropped].some((key) => lastWord(key) === lastWord(held.key))) continue;
      const at = site.steps[0] ?? site;
      if (first(frame, "sleep", at, `${site.start}`)) frame.outcome.sleepsUnderLock.push({ held, site });
      return;
    }
  }
  // A path that has locks of its own is reported here; its callers need not hear of it again.
  if (isAtomic(state) && site.gfpParam === undefined) return;
  const id = `${site.start}:${site.steps[0]?.start ?? ""}`;
  const known = frame.sleeps.get(id);
  const conditions = [...conditionsOf(frame, state), ...site.conditions];
  if (known !== undefined) {
    if (known.conditions.length === 0 || conditions.length > 0) return;
  } else if (frame.sleeps.size >= 24) return;
  frame.sleeps.set(id, { ...site, conditions, dropped: new Set([...state.dropped, ...site.dropped]) });
}
