// How a header's functions are written down: under their names, with their types, working on raw values.
import type { KernelExport, KernelFunction, Raw, Steps, Type } from "../engine/interfaces.ts";
import type { Layout } from "../engine/layout.ts";
import type { Core } from "../kernel/core.ts";

/** What a header exports, by name. */
export type Exports = Map<string, KernelExport>;

type Extra = Pick<KernelFunction, "mayBeNull" | "mayBeErrPtr" | "stringizes" | "measures" | "optional">;

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
    returns: KernelFunction["returns"],
    run: (...args: never[]) => unknown,
    extra: Extra = {},
  ): void {
    const body = run as (...args: readonly Raw[]) => unknown;
    const call = (args: readonly Raw[]): Raw =>
      this.core.call(name, () => asRaw(body(...normalise(args, params)), returns));
    this.exports.set(name, { kind: "function", name, params, returns, call, steps: false, ...extra });
  }

  /** A function that may block, or calls back into drivers. */
  steps(
    name: string,
    params: readonly Type[],
    returns: KernelFunction["returns"],
    run: (...args: never[]) => Steps<unknown>,
    extra: Extra & { readonly syscall?: true } = {},
  ): void {
    const body = run as (...args: readonly Raw[]) => Steps<unknown>;
    const { core } = this;
    const { syscall, ...flags } = extra;
    const call = function* (args: readonly Raw[]): Steps<Raw> {
      const value = asRaw(yield* core.steps(name, body(...normalise(args, params)), syscall), returns);
      if (core.preemption === "voluntary") yield* core.volunteer();
      return value;
    };
    this.exports.set(name, { kind: "function", name, params, returns, call, steps: true, ...flags });
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

const SIGNED: ReadonlySet<Type> = new Set(["int"]);

/** C's conversion of arguments to the types of the parameters: callers of either language may pass -1 for 0xffffffff. */
function normalise(args: readonly Raw[], params: readonly Type[]): readonly Raw[] {
  const passed = params.filter((type) => type !== "like");
  return args.map((value, index) => {
    const type = passed[index];
    // What follows a format keeps its type: 64-bit values are told by being bigints.
    if (type === undefined) return value;
    return convert(value, type);
  });
}

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
