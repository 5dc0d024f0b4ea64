// Structs that hold a struct device: the release function of the device frees them, and the last put calls it.
import type { CallEvent } from "../program/cfg.ts";
import { functionName } from "../program/entries.ts";
import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import { calledBelow } from "./pairs.ts";
import { stripCasts } from "./summary.ts";

/** The pointer to the object that goes with the device of which this call drops the first reference; undefined for any other call. */
export function droppedWith(program: Program, fn: Func, event: CallEvent): Expr | undefined {
  if (!DROPS.test(event.name ?? "")) return undefined;
  // A put follows that drops what get_device() took.
  if (event.name === "device_unregister" && program.calls.has("get_device")) return undefined;
  const device = event.expr.args[0];
  const holder = device === undefined ? undefined : holderOf(fn, device);
  const place = holder === undefined ? undefined : placeOf(holder);
  if (holder === undefined || place === undefined) return undefined;
  const type = program.types.typeOf(holder, fn.def)?.base;
  const { freed, some } = releasesOf(program);
  const isFreed = type !== undefined && freed.has(type);
  // The release function that the file shows does something else with the object.
  if (some && !isFreed) return undefined;
  // Without a release function nothing is freed: the driver core complains, and whoever frees it himself has to.
  if (!some && isOnlyNamed(fn, place)) return undefined;
  // Any other reference than the first may not be the last.
  const isFirst = event.name === "put_device" ? initialises(fn, place) : isFreed;
  return isFirst ? holder : undefined;
}

const DROPS = /^(put_device|device_unregister|usb_put_gadget)$/;

/** `&p->dev`, or a variable that was made from p: `conf_dev` of `conf_dev = foo_confdev(p)`, and `foo_confdev(p)` itself. */
function holderOf(fn: Func, device: Expr): Expr | undefined {
  const inner = stripCasts(device);
  if (inner.kind === "unary" && inner.op === "&" && inner.operand.kind === "member" && inner.operand.arrow)
    return inner.operand.base;
  const made = inner.kind === "name" ? onlyValue(fn, inner.name) : inner;
  if (made === undefined || made === inner) return made?.kind === "call" ? argumentOf(made) : undefined;
  return made.kind === "call" ? argumentOf(made) : holderOf(fn, made);
}

/** The object of an accessor by whose name the device lies in it. */
function argumentOf(call: Expr & { kind: "call" }): Expr | undefined {
  const name = call.callee.kind === "name" ? call.callee.name : "";
  return call.args.length === 1 && /_(dev|device|confdev)$/.test(name) && call.args[0]?.kind === "name"
    ? call.args[0]
    : undefined;
}

function onlyValue(fn: Func, name: string): Expr | undefined {
  let value: Expr | undefined;
  for (const { events } of fn.cfg.blocks)
    for (const event of events) {
      if (event.kind !== "assign" || placeOf(event.target) !== name) continue;
      if (value !== undefined || event.value === undefined) return undefined;
      value = stripCasts(event.value);
    }
  return value;
}

/** The function fills in members of the device, and none that could lead to a release function. */
function isOnlyNamed({ cfg }: Func, place: string): boolean {
  const set = cfg.blocks.flatMap(({ events }) =>
    events.flatMap((event) => {
      const target = event.kind === "assign" ? (placeOf(event.target) ?? "") : "";
      return target.startsWith(`${place}->dev.`) ? [target.slice(`${place}->dev.`.length)] : [];
    }),
  );
  return set.length > 0 && !set.some((each) => /^(release|type|class|bus)$/.test(each));
}

/** The function itself made the device live, and so holds the first reference. */
function initialises(fn: Func, place: string): boolean {
  return fn.cfg.blocks.some(({ events }) =>
    events.some((event) => {
      if (event.kind !== "call" || !/^device_(initialize|register)$/.test(event.name ?? "")) return false;
      const holder = event.expr.args[0] === undefined ? undefined : holderOf(fn, event.expr.args[0]);
      return holder !== undefined && placeOf(holder) === place;
    }),
  );
}

interface Releases {
  /** Structs that every release function of the file frees: of several devices in one object only one is the last. */
  readonly freed: ReadonlySet<string>;
  /** The file has a release function for devices. */
  readonly some: boolean;
}

const known = new WeakMap<Program, Releases>();

function releasesOf(program: Program): Releases {
  const made = known.get(program);
  if (made !== undefined) return made;
  let freed: ReadonlySet<string> | undefined;
  for (const name of releaseFunctions(program)) {
    const here = new Set<string>();
    for (const each of calledBelow(program, name)) {
      const fn = program.functions.get(each);
      for (const { events } of fn?.cfg.blocks ?? [])
        for (const event of events) {
          if (event.kind !== "call" || !/^k(v)?free$/.test(event.name ?? "") || event.expr.args[0] === undefined)
            continue;
          const type = program.types.typeOf(stripCasts(event.expr.args[0]), fn!.def);
          if (type?.pointers === 1) here.add(type.base);
        }
    }
    freed = freed === undefined ? here : new Set([...freed].filter((each) => here.has(each)));
  }
  const result = { freed: freed ?? new Set<string>(), some: freed !== undefined };
  known.set(program, result);
  return result;
}

/** `.release = foo_release`, `dev->release = foo_release` with a function that takes a device. */
function releaseFunctions(program: Program): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (value: Expr | undefined): void => {
    const fn = program.functions.get(functionName(value) ?? "");
    const [param] = fn?.def.params ?? [];
    if (fn?.def.params.length === 1 && param?.type.base === "struct device") found.add(fn.name);
  };
  for (const { init } of program.file.unit.variables)
    if (init?.kind === "initializer")
      for (const { path, value } of init.items) if (/release$/.test(path.at(-1) ?? "")) add(value);
  for (const fn of program.functions.values())
    for (const { events } of fn.cfg.blocks)
      for (const event of events) {
        // `usb_initialize_gadget(dev, &p->gadget, foo_release)`.
        if (event.kind === "call")
          event.expr.args.filter((arg) => /_release$/.test(functionName(arg) ?? "")).forEach(add);
        else if (event.kind === "assign" && event.target.kind === "member" && /release$/.test(event.target.field))
          add(event.value);
      }
  return found;
}
