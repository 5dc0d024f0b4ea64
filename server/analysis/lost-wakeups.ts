// A completion or flag that is made ready for a wait only after what sets it was started: it may have come already.
import type { CallEvent } from "../program/cfg.ts";
import { placeOf, pointeeOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import { orderOf, type Point, pointsOf } from "./order.ts";

export interface LostWakeup extends Span {
  readonly fn: string;
  /** The completion, or the flag, as the driver names it. */
  readonly place: string;
  /** The call that makes the completion ready; absent for a flag, which is cleared. */
  readonly by?: string;
  /** The call that starts what completes it. */
  readonly starts: Span & { readonly name: string };
  readonly waits: Span & { readonly name: string };
}

/** Calls that make a device or another task do something. */
const STARTS =
  /(^|_)(write[bwlq]?|iowrite\d+\w*|out[bwl]|start|send|submit|xfer|transfer|issue|trigger|kick|transmit|queue|exec|fire|doorbell|update_bits|set_bits)(_|$)/;

/** Calls that make nothing happen, between the two. */
const IDLE =
  /^([mun]?secs_to_jiffies|msecs_to_jiffies_timeout|(dev|netdev|drm|hid)_(dbg|info|warn|err)|pr_\w+|mutex_unlock|spin_unlock\w*|min\w*|max\w*|likely|unlikely|container_of|IS_ERR\w*|PTR_ERR)$/;

export function lostWakeups(program: Program): readonly LostWakeup[] {
  const isWaiting =
    RESETS.some((name) => program.calls.has(name)) || [...program.calls].some((name) => WAITS.test(name));
  if (!isWaiting) return [];
  return [...program.functions.values()].flatMap((fn) => (fn.cfg.complete ? lostIn(fn) : []));
}

const RESETS = ["reinit_completion", "init_completion"];

type CallPoint = Point & { readonly event: CallEvent };

function lostIn(fn: Func): readonly LostWakeup[] {
  const points = pointsOf(fn);
  const calls = points.filter((point): point is CallPoint => point.event.kind === "call");
  const order = orderOf(fn);
  return points.flatMap((point): LostWakeup[] => {
    const { place, by } = resetAt(point);
    if (place === undefined) return [];
    const waits = calls.find((each) => isWait(each, place) && order.isAfter(each, point));
    if (waits === undefined) return [];
    const isBetween = (each: Point, from: Point, to: Point): boolean =>
      each !== from && each !== to && order.canFollow(each, from) && order.canFollow(to, each);
    const isQuiet = points.every(
      (each) =>
        !isBetween(each, point, waits) ||
        (each.event.kind === "call" ? IDLE.test(each.event.name ?? "") : each.event.kind !== "iterate"),
    );
    if (!isQuiet || calls.some((each) => isWait(each, place) && order.canFollow(point, each))) return [];
    // The last thing that happens before, but for the look at its result.
    const starts = calls.findLast(
      (each) =>
        STARTS.test(each.event.name ?? "") &&
        order.isAfter(point, each) &&
        calls.every((other) => !isBetween(other, each, point) || IDLE.test(other.event.name ?? "")),
    );
    if (starts === undefined) return [];
    return [
      {
        fn: fn.name,
        place,
        ...(by === undefined ? {} : { by }),
        starts: { name: starts.event.name!, start: starts.event.start, end: starts.event.end },
        waits: { name: waits.event.name!, start: waits.event.start, end: waits.event.end },
        start: point.event.start,
        end: point.event.end,
      },
    ];
  });
}

/** What is made ready for a wait: a completion, or a flag that the waker sets. */
function resetAt({ event }: Point): { readonly place?: string; readonly by?: string } {
  if (event.kind === "call") {
    const place = RESETS.includes(event.name ?? "") ? completionOf(event) : undefined;
    return place === undefined ? {} : { place, by: event.name! };
  }
  if (event.kind !== "assign" || event.target.kind !== "member" || event.value === undefined) return {};
  const { value } = event;
  const isNothing = value.kind === "number" && /^(0|false)$/.test(value.text);
  const place = isNothing ? placeOf(event.target) : undefined;
  return place === undefined ? {} : { place };
}

const WAITS = /^wait_event\w*_timeout$|^wait_event$/;

function isWait({ event }: CallPoint, place: string): boolean {
  if (WAITS.test(event.name ?? "")) {
    const condition = event.expr.args[1];
    let looks = false;
    if (condition !== undefined)
      walkExpr(condition, (each) => (looks ||= each.kind === "member" && placeOf(each) === place));
    return looks;
  }
  return /^wait_for_completion/.test(event.name ?? "") && completionOf(event) === place;
}

function completionOf({ expr }: CallEvent): string | undefined {
  return expr.args[0] === undefined ? undefined : pointeeOf(expr.args[0]);
}
