// The call that gives back what a path still has - memory, a reference, a lock - as it can be written in the function.

import { callsOf } from "../analysis/calls-of.ts";
import { handleKey, placeOfOwned } from "../analysis/resources.ts";
import { forbidsSleeping, type Held, type Owned, type PathState } from "../analysis/state.ts";
import { type Summary, toCaller } from "../analysis/summary.ts";
import type { FunctionFact } from "../knowledge/schema.ts";
import type { CallEvent } from "../program/cfg.ts";
import { pointeeOf, rootOf, spoken } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import { walkStatements } from "../program/statements.ts";
import type { CallExpr } from "../syntax/ast.ts";

/** What a fix has to know of a state, on a path and at its end. */
export type Left = Pick<PathState, "owned" | "locks" | "given" | "lent" | "uncertain">;

export interface Undo {
  /** `kfree(buf);` */
  readonly text: string;
  /** `kfree()`, for titles. */
  readonly name: string;
  /** What it is called for, as a word of a label: `buf`. */
  readonly word: string;
  /** Where it was obtained: what comes later is given back earlier. */
  readonly at: number;
  /** It may sleep, or nobody knows. */
  readonly maySleep: boolean;
  /** Every name in `text` means the same here. */
  isInScope(at: number): boolean;
  /** The call ends what it needs, or what it is kept for. */
  isEndedBy(call: CallExpr): boolean;
  /** The path has it, and everything that leads to it. */
  isLeft(state: Left): boolean;
}

/** Undefined where it is not clear how the call has to be written. */
export function undoOfOwned(program: Program, fn: Func, owned: Owned): Undo | undefined {
  if (owned.faint === true) return undefined;
  const place = placeOfOwned(owned);
  const call = callsOf(fn).find((each) => releases(program, each.expr, owned));
  const text = call === undefined ? newCall(program, fn, owned, place) : written(program, call);
  if (text === undefined) return undefined;
  const name = /^\w+/.exec(text)![0];
  return {
    ...base(program, fn, text, name),
    word: /(\w+)(\[.*\])?$/.exec(place)?.[1] ?? "",
    at: owned.at.start,
    isEndedBy: (call) => ends(program, call, [rootOf(place), ...(owned.pins ?? [])], place),
    isLeft: (state) =>
      state.owned.get(owned.key)?.at.start === owned.at.start &&
      !isGone(state, [rootOf(place), ...(owned.pins ?? [])], place),
  };
}

export function undoOfLock(
  program: Program,
  fn: Func,
  summaries: ReadonlyMap<string, Summary>,
  held: Held,
): Undo | undefined {
  const call = callsOf(fn).find(({ name, expr }) => {
    // What a function of the driver took, one of the driver releases.
    if (held.via !== undefined) return dropsBelow(program, summaries.get(name ?? ""), expr, held);
    const effects = program.knowledge.fn(name ?? "")?.releases ?? [];
    return effects.some(
      (effect) =>
        effect.flavour === held.flavour && (effect.irq ?? "none") === held.irq && lockKey(effect, expr) === held.key,
    );
  });
  if (call === undefined) return undefined;
  return {
    ...base(program, fn, written(program, call), call.name!),
    word: "",
    at: held.at.start,
    maySleep: false,
    isEndedBy: (call) => ends(program, call, [rootOf(held.key)], spoken(held.key)),
    isLeft: (state) =>
      !state.uncertain &&
      state.locks.get(held.key)?.irq === held.irq &&
      !isGone(state, [rootOf(held.key)], spoken(held.key)),
  };
}

function dropsBelow(program: Program, callee: Summary | undefined, call: CallExpr, held: Held): boolean {
  const [exit, ...others] = callee?.lockExits ?? [];
  if (callee === undefined || exit === undefined || others.length > 0) return false;
  const [dropped, ...more] = exit.dropped;
  if (dropped === undefined || more.length > 0 || exit.held.length > 0) return false;
  return toCaller(dropped, callee.fn, call.args, program) === held.key;
}

function base(
  program: Program,
  fn: Func,
  text: string,
  name: string,
): Pick<Undo, "text" | "name" | "maySleep" | "isInScope"> {
  const scopes = scopesOf(program, fn, text);
  return {
    text,
    name,
    maySleep: program.knowledge.fn(name)?.maySleep !== "never",
    isInScope: (at) => scopes?.every((scope) => scope.start <= at && at <= scope.end) === true,
  };
}

function written(program: Program, { start, end }: CallEvent): string {
  return `${program.file.text.slice(start, end).replace(/\s+/g, " ")};`;
}

function lockKey(
  effect: { readonly param?: number; readonly flavour: string; readonly global?: string },
  call: CallExpr,
) {
  if (effect.global !== undefined) return effect.global;
  if (effect.param === undefined) return `@${effect.flavour}`;
  const arg = call.args[effect.param];
  return arg === undefined ? undefined : pointeeOf(arg);
}

/** Whether a call gives back what is owned. */
function releases(program: Program, call: CallExpr, owned: Owned): boolean {
  const name = call.callee.kind === "name" ? call.callee.name : "";
  if (!owned.releasedBy.includes(name)) return false;
  if (owned.byName === true) return true;
  const arg = call.args[program.knowledge.fn(name)?.handleParam ?? 0];
  const handle = arg === undefined ? undefined : handleKey(arg);
  if (handle === undefined) return false;
  const place = placeOfOwned(owned);
  // `put_device(&pdev->dev)`.
  const isInside = owned.isPointer && arg?.kind === "unary" && handle.startsWith(`${place}->`);
  return spoken(handle) === spoken(place) || isInside;
}

/** What a call gives back of all that a path has: where that was obtained. */
export function givesBack(program: Program, call: CallExpr, state: Left): number | undefined {
  for (const owned of state.owned.values()) if (releases(program, call, owned)) return owned.at.start;
  const fact = program.knowledge.fn(call.callee.kind === "name" ? call.callee.name : "");
  for (const effect of fact?.releases ?? []) {
    const held = state.locks.get(lockKey(effect, call) ?? "");
    if (held !== undefined) return held.at.start;
  }
  return undefined;
}

/** An object that is needed was freed already. */
function isGone(state: Left, needed: readonly string[], place: string): boolean {
  return needed.some(
    (each) => each !== place && (state.given.has(each) || [...state.lent].some((freed) => freed.endsWith(`:${each}`))),
  );
}

/** A call gives back an object that is needed. */
function ends(program: Program, call: CallExpr, needed: readonly string[], place: string): boolean {
  const index = program.knowledge.fn(call.callee.kind === "name" ? call.callee.name : "")?.handleParam;
  const arg = index === undefined ? undefined : call.args[index];
  const handle = arg === undefined ? undefined : handleKey(arg);
  return handle !== undefined && handle !== place && needed.includes(handle);
}

/** `clk_put(clk)`: of functions that want one argument, of the type that was obtained. */
function newCall(program: Program, fn: Func, owned: Owned, place: string): string | undefined {
  if (owned.byName === true || owned.isNumber || owned.key.startsWith("#")) return undefined;
  const arg = owned.isPointer ? place : argumentOf(program, fn, owned);
  const type = typeOf(program, owned);
  if (arg === undefined || type === undefined) return undefined;
  for (const name of owned.releasedBy) {
    const params = program.knowledge.fact(name)?.extracted?.parameters;
    if (params?.length === 2 && owned.pins !== undefined) return withData(program, fn, owned, `${name}(${arg}`);
    if (params?.length !== 1) continue;
    const wanted = plain(params[0]!.type);
    if (wanted === "void *" || wanted === type) return `${name}(${arg});`;
    if (wanted === "struct device *" && owned.isPointer && HAS_DEV.has(type)) return `${name}(&${place}->dev);`;
  }
  return undefined;
}

/** `free_irq(irq, dev)`: what it is to be found by is what it was obtained with. */
function withData(program: Program, fn: Func, owned: Owned, head: string): string | undefined {
  const call = callsOf(fn).find((each) => each.start === owned.at.start && each.name === owned.from);
  const [index, ...more] = program.knowledge.fn(owned.from)?.keeps ?? [];
  const data = index === undefined || more.length > 0 ? undefined : call?.expr.args[index];
  if (data === undefined || handleKey(data) === undefined || typeOf(program, owned) !== "unsigned int")
    return undefined;
  return `${head}, ${program.file.text.slice(data.start, data.end)});`;
}

/** Structs of the driver model with a member `dev`, as the references to them are put. */
const HAS_DEV: ReadonlySet<string> = new Set([
  "struct platform_device *",
  "struct i2c_adapter *",
  "struct i2c_client *",
  "struct spi_device *",
  "struct spi_controller *",
  "struct phy_device *",
  "struct net_device *",
]);

function plain(type: string): string {
  return type
    .replace(/\b(const|volatile|__user|__iomem|__rcu|__must_check)\b/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** The type of what stands for it. */
function typeOf(program: Program, owned: Owned): string | undefined {
  const own = program.functions.get(owned.from)?.def.returns ?? program.inlines.get(owned.from)?.def.returns;
  if (own !== undefined) return own.pointers === 1 ? `${own.base} *` : undefined;
  const govern = program.knowledge.govern(owned.from);
  if (govern !== undefined) return /of_node_put/.test(owned.releasedBy[0] ?? "") ? "struct device_node *" : undefined;
  const { extracted, obtains } = program.knowledge.fact(owned.from) ?? {};
  if (obtains === undefined) return undefined;
  if (obtains.handle === "return") {
    if (extracted?.kind !== "macro" && extracted !== undefined) return plain(extracted.returnType);
    return extracted === undefined ? undefined : MEMORY.test(owned.releasedBy[0] ?? "") ? "void *" : undefined;
  }
  const type = plain(extracted?.parameters[obtains.handle]?.type ?? "");
  if (obtains.out === true)
    return type.endsWith("**") ? `${type.slice(0, -2).trimEnd()} *`.replace("* *", "*") : undefined;
  return type === "" ? undefined : type;
}

const MEMORY = /^k?v?free(_sensitive)?$/;

/** The argument that named it where it was obtained; of `&fw`, which was filled, `fw`. */
function argumentOf(program: Program, fn: Func, owned: Owned): string | undefined {
  const call = callsOf(fn).find((each) => each.start === owned.at.start && each.name === owned.from);
  const obtains: FunctionFact["obtains"] = program.knowledge.fn(owned.from)?.obtains;
  if (call === undefined || obtains === undefined || obtains.handle === "return") return undefined;
  const arg = call.expr.args[obtains.handle];
  if (arg === undefined) return undefined;
  const text = program.file.text.slice(arg.start, arg.end);
  if (obtains.out !== true) return /^[&\w>.\-[\]]+$/.test(text) ? text : undefined;
  return /^&[\w>.-]+$/.test(text) ? text.slice(1) : undefined;
}

/** The blocks in which the locals that a text names are declared; undefined where a name means two things. */
function scopesOf(program: Program, fn: Func, text: string) {
  const locals = program.types.localsOf(fn.def);
  const found: { readonly start: number; readonly end: number }[] = [];
  for (const [, name] of text.matchAll(/(?<![\w.]|->)([A-Za-z_]\w*)/g)) {
    const declared = locals.get(name!);
    if (declared === undefined) continue;
    if (declared.length > 1) return undefined;
    const at = declared[0]!.start;
    let scope: { readonly start: number; readonly end: number } = fn.def;
    if (at >= fn.def.body.start)
      walkStatements(fn.def.body, (stmt) => {
        if (/^(compound|for|macro)$/.test(stmt.kind) && stmt.start <= at && at < stmt.end) scope = stmt;
      });
    found.push({ start: at >= fn.def.body.start ? at : scope.start, end: scope.end });
  }
  return found;
}

export function mustNotSleep(state: Left): boolean {
  return [...state.locks.values()].some(forbidsSleeping);
}
