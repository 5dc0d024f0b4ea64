// How a header's functions are written down: under their names, with their types, working on raw values.
import type { KernelExport, KernelFunction, Raw, Steps, Stop, Type } from "../engine/interfaces.ts";
import type { Layout } from "../engine/layout.ts";
import type { Core } from "../kernel/core.ts";

/** What a header exports, by name. */
export type Exports = Map<string, KernelExport>;

type Extra = Pick<KernelFunction, "mayBeNull" | "mayBeErrPtr" | "stringizes" | "measures" | "optional">;

type Returns = KernelFunction["returns"];

/** One of a header. All are of one shape, as every call of a driver goes through here. */
abstract class HeaderFunction implements KernelFunction {
  readonly kind = "function";
  readonly name: string;
  readonly params: readonly Type[];
  readonly returns: Returns;
  readonly mayBeNull: boolean | undefined;
  readonly mayBeErrPtr: boolean | undefined;
  readonly optional: number | undefined;
  readonly stringizes: readonly number[] | undefined;
  readonly measures: readonly number[] | undefined;
  protected readonly core: Core;
  /** Types of the arguments as they arrive here, once it was called. */
  private passed: readonly Type[] | undefined;

  constructor(core: Core, name: string, params: readonly Type[], returns: Returns, extra: Extra) {
    this.core = core;
    this.name = name;
    this.params = params;
    this.returns = returns;
    this.mayBeNull = extra.mayBeNull;
    this.mayBeErrPtr = extra.mayBeErrPtr;
    this.optional = extra.optional;
    this.stringizes = extra.stringizes;
    this.measures = extra.measures;
    this.passed = undefined;
  }

  /** C's conversion of arguments to the types of the parameters: callers of either language may pass -1 for 0xffffffff. */
  protected converted(args: readonly Raw[]): readonly Raw[] {
    const { params } = this;
    this.passed ??= params.includes("like") ? params.filter((type) => type !== "like") : params;
    const { passed } = this;
    let converted: Raw[] | undefined;
    // What follows a format keeps its type: 64-bit values are told by being bigints.
    const count = Math.min(args.length, passed.length);
    for (let i = 0; i < count; i++) {
      const value = convert(args[i], passed[i]!);
      if (value === args[i]) continue;
      converted ??= [...args];
      converted[i] = value;
    }
    return converted ?? args;
  }

  abstract readonly steps: boolean;
  abstract call(args: readonly Raw[]): Raw | Steps<Raw>;
}

class PlainFunction extends HeaderFunction {
  readonly steps = false;
  private readonly run: (...args: readonly Raw[]) => unknown;

  constructor(
    core: Core,
    name: string,
    params: readonly Type[],
    returns: Returns,
    run: PlainFunction["run"],
    extra: Extra,
  ) {
    super(core, name, params, returns, extra);
    this.run = run;
  }

  call(args: readonly Raw[]): Raw {
    const calls = this.core.enter(this.name);
    try {
      return asRaw(run(this.run, this.converted(args)), this.returns);
    } finally {
      calls.pop();
    }
  }
}

class StepsFunction extends HeaderFunction {
  readonly steps = true;
  private readonly run: (...args: readonly Raw[]) => Steps<unknown>;
  private readonly isSyscall: boolean;

  constructor(
    core: Core,
    name: string,
    params: readonly Type[],
    returns: Returns,
    run: StepsFunction["run"],
    extra: Extra & { readonly syscall?: true },
  ) {
    super(core, name, params, returns, extra);
    this.run = run;
    this.isSyscall = extra.syscall === true;
  }

  /** Most calls neither wait nor call anybody: then their result comes at once. Who faults in one is gone, with its calls. */
  call(args: readonly Raw[]): Raw | Steps<Raw> {
    const { core } = this;
    const steps = run(this.run, this.converted(args));
    const calls = core.enter(this.name, this.isSyscall);
    const first = steps.next();
    if (first.done !== true) return this.rest(steps, first.value, calls);
    calls.pop();
    const value = asRaw(first.value, this.returns);
    return core.preemption === "voluntary" ? this.voluntary(value) : value;
  }

  private *rest(steps: Steps<unknown>, stop: Stop, calls: { pop(): void }): Steps<Raw> {
    let next = steps.next(yield stop);
    while (next.done !== true) next = steps.next(yield next.value);
    calls.pop();
    const value = asRaw(next.value, this.returns);
    return this.core.preemption === "voluntary" ? yield* this.voluntary(value) : value;
  }

  private *voluntary(value: Raw): Steps<Raw> {
    yield* this.core.volunteer();
    return value;
  }
}

export class Header {
  readonly exports: Exports = new Map();
  private readonly core: Core;

  constructor(core: Core) {
    this.core = core;
  }

  /** A function that neither blocks nor calls drivers. Arguments narrower than 64 bits arrive as numbers. */
  plain(
    name: string,
    params: readonly Type[],
    returns: Returns,
    run: (...args: never[]) => unknown,
    extra: Extra = {},
  ): void {
    const body = run as (...args: readonly Raw[]) => unknown;
    this.exports.set(name, new PlainFunction(this.core, name, params, returns, body, extra));
  }

  /** A function that may block, or calls back into drivers. */
  steps(
    name: string,
    params: readonly Type[],
    returns: Returns,
    run: (...args: never[]) => Steps<unknown>,
    extra: Extra & { readonly syscall?: true } = {},
  ): void {
    const body = run as (...args: readonly Raw[]) => Steps<unknown>;
    this.exports.set(name, new StepsFunction(this.core, name, params, returns, body, extra));
  }

  constant(name: string, value: number | string): void {
    this.exports.set(name, { kind: "constant", value });
  }

  constants(values: Readonly<Record<string, number | string>>): void {
    for (const [name, value] of Object.entries(values)) this.constant(name, value);
  }

  layout(name: string, layout: Layout): void {
    this.exports.set(name, layout);
  }
}

/** Calls a function with its arguments; few have more than four. */
function run<T>(body: (...args: readonly Raw[]) => T, args: readonly Raw[]): T {
  switch (args.length) {
    case 0:
      return body();
    case 1:
      return body(args[0]);
    case 2:
      return body(args[0], args[1]);
    case 3:
      return body(args[0], args[1], args[2]);
    case 4:
      return body(args[0], args[1], args[2], args[3]);
    default:
      return body(...args);
  }
}

const SIGNED: ReadonlySet<Type> = new Set(["int"]);

function convert(value: Raw, type: Type): Raw {
  if (type === "u64" || type === "sector") return BigInt.asUintN(64, BigInt(value ?? 0));
  if (type === "s64") return BigInt.asIntN(64, BigInt(value ?? 0));
  const number = Number(value ?? 0);
  switch (type) {
    case "any":
      return value;
    case "bool":
      return number === 0 ? 0 : 1;
    case "u8":
      return number & 0xff;
    case "u16":
      return number & 0xffff;
    default:
      return SIGNED.has(type) ? number | 0 : number >>> 0;
  }
}

function asRaw(value: unknown, returns: KernelFunction["returns"]): Raw {
  if (returns === "void") return undefined;
  if (returns === "first") return value as Raw;
  if (typeof value === "boolean") return value ? 1 : 0;
  return convert(value as Raw, returns === "arg0" || returns === "same" ? "ptr" : returns);
}
