// Where moments lie on the timeline's page, and which moment lies at a place.
import type { Timeline, TimelinePoint } from "../../../simulator/timeline/protocol.ts";

export type Measure = "statements" | "nanos";

/** What a statement costs in virtual time. */
const STATEMENT_NANOS = 100;

export function measured(point: TimelinePoint, by: Measure): number {
  return by === "nanos" ? point.nanos : point.clock;
}

/** A part of the run, drawn over a width in pixels. */
export class Scale {
  readonly by: Measure;
  readonly from: number;
  readonly to: number;
  readonly width: number;

  constructor(by: Measure, from: number, to: number, width: number) {
    this.by = by;
    this.from = from;
    this.to = Math.max(to, from + 1);
    this.width = Math.max(1, width);
  }

  x(point: TimelinePoint): number {
    return this.place(measured(point, this.by));
  }

  place(value: number): number {
    return ((value - this.from) / (this.to - this.from)) * this.width;
  }

  value(x: number): number {
    return this.from + (x / this.width) * (this.to - this.from);
  }

  /** Round values for an axis, at least so many pixels apart. */
  ticks(apart: number): readonly number[] {
    const least = ((this.to - this.from) * apart) / this.width;
    const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= least) ?? 10 * power;
    const first = Math.ceil(this.from / step) * step;
    const count = Math.floor((this.to - first) / step) + 1;
    return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
  }
}

/** The part of `length` around a value that stays within the run. */
export function partAround(value: number, length: number, end: number): { from: number; to: number } | undefined {
  if (length >= end) return undefined;
  const from = Math.max(0, Math.min(value - length / 2, end - length));
  return { from, to: from + length };
}

/** Which count of statements belongs to a value; of the part of the run that has been run. */
export function clockAt(timeline: Timeline, value: number, by: Measure): number {
  const { end } = timeline;
  const bounded = Math.max(0, Math.min(value, measured(end, by)));
  if (by === "statements") return Math.round(bounded);
  // Between two moments that are known, time passes with statements first, and then with idling.
  let before: TimelinePoint = { clock: 0, nanos: 0 };
  let after = end;
  for (const point of pointsOf(timeline)) {
    if (point.nanos <= bounded && point.clock >= before.clock) before = point;
    if (point.nanos > bounded && point.clock < after.clock) after = point;
  }
  const passed = Math.floor((bounded - before.nanos) / STATEMENT_NANOS);
  return Math.min(before.clock + passed, Math.max(before.clock, after.clock), end.clock);
}

function pointsOf({ lanes, now, end }: Timeline): TimelinePoint[] {
  const points = [now, end];
  for (const { spans, marks } of lanes) {
    for (const { from, to } of spans) points.push(from, ...(to === undefined ? [] : [to]));
    for (const { at } of marks) points.push(at);
  }
  return points;
}

/** `1.5 ms`, in as many digits as tell something. */
export function timeText(nanos: number): string {
  const [unit, name] = ([
    [1e9, "s"],
    [1e6, "ms"],
    [1e3, "µs"],
  ].find(([one]) => nanos >= (one as number)) ?? [1, "ns"]) as [number, string];
  return `${Number((nanos / unit).toPrecision(7))} ${name}`;
}
