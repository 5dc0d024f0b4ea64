// Handlers and operations that the kernel may call before what they use is set up.

import { calledIn } from "../program/called.ts";
import type { AssignEvent, CallEvent } from "../program/cfg.ts";
import { placeOf, spoken } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { addressed, memberClass, rootName } from "./driver-objects.ts";
import { handlersOf, type Use, usesOf } from "./handlers.ts";
import { ATTRIBUTES, operationsOf, REGISTERS } from "./operations.ts";
import { orderOf, type Point, pointsOf } from "./order.ts";
import { inFunction } from "./reuse.ts";
import { type CallStep, stripCasts } from "./summary.ts";
import { mayUse, type UnseenUse, unseenUse } from "./unseen-handlers.ts";

/** Something that a handler uses and that is set up too late. */
export interface Late {
  readonly use: Use;
  /** The handler through which it is used, and how a person names it. */
  readonly handler: string;
  readonly role: string;
  /** What it is: `spinlock`, `pointer`. */
  readonly what: string;
  /** As the one who sets it up writes it. */
  readonly place: string;
  /** Where it is set up, and the function that the place stands in. */
  readonly setUp: Span & { readonly fn: string; readonly file: string };
}

/** From this call on the kernel may call the driver, which is not ready. */
export interface Unready extends Span {
  readonly fn: Func;
  readonly kind: "irq" | "registration";
  /** The kernel function that hands the handler over. */
  readonly registers: string;
  /** Calls from `fn` to the one that holds the call. */
  readonly steps: readonly CallStep[];
  readonly late: readonly Late[];
  /** Set where the handler cannot be seen: what is set up late it can only be thought to use. */
  readonly unseen?: UnseenUse;
}

/** What makes an object usable that was none before, by the argument that is its address, and how a person names it. */
const SETS_UP: Readonly<Record<string, readonly [arg: number, what: string]>> = {
  spin_lock_init: [0, "spinlock"],
  raw_spin_lock_init: [0, "spinlock"],
  rwlock_init: [0, "lock"],
  seqlock_init: [0, "lock"],
  mutex_init: [0, "mutex"],
  sema_init: [0, "semaphore"],
  init_rwsem: [0, "semaphore"],
  init_completion: [0, "completion"],
  init_waitqueue_head: [0, "wait queue"],
  init_swait_queue_head: [0, "wait queue"],
  INIT_WORK: [0, "work item"],
  INIT_DELAYED_WORK: [0, "work item"],
  INIT_DEFERRABLE_WORK: [0, "work item"],
  devm_work_autocancel: [1, "work item"],
  devm_delayed_work_autocancel: [1, "work item"],
  kthread_init_work: [0, "work item"],
  kthread_init_worker: [0, "worker"],
  init_irq_work: [0, "work item"],
  timer_setup: [0, "timer"],
  hrtimer_init: [0, "timer"],
  hrtimer_setup: [0, "timer"],
  tasklet_setup: [0, "tasklet"],
  tasklet_init: [0, "tasklet"],
  INIT_LIST_HEAD: [0, "list"],
  INIT_HLIST_HEAD: [0, "list"],
  skb_queue_head_init: [0, "queue"],
  INIT_KFIFO: [0, "queue"],
  netif_napi_add: [1, "NAPI context"],
  netif_napi_add_weight: [1, "NAPI context"],
  netif_napi_add_tx: [1, "NAPI context"],
  drm_bridge_add: [0, "bridge"],
  xa_init: [0, "xarray"],
  xa_init_flags: [0, "xarray"],
  idr_init: [0, "IDR"],
};

const SETS_DRVDATA = /^\w+_set_(drv|client|intf)data$/;

/** Calls below a function that are followed. */
const DEPTH = 3;

export interface SetUp extends Span {
  /** For driver data: the variable of the device that gets it. */
  readonly device?: string | undefined;
  readonly thing: string;
  readonly what: string;
  readonly place: string;
  readonly fn: string;
  readonly file: string;
}

interface Registration extends Span {
  readonly kind: Unready["kind"];
  readonly name: string;
  /** Variables of the devices that get attributes. */
  readonly devices: readonly string[];
  readonly handlers: readonly { readonly fn: string; readonly role: string }[];
  readonly steps: readonly CallStep[];
  readonly unseen?: UnseenUse;
}

const found = new WeakMap<Program, readonly Unready[]>();

/** Worked out once for all rules that ask. */
export function unready(program: Program): readonly Unready[] {
  const known = found.get(program) ?? lookFor(program);
  found.set(program, known);
  return known;
}

function lookFor(program: Program): readonly Unready[] {
  const { functions } = program;
  const leading = leadingToRegistrations(program);
  if (leading.size === 0) return [];
  const sites = new Map<string, number>();
  for (const fn of functions.values())
    for (const { thing } of setUpsIn(program, fn)) sites.set(thing, (sites.get(thing) ?? 0) + 1);
  const all = [...leading].flatMap((fn) => (fn.cfg.complete ? unreadyIn(program, fn, sites) : []));
  // Of several ways to request the interrupt of one device, the first is enough.
  const first = (each: Unready): number | undefined => (each.late[0]?.setUp ?? each.unseen?.things[0])?.start;
  return all.filter((each, index) => all.findIndex((other) => first(other) === first(each)) === index);
}

const leads = new WeakMap<Program, ReadonlySet<Func>>();

/** Functions that hand something over to the kernel, here or below. */
function leadingToRegistrations(program: Program): ReadonlySet<Func> {
  const known = leads.get(program);
  if (known !== undefined) return known;
  const found = new Set<Func>();
  leads.set(program, found);
  const callers = new Map<Func, Set<Func>>();
  for (const fn of program.functions.values()) {
    if (registrationsIn(program, fn).length > 0) found.add(fn);
    for (const name of calledIn(fn.cfg)) {
      const callee = program.functions.get(name);
      if (callee !== undefined) callers.set(callee, (callers.get(callee) ?? new Set()).add(fn));
    }
  }
  for (const fn of found) for (const caller of callers.get(fn) ?? []) found.add(caller);
  return found;
}

function unreadyIn(program: Program, fn: Func, sites: ReadonlyMap<string, number>): readonly Unready[] {
  const order = orderOf(fn);
  const points = pointsOf(fn);
  const registering = points.flatMap((point) =>
    registrationsAt(program, fn, point.event, DEPTH).map((registration) => ({ point, registration })),
  );
  if (registering.length === 0) return [];
  if (registering.every(({ registration }) => registration.handlers.length === 0 && registration.unseen === undefined))
    return [];
  const setting = points.flatMap((point) =>
    setUpsAt(program, fn, point, DEPTH, new Set()).map((setUp) => ({ point, setUp })),
  );
  return registering.flatMap(({ point, registration }) => {
    const { unseen } = registration;
    if ((registration.handlers.length === 0 && unseen === undefined) || isHeldOff(program, fn, registration)) return [];
    const after = new Map<string, SetUp>();
    const seen = new Map<string, number>();
    const early = new Set<string>();
    for (const { point: at, setUp } of setting) {
      if (!order.isAfter(at, point)) early.add(setUp.thing);
      else {
        seen.set(setUp.thing, (seen.get(setUp.thing) ?? 0) + 1);
        if (!after.has(setUp.thing)) after.set(setUp.thing, setUp);
      }
    }
    const wanted = new Set<string>();
    // Whoever sets it up elsewhere may have done so before.
    for (const thing of after.keys()) if (!early.has(thing) && seen.get(thing) === sites.get(thing)) wanted.add(thing);
    if (wanted.size === 0) return [];
    const assigned = new Set(
      points.flatMap((each) => (order.canFollow(point, each) ? assignedAt(program, fn, each, DEPTH) : [])),
    );
    const late = registration.handlers.flatMap(({ fn: handler, role }) =>
      usesOf(program, handler, registration.kind === "irq" ? "last" : "all", wanted).flatMap((use) => {
        const setUp = after.get(use.thing)!;
        if (!fits(use, setUp, registration)) return [];
        // The handler asks first, and the answer is no until the driver is ready.
        if ([...use.gates].some((gate) => !assigned.has(gate))) return [];
        return [{ use, handler, role, what: setUp.what, place: setUp.place, setUp }];
      }),
    );
    const once = late.filter(({ use }, index) => late.findIndex((other) => other.use.thing === use.thing) === index);
    const { event } = point;
    const { kind, name, steps } = registration;
    if (once.length === 0) {
      const doubtful = unseen === undefined ? [] : [...wanted].flatMap((thing) => mayUse(unseen, after.get(thing)!));
      if (unseen === undefined || doubtful.length === 0) return [];
      return [
        {
          fn,
          kind,
          registers: name,
          steps,
          late: [],
          unseen: { ...unseen, things: doubtful },
          start: event.start,
          end: event.end,
        },
      ];
    }
    return [{ fn, kind, registers: name, steps, late: once, start: event.start, end: event.end }];
  });
}

function fits(use: Use, { what, device }: SetUp, { kind, devices }: Registration): boolean {
  if (what === "pointer") return use.kind === "pointer" && kind === "irq";
  if (what === "driver data")
    return use.kind === "drvdata" && (kind === "irq" || (device !== undefined && devices.includes(device)));
  return use.kind === "object" && use.callee !== undefined ? SETS_UP[use.callee] === undefined : use.kind === "object";
}

/** The line of the interrupt stays off until the driver turns it on. */
function isHeldOff(program: Program, fn: Func, { kind, name: requests, steps }: Registration): boolean {
  if (kind !== "irq") return false;
  // Each CPU turns its own on with enable_percpu_irq().
  if (/_percpu_(irq|nmi)$/.test(requests)) return true;
  const names = [fn.name, ...steps.map((step) => step.callee)];
  return names.some((name) => {
    const each = program.functions.get(name);
    return (
      each !== undefined && /NO_?AUTOEN|\bdisable_irq\w*\(/.test(program.file.text.slice(each.def.start, each.def.end))
    );
  });
}

const direct = new WeakMap<Func, readonly Registration[]>();

function registrationsIn(program: Program, fn: Func): readonly Registration[] {
  const known = direct.get(fn);
  if (known !== undefined) return known;
  const found = inFunction(registrationsIn, program, fn, (view) =>
    pointsOf(fn).flatMap((point) =>
      point.event.kind === "call" ? (registrationOf(view, fn, point, point.event) ?? []) : [],
    ),
  );
  direct.set(fn, found);
  return found;
}

function registrationsAt(program: Program, fn: Func, event: Point["event"], depth: number): readonly Registration[] {
  if (event.kind !== "call" || event.name === undefined) return [];
  const callee = program.functions.get(event.name);
  if (callee === undefined) return registrationsIn(program, fn).filter((each) => each.start === event.start);
  if (depth === 0 || callee === fn || !leadingToRegistrations(program).has(callee)) return [];
  const step = { callee: callee.name, file: fn.file, start: event.start, end: event.end };
  return pointsOf(callee).flatMap((each) =>
    registrationsAt(program, callee, each.event, depth - 1).map((one) => ({ ...one, steps: [step, ...one.steps] })),
  );
}

function registrationOf(program: Program, fn: Func, point: Point, event: CallEvent): Registration | undefined {
  const { name, expr } = event;
  if (name === undefined || program.functions.has(name)) return undefined;
  const base = { name, devices: [], steps: [], start: event.start, end: event.end };
  const interrupts = (program.knowledge.fn(name)?.callbacks ?? []).filter(({ role }) =>
    /^(chained )?interrupt /.test(role),
  );
  if (interrupts.length > 0) {
    const flags = program.file.text.slice(event.start, event.end);
    const handlers = interrupts.flatMap(({ param, role }) =>
      handlersOf(program, expr.args[param]).map((each) => ({ fn: each, role })),
    );
    if (/NO_?AUTOEN/.test(flags)) return undefined;
    const unseen = unseenUse(program, fn, event, interrupts);
    return { ...base, kind: "irq", handlers, ...(unseen === undefined ? {} : { unseen }) };
  }
  if (!REGISTERS.test(name) && !ATTRIBUTES.test(name)) return undefined;
  const handlers = expr.args.flatMap((arg) => operationsOf(program, fn, point, arg));
  const devices = ATTRIBUTES.test(name) ? [rootName(expr.args[0]!) ?? []].flat() : [];
  return handlers.length === 0 ? undefined : { ...base, kind: "registration", handlers, devices };
}

const setUps = new WeakMap<Func, readonly SetUp[]>();

/** Everything that a function itself sets up. */
function setUpsIn(program: Program, fn: Func): readonly SetUp[] {
  const known = setUps.get(fn);
  if (known !== undefined) return known;
  const found = inFunction(setUpsIn, program, fn, (view) =>
    pointsOf(fn).flatMap(({ event }) => {
      if (event.kind === "call") return setUpByCall(view, fn, event) ?? [];
      return event.kind === "assign" ? (pointerSet(view, fn, event) ?? []) : [];
    }),
  );
  setUps.set(fn, found);
  return found;
}

function setUpsAt(program: Program, fn: Func, { event }: Point, depth: number, visited: Set<Func>): readonly SetUp[] {
  const callee = event.kind === "call" && event.name !== undefined ? program.functions.get(event.name) : undefined;
  if (callee === undefined)
    return setUpsIn(program, fn).filter((each) => each.start === event.start && each.end === event.end);
  if (depth === 0 || visited.has(callee)) return [];
  visited.add(callee);
  return pointsOf(callee).flatMap((each) => setUpsAt(program, callee, each, depth - 1, visited));
}

function setUpByCall(program: Program, fn: Func, { name, expr, start, end }: CallEvent): SetUp | undefined {
  if (name === undefined) return undefined;
  const at = { fn: fn.name, file: fn.file, start, end };
  if (SETS_DRVDATA.test(name) && !isNothing(expr.args[1]))
    return { thing: "@drvdata", what: "driver data", place: name, device: rootName(expr.args[0]!), ...at };
  const known = Object.hasOwn(SETS_UP, name) ? SETS_UP[name] : undefined;
  const arg = known === undefined ? undefined : expr.args[known[0]];
  if (known === undefined || arg === undefined) return undefined;
  const object = name === "INIT_KFIFO" ? stripCasts(arg) : addressed(arg);
  const thing = object === undefined ? undefined : memberClass(program, fn, object);
  return thing === undefined ? undefined : { thing, what: known[1], place: spoken(placeOf(object!) ?? thing), ...at };
}

/** A pointer member gets what it is to point to. */
function pointerSet(program: Program, fn: Func, { target, value, start, end }: AssignEvent): SetUp | undefined {
  if (target.kind !== "member" || isNothing(value)) return undefined;
  const type = program.types.typeOf(target, fn.def);
  if (type === undefined || type.pointers !== 1 || type.callable || type.dimensions.length > 0) return undefined;
  const thing = memberClass(program, fn, target);
  if (thing === undefined) return undefined;
  return { thing, what: "pointer", place: placeOf(target) ?? thing, fn: fn.name, file: fn.file, start, end };
}

function isNothing(value: Expr | undefined): boolean {
  const inner = value === undefined ? undefined : stripCasts(value);
  return (
    inner === undefined ||
    (inner.kind === "name" && inner.name === "NULL") ||
    (inner.kind === "number" && inner.text === "0")
  );
}

/** Members and variables that get a value other than nothing. */
function assignedAt(program: Program, fn: Func, { event }: Point, depth: number): readonly string[] {
  if (event.kind === "assign") {
    if (event.value !== undefined && isNothing(event.value)) return [];
    const thing = memberClass(program, fn, event.target);
    return thing === undefined ? [] : [thing];
  }
  if (event.kind !== "call" || event.name === undefined) return [];
  if (SETS_DRVDATA.test(event.name)) return ["@drvdata"];
  const callee = program.functions.get(event.name);
  if (callee !== undefined)
    return depth === 0 ? [] : pointsOf(callee).flatMap((each) => assignedAt(program, callee, each, depth - 1));
  // `of_property_read_u32(np, "mode", &priv->mode)`, `set_bit(READY, &priv->flags)`
  return event.expr.args.flatMap((arg) => {
    const object = addressed(arg);
    const thing = object === undefined ? undefined : memberClass(program, fn, object);
    return thing === undefined ? [] : [thing];
  });
}
