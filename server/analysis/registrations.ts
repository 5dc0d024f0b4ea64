// Devices that are still registered when the driver releases what they need.
import type { CallEvent } from "../program/cfg.ts";
import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { orderOf, type Point, pointsOf } from "./order.ts";
import { storeOf } from "./ownership.ts";
import { calledBelow, leavingFunctions } from "./pairs.ts";
import { stripCasts } from "./summary.ts";

interface Named extends Span {
  readonly name: string;
  readonly file: string;
}

/** Something that a device needs is released while the device is registered. */
export interface StillRegistered extends Span {
  readonly fn: Func;
  readonly registration: Named;
  readonly obtained: Named;
  /** The function that releases it. */
  readonly release: string;
  readonly place: string;
  /** The call further down that unregisters the device; absent where the driver core does. */
  readonly until?: Named;
}

/** Registrations whose devices are used as long as they are there. */
const MANAGED =
  /^devm_(spi_register_(controller|master)|iio_device_register|i2c_add_adapter|watchdog_register_device|rtc_register_device|gpiochip_add_data|pwmchip_add|hwrng_register|mbox_controller_register|reset_controller_register)$/;

/** Whoever calls one of these takes the device down by hand, or may. */
const UNREGISTERS =
  /unregister|deregister|_del_adapter|gpiochip_remove|pwmchip_remove|iio_device_|suspend_|^devm_release/;

/** What is obtained by a call that makes a device reachable. */
const REGISTRATION =
  /^((network|input|IIO|MMC host|SPI controller|CAN|SCSI host|USB host|remote control|frame buffer|Bluetooth|wireless) ?\w* ?registration|misc device|I2C adapter|UART port|watchdog|video device|random number generator|USB gadget|LED)$/;

/** Calls below a function that are followed. */
const DEPTH = 2;

export function stillRegistered(program: Program): readonly StillRegistered[] {
  return [...program.functions.values()].flatMap((fn) => {
    if (!fn.cfg.complete || !pointsOf(fn).some(({ event }) => event.kind === "call" && registers(program, event.name)))
      return [];
    const leaving = leavingFunctions(program, fn.name);
    const out = leaving.length === 1 ? program.functions.get(leaving[0]!) : undefined;
    if (out?.cfg.complete !== true) return [];
    const order = orderOf(fn);
    const leave = pointsOf(out).map((step) => ({ step, calls: callsAt(program, out, step, DEPTH) }));
    for (const point of pointsOf(fn)) {
      const { event } = point;
      if (event.kind !== "call" || event.name === undefined) continue;
      const until = unregistering(program, out, event.name, leave);
      if (until === undefined) continue;
      const before = pointsOf(fn)
        .filter((each) => order.isAfter(point, each))
        .flatMap((each) => callsAt(program, fn, each, DEPTH));
      for (const { step, calls } of leave) {
        if (until !== "managed" && !orderOf(out).isAfter(until.step, step)) continue;
        const found = calls.flatMap(({ call }) => {
          const release = releasedBy(program, call, before);
          // What the way out takes itself, it gives back for itself.
          const own = leave.flatMap((each) => each.calls);
          return release === undefined || releasedBy(program, call, own) !== undefined ? [] : release;
        })[0];
        if (found === undefined || (until !== "managed" && found.what === "irq")) continue;
        const registration = { name: event.name, file: fn.file, start: event.start, end: event.end };
        const { start, end } = step.event;
        return [{ fn: out, registration, ...found, ...(until === "managed" ? {} : { until: until.call }), start, end }];
      }
    }
    return [];
  });
}

function registers(program: Program, name = ""): boolean {
  return MANAGED.test(name) || REGISTRATION.test(program.knowledge.fn(name)?.obtains?.what ?? "");
}

interface Step {
  readonly step: Point;
  readonly calls: readonly Call[];
}

/** Where the way out unregisters what this call registers; `managed` where the driver core does, after it. */
function unregistering(
  program: Program,
  out: Func,
  name: string,
  leave: readonly Step[],
): "managed" | { readonly step: Point; readonly call: Named } | undefined {
  if (MANAGED.test(name)) {
    const byHand = leave.some(({ calls }) => calls.some(({ call }) => UNREGISTERS.test(call.name ?? "")));
    return byHand || [...calledBelow(program, out.name)].some((each) => UNREGISTERS.test(each)) ? undefined : "managed";
  }
  const obtains = program.knowledge.fn(name)?.obtains;
  if (obtains === undefined || !REGISTRATION.test(obtains.what)) return undefined;
  for (const { step } of leave) {
    const { event } = step;
    if (event.kind !== "call" || event.name === undefined || !obtains.releasedBy.includes(event.name)) continue;
    return { step, call: { name: event.name, file: out.file, start: event.start, end: event.end } };
  }
  return undefined;
}

interface Call {
  readonly fn: Func;
  readonly call: CallEvent;
  /** The place that the result goes to. */
  readonly stored?: Expr;
}

/** The kernel functions that an event calls, itself or through functions of the driver. */
function callsAt(program: Program, fn: Func, { event, block, index }: Point, depth: number): readonly Call[] {
  if (event.kind !== "call" || event.name === undefined) return [];
  const callee = program.functions.get(event.name);
  if (callee !== undefined)
    return depth === 0 ? [] : pointsOf(callee).flatMap((each) => callsAt(program, callee, each, depth - 1));
  const store = storeOf(event, fn.cfg.blocks[block]!.events, index);
  return [{ fn, call: event, ...(store === undefined ? {} : { stored: store.target }) }];
}

/** What of the things obtained before a call gives back. */
function releasedBy(
  program: Program,
  { name, expr }: CallEvent,
  before: readonly Call[],
): { release: string; place: string; what: string; obtained: Named } | undefined {
  const fact = name === undefined ? undefined : program.knowledge.fn(name);
  if (name === undefined || fact?.handleParam === undefined) return undefined;
  const handle = expr.args[fact.handleParam];
  const word = lastWord(handle);
  if (handle === undefined || word === undefined) return undefined;
  for (const { fn: other, call, stored } of before) {
    const obtains = call.name === undefined ? undefined : program.knowledge.fn(call.name)?.obtains;
    if (obtains === undefined || !obtains.releasedBy.includes(name) || !NEEDED.test(obtains.what)) continue;
    const kept = obtains.handle === "return" ? stored : call.expr.args[obtains.handle];
    if (kept === undefined || lastWord(kept) !== word) continue;
    const obtained = { name: call.name!, file: other.file, start: call.start, end: call.end };
    return { release: name, place: placeOf(stripCasts(handle)) ?? word, what: obtains.what, obtained };
  }
  return undefined;
}

/** What a device cannot do without. */
const NEEDED = /clock|regulator|irq|DMA|workqueue|mapping/i;

function lastWord(expr: Expr | undefined): string | undefined {
  const place = expr === undefined ? undefined : placeOf(stripCasts(expr));
  return place === undefined ? undefined : /(\w+)$/.exec(place)?.[1];
}
