// What is true at one point of one path: known values, locks held, things obtained.
import type { IrqEffect, LockFlavour } from "../knowledge/schema.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { ValueKeys } from "./value-keys.ts";
import { isSameValue, type Value } from "./values.ts";

/** A lock taken on this path. Pseudo-locks (rcu, preemption, bottom halves, interrupts) have keys that begin with `@`. */
export interface Held {
  readonly key: string;
  readonly flavour: LockFlavour;
  readonly irq: IrqEffect;
  /** Where it was taken. */
  readonly at: Span;
  /** The argument that named it, for its class. */
  readonly expr?: Expr;
  /** It was taken by an attempt that gives up rather than wait. */
  readonly tried?: true;
  /** Whoever holds it may take it again. */
  readonly nests?: true;
  /** The function of the driver through which it was taken, when not directly. */
  readonly via?: string;
}

/** Something obtained on this path. */
export interface Owned {
  /** The place that holds it: `p`, `dev->buf`, or the argument that names it. */
  readonly key: string;
  /** The function that gave it: `kmalloc`. */
  readonly from: string;
  readonly what: string;
  /** The place is the resource itself (a pointer), not the name of something switched on. */
  readonly isPointer: boolean;
  /** It is a number that stands for the resource, such as a DMA address: any use may hand it on. */
  readonly isNumber: boolean;
  /** The function that tells whether it was obtained at all. */
  readonly failureTest?: string;
  /** The function that tells whether it is held. */
  readonly heldTest?: string;
  readonly releasedBy: readonly string[];
  /** Only the names say that it has to be undone, and with what. */
  readonly byName?: true;
  /** Other places that lead to it: `dev` after `pdev = to_platform_device(dev)`. */
  readonly aliases?: readonly string[];
  /** Places of objects that the kernel keeps a pointer to until it is given back: the `dev_id` of request_irq(). */
  readonly pins?: readonly string[];
  /** Someone who is not known got hold of what it stands in, and may have given it back. */
  readonly faint?: true;
  /** Functions of which nothing is known that have had the pointer since, and may have kept it. */
  readonly handed?: readonly Handed[];
  /** The function of the driver that obtained it, when not the function itself. */
  readonly through?: string;
  /** A parameter that is the function's to dispose of: the kernel gives it away, or the function itself frees it elsewhere. */
  readonly given?: "kernel" | "caller";
  readonly at: Span;
}

export interface Handed {
  readonly to: string;
  /** The path went on to something else, so that this did not fail. */
  readonly wentOn: boolean;
  /** The variables that it had beside the pointer, and in which it may have left it. */
  readonly beside: readonly string[];
}

export type FreeKind = "freed" | "taken" | "dropped";

/** Memory that is gone, or somebody else's to free. */
export interface Freed {
  /** The place that pointed to it, under the first name of the pointer that it begins with. */
  readonly key: string;
  /** The kernel function that freed it or took it over. */
  readonly by: string;
  /** Freed here and now; taken over by somebody who frees it; or the last reference to it that is known was dropped. */
  readonly how: FreeKind;
  readonly at: Span;
  /** The function of the driver inside which it was freed. */
  readonly via?: string;
}

export interface PathState {
  readonly values: ReadonlyMap<string, Value>;
  readonly locks: ReadonlyMap<string, Held>;
  /** Locks of the caller that this function released and has not taken again. */
  readonly dropped: ReadonlySet<string>;
  /** Locks taken and released again on this path. */
  readonly done: ReadonlySet<string>;
  readonly owned: ReadonlyMap<string, Owned>;
  /** Places of what was obtained and given back on this path. */
  readonly given: ReadonlySet<string>;
  /** Given back without having been obtained here, as `release:handle`. */
  readonly lent: ReadonlySet<string>;
  /** By place: memory that is gone. */
  readonly freed: ReadonlyMap<string, Freed>;
  /** Something happened to locks that is not understood: what is said of them from here on is a guess. */
  readonly uncertain: boolean;
  /** The path knows that it may sleep (`if (!in_atomic())`). */
  readonly maySleepHere: boolean;
}

export const START: PathState = {
  values: new Map(),
  locks: new Map(),
  dropped: new Set(),
  done: new Set(),
  owned: new Map(),
  given: new Set(),
  lent: new Set(),
  freed: new Map(),
  uncertain: false,
  maySleepHere: false,
};

/** Equal states have equal keys; where something was taken does not matter. */
export function stateKey(state: PathState, keys: ValueKeys): string {
  const values = keys.textOf(state.values);
  const locks = state.locks.size === 0 ? "" : [...state.locks.keys()].join(";");
  const owned = state.owned.size === 0 ? "" : [...state.owned.values()].map(ownedText).sort().join(";");
  const freed = state.freed.size === 0 ? "" : [...state.freed.keys()].sort().join(",");
  const sets = `${setText(state.dropped)}/${setText(state.done)}/${setText(state.given)}/${setText(state.lent)}`;
  return `${values}|${locks}|${owned}|${freed}|${sets}|${state.uncertain ? "u" : ""}${state.maySleepHere ? "s" : ""}`;
}

function setText(set: ReadonlySet<string>): string {
  return set.size === 0 ? "" : [...set].join(",");
}

function ownedText({ key, faint, handed }: Owned): string {
  const to = handed?.map((each) => `>${each.to}${each.wentOn ? "" : "!"}`).join("") ?? "";
  return `${key}${faint === true ? "?" : ""}${to}`;
}

/** Whether a held lock forbids sleeping. */
export function forbidsSleeping(held: Held): boolean {
  return SPINNING.has(held.flavour) || held.irq !== "none";
}

const SPINNING: ReadonlySet<LockFlavour> = new Set([
  "spin",
  "raw-spin",
  "read-spin",
  "write-spin",
  "rcu",
  "preempt",
  "bh",
  "irq",
  "fpu",
  "seq-write",
]);

/** More values than this are not carried along a path: in functions of thousands of lines the oldest give way. */
const VALUES_PER_STATE = 40;

export function withValue(state: PathState, key: string, value: Value | undefined): PathState {
  const before = state.values.get(key);
  if (before === value || (before !== undefined && value !== undefined && isSameValue(before, value))) return state;
  const values = new Map(state.values);
  if (value === undefined) values.delete(key);
  else values.set(key, value);
  if (values.size > VALUES_PER_STATE) values.delete(values.keys().next().value!);
  return { ...state, values };
}

export function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.set(key, value);
  return copy;
}

export function withMember<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  return set.has(member) ? set : new Set(set).add(member);
}

export function withoutMember<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  if (!set.has(member)) return set;
  const copy = new Set(set);
  copy.delete(member);
  return copy;
}
