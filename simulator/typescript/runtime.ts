// What compiled drivers call while they run: hooks, frames, exceptions, guarded keys, callbacks.

import { forbiddenKey } from "./ambient.ts";
import { type Delegated, METHODS } from "./arrays.ts";
import { bytesOf, checkCall, checkMade } from "./bounds.ts";
import { DriverFault, STACK_OVERFLOW, Thrown } from "./fault.ts";
import { READ, type References, type Run, WRITE } from "./references.ts";

/** A running call of a driver's function; `l0`, `l1`… are closures that see its scopes. */
export interface FrameRecord {
  /** The caller; undefined below the first. */
  readonly c: FrameRecord | undefined;
  /** Depth. */
  readonly d: number;
  /** The current site. */
  s: number;
  readonly [look: `l${number}`]: Look | undefined;
  /** Where all variables stand at the head of the function: reads or writes one of them, see locals.ts. */
  readonly v?: (index: number, isWrite?: boolean, value?: unknown) => unknown;
}

/** Evaluates JavaScript that the compiler wrote, in the scope of a statement. */
export type Look = (source: string) => unknown;

/** Calls that are not nested deeper need no look at the stack. */
const SHALLOW = 32;
/** Calls deeper than this overflow the stack of a world that knows no better. */
const DEEPEST_CALL = 500;
/** Statements that may run in one go where nothing can be suspended. */
const LONGEST_ATOMIC = 10_000_000;

/** Bytes of what is made at once: less is seen in time, and after so much somebody is to look. */
const SMALL = 1 << 10;
const MUCH = 1 << 28;

const GENERATOR_PROTOTYPE = Object.getPrototypeOf(function* () {}).prototype as object;
export const GENERATOR_FUNCTION = Object.getPrototypeOf(function* () {}) as object;

/** Recognises what a call of a driver's function gives: `result instanceof RunningCall`. */
export function RunningCall(): void {}
RunningCall.prototype = GENERATOR_PROTOTYPE;

type RunningSteps = Generator<unknown, unknown, unknown>;

/** Runs a call to its next stop; called by itself, as what it is found by differs from function to function. */
export const NEXT = (GENERATOR_PROTOTYPE as RunningSteps).next;

/** A call that has stopped for the first time, on its way. */
class Rest implements Iterator<unknown, unknown> {
  private readonly steps: RunningSteps;
  private first: IteratorResult<unknown> | undefined;

  constructor(steps: RunningSteps, first: IteratorResult<unknown>) {
    this.steps = steps;
    this.first = first;
  }

  next(value: unknown): IteratorResult<unknown> {
    const { first } = this;
    if (first === undefined) return NEXT.call(this.steps, value);
    this.first = undefined;
    return first;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

export function isRunningCall(value: unknown): value is Generator<unknown, unknown, unknown> {
  return typeof value === "object" && value !== null && value instanceof (RunningCall as unknown as new () => object);
}

type AnyFunction = (...args: unknown[]) => unknown;

function isDriverFunction(value: unknown): value is AnyFunction {
  return typeof value === "function" && Object.getPrototypeOf(value) === GENERATOR_FUNCTION;
}

export const NONE: unique symbol = Symbol("no value yet");

export const ROOT: FrameRecord = { c: undefined, d: 0, s: -1 };

/** What the code of a program stands on, whatever run it is in: it keeps no run. */
export interface Ground {
  readonly references: References;
  imported(header: string, name: string): unknown;
  /** JavaScript has made much since this was called last. */
  onMuch(): void;
}

/** The names are short because compiled code is full of them; no driver can say them. */
export class Runtime {
  /** Statements left. */
  n = 0;
  /** The same outside of code that cannot be suspended, which has a count of its own. */
  private outside: number | undefined;
  top: FrameRecord = ROOT;
  /** False once a fault passes through a driver: nothing of it runs any more. */
  live = true;
  /** Ticks left of code that cannot be suspended. */
  ticks = LONGEST_ATOMIC;
  private made = 0;
  /** Closures that see the globals of each file. */
  readonly modules: Look[] = [];
  /** The statement to which a person makes a call go, while it is told. */
  to: number | undefined;
  /** What a variable is whose declaration has not run, in a function that is jumped in. */
  readonly none = NONE;
  /** A value on its way into an assignment made by a person. */
  incoming: unknown;
  private readonly ground: Ground;
  private readonly classes = new WeakSet<object>();
  private readonly originals = new WeakMap<object, AnyFunction>();
  private readonly numbers = new WeakMap<object, number>();

  constructor(ground: Ground) {
    this.ground = ground;
  }

  imported(header: string, name: string): unknown {
    return this.ground.imported(header, name);
  }

  get left(): number {
    return this.outside ?? this.n;
  }

  shorten(statements: number): void {
    if (this.outside === undefined) this.n -= statements;
    else this.outside -= statements;
  }

  enter(frame: FrameRecord): void {
    this.top = frame;
    if (frame.d > SHALLOW) this.nested(frame.d);
  }

  private nested(depth: number): void {
    const { stack } = this.ground.references.around;
    if (stack.nest !== undefined) stack.nest(depth);
    else if (depth > DEEPEST_CALL) throw new DriverFault(STACK_OVERFLOW);
  }

  tick(): void {
    if (--this.ticks < 0) throw new DriverFault("BUG: soft lockup: code that cannot be suspended does not end");
  }

  /** A computed key, once converted and allowed. */
  k(key: unknown): string | number {
    if (typeof key === "number") return key;
    const text = String(key);
    const reason = forbiddenKey(text);
    if (reason !== undefined) throw new DriverFault(reason);
    return text;
  }

  /** An element of an array in memory. */
  at(run: Run, index: number): unknown {
    return run[READ](index);
  }

  put(run: Run, index: number, value: unknown): unknown {
    run[WRITE](index, value);
    return value;
  }

  /** An object that is about to be changed: the functions of JavaScript and of the kernel outlive the run. */
  w(object: unknown): unknown {
    const isOwn = isDriverFunction(object) && !Object.isFrozen(object);
    if (typeof object === "function" && !isOwn && !this.classes.has(object)) {
      throw new DriverFault("the properties of a function that is not the driver's own cannot be changed");
    }
    return object;
  }

  rest(steps: RunningSteps, first: IteratorResult<unknown>): Rest {
    return new Rest(steps, first);
  }

  /** A variable is used before its declaration has run. */
  early(name: string): never {
    throw new ReferenceError(`Cannot access '${name}' before initialization`);
  }

  /** Makes a class known as the driver's own. */
  own(of: object): void {
    this.classes.add(of);
  }

  /** Runs a call to its end where it cannot be suspended. */
  now(result: unknown): unknown {
    if (!isRunningCall(result)) return result;
    const { n, top, outside } = this;
    this.outside = outside ?? n;
    this.n = LONGEST_ATOMIC;
    try {
      for (;;) {
        const step = result.next();
        if (step.done) return step.value;
        // Interrupts that are let in come when it can be suspended again.
        if (typeof step.value !== "number" && (step.value as { kind: string }).kind !== "yield") {
          throw new DriverFault(stopWords(step.value));
        }
        if (this.n < 0) throw new DriverFault("BUG: soft lockup: code that cannot be suspended does not end");
      }
    } finally {
      this.n = outside === undefined ? this.outside : n;
      this.outside = outside;
      this.top = top;
    }
  }

  /** What JavaScript has made at once, by a constructor, a spread or a method, unless it is too long. */
  o<T>(made: T): T {
    const bytes = bytesOf(checkMade(made));
    if (bytes > SMALL) this.made += bytes;
    if (this.made < MUCH) return made;
    this.made = 0;
    this.ground.onMuch();
    return made;
  }

  /** Calls a method that may call back, or that may make much or take long. */
  m(object: unknown, name: string, args: unknown[]): unknown {
    const method = (object as Record<string, unknown>)[name];
    if (typeof method !== "function") throw new TypeError(`${name} is not a function`);
    if (isDriverFunction(method)) return method.apply(object, args);
    checkCall(object, name, args);
    const callback = isOfFunctions(name) ? undefined : args.find(isDriverFunction);
    if (callback === undefined) return this.o(method.apply(object, args));
    if (Array.isArray(object) && Object.hasOwn(METHODS, name)) return METHODS[name]!(object, args, this.step);
    if (object instanceof Map || object instanceof Set) return this.overCollection(object, callback);
    if (name === "from" && args[1] === callback)
      return METHODS.map!(Array.from(args[0] as Iterable<unknown>), [callback], this.step);
    return method.apply(
      object,
      args.map((one) => (isDriverFunction(one) ? this.atomically(one) : one)),
    );
  }

  private readonly step = (callback: unknown, args: readonly unknown[]): Delegated<unknown> =>
    this.stepped(callback, args);

  private *stepped(callback: unknown, args: readonly unknown[]): Delegated<unknown> {
    const { top } = this;
    const result = (callback as AnyFunction)(...args);
    if (!isRunningCall(result)) return result;
    const value = yield* result;
    this.top = top;
    return value;
  }

  private *overCollection(object: Map<unknown, unknown> | Set<unknown>, callback: unknown): Delegated<undefined> {
    const pairs = object instanceof Map ? object.entries() : object.entries();
    for (const [key, value] of pairs) yield* this.stepped(callback, [value, key, object]);
  }

  private atomically(callback: AnyFunction): AnyFunction {
    return (...args) => this.now(callback(...args));
  }

  /** Ties an arrow function to its `this`. */
  bind(fn: AnyFunction, self: unknown): AnyFunction {
    const bound = fn.bind(self) as AnyFunction;
    this.originals.set(bound, fn);
    return bound;
  }

  /** The number that the compiler gave a function; undefined for those of the kernel. */
  numberOf(fn: unknown): number | undefined {
    if (!isDriverFunction(fn)) return undefined;
    const known = this.numbers.get(fn);
    if (known !== undefined) return known;
    const found = /\/\*#(\d+)\*\//.exec(Function.prototype.toString.call(this.originals.get(fn) ?? fn));
    if (found === null) return undefined;
    this.numbers.set(fn, Number(found[1]));
    return Number(found[1]);
  }

  mark(): number {
    return this.ground.references.around.stack.mark();
  }

  release(mark: number): void {
    this.ground.references.around.stack.release(mark);
  }

  thrown(value: unknown): Thrown {
    return new Thrown(value);
  }

  /** What a catch clause gets; a fault goes on. */
  caught(error: unknown, frame?: FrameRecord): unknown {
    if (!(error instanceof Thrown)) throw this.failed(error);
    if (frame) this.top = frame;
    return error.value;
  }

  failed(error: unknown): unknown {
    if (!(error instanceof Thrown)) this.live = false;
    return error;
  }

  restart(): void {
    this.live = true;
    this.ticks = LONGEST_ATOMIC;
  }
}

/** What it is called with is for the function to make something of. */
function isOfFunctions(method: string): boolean {
  return method === "apply" || method === "call";
}

function stopWords(stop: unknown): string {
  const { kind, fault } = stop as { kind: string; fault?: { message: string } };
  if (kind === "fault") return fault!.message;
  return "BUG: scheduling while atomic: constructors, getters and callbacks of JavaScript's own functions cannot wait";
}
