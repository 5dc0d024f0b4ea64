// What the parts of the walk share while they look at one function: the program, the summaries, the outcome.
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Outcome } from "./outcome.ts";
import type { Pairs } from "./pairs.ts";
import { forbidsSleeping, type PathState } from "./state.ts";
import type { AcquireSite, Condition, SleepSite, Summary } from "./summary.ts";
import { ANY, evaluate, meet, NEGATIVE, POSITIVE, type Value, ZERO } from "./values.ts";

export interface Frame {
  readonly fn: Func;
  readonly program: Program;
  /** Summaries of the functions that were analysed before, by name. */
  readonly summaries: ReadonlyMap<string, Summary>;
  readonly outcome: Outcome;
  /** What it calls that by its name has to be undone. */
  readonly pairs: Pairs;
  /** Variables of the file that it tests. */
  readonly globals: ReadonlySet<string>;
  /** Parameters that the function never assigns, by name, with their index. */
  readonly fixedParams: ReadonlyMap<string, number>;
  /** It tests flags in a parameter that it also changes: what holds for a caller's argument cannot be told. */
  readonly changesFlags: boolean;
  readonly sleeps: Map<string, SleepSite>;
  readonly acquires: Map<string, AcquireSite>;
  /** Functions that got a pointer and did not keep it, since some path gives it back later: `function:pointer`. */
  readonly lenders: Set<string>;
  /** By the key of a value: what it says to callers. */
  readonly abouts: Map<string, About | undefined>;
  /** By where a call begins: the ways in which it was reached, as far as they matter to who is called. */
  readonly ways: Map<number, Set<number | string>>;
  /** Spans already recorded, so that each observation is made once whatever the number of paths. */
  readonly recorded: Set<string>;
}

/** True the first time it is asked about an observation. */
export function first(frame: Frame, what: string, at: Span, more = ""): boolean {
  const key = `${what}@${at.start}:${more}`;
  if (frame.recorded.has(key)) return false;
  frame.recorded.add(key);
  return true;
}

/** What the path knows of parameters and members: whoever calls with other values does not come here. */
export function conditionsOf(frame: Frame, state: PathState): Condition[] {
  const conditions: Condition[] = frame.changesFlags ? [{ unclear: true, value: ANY }] : [];
  for (const [key, value] of state.values) {
    const about = aboutOf(frame, key);
    if (about !== undefined) conditions.push({ ...about, value });
  }
  return conditions;
}

/** Whether what a caller gives it decides that the path comes here. */
export function hangsOnCaller(frame: Frame, state: PathState): boolean {
  if (frame.changesFlags) return true;
  for (const key of state.values.keys()) {
    const about = aboutOf(frame, key);
    if (about !== undefined && about.member === undefined) return true;
  }
  return false;
}

/** What a value is about, in words that callers understand. */
type About = Pick<Condition, "param" | "flag" | "unclear" | "member">;

function aboutOf(frame: Frame, key: string): About | undefined {
  const known = frame.abouts.get(key);
  if (known !== undefined || frame.abouts.has(key)) return known;
  const about = makeAbout(frame, key);
  frame.abouts.set(key, about);
  return about;
}

function makeAbout(frame: Frame, key: string): About | undefined {
  const param = frame.fixedParams.get(key);
  if (param !== undefined) return { param };
  const flag = flagOf(frame, key);
  if (flag !== undefined) return flag;
  const tested = testedParam(frame, key);
  if (tested !== undefined) return { param: tested, unclear: true };
  return isMember(key) ? { member: lastMember(key) } : undefined;
}

/** Whether a path on which these values are known can reach a site with these conditions. */
export function compatible(conditions: readonly Condition[], state: PathState, args: readonly Expr[]): boolean {
  return conditions.every(({ param, flag, unclear, member, value }) => {
    if (unclear === true) return true;
    if (param !== undefined && flag !== undefined) return agrees(args[param], flag, value);
    if (param !== undefined)
      return args[param] === undefined || meet(evaluate(state.values, args[param]), value) !== undefined;
    for (const [key, known] of state.values)
      if (isMember(key) && lastMember(key) === member && meet(known, value) === undefined) return false;
    return true;
  });
}

/** `?(flags&LOCKED)` on a parameter that never changes. */
function flagOf(frame: Frame, key: string): { param: number; flag: string } | undefined {
  const match = /^\?\((\w+)&([A-Z]\w+)\)$/.exec(key);
  const param = match === null ? undefined : frame.fixedParams.get(match[1]!);
  return param === undefined ? undefined : { param, flag: match![2]! };
}

/** The parameter of a condition like `?(flags&(A|B))`. */
function testedParam(frame: Frame, key: string): number | undefined {
  const match = /^\?\((\w+)&/.exec(key);
  return match === null ? undefined : frame.fixedParams.get(match[1]!);
}

/** Whether an argument written as constants can have, or lack, a flag. */
function agrees(arg: Expr | undefined, flag: string, value: Value): boolean {
  const words = arg === undefined ? undefined : constants(arg);
  if (words === undefined) return true;
  return meet({ mask: words.includes(flag) ? NEGATIVE | POSITIVE : ZERO }, value) !== undefined;
}

/** The names in `A | B`, none for 0; undefined for anything else. */
function constants(expr: Expr): readonly string[] | undefined {
  if (expr.kind === "number") return Number(expr.text) === 0 ? [] : undefined;
  if (expr.kind === "name") return /^[A-Z][A-Z0-9_]+$/.test(expr.name) ? [expr.name] : undefined;
  if (expr.kind !== "binary" || expr.op !== "|") return undefined;
  const left = constants(expr.left);
  const right = constants(expr.right);
  return left === undefined || right === undefined ? undefined : [...left, ...right];
}

function isMember(key: string): boolean {
  return /^\*?\w+(->|\.)[\w.>-]+$/.test(key);
}

function lastMember(key: string): string {
  return /(\w+)$/.exec(key)?.[1] ?? key;
}

export function irqsOff(state: PathState): boolean {
  for (const held of state.locks.values())
    if (held.irq === "irq" || held.irq === "irqsave" || held.flavour === "irq") return true;
  return false;
}

export function bhOff(state: PathState): boolean {
  for (const held of state.locks.values()) if (held.irq === "bh" || held.flavour === "bh") return true;
  return irqsOff(state);
}

export function isAtomic(state: PathState): boolean {
  for (const held of state.locks.values()) if (forbidsSleeping(held)) return true;
  return false;
}
