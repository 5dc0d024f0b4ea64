// Which pointers of a function lead to the same memory, or into the memory of another, all through the function.

import type { Cfg } from "../program/cfg.ts";
import type { Func } from "../program/function.ts";
import { placeOf, rootOf, textOf } from "../program/places.ts";
import type { CallExpr, Expr } from "../syntax/ast.ts";
import { stripCasts } from "./summary.ts";

/** The place under the first name of the pointer that it begins with: `p->x` for `q->x` after `q = p`. */
export function canonical(fn: Func, place: string): string {
  const { same } = relations(fn);
  if (same.size === 0) return place;
  const root = rootOf(place);
  const other = same.get(root);
  return other === undefined ? place : place.replace(root, other);
}

export interface Relations {
  /** Locals that always hold what another variable holds. */
  readonly same: ReadonlyMap<string, string>;
  /** Pointers to what lies in the memory of another: `priv` of `priv = netdev_priv(dev)`. */
  readonly inside: ReadonlyMap<string, string>;
}

const known = new WeakMap<Cfg, Relations>();

export function relations(fn: Func): Relations {
  const made = known.get(fn.cfg);
  if (made !== undefined) return made;
  const times = new Map<string, number>();
  const note = (target: Expr | undefined): void => {
    const place = target === undefined ? undefined : placeOf(target);
    if (place !== undefined) times.set(place, (times.get(place) ?? 0) + 1);
  };
  for (const { events } of fn.cfg.blocks)
    for (const event of events) {
      if (event.kind === "assign") note(event.target);
      if (event.kind === "iterate") event.targets.forEach(note);
      if (event.kind !== "call") continue;
      for (const arg of event.expr.args) if (arg.kind === "unary" && arg.op === "&") note(arg.operand);
    }
  const params = new Set(fn.def.params.map((param) => param.name));
  const isFixed = (name: string): boolean => (times.get(name) ?? 0) === (params.has(name) ? 0 : 1);
  const same = new Map<string, string>();
  const inside = new Map<string, string>();
  for (const { events, inLoop } of fn.cfg.blocks)
    for (const event of events) {
      if (inLoop || event.kind !== "assign" || event.target.kind !== "name" || event.value === undefined) continue;
      const value = stripCasts(event.value);
      const { name } = event.target;
      if (!isFixed(name) || params.has(name)) continue;
      if (value.kind === "name" && isFixed(value.name)) same.set(name, same.get(value.name) ?? value.name);
      const data = value.kind === "call" ? driverData(value, GETS_DATA) : undefined;
      if (data !== undefined && isFixed(rootOf(data))) same.set(name, data);
      if (value.kind !== "call" || value.callee.kind !== "name" || value.args[0]?.kind !== "name") continue;
      const from = value.args[0].name;
      if (!isFixed(from)) continue;
      if (PRIVATE.test(value.callee.name)) inside.set(name, from);
      if (value.callee.name === "container_of") inside.set(from, name);
    }
  // What the function gives the device as its data is what other functions get from it.
  for (const { events } of fn.cfg.blocks)
    for (const event of events) {
      const data = event.kind === "call" ? driverData(event.expr, SETS_DATA) : undefined;
      const given = event.kind === "call" ? event.expr.args[1] : undefined;
      if (data === undefined || given?.kind !== "name" || !isFixed(rootOf(data)) || !isFixed(given.name)) continue;
      if (!params.has(given.name) && !same.has(given.name)) same.set(given.name, data);
    }
  const result = { same, inside };
  known.set(fn.cfg, result);
  return result;
}

/** The end of places that stand for the data of a device. */
const DATA = "#data";

export function isDriverData(place: string): boolean {
  return place.endsWith(DATA);
}

/** `pdev->dev.#data` for `platform_get_drvdata(pdev)` and `dev_get_drvdata(&pdev->dev)`. */
function driverData({ callee, args }: CallExpr, access: RegExp): string | undefined {
  const [object] = args;
  if (callee.kind !== "name" || object === undefined || !access.test(callee.name)) return undefined;
  const inner = stripCasts(object);
  if (!callee.name.startsWith("dev_")) return inner.kind === "name" ? `${inner.name}->dev.${DATA}` : undefined;
  if (inner.kind === "name") return `${inner.name}->${DATA}`;
  const place = inner.kind === "unary" && inner.op === "&" ? placeOf(inner.operand) : undefined;
  return place === undefined ? undefined : `${place}.${DATA}`;
}

const GETS_DATA =
  /^((platform|pci|dev|spi|amba|auxiliary|serio|pnp|virtio)_get_drvdata|usb_get_intfdata|i2c_get_clientdata)$/;
const SETS_DATA =
  /^((platform|pci|dev|spi|amba|auxiliary|serio|pnp|virtio)_set_drvdata|usb_set_intfdata|i2c_set_clientdata)$/;

/** Functions that give a pointer to the driver's part of the object that they are given. */
const PRIVATE = /^(netdev|mmc|iio|shost)_priv$/;

/** `radio->video.handler = &radio->handler`: a member that holds the address of a place. */
export function holdsAddress({ cfg }: Func, holder: string, place: string): boolean {
  return cfg.blocks.some(({ events }) =>
    events.some((event) => {
      if (event.kind !== "assign" || event.value === undefined || placeOf(event.target) !== holder) return false;
      const value = stripCasts(event.value);
      return value.kind === "unary" && value.op === "&" && placeOf(value.operand) === place;
    }),
  );
}

/** The places that a test finds equal, where both sides are one. */
export function equated(test: Expr, outcome: boolean): readonly string[] | undefined {
  const inner = stripCasts(test);
  if (inner.kind === "unary" && inner.op === "!") return equated(inner.operand, !outcome);
  if (inner.kind !== "binary" || inner.op !== (outcome ? "==" : "!=")) return undefined;
  const places = [inner.left, inner.right].map((each) => {
    const side = stripCasts(each);
    // `p == &own->first`: what is one of its own was not obtained.
    return side.kind === "unary" && side.op === "&" ? textOf(side) : placeOf(side);
  });
  return places.every((each) => each !== undefined && each !== "NULL") ? (places as string[]) : undefined;
}
