// Works, timers and queues that are stopped while an interrupt or a device that queues them is still alive.

import type { Callback } from "../knowledge/schema.ts";
import { calledIn } from "../program/called.ts";
import type { CallEvent } from "../program/cfg.ts";
import { functionName } from "../program/entries.ts";
import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { addressed, memberClass } from "./driver-objects.ts";
import { handlersOf, type Use, usesOf } from "./handlers.ts";
import { orderOf, type Point, pointsOf } from "./order.ts";
import { leavingFunctions } from "./pairs.ts";
import { stripCasts } from "./summary.ts";

/** Where a step stands that the driver makes too early, or that comes too late. */
export interface Place extends Span {
  readonly file: string;
}

/** Something is stopped or freed while a handler may still need it. */
export interface Undone extends Span {
  readonly fn: Func;
  /** The kernel function that takes it down. */
  readonly by: string;
  readonly place: string;
  /** What it led to is gone; otherwise it was only stopped. */
  readonly frees: boolean;
  /** What queues it again, or uses it. */
  readonly use: Use;
  readonly handler: string;
  /** What keeps the handler alive: the call that frees it later, or the managed request. */
  readonly alive: Place & { readonly name: string };
  /** later: stopped further down. managed: only after the function has returned. action: by an older managed resource. */
  readonly how: "later" | "managed" | "action";
}

/** Functions that stop a thing for good unless it is queued again: the argument that is its address, or the queue. */
const STOPS: Readonly<Record<string, number>> = {
  cancel_work_sync: 0,
  cancel_delayed_work_sync: 0,
  kthread_cancel_work_sync: 0,
  kthread_cancel_delayed_work_sync: 0,
  tasklet_kill: 0,
  del_timer_sync: 0,
  timer_delete_sync: 0,
  hrtimer_cancel: 0,
  destroy_workqueue: 0,
};

/** Functions that free what a pointer leads to. */
const FREES: Readonly<Record<string, number>> = {
  iounmap: 0,
  kfree: 0,
  vfree: 0,
  kvfree: 0,
  pci_iounmap: 1,
  dma_free_coherent: 2,
};

const STOPPING = [...Object.keys(STOPS), ...Object.keys(FREES)];

const QUEUES =
  /^(schedule_(delayed_)?work(_on)?|(queue|mod)_(delayed_)?work(_on)?|kthread_(queue|mod)_(delayed_)?work|tasklet_(hi_)?schedule|mod_timer|add_timer|hrtimer_start|hrtimer_forward_now)$/;

/** Calls before which a device is as alive as after them: anything else may have silenced it. */
const HARMLESS =
  /^(dev_(dbg|info|warn|err)|pr_\w+|printk|netdev_\w+|cancel_\w+|tasklet_kill|del_timer\w*|timer_delete\w*|hrtimer_cancel|flush_work\w*|destroy_workqueue|iounmap|kfree|vfree|kvfree|release_mem_region|dma_free_coherent|clk_put|kthread_cancel_\w+|container_of|to_\w+|\w+_get_(drv|client|intf)data|\w+_priv|debugfs_remove\w*|sysfs_remove_\w+|device_remove_file\w*|device_init_wakeup|mutex_(un)?lock|mutex_destroy|pm_runtime_get_\w+|IS_ENABLED|of_node_put|WARN_ON\w*)$/;

interface Stop {
  readonly point: Point;
  readonly thing: string;
  readonly place: string;
  readonly name: string;
  /** What a pointer leads to is gone; otherwise it may be queued again. */
  readonly frees: boolean;
}

/** The work, timer, tasklet or queue that a call stops, or the pointer that it makes useless. */
function stopAt(program: Program, fn: Func, point: Point): Stop | undefined {
  const { event } = point;
  if (event.kind !== "call" || event.name === undefined || program.functions.has(event.name)) return undefined;
  const frees = Object.hasOwn(FREES, event.name);
  if (!frees && !Object.hasOwn(STOPS, event.name)) return undefined;
  const arg = event.expr.args[frees ? FREES[event.name]! : STOPS[event.name]!];
  const address = arg === undefined ? undefined : addressed(arg);
  if (arg === undefined || (frees && address !== undefined)) return undefined;
  const object = address ?? stripCasts(arg);
  const thing = memberClass(program, fn, object);
  return thing === undefined ? undefined : { point, thing, place: placeOf(object) ?? thing, name: event.name, frees };
}

interface Request extends Span {
  readonly name: string;
  readonly fn: Func;
  readonly point: Point;
  readonly handlers: readonly string[];
  readonly line: string | undefined;
  /** The struct that the handler is given. */
  readonly data: string | undefined;
}

function requestsIn(program: Program): readonly Request[] {
  const asking = new Map<string, readonly Callback[]>();
  for (const name of program.calls) {
    const interrupts = program.knowledge.fn(name)?.callbacks?.filter(({ role }) => /^interrupt /.test(role)) ?? [];
    if (interrupts.length > 0) asking.set(name, interrupts);
  }
  const names = [...asking.keys()];
  return [...program.functions.values()].flatMap((fn) => {
    if (!names.some((name) => calledIn(fn.cfg).has(name))) return [];
    return pointsOf(fn).flatMap((point) => {
      const { event } = point;
      const interrupts = event.kind === "call" && event.name !== undefined ? asking.get(event.name) : undefined;
      if (event.kind !== "call" || event.name === undefined || interrupts === undefined) return [];
      const { args } = event.expr;
      const handlers = interrupts.flatMap(({ param }) => handlersOf(program, args[param]));
      const line = lastWord(args[event.name.startsWith("devm_") ? 1 : 0]);
      const { name, start, end } = event;
      return [{ name, fn, point, handlers, line, data: structOf(program, fn, args.at(-1)), start, end }];
    });
  });
}

const found = new WeakMap<Program, readonly Undone[]>();

/** Worked out once for all rules that ask. */
export function undone(program: Program): readonly Undone[] {
  const known = found.get(program) ?? lookFor(program);
  found.set(program, known);
  return known;
}

function lookFor(program: Program): readonly Undone[] {
  if (![...program.calls].some((name) => Object.hasOwn(STOPS, name) || Object.hasOwn(FREES, name))) return [];
  const requests = requestsIn(program);
  if (requests.length === 0 && !program.calls.has("unregister_netdev") && !program.calls.has("i2c_mux_del_adapters"))
    return [];
  return [...program.functions.values()].flatMap((fn) => {
    if (!fn.cfg.complete) return [];
    const mayStop = STOPPING.some((name) => calledIn(fn.cfg).has(name));
    const stops = (mayStop ? pointsOf(fn) : []).flatMap((point) => stopAt(program, fn, point) ?? []);
    const found = stops.flatMap(
      (stop) =>
        stoppedBeforeSource(program, fn, stop, requests) ?? stoppedUnderManaged(program, fn, stop, requests) ?? [],
    );
    return [...found, ...actionsAfterRequest(program, fn, requests)];
  });
}

/** `cancel_work_sync(&p->work); free_irq(irq, p);` where the handler queues the work. */
function stoppedBeforeSource(program: Program, fn: Func, stop: Stop, requests: readonly Request[]): Undone | undefined {
  const order = orderOf(fn);
  for (const point of pointsOf(fn)) {
    const { event } = point;
    if (event.kind !== "call" || event.name === undefined || !order.isAfter(point, stop.point)) continue;
    const handlers = sourcesOf(program, fn, event, requests);
    if (handlers.length === 0) continue;
    const isIrq = FREES_IRQ.test(event.name);
    if (stop.frees && !isIrq) continue;
    if (isIrq ? !isStillLive(program, fn, stop.point) : isQuiet(fn, stop.point)) continue;
    if (stopsAgain(program, fn, stop, point)) continue;
    for (const handler of handlers) {
      const use = needing(program, handler, stop, isIrq ? "last" : "all");
      if (use === undefined) continue;
      const { start, end } = stop.point.event;
      const alive = { name: event.name, file: fn.file, start: event.start, end: event.end };
      return { fn, by: stop.name, place: stop.place, frees: stop.frees, use, handler, alive, how: "later", start, end };
    }
  }
  return undefined;
}

const FREES_IRQ = /^(devm_|pci_)?free_irq$/;

/** What can no longer run once this call has returned. */
function sourcesOf(program: Program, fn: Func, event: CallEvent, requests: readonly Request[]): readonly string[] {
  const { args } = event.expr;
  if (FREES_IRQ.test(event.name!)) {
    const data = structOf(program, fn, args.at(-1));
    if (data === undefined) return [];
    const same = requests.filter((each) => each.data === data);
    const line = lastWord(args[event.name === "free_irq" ? 0 : 1]);
    const mine = same.length > 1 ? same.filter((each) => each.line === line && line !== undefined) : same;
    return mine.flatMap((each) => each.handlers);
  }
  if (event.name === "unregister_netdev") return tableFunctions(program, "struct net_device_ops", "ndo_stop");
  if (event.name !== "i2c_mux_del_adapters") return [];
  return [...program.functions.values()].flatMap((each) =>
    pointsOf(each).flatMap(({ event: other }) =>
      other.kind === "call" && /^i2c_mux_alloc$/.test(other.name ?? "")
        ? other.expr.args.flatMap((arg) => {
            const name = functionName(arg);
            return name !== undefined && program.functions.has(name) ? [name] : [];
          })
        : [],
    ),
  );
}

function tableFunctions(program: Program, struct: string, except: string): readonly string[] {
  return program.file.unit.variables.flatMap(({ type, init }) => {
    if (type.base !== struct || init?.kind !== "initializer") return [];
    return init.items.flatMap(({ path, value }) => {
      const name = functionName(value);
      return path.at(-1) === except || name === undefined || !program.functions.has(name) ? [] : [name];
    });
  });
}

/** The handler queues the thing or follows the pointer, whatever the driver's own data says. */
function needing(
  program: Program,
  handler: string,
  { thing, frees }: Pick<Stop, "thing" | "frees">,
  params: "last" | "all",
): Use | undefined {
  return usesOf(program, handler, params, new Set([thing])).find(
    ({ kind, callee, gates }) =>
      gates.size === 0 &&
      (frees ? kind === "pointer" : kind === "object" && callee !== undefined && QUEUES.test(callee)),
  );
}

/** Nothing before this point in a way out of the driver can have silenced the device. */
function isStillLive(program: Program, fn: Func, at: Point): boolean {
  if (!onlyHarmlessBefore(fn, at)) return false;
  if (isWayOut(program, fn.name)) return true;
  return [...program.functions.values()].some(
    (caller) =>
      isWayOut(program, caller.name) &&
      pointsOf(caller).some(
        (point) => point.event.kind === "call" && point.event.name === fn.name && onlyHarmlessBefore(caller, point),
      ),
  );
}

function isWayOut(program: Program, name: string): boolean {
  return program.entries.some(
    ({ fn, role }) => fn === name && /\.(remove|remove_new|disconnect)$|^module exit function$/.test(role),
  );
}

function onlyHarmlessBefore(fn: Func, at: Point): boolean {
  const order = orderOf(fn);
  return pointsOf(fn).every(
    (point) =>
      point.event.kind !== "call" ||
      point === at ||
      !order.canFollow(at, point) ||
      HARMLESS.test(point.event.name ?? ""),
  );
}

/** The queues of the network device were stopped before. */
function isQuiet(fn: Func, at: Point): boolean {
  const order = orderOf(fn);
  return pointsOf(fn).some(
    (point) =>
      point.event.kind === "call" &&
      order.canFollow(at, point) &&
      /detach|dev_close|tx_disable|netif_|stop|unregister/.test(point.event.name ?? "?stop"),
  );
}

/** It is stopped once more after its source is gone: here, below, or by who calls this function. */
function stopsAgain(program: Program, fn: Func, { thing }: Stop, source: Point): boolean {
  const order = orderOf(fn);
  const stops = (each: Func, point: Point, depth: number): boolean => {
    if (stopAt(program, each, point)?.thing === thing) return true;
    const { event } = point;
    if (event.kind !== "call" || event.name === undefined || depth === 0) return false;
    if (/^(timer_shutdown|disable_(delayed_)?work)/.test(event.name)) return true;
    const callee = program.functions.get(event.name);
    return callee !== undefined && pointsOf(callee).some((inner) => stops(callee, inner, depth - 1));
  };
  if (pointsOf(fn).some((point) => order.canFollow(point, source) && stops(fn, point, 3))) return true;
  // What the source itself does while it goes: unregister_netdev() calls .ndo_stop.
  for (const name of tableStops(program)) {
    const each = program.functions.get(name);
    if (each !== undefined && pointsOf(each).some((point) => stops(each, point, 3))) return true;
  }
  return [...program.functions.values()].some((caller) =>
    pointsOf(caller).some(
      (point) =>
        point.event.kind === "call" &&
        point.event.name === fn.name &&
        pointsOf(caller).some((later) => orderOf(caller).canFollow(later, point) && stops(caller, later, 3)),
    ),
  );
}

function tableStops(program: Program): readonly string[] {
  return program.file.unit.variables.flatMap(({ init }) =>
    init?.kind !== "initializer"
      ? []
      : init.items.flatMap(({ path, value }) =>
          /^(ndo_stop|close|shutdown)$/.test(path.at(-1) ?? "") ? (functionName(value) ?? []) : [],
        ),
  );
}

/** The way out stops what the handler of a managed interrupt queues; the interrupt is freed only after it has returned. */
function stoppedUnderManaged(program: Program, fn: Func, stop: Stop, requests: readonly Request[]): Undone | undefined {
  const text = program.file.text.slice(fn.def.start, fn.def.end);
  if (/free_irq|disable_irq|synchronize_irq/.test(text)) return undefined;
  const isOut = isWayOut(program, fn.name) && onlyHarmlessBefore(fn, stop.point);
  for (const request of requests) {
    if (!request.name.startsWith("devm_")) continue;
    // An error path after the request gives up before the interrupt is freed, too.
    const givesUp = request.fn === fn && isGone(stop) && givesUpAfter(fn, stop.point, request.point);
    if (!givesUp && !(isOut && isOnWayIn(program, request.fn, fn.name))) continue;
    for (const handler of request.handlers) {
      const use = needing(program, handler, stop, "last");
      if (use === undefined) continue;
      const { start, end } = stop.point.event;
      const alive = { name: request.name, file: request.fn.file, start: request.start, end: request.end };
      return {
        fn,
        by: stop.name,
        place: stop.place,
        frees: stop.frees,
        use,
        handler,
        alive,
        how: "managed",
        start,
        end,
      };
    }
  }
  return undefined;
}

/** What is used afterwards is gone, not only idle. */
function isGone({ frees, name }: Stop): boolean {
  return frees || name === "destroy_workqueue";
}

/** The request has succeeded, the function gives up, and nothing since can have silenced the device. */
function givesUpAfter(fn: Func, stop: Point, request: Point): boolean {
  const order = orderOf(fn);
  if (!order.isAfter(stop, request)) return false;
  // Between the last step that can fail and this one there are only steps of the error path.
  return pointsOf(fn).every(
    ({ event, ...at }) =>
      event.kind !== "call" ||
      !order.isAfter({ event, ...at }, request) ||
      !order.canFollow(stop, { event, ...at }) ||
      !/disable|mask|stop|halt|reset|shutdown|suspend|off|write|quiesce|clear|exit|deinit|uninit|fini|cleanup|remove|unregister/i.test(
        event.name ?? "?stop",
      ),
  );
}

/** The function, or one that calls it, is the way in to which this is the way out. */
function isOnWayIn(program: Program, fn: Func, out: string, depth = 3): boolean {
  if (leavingFunctions(program, fn.name).includes(out)) return true;
  if (depth === 0) return false;
  return [...program.functions.values()].some(
    (caller) =>
      caller !== fn &&
      pointsOf(caller).some(({ event }) => event.kind === "call" && event.name === fn.name) &&
      isOnWayIn(program, caller, out, depth - 1),
  );
}

/** An action that stops a work and is added after the interrupt runs before the interrupt is freed. */
function actionsAfterRequest(program: Program, fn: Func, requests: readonly Request[]): readonly Undone[] {
  const mine = requests.filter((each) => each.fn === fn && each.name.startsWith("devm_"));
  if (mine.length === 0) return [];
  const order = orderOf(fn);
  return pointsOf(fn).flatMap((point) => {
    const { event } = point;
    if (event.kind !== "call" || !/^devm_add_action(_or_reset)?$/.test(event.name ?? "")) return [];
    const name = functionName(event.expr.args[1]);
    const action = name === undefined ? undefined : program.functions.get(name);
    const object = event.expr.args[2] === undefined ? undefined : addressed(event.expr.args[2]);
    const thing = object === undefined ? undefined : memberClass(program, fn, object);
    if (action === undefined || thing === undefined) return [];
    const by = pointsOf(action).flatMap(({ event: each }) =>
      each.kind === "call" && Object.hasOwn(STOPS, each.name ?? "") ? [each.name!] : [],
    )[0];
    if (by === undefined) return [];
    for (const request of mine) {
      if (!order.isAfter(point, request.point)) continue;
      for (const handler of request.handlers) {
        const use = needing(program, handler, { thing, frees: false }, "last");
        if (use === undefined) continue;
        const alive = { name: request.name, file: fn.file, start: request.start, end: request.end };
        const place = placeOf(object!) ?? thing;
        return [
          {
            fn,
            by,
            place,
            frees: false,
            use,
            handler,
            alive,
            how: "action" as const,
            start: event.start,
            end: event.end,
          },
        ];
      }
    }
    return [];
  });
}

function structOf(program: Program, fn: Func, expr: Expr | undefined): string | undefined {
  const type = expr === undefined ? undefined : program.types.typeOf(stripCasts(expr), fn.def);
  return type !== undefined && /^struct \w/.test(type.base) ? type.base : undefined;
}

function lastWord(expr: Expr | undefined): string | undefined {
  const place = expr === undefined ? undefined : placeOf(stripCasts(expr));
  return place === undefined ? undefined : /(\w+)$/.exec(place)?.[1];
}
