// The JavaScript that driver code may see: a short list of names that reach neither the host nor anything random.
import { asIntN, asUintN, GUARDS, toBigInt } from "./bigints.ts";
import { LONGEST, tooLong } from "./bounds.ts";
import { instead } from "./libc.ts";
import { nearest } from "./nearest.ts";
import type { Scope } from "./scope.ts";

class DriverError {
  name = "Error";
  message: string;

  constructor(message: unknown = "") {
    this.message = String(message);
  }

  toString(): string {
    return `${this.name}: ${this.message}`;
  }
}

function frozen<T extends object>(entries: T): T {
  return Object.freeze(Object.assign(Object.create(null), entries)) as T;
}

function mathematics(): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name of Object.getOwnPropertyNames(Math)) {
    if (name !== "random") kept[name] = (Math as unknown as Record<string, unknown>)[name];
  }
  return frozen(kept);
}

/** Nothing here can be changed, so that one run leaves no trace in the next. */
const VALUES: Readonly<Record<string, unknown>> = {
  Array: arrays(),
  BigInt: frozenFunction(toBigInt, { asIntN, asUintN }),
  Boolean: frozenFunction((value: unknown) => Boolean(value), {}),
  Error: Object.freeze(DriverError),
  JSON: frozen({ parse: JSON.parse, stringify: JSON.stringify }),
  Map: Object.freeze(class extends Map<unknown, unknown> {}),
  Math: mathematics(),
  Number: frozenFunction((value: unknown) => Number(value), {
    isInteger: Number.isInteger,
    isSafeInteger: Number.isSafeInteger,
    isFinite: Number.isFinite,
    isNaN: Number.isNaN,
    parseInt: Number.parseInt,
    parseFloat: Number.parseFloat,
    MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER,
    MIN_SAFE_INTEGER: Number.MIN_SAFE_INTEGER,
  }),
  Object: frozen({
    assign: (to: object, ...from: unknown[]) => (typeof to === "function" ? to : Object.assign(to, ...from)),
    entries: Object.entries,
    freeze: Object.freeze,
    fromEntries: Object.fromEntries,
    is: Object.is,
    keys: Object.keys,
    values: Object.values,
  }),
  Set: Object.freeze(class extends Set<unknown> {}),
  String: frozenFunction((value: unknown) => String(value), { fromCharCode: String.fromCharCode }),
  Uint8Array: Object.freeze(
    class extends Uint8Array {
      constructor(...args: unknown[]) {
        super(...sized(args));
      }
    },
  ),
  Uint16Array: Object.freeze(
    class extends Uint16Array {
      constructor(...args: unknown[]) {
        super(...sized(args));
      }
    },
  ),
  Uint32Array: Object.freeze(
    class extends Uint32Array {
      constructor(...args: unknown[]) {
        super(...sized(args));
      }
    },
  ),
  isNaN: (value: number) => Number.isNaN(Number(value)),
  parseInt: Number.parseInt,
};

/** `new` gives what the function returns; `prototype` is there for `instanceof` and out of a driver's reach. */
function arrays(): unknown {
  function construct(...items: unknown[]): unknown[] {
    return items.length === 1 && typeof items[0] === "number" ? new Array(bearable(items[0])) : items;
  }
  construct.prototype = Array.prototype;
  return frozenFunction(construct, { from, isArray: Array.isArray, of: Array.of });
}

/** Array.from() of what is not too long. */
function from(items: ArrayLike<unknown>, ...rest: [((item: unknown, index: number) => unknown)?]): unknown[] {
  bearable(Number((items as { length?: unknown } | null)?.length ?? 0));
  return rest[0] === undefined ? Array.from(items) : Array.from(items, rest[0]);
}

/** An array that would take the machine's memory for itself is refused, as V8 refuses the very long ones. */
function bearable(length: number): number {
  if (length > LONGEST) throw tooLong("array", length);
  return length;
}

/** The length that a typed array is to have: what else it is made of is there already. */
function sized([length, ...rest]: readonly unknown[]): [never] {
  return [typeof length === "number" ? bearable(length) : length, ...rest] as unknown as [never];
}

function frozenFunction<F extends (...args: never[]) => unknown>(call: F, properties: object): F {
  return Object.freeze(Object.assign(call, properties));
}

/** Parameters of every program's function, sorted: what drivers see, and what only compiled code does. */
const PARAMETERS = { ...VALUES, ...GUARDS };
export const AMBIENT_NAMES: readonly string[] = Object.keys(PARAMETERS).sort();
export const AMBIENT_VALUES: readonly unknown[] = AMBIENT_NAMES.map((name) => PARAMETERS[name]);
export const AMBIENT: ReadonlySet<string> = new Set([...Object.keys(VALUES), "undefined", "NaN", "Infinity"]);

const REASONS: Readonly<Record<string, string>> = {
  Date: "a driver reads virtual time: ktime_get() of linux/ktime",
  Promise: "drivers are synchronous; blocking calls wait",
  Symbol: "it cannot be stepped",
  Proxy: "it cannot be stepped",
  Reflect: "it reaches behind objects",
  Function: "code cannot be made from text",
  eval: "code cannot be made from text",
  arguments: "use rest parameters",
  process: "a driver cannot reach the machine that simulates it",
  require: "use import",
  console: "use pr_info of linux/printk",
};

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^(set|clear)(Timeout|Interval|Immediate)$/, "use timers of linux/timer or work of linux/workqueue"],
  [/^(global(This)?|window|self)$/, "a driver sees what it imports"],
];

export function absenceOf(name: string, scope: Scope): string {
  const reason = Object.hasOwn(REASONS, name) ? REASONS[name] : PATTERNS.find(([pattern]) => pattern.test(name))?.[1];
  if (reason !== undefined) return `'${name}' is not available: ${reason}`;
  const known = [...AMBIENT];
  for (let at: Scope | undefined = scope; at; at = at.parent) known.push(...at.names);
  known.push(...scope.module.imports.keys());
  const kernels = instead(name);
  if (kernels !== undefined) return `'${name}' undeclared: ${kernels}`;
  const near = nearest(name, known);
  return `'${name}' undeclared${near === undefined ? "" : `; did you mean '${near}'?`}`;
}

/** Keys that lead from any object to the machinery of the host, or whose result depends on the host's language. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set([
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
  "__proto__",
  "arguments",
  "callee",
  "caller",
  "constructor",
  "localeCompare",
  "prototype",
  "toLocaleDateString",
  "toLocaleLowerCase",
  "toLocaleString",
  "toLocaleTimeString",
  "toLocaleUpperCase",
]);

/** Why a property may not be named; undefined when it may. */
export function forbiddenKey(key: string): string | undefined {
  return FORBIDDEN_KEYS.has(key) ? `the property '${key}' is not available to driver code` : undefined;
}
