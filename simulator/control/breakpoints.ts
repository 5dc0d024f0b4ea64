// Breakpoints as people set them, on lines: bound to statements, with conditions, hit counts and messages.
import type { Frame, Program, Site } from "../engine/interfaces.ts";
import type { Context } from "../engine/trace.ts";

/** What is asked for. */
export interface LineBreakpoint {
  readonly line: number;
  /** Only the statement that begins there, or the next one on the line. */
  readonly column?: number;
  /** Stops only where this is true. */
  readonly condition?: string;
  /** Which of the hits stop: `3`, `>= 3`, `% 3`. */
  readonly hitCondition?: string;
  /** Stops only in this context. */
  readonly context?: Context;
  /** Writes this instead of stopping, with expressions between braces. */
  readonly logMessage?: string;
}

/** What became of it. */
export interface Breakpoint extends LineBreakpoint {
  readonly id: number;
  readonly file: string;
  /** The statement it stands on; undefined when there is none, and `message` says why. */
  readonly site: Site | undefined;
  readonly message?: string;
}

/** What a breakpoint that was reached does. */
export type Hit =
  | { readonly kind: "stop" }
  | { readonly kind: "log"; readonly text: string }
  /** It does nothing, for a mistake in it: told once. */
  | { readonly kind: "mistake"; readonly text: string }
  | { readonly kind: "pass" };

/** The statement that a line means: the first that begins on it or after it, in the function that the line is in. */
export function siteFor(programs: readonly Program[], file: string, line: number, column = 1): Site | undefined {
  const sites = programs.flatMap((program) => program.sites).filter((site) => site.file === file);
  const after = sites.filter((site) => site.line > line || (site.line === line && site.column >= column));
  // A line in the middle of a statement of several lines means that statement.
  const around = sites.filter((site) => site.line < line && site.endLine >= line && isSimple(site, sites));
  const next = after.sort(byPlace)[0];
  if (next?.line === line) return next;
  return around.sort(byPlace).at(-1) ?? next;
}

/** Breakpoints on functions and on statements, which no file has for itself. */
export type Group = "functions" | "statements";

export function bind(
  programs: readonly Program[],
  file: string,
  wanted: LineBreakpoint,
  id: number,
  since: number,
): BoundBreakpoint {
  const site = siteFor(programs, file, wanted.line, wanted.column);
  const message = site === undefined ? "No statement of the driver stands here or below." : problemOf(wanted);
  const shown = message === undefined ? {} : { message };
  const bound = message === undefined ? site : undefined;
  return new BoundBreakpoint({ ...wanted, ...shown, id, file, site: bound }, since, bound === undefined ? [] : [bound]);
}

/** A breakpoint of a session: it remembers how often it was reached. */
export class BoundBreakpoint {
  readonly breakpoint: Breakpoint;
  /** The statements at which it is looked at. */
  readonly sites: readonly Site[];
  /** Hits are counted from this moment of the run, however often it is run again. */
  private readonly since: number;
  /** The moments of its hits as far as the run has been gone through, in order; only where they are counted. */
  private readonly hits: number[] = [];
  private complained = false;

  constructor(breakpoint: Breakpoint, since: number, sites: readonly Site[]) {
    this.breakpoint = breakpoint;
    this.since = since;
    this.sites = sites;
  }

  /** What comes after a moment will be another future. */
  forget(clock: number): void {
    while ((this.hits.at(-1) ?? -1) >= clock) this.hits.pop();
  }

  reach(frame: Frame | undefined, clock: number): Hit {
    const { condition, hitCondition, logMessage } = this.breakpoint;
    try {
      if (condition !== undefined && !isTrue(evaluate(frame, condition))) return { kind: "pass" };
    } catch (error) {
      return this.mistake(`condition ${condition}: ${messageOf(error)}`);
    }
    if (hitCondition !== undefined && !countMatches(hitCondition, this.count(clock))) return { kind: "pass" };
    if (logMessage === undefined) return { kind: "stop" };
    return { kind: "log", text: interpolate(logMessage, frame) };
  }

  /** Which hit since it was set this is, however often the run has come by. */
  private count(clock: number): number {
    const { hits } = this;
    if (clock < this.since) return 0;
    if (clock > (hits.at(-1) ?? -1)) hits.push(clock);
    let from = 0;
    for (let to = hits.length; from < to; ) {
      const middle = (from + to) >> 1;
      if (hits[middle]! < clock) from = middle + 1;
      else to = middle;
    }
    if (hits[from] !== clock) hits.splice(from, 0, clock);
    return from + 1;
  }

  private mistake(text: string): Hit {
    if (this.complained) return { kind: "pass" };
    this.complained = true;
    return { kind: "mistake", text };
  }
}

/** How far the hits of breakpoints are counted. */
export class Counted {
  private upTo = 0;

  /** From where on they have not been counted yet; infinite where none are counted. */
  from(bound: readonly BoundBreakpoint[]): number {
    const counts = bound.some(({ breakpoint }) => breakpoint.hitCondition !== undefined);
    return counts ? this.upTo : Number.POSITIVE_INFINITY;
  }

  reach(clock: number): void {
    this.upTo = Math.max(this.upTo, clock);
  }

  /** What comes after a moment is to be counted again. */
  forget(clock: number): void {
    this.upTo = Math.min(this.upTo, clock);
  }
}

function byPlace(a: Site, b: Site): number {
  return a.line - b.line || a.column - b.column;
}

/** No other statement stands within it, as in a block. */
function isSimple(site: Site, sites: readonly Site[]): boolean {
  return !sites.some((other) => other !== site && contains(site, other));
}

function contains(outer: Site, inner: Site): boolean {
  const begins = inner.line > outer.line || (inner.line === outer.line && inner.column >= outer.column);
  const ends = inner.endLine < outer.endLine || (inner.endLine === outer.endLine && inner.endColumn <= outer.endColumn);
  return begins && ends;
}

const HIT_CONDITION = /^\s*(==?|>=?|<=?|%)?\s*(\d+)\s*$/;

/** What is wrong with what is asked for; undefined when nothing is. */
export function problemOf({ hitCondition }: Pick<LineBreakpoint, "hitCondition">): string | undefined {
  if (hitCondition === undefined || HIT_CONDITION.test(hitCondition)) return undefined;
  return `A hit count is a number, perhaps after one of == > >= < <= %: not “${hitCondition}”.`;
}

function countMatches(condition: string, hits: number): boolean {
  const [, operator = "==", digits] = HIT_CONDITION.exec(condition) ?? [];
  const count = Number(digits);
  switch (operator) {
    case ">":
      return hits > count;
    case ">=":
      return hits >= count;
    case "<":
      return hits < count;
    case "<=":
      return hits <= count;
    case "%":
      return count > 0 && hits % count === 0;
    default:
      return hits === count;
  }
}

function evaluate(frame: Frame | undefined, source: string): string {
  if (frame === undefined) throw new Error("there is no frame");
  return frame.evaluate(source).value;
}

/** C's truth, of a value as it is shown. */
function isTrue(value: string): boolean {
  return !/^(false|0|0x0|0n|-0|NULL|null|undefined|"")(?!\w|\.)/.test(value);
}

/** A message with what is between braces evaluated in a frame. */
export function interpolate(message: string, frame: Frame | undefined): string {
  return message.replace(/\{([^{}]+)\}/g, (_, source: string) => {
    try {
      return evaluate(frame, source);
    } catch (error) {
      return `{${messageOf(error)}}`;
    }
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
