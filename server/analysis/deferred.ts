// What a driver leaves to run later inside its own data - works, timers, tasklets - and never stops before that is freed.
import type { CallEvent, Cfg } from "../program/cfg.ts";
import { functionName } from "../program/entries.ts";
import { placeOf, walkExpr } from "../program/places.ts";
import type { Func, ParsedFile, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { callsOf } from "./calls-of.ts";
import { droppedWith } from "./device-lifetimes.ts";
import { storeOf } from "./ownership.ts";
import { calledBelow, leavingFunctions } from "./pairs.ts";
import { inFunction } from "./reuse.ts";
import { stripCasts } from "./summary.ts";

/** One kind of thing that runs later: how it is set up, what makes it run. */
interface Kind {
  readonly noun: string;
  readonly setups: RegExp;
  readonly arms: RegExp;
  /** What to call before the memory goes: the first that the kernel has. */
  readonly stop: readonly [string, ...string[]];
}

const KINDS: readonly Kind[] = [
  {
    noun: "delayed work item",
    setups: /^INIT_(DELAYED|DEFERRABLE)_WORK$/,
    arms: /^(schedule|queue|mod)_delayed_work(_on)?$|^(?!ieee80211)\w*_queue_(delayed_)?work$/,
    stop: ["cancel_delayed_work_sync"],
  },
  {
    noun: "work item",
    setups: /^INIT_WORK$/,
    arms: /^(schedule|queue)_work(_on|_node)?$|^(?!ieee80211)\w*_queue_work$/,
    stop: ["cancel_work_sync"],
  },
  {
    noun: "timer",
    setups: /^timer_setup$/,
    arms: /^(mod_timer(_pending)?|add_timer(_on)?|timer_reduce)$/,
    stop: ["timer_shutdown_sync", "del_timer_sync"],
  },
  {
    noun: "high-resolution timer",
    setups: /^hrtimer_(init|setup)$/,
    arms: /^hrtimer_(start|start_range_ns|restart)$/,
    stop: ["hrtimer_cancel"],
  },
  { noun: "tasklet", setups: /^tasklet_(init|setup)$/, arms: /^tasklet_(hi_)?schedule$/, stop: ["tasklet_kill"] },
];

/** A work or timer that may run when the memory it lies in is gone. */
export interface LeftRunning extends Span {
  /** The function that frees the memory, or after which the driver core does. */
  readonly fn: string;
  readonly kind: string;
  readonly stop: string;
  /** The work as the driver names it where it is set up. */
  readonly place: string;
  /** The struct that holds it. */
  readonly owner: string;
  /** The function that frees it; absent where the driver core does so. */
  readonly freedBy?: string;
  readonly setUp: Span;
  readonly armed: Span & { readonly fn: string };
  /** It is set up here, in a driver that has no way out of its own. */
  readonly atSetup?: true;
}

interface Deferred extends Span {
  readonly kind: Kind;
  readonly member: string;
  readonly place: string;
  readonly owner: string;
  readonly fn: string;
  readonly handler: string | undefined;
}

/** `stopped` are members that other files of the module stop. */
export function leftRunning(program: Program, stopped: ReadonlySet<string>): readonly LeftRunning[] {
  if (!SETUPS.test(program.file.text)) return [];
  const functions = [...program.functions.values()];
  if (functions.some((fn) => !fn.cfg.complete)) return [];
  const found: LeftRunning[] = [];
  const seen = new Set<string>();
  const calls = new Calls(program);
  const setUpIn = (fn: Func): readonly Deferred[] => inFunction(setUps, program, fn, (view) => setUps(view, fn));
  for (const each of functions.flatMap(setUpIn)) {
    const id = `${each.owner}.${each.member}`;
    if (seen.has(id) || mayBeStopped(calls, each, stopped)) continue;
    seen.add(id);
    const armed = arming(program, functions, each);
    if (armed === undefined) continue;
    const { start, end } = each;
    const base = {
      kind: each.kind.noun,
      stop: each.kind.stop.find((name) => program.knowledge.fn(name) !== undefined) ?? each.kind.stop[0],
      place: each.place,
      owner: each.owner,
      setUp: { start, end },
      armed,
    };
    const inWork = new Set(each.handler === undefined ? [] : calledBelow(program, each.handler));
    const frees = functions.flatMap((fn) => freesOf(program, fn, each.owner).map((event) => ({ fn, event })));
    // A work that frees its own data is the last to use it.
    if (frees.some(({ fn }) => inWork.has(fn.name))) continue;
    // What a counter frees when nobody is left, a pending work may be one to hold.
    if (frees.some(({ fn }) => fn.def.params.some(({ type }) => /^(struct kref|kref_t)$/.test(type.base)))) continue;
    const leaves = ({ fn }: { fn: Func }): boolean => LEAVES.test(fn.name) && !calls.setsUp(fn.name, each);
    const freeing = frees.find(leaves);
    // Who calls the release function stands nearer to what should have been stopped.
    const last = freeing === undefined ? undefined : (dropsOf(program, functions, each.owner).find(leaves) ?? freeing);
    if (last !== undefined) {
      found.push({
        ...base,
        fn: last.fn.name,
        freedBy: last.event.name!,
        start: last.event.start,
        end: last.event.end,
      });
      continue;
    }
    if (frees.length === 0 && isManaged(program, functions, each.owner)) {
      const way = wayOut(calls, each);
      if (way !== undefined) found.push({ ...base, fn: way.name, ...way.def.nameSpan });
    }
  }
  return found;
}

const SETUPS =
  /\b(INIT_WORK|INIT_DELAYED_WORK|INIT_DEFERRABLE_WORK|timer_setup|hrtimer_(init|setup)|tasklet_(init|setup))\b/;

/** Functions through which an object leaves the driver. */
const LEAVES =
  /remove|disconnect|exit|release|detach|fini|close|destroy|free|unbind|unregister|deinit|cleanup|uninit|delete|stop/;

/** `INIT_WORK(&p->work, foo_work)` on a member of something that a pointer leads to. */
function setUps(program: Program, fn: Func): Deferred[] {
  const found: Deferred[] = [];
  for (const event of callsOf(fn)) {
    const kind = KINDS.find((each) => each.setups.test(event.name ?? ""));
    const target = kind === undefined ? undefined : memberOf(event.expr.args[0]);
    const place = target === undefined ? undefined : placeOf(target);
    if (kind === undefined || target === undefined || place === undefined) continue;
    const owner = ownerOf(program, fn, target);
    if (owner === undefined) continue;
    const handler = event.expr.args
      .slice(1)
      .map(functionName)
      .find((name) => program.functions.has(name ?? ""));
    const { start, end } = event;
    found.push({ kind, member: target.field, place, owner, fn: fn.name, handler, start, end });
  }
  return found;
}

function memberOf(arg: Expr | undefined): (Expr & { kind: "member" }) | undefined {
  const inner = arg === undefined ? undefined : stripCasts(arg);
  const target = inner?.kind === "unary" && inner.op === "&" ? inner.operand : undefined;
  return target?.kind === "member" ? target : undefined;
}

/** The struct whose memory a member lies in: that of the last pointer on the way to it. */
function ownerOf(program: Program, fn: Func, member: Expr & { kind: "member" }): string | undefined {
  let each = member;
  while (!each.arrow) {
    if (each.base.kind !== "member") return undefined;
    each = each.base;
  }
  return program.types.typeOf(each.base, fn.def)?.base;
}

/** Whether anything but the failing way in may see to it that it no longer runs. */
function mayBeStopped(calls: Calls, each: Deferred, stopped: ReadonlySet<string>): boolean {
  const { member, kind } = each;
  const { program } = calls;
  if (stopped.has(member)) return true;
  if ([program.file, ...program.headers].some((file) => wordsDefined(file).has(member))) return true;
  if (/work/.test(kind.noun) && calls.flushes) return true;
  return [...program.functions.values(), ...program.inlines.values()].some((fn) => {
    const uses = usesOf(fn, member);
    if (uses === "elsewhere") return true;
    // What the way in does when it fails says nothing about the way out.
    if (calls.setsUp(fn.name, each)) return false;
    return uses.some(({ name }) => {
      if (kind.arms.test(name ?? "") || kind.setups.test(name ?? "") || HARMLESS.test(name ?? "")) return false;
      return !TRIES.test(name ?? "") || calls.isOnWayOut(fn.name);
    });
  });
}

const definitions = new WeakMap<ParsedFile, ReadonlySet<string>>();
const DEFINITION = /[ \t]*#[ \t]*define.*(?:\\\n.*)*/y;

/** The words of all macros of a file, whatever its configuration. */
function wordsDefined(file: ParsedFile): ReadonlySet<string> {
  let words = definitions.get(file);
  if (words === undefined) {
    const { text } = file;
    const found = new Set<string>();
    // Found by its sign: to look at the beginning of every line takes far longer.
    for (let at = text.indexOf("#"); at !== -1; at = text.indexOf("#", at + 1)) {
      DEFINITION.lastIndex = text.lastIndexOf("\n", at) + 1;
      for (const word of DEFINITION.exec(text)?.[0].match(/\w+/g) ?? []) found.add(word);
    }
    words = found;
    definitions.set(file, words);
  }
  return words;
}

/** Members by which the functions of a file stop something; for the other files of its module. */
export function membersStopped(program: Program): ReadonlySet<string> {
  const found = new Set<string>();
  for (const fn of program.functions.values())
    for (const { name, expr } of callsOf(fn))
      if (STOPS.test(name ?? ""))
        for (const arg of expr.args) {
          const member = memberOf(arg);
          if (member !== undefined) found.add(member.field);
        }
  return found;
}

const STOPS = /cancel|kill|flush|del(?!ay)|stop|shutdown|sync|destroy|disable|drain|release|remove|free|exit/;

/** They stop what is pending and do not wait for what runs. */
const TRIES = /^(cancel_(delayed_)?work|del_timer|timer_delete|try_to_del_timer_sync|hrtimer_try_to_cancel)$/;
const HARMLESS =
  /^(work_(pending|busy)|delayed_work_pending|timer_pending|hrtimer_(active|is_queued|forward|forward_now)|container_of)$/;

const uses = new WeakMap<Cfg, ReadonlyMap<string, readonly CallEvent[] | "elsewhere">>();

/** Calls that are given the address of a member; `elsewhere` when it is kept or handed on in another way. */
function usesOf({ cfg }: Func, member: string): readonly CallEvent[] | "elsewhere" {
  let known = uses.get(cfg);
  if (known === undefined) {
    known = usesIn(cfg);
    uses.set(cfg, known);
  }
  return known.get(member) ?? [];
}

/** By member. */
function usesIn({ blocks }: Cfg): ReadonlyMap<string, readonly CallEvent[] | "elsewhere"> {
  const found = new Map<string, CallEvent[] | "elsewhere">();
  for (const { events } of blocks)
    for (const event of events) {
      if (event.kind === "call") {
        const members = new Set(event.expr.args.flatMap((arg) => memberOf(arg)?.field ?? []));
        for (const member of members) {
          const calls = found.get(member);
          if (calls === undefined) found.set(member, [event]);
          else if (calls !== "elsewhere") calls.push(event);
        }
      } else if ((event.kind === "assign" || event.kind === "return") && event.value !== undefined) {
        const member = memberOf(event.value)?.field;
        if (member !== undefined) found.set(member, "elsewhere");
      }
    }
  return found;
}

/** Who calls whom in one file, worked out as far as it is asked for. */
class Calls {
  readonly program: Program;
  private readonly below = new Map<string, ReadonlySet<string>>();
  private leaving: ReadonlySet<string> | undefined;
  private flushing: boolean | undefined;

  constructor(program: Program) {
    this.program = program;
  }

  /** A queue of the system is flushed. */
  get flushes(): boolean {
    this.flushing ??= FLUSHES.test(this.program.file.text);
    return this.flushing;
  }

  /** The function sets the work up, itself or through what it calls: it is the way in. */
  setsUp(name: string, each: Deferred): boolean {
    return name === each.fn || this.from(name).has(each.fn);
  }

  /** The function, or one that comes to it, is on a way out by its name. */
  isOnWayOut(name: string): boolean {
    this.leaving ??= new Set(
      [...this.program.functions.keys()].filter((each) => LEAVES.test(each)).flatMap((each) => [...this.from(each)]),
    );
    return this.leaving.has(name);
  }

  private from(name: string): ReadonlySet<string> {
    const known = this.below.get(name) ?? calledBelow(this.program, name);
    this.below.set(name, known);
    return known;
  }
}

/** A queue that is flushed has run all its works. */
const FLUSHES = /\b(flush_scheduled_work|flush_work\w*)\s*\(\s*(system_|\))/;
const OWN_QUEUE = /\b(\w*(destroy|flush|drain)_workqueue|alloc_\w*workqueue|create_\w*workqueue)\s*\(/;

/** Where the driver makes it run; undefined unless every use of it is one that is understood. */
function arming(program: Program, functions: readonly Func[], each: Deferred): LeftRunning["armed"] | undefined {
  let armed: LeftRunning["armed"] | undefined;
  // That it runs itself again is the least telling.
  const order = [...functions].sort((a, b) => Number(a.name === each.handler) - Number(b.name === each.handler));
  for (const fn of order) {
    let waits = false;
    let arms: CallEvent | undefined;
    for (const event of callsOf(fn)) {
      waits ||= HOLDS.test(event.name ?? "");
      if (!event.expr.args.some((arg) => memberOf(arg)?.field === each.member)) continue;
      if (each.kind.arms.test(event.name ?? "")) arms = event;
    }
    if (arms !== undefined && !onSystemQueue(arms) && OWN_QUEUE.test(program.file.text)) return undefined;
    // Who waits for it, or takes a reference for it, sees to its end in a way of its own.
    if (arms !== undefined && waits) return undefined;
    if (arms !== undefined) armed ??= { start: arms.start, end: arms.end, fn: fn.name };
  }
  return armed;
}

const HOLDS = /wait_(for|event)|kref_get|^get_device$|_hold$|refcount_inc|module_get$|_ref$|usb_get_(dev|intf)/;

/** Queues of the system live on; a queue of the driver's own is flushed when it is destroyed. */
function onSystemQueue({ name, expr }: CallEvent): boolean {
  const queue = expr.args[0];
  return /^schedule_|timer|tasklet/.test(name ?? "") || (queue?.kind === "name" && queue.name.startsWith("system_"));
}

/** Calls of a function that free an object of a struct type, or what the object is the private part of. */
function freesOf(program: Program, fn: Func, owner: string): CallEvent[] {
  const holders = new Set<string>();
  for (const { events } of fn.cfg.blocks)
    for (const event of events) {
      if (event.kind !== "assign" || event.value === undefined) continue;
      const made = stripCasts(event.value);
      if (made.kind !== "call" || !PRIVATE.test(made.callee.kind === "name" ? made.callee.name : "")) continue;
      if (program.types.typeOf(event.target, fn.def)?.base !== owner || made.args[0] === undefined) continue;
      const holder = placeOf(stripCasts(made.args[0]));
      if (holder !== undefined) holders.add(holder);
    }
  return callsOf(fn).filter((event) => {
    const fact = event.name === undefined ? undefined : program.knowledge.fn(event.name);
    const index = fact?.handleParam;
    if (index === undefined || !fact?.takes?.includes(index)) return false;
    const arg = event.expr.args[index];
    const place = arg === undefined ? undefined : placeOf(stripCasts(arg));
    if (arg === undefined || place === undefined) return false;
    const type = program.types.typeOf(stripCasts(arg), fn.def);
    return (type?.base === owner && type.pointers === 1) || holders.has(place);
  });
}

/** Calls that drop the reference with which a release function of the file frees such an object. */
function dropsOf(program: Program, functions: readonly Func[], owner: string): { fn: Func; event: CallEvent }[] {
  return functions.flatMap((fn) =>
    callsOf(fn)
      .filter((event) => {
        const holder = droppedWith(program, fn, event);
        return holder !== undefined && program.types.typeOf(holder, fn.def)?.base === owner;
      })
      .map((event) => ({ fn, event })),
  );
}

/** `host = mmc_priv(mmc)`: freeing the one frees the other. */
const PRIVATE = /^(netdev|mmc|iio|shost|hcd|wiphy|ieee802154|scsi)_?priv$/;

/** The driver core frees it after the device has left the driver. */
function isManaged(program: Program, functions: readonly Func[], owner: string): boolean {
  return functions.some((fn) =>
    fn.cfg.blocks.some(({ events }) =>
      events.some((event, index) => {
        if (event.kind !== "call" || !/^devm_k[mzc]alloc$/.test(event.name ?? "")) return false;
        const target = storeOf(event, events, index)?.target;
        const type = target === undefined ? undefined : program.types.typeOf(target, fn.def);
        return type?.base === owner && type.pointers === 1 && !inArray(event.expr);
      }),
    ),
  );
}

function inArray(expr: Expr): boolean {
  let found = false;
  walkExpr(expr, (each) => (found ||= each.kind === "binary" && each.op === "*"));
  return found;
}

/** The one function through which a device leaves the driver that set the work up on its way in. */
function wayOut(calls: Calls, each: Deferred): Func | undefined {
  const { program } = calls;
  const found = new Set<string>();
  for (const name of program.functions.keys())
    if (calls.setsUp(name, each)) for (const way of leavingFunctions(program, name)) found.add(way);
  return found.size === 1 ? program.functions.get([...found][0]!) : undefined;
}
