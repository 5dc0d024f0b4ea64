// Calls between drivers and the kernel: raw integers and addresses on one side, values of driver code on the other.
import type { KernelFunction, Raw, Steps, Type } from "../engine/interfaces.ts";
import { type Layout, type MemberType, sizeOf } from "../engine/layout.ts";
import type { ParameterType } from "./annotations.ts";
import { DriverFault } from "./fault.ts";
import { type OnFloat, toInteger, toLong } from "./integers.ts";
import { layoutOf, typeOrNone } from "./kinds.ts";
import { ADDRESS, isError, isPointer, type References, TARGET } from "./references.ts";
import { GENERATOR_FUNCTION } from "./runtime.ts";

/** What conversions need of the run. */
export interface Crossing {
  readonly references: References;
  readonly onFloat: OnFloat;
  entering(): void;
  textAt(address: number): string;
  literal(text: string): number;
  /** An argument of a call of this function in the running statement, as it was written. */
  argumentText(name: string, index: number): string;
  /** What a type's name stands for in the file of a function; undefined when it is no struct or scalar. */
  referenced(name: string, isArray?: boolean): { pointer(raw: number): unknown } | undefined;
}

/** A kernel function of a run. */
export interface Callee {
  readonly crossing: Crossing;
  readonly fn: KernelFunction;
  readonly isVariadic: boolean;
  /** The place of the argument whose struct the result is like; less than 0 without one. */
  readonly like: number;
}

export function calleeOf(crossing: Crossing, fn: KernelFunction): Callee {
  return { crossing, fn, isVariadic: fn.params.includes("format"), like: fn.params.indexOf("like") };
}

export type Face = (...args: unknown[]) => unknown;

/** A kernel function as a function of driver code, whichever run that is in: there it is the callee at a place. */
export function faceOf(run: { readonly callees: readonly Callee[] }, at: number, name: string, steps: boolean): Face {
  // Under its own name: to give it one afterwards takes longer, and more memory.
  const { [name]: call } = {
    [name]: (...args: unknown[]): unknown => {
      const callee = run.callees[at]!;
      const raw = rawArguments(callee, args);
      callee.crossing.entering();
      const value = callee.fn.call(raw);
      return typeof value === "object" ? later(callee, args, value) : result(callee, args, value);
    },
  };
  // As a callback it is one that may wait, as those of drivers are.
  return Object.freeze(steps ? Object.setPrototypeOf(call, GENERATOR_FUNCTION) : call!);
}

function* later(callee: Callee, args: readonly unknown[], steps: Steps<Raw>): Steps<unknown> {
  return result(callee, args, yield* steps);
}

function rawArguments(callee: Callee, args: readonly unknown[]): Raw[] {
  const { crossing, fn } = callee;
  const { params } = fn;
  const raw: Raw[] = [];
  const least = params.length - (fn.optional ?? 0);
  for (let i = 0; i < params.length; i++) {
    const type = params[i]!;
    if (type === "like") continue;
    if (i >= args.length && i < least) throw new DriverFault(`too few arguments to function '${fn.name}'`);
    raw.push(toRaw(callee, type, i < args.length ? args[i] : 0, i));
  }
  if (callee.isVariadic) {
    for (let i = params.length; i < args.length; i++)
      raw.push(variadic(crossing.references, args[i], targetOf(callee, i)));
  }
  for (const index of fn.stringizes ?? []) raw.push(crossing.literal(crossing.argumentText(fn.name, index)));
  for (const index of fn.measures ?? []) raw.push(sizeOfTarget(args[index]));
  return raw;
}

/** What an argument is called in reports. */
function targetOf({ fn }: Callee, index: number): string {
  return `argument ${index + 1} of ${fn.name}`;
}

/** Of what a pointer points to: of one element where there may be many. */
function sizeOfTarget(value: unknown): number {
  if (!isPointer(value)) return 0;
  const target = value[TARGET];
  if (typeof target === "string") return 0;
  return target.kind === "layout" ? target.size : sizeOf(target.of);
}

function toRaw(callee: Callee, type: Type, value: unknown, index: number): Raw {
  // Nearly all that is passed needs no conversion that could fail.
  const isWord = type === "int" || type === "u32";
  if (isWord && typeof value === "number" && (value | 0) === value) return type === "int" ? value | 0 : value >>> 0;
  if (isPointer(value) && (typeof type === "object" || type === "ptr" || type === "iomem" || type === "user")) {
    return value[ADDRESS];
  }
  const size = type === "size" ? sizeOfType(value) : undefined;
  if (size !== undefined) return size;
  const { references, onFloat } = callee.crossing;
  const target = targetOf(callee, index);
  switch (type) {
    case "void":
    case "like":
      return undefined;
    case "int":
    case "u32":
      // The argument of an ioctl is a number or a pointer, as the command wants.
      if (isPointer(value)) return value[ADDRESS];
      if (type === "u32") return toInteger(value, type, target, onFloat);
      return toInteger(value, "s32", target, onFloat);
    case "bool":
    case "u8":
    case "u16":
      return toInteger(value, type, target, onFloat);
    case "u64":
    case "s64":
    case "sector":
      return toLong(value, type === "s64", target, onFloat);
    case "any":
      return variadic(references, value, target);
    case "size":
      return toInteger(value, "u32", target, onFloat);
    default:
      return references.address(value, target);
  }
}

function sizeOfType(value: unknown): number | undefined {
  const type = typeOrNone(value);
  return type && sizeOf(type);
}

/** What follows a format: the conversions say what it is. */
function variadic(references: References, value: unknown, target: string): Raw {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && !Number.isInteger(value)) {
    return toInteger(value, "s32", target, references.around.onFloat);
  }
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return references.address(value, target);
}

function result({ crossing, fn, like }: Callee, args: readonly unknown[], raw: Raw): unknown {
  if (fn.returns === "void") return undefined;
  const { references } = crossing;
  if (fn.returns === "arg0") return allocated(references, fn, args, Number(raw));
  if (fn.returns === "first") return args[0];
  if (fn.returns === "same") return sameAs(references, args[0], Number(raw));
  const layout = like >= 0 ? layoutOf(args[like]) : undefined;
  return layout ? references.pointer(layout, Number(raw)) : fromRaw(crossing, fn.returns, raw);
}

/** A pointer to what another one points to. */
function sameAs(references: References, other: unknown, raw: number): unknown {
  const target = isPointer(other) ? other[TARGET] : "error";
  if (typeof target === "string" || raw === 0) return references.pointer("void", raw);
  if (target.kind === "layout") return references.struct(target, raw >>> 0);
  return references.buffer(target.of, raw >>> 0, target.length);
}

/** What was allocated is of the type given for a size; where a count comes before it, it is an array of them. */
function allocated(references: References, { params }: KernelFunction, args: readonly unknown[], raw: number): unknown {
  const at = params.indexOf("size");
  const type = typeOrNone(args[at]);
  const address = raw >>> 0;
  if (type === undefined || address === 0 || isError(address)) return references.pointer("void", address);
  return params[at - 1] === "u32" ? references.buffer(type, address) : references.to(type, address);
}

function fromRaw(crossing: Crossing, type: Type, raw: Raw): unknown {
  const { references } = crossing;
  switch (type) {
    case "void":
      return undefined;
    case "int":
      return Number(raw) | 0;
    case "bool":
      return Number(raw) !== 0;
    case "u8":
    case "u16":
    case "u32":
    case "size":
      return Number(raw) >>> 0;
    case "u64":
    case "s64":
      return toLong(raw, type === "s64", "a result", crossing.onFloat);
    case "sector":
      return Number(raw);
    case "string":
    case "format":
      return Number(raw) === 0 ? null : crossing.textAt(Number(raw) >>> 0);
    case "iomem":
    case "user":
      return references.pointer(type, Number(raw));
    case "callback":
      return references.pointer("function", Number(raw));
    case "ptr":
    case "like":
    case "any":
      return references.pointer("void", Number(raw));
    default:
      return references.pointer(type, Number(raw));
  }
}

/** The kernel's arguments as a driver's function wants them. */
export function driverArguments(crossing: Crossing, params: readonly ParameterType[], raw: readonly Raw[]): unknown[] {
  return raw.map((one, i) => driverArgument(crossing, params[i] ?? { kind: "unknown" }, one));
}

function driverArgument(crossing: Crossing, type: ParameterType, raw: Raw): unknown {
  if (raw === undefined) return undefined;
  const number = typeof raw === "bigint" ? Number(BigInt.asIntN(53, raw)) : raw;
  const { references } = crossing;
  switch (type.kind) {
    case "integer": {
      const unused = 32 - type.bits;
      // A 64-bit argument of a driver that counts in plain numbers, such as a loff_t.
      if (typeof raw === "bigint") return number;
      return type.signed ? (number << unused) >> unused : (number << unused) >>> unused;
    }
    case "long":
      return toLong(raw, type.signed, "an argument", crossing.onFloat);
    case "bool":
      return number !== 0;
    case "safe":
      return number;
    case "string":
      return number === 0 ? null : crossing.textAt(number >>> 0);
    case "iomem":
    case "user":
      return references.pointer(type.kind, number);
    case "reference":
      return crossing.referenced(type.to, type.isArray)?.pointer(number) ?? references.pointer("void", number);
    case "unknown":
      return references.pointer("void", number);
  }
}

/** What a driver's function returned, for the kernel. */
export function driverResult(crossing: Crossing, value: unknown): Raw {
  if (value === undefined || typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") {
    if (Number.isInteger(value)) return value;
    return toInteger(value, "s32", "a result", crossing.onFloat);
  }
  return isPointer(value) ? value[ADDRESS] : crossing.references.address(value, "a result");
}

/** A function that only has an address, as one of driver code. */
export function callThrough(references: References, address: number): (...args: unknown[]) => unknown {
  return function* (...args: unknown[]): Steps<unknown> {
    const raw = args.map((one) => variadic(references, one, "an argument"));
    return Number(yield { kind: "call", address, args: raw }) | 0;
  };
}

export function structPointer(references: References, layout: Layout): { pointer(raw: number): unknown } {
  return { pointer: (raw) => references.pointer(layout, raw) };
}

export function scalarPointer(references: References, type: MemberType): { pointer(raw: number): unknown } {
  return { pointer: (raw) => (raw === 0 ? null : references.buffer(type, raw >>> 0)) };
}
