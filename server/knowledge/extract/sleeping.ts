// Which functions may sleep, by what they call: at most two calls to a primitive, or any number that all must happen.
import type { MaySleep } from "../schema.ts";
import { argumentAt, type Definition, type Definitions, parameterIndex } from "./definitions.ts";
import type { BodyCall } from "./harvest.ts";

/** How sure it is that a call on the way happens. */
type Sure = "always" | "unless-failing" | "perhaps";

export interface Sleep {
  readonly may: Exclude<MaySleep, "unknown" | "never">;
  /** Calls that lead to the primitive, outermost first. */
  readonly via: readonly string[];
  /** Index of the gfp_t parameter that decides, for `flags`. */
  readonly gfp?: number;
  /** For `conditional`: parameters that are tested, where it hangs on nothing else. */
  readonly tested?: readonly string[];
  /** Calls to the primitive, thin wrappers not counted. */
  readonly distance: number;
  /** `always`: every call on the way happens on every path; `unless-failing`: on every one that does not leave before. */
  readonly sure: Sure;
}

/**
 * Where sleeping begins: the kernel's own assertions, and what gives up the processor. cond_resched() is not among
 * them: it stands in loops that run long only in tasks, behind tests that a reader of one function does not see, so
 * that it says less of the function than the others do.
 */
const primitives: ReadonlySet<string> = new Set(
  `might_sleep __might_sleep might_fault __might_fault schedule schedule_preempt_disabled schedule_timeout
   schedule_timeout_interruptible schedule_timeout_killable schedule_timeout_uninterruptible schedule_timeout_idle
   schedule_hrtimeout schedule_hrtimeout_range schedule_hrtimeout_range_clock io_schedule io_schedule_timeout`
    .trim()
    .split(/\s+/),
);
const assertions: ReadonlySet<string> = new Set(["might_sleep", "__might_sleep", "might_fault", "__might_fault"]);
/** Sleep as their first argument allows. */
const allocations: ReadonlySet<string> = new Set(["might_alloc", "fs_reclaim_acquire"]);

/** Not followed: what is behind them happens when the machine is lost, or says where it would be wrong to be. */
const notFollowed =
  /^(panic|BUG|WARN|make_task_dead|do_exit|oops_|die|printk|_printk|vprintk|dump_stack|lockdep_|lock_(acquire|release)|kasan_|kmsan_|kcsan_|trace_|cond_resched|_cond_resched|__cond_resched|might_resched|preempt_|rcu_read_|local_bh_|local_irq_|spin_|raw_spin_|_raw_spin_|read_lock|write_lock|__builtin_|static_branch_|static_key_|debug_|alloc_hooks$)/;

const reclaim =
  /^(GFP_KERNEL|GFP_KERNEL_ACCOUNT|GFP_NOIO|GFP_NOFS|GFP_USER|GFP_HIGHUSER|GFP_HIGHUSER_MOVABLE|__GFP_RECLAIM|__GFP_DIRECT_RECLAIM)$/;

/** Ways beyond this many calls count only where each call is sure to happen. */
const longest: Readonly<Record<Sure, number>> = { always: 12, "unless-failing": 12, perhaps: 2 };
const rounds = 16;

export function sleepingOf(definitions: Definitions): Map<Definition, Sleep> {
  const known = new Map<Definition, Sleep>();
  const callers = callersOf(definitions);
  let due: Iterable<Definition> = definitions.all;
  for (let round = 0; round < rounds; round++) {
    const changed: [Definition, Sleep][] = [];
    for (const each of due) {
      const made = sleepOf(each, definitions, known);
      const before = known.get(each);
      if (made !== undefined && (before === undefined || better(made, before))) changed.push([each, made]);
    }
    if (changed.length === 0) break;
    // All at once, so that the order of the definitions changes nothing.
    const next = new Set<Definition>();
    for (const [each, made] of changed) {
      known.set(each, made);
      for (const caller of callers.get(each.name) ?? []) next.add(caller);
    }
    due = next;
  }
  return known;
}

function callersOf(definitions: Definitions): Map<string, Definition[]> {
  const callers = new Map<string, Definition[]>();
  for (const each of definitions.all) {
    for (const name of new Set(each.body.calls.map((call) => call.name))) {
      const list = callers.get(name);
      if (list === undefined) callers.set(name, [each]);
      else list.push(each);
    }
  }
  return callers;
}

function sleepOf(
  definition: Definition,
  definitions: Definitions,
  known: ReadonlyMap<Definition, Sleep>,
): Sleep | undefined {
  let best: Sleep | undefined;
  const { calls } = definition.body;
  const dropsAt = firstDroppedLock(definition);
  const forwards = isForward(definition);
  for (const [at, call] of calls.entries()) {
    for (const callee of calleesOf(call, definition, definitions, known)) {
      const met = meet(definition, call, callee, forwards);
      if (met === undefined) continue;
      const sleep: Sleep = at > dropsAt && met.may === "always" ? { ...met, may: "conditional", sure: "perhaps" } : met;
      if (best === undefined || better(sleep, best)) best = sleep;
    }
  }
  if (best?.may !== "always" && definition.doc?.sleeps === "always") return documented;
  return best ?? handedOn(definition);
}

/** What its own comment says counts like an assertion. */
const documented: Sleep = { may: "always", via: [], distance: 1, sure: "always" };

/** A gfp_t parameter that goes to a call through a pointer: what it allows is for the callee to use. */
function handedOn(definition: Definition): Sleep | undefined {
  const gfp = gfpParameter(definition);
  const name = gfp === undefined ? undefined : definition.parameters[gfp]!.name;
  if (name === undefined || definition.body.handsOn?.includes(name) !== true) return undefined;
  return { may: "flags", via: [], gfp: gfp!, distance: 1, sure: "perhaps" };
}

export function gfpParameter({ parameters }: Definition): number | undefined {
  const at = parameters.findIndex((each) => /^(const )?gfp_t$/.test(each.type));
  return at < 0 ? undefined : at;
}

interface Callee {
  readonly name: string;
  readonly sleep: Sleep;
  readonly definition?: Definition;
}

function calleesOf(
  call: BodyCall,
  caller: Definition,
  definitions: Definitions,
  known: ReadonlyMap<Definition, Sleep>,
): Callee[] {
  const { name } = call;
  if (primitives.has(name)) return [{ name, sleep: { may: "always", via: [], distance: 0, sure: "always" } }];
  if (allocations.has(name)) return [{ name, sleep: { may: "flags", via: [], gfp: 0, distance: 0, sure: "always" } }];
  if (notFollowed.test(name)) return [];
  const found: Callee[] = [];
  for (const definition of definitions.resolve(name, caller.path)) {
    const sleep = definition === caller ? undefined : known.get(definition);
    if (sleep !== undefined) found.push({ name, sleep, definition });
  }
  return found;
}

/** What a call of something that may sleep makes of the caller. */
function meet(caller: Definition, call: BodyCall, callee: Callee, forwards: boolean): Sleep | undefined {
  const { sleep } = callee;
  const via = [callee.name, ...sleep.via];
  const sure = weaker(
    sleep.sure,
    call.when === undefined ? "always" : call.when === "exit" ? "unless-failing" : "perhaps",
  );
  const distance = sleep.distance + (forwards ? 0 : 1);
  let made: Sleep | undefined;
  if (sleep.may === "always") made = { may: "always", via, distance, sure };
  else if (sleep.may === "flags") made = throughFlags(caller, call, sleep, via, sure);
  else if (sleep.tested === undefined) made = { may: "conditional", via, distance, sure };
  else {
    const tested = sleep.tested.flatMap((name) => {
      const index = callee.definition === undefined ? undefined : parameterIndex(callee.definition, name);
      const arg = index === undefined ? undefined : argumentAt(caller, call.args, index);
      return typeof arg === "string" && parameterIndex(caller, arg) !== undefined ? [arg] : [];
    });
    if (tested.length > 0) made = { may: "conditional", via, tested, distance, sure };
  }
  if (made === undefined) return undefined;
  // A gfp argument is followed as far as it goes; the rest within two calls, or for sure.
  if (made.may !== "flags" && made.distance > longest[made.sure]) return undefined;
  return guarded(caller, call, made);
}

function throughFlags(
  caller: Definition,
  call: BodyCall,
  sleep: Sleep,
  via: readonly string[],
  sure: Sure,
): Sleep | undefined {
  const arg = sleep.gfp === undefined ? undefined : argumentAt(caller, call.args, sleep.gfp);
  if (arg === undefined) return undefined;
  if (typeof arg !== "string") return { may: "flags", via, gfp: arg.param, distance: 1, sure };
  const flags = arg.split("|");
  // The allocation itself counts as the primitive.
  if (flags.some((each) => reclaim.test(each))) return { may: "always", via, distance: 1, sure };
  const gfp = flags.map((each) => parameterIndex(caller, each)).find((each) => each !== undefined);
  return gfp === undefined ? undefined : { may: "flags", via, gfp, distance: 1, sure };
}

/** What hangs on a parameter or on the context sleeps under that condition only. */
function guarded(caller: Definition, call: BodyCall, sleep: Sleep): Sleep | undefined {
  if (call.when !== "parameter" && call.when !== "context") return sleep;
  if (sleep.may === "flags") return sleep;
  const gfp = gfpParameter(caller);
  if (gfp !== undefined && call.tested?.includes(caller.parameters[gfp]!.name)) {
    return { may: "flags", via: sleep.via, gfp, distance: sleep.distance, sure: "perhaps" };
  }
  const { tested: _, ...rest } = sleep;
  const tested = call.when === "parameter" ? { tested: call.tested ?? [] } : {};
  return { ...rest, may: "conditional", sure: "perhaps", ...tested };
}

/** Index of the call that gives back a lock which the function has not taken: it sleeps without its caller's lock. */
function firstDroppedLock({ body, annotations }: Definition): number {
  if (annotations.some((each) => each.name === "__releases")) {
    const at = body.calls.findIndex((each) => /unlock/.test(each.name));
    return at < 0 ? -1 : at;
  }
  for (const [at, { name }] of body.calls.entries()) {
    if (
      /^(raw_)?(spin|read|write)_(try)?lock|^(task|local|sigh)\w*_lock|^guard$|^scoped_guard$|lock_irqsave/.test(name)
    )
      break;
    if (/^(raw_)?(spin|read|write)_unlock/.test(name)) return at;
  }
  return Number.POSITIVE_INFINITY;
}

/** A macro is part of the body it stands in, and an inline that is one call adds nothing to the way. */
export function isForward({ kind, body }: Definition): boolean {
  if (kind === "macro") return true;
  if (kind === "function") return false;
  const calls = body.calls.filter((each) => !notFollowed.test(each.name));
  return calls.length === 1;
}

const surety: Readonly<Record<Sure, number>> = { always: 2, "unless-failing": 1, perhaps: 0 };

function weaker(first: Sure, second: Sure): Sure {
  return surety[first] < surety[second] ? first : second;
}

const strength = { always: 3, flags: 2, conditional: 1 } as const;

function better(first: Sleep, second: Sleep): boolean {
  const rank = strength[first.may] - strength[second.may];
  if (rank !== 0) return rank > 0;
  const surer = surety[first.sure] - surety[second.sure];
  if (surer !== 0) return surer > 0;
  return first.distance < second.distance;
}

/** The strongest of what several variants of one function do. */
export function strongest(sleeps: readonly Sleep[]): Sleep | undefined {
  return sleeps.reduce<Sleep | undefined>((a, b) => (a === undefined || better(b, a) ? b : a), undefined);
}

/** An assertion of its own, rather than one of what it calls. */
export function isAnnotated({ via }: Sleep): boolean {
  return via.length === 1 && (assertions.has(via[0]!) || allocations.has(via[0]!));
}

export function sleepsByItself(name: string): boolean {
  return primitives.has(name) || allocations.has(name);
}
