// JavaScript's numbers as the kernel's integers: they wrap where they are stored, passed and cast.
import type { Scalar } from "../engine/layout.ts";
import { DriverFault } from "./fault.ts";

/** Told when a fraction is about to become an integer. */
export type OnFloat = (value: number, target: string) => void;

export const BYTES: Readonly<Record<Scalar, 1 | 2 | 4 | 8>> = {
  u8: 1,
  s8: 1,
  bool: 1,
  u16: 2,
  s16: 2,
  u32: 4,
  s32: 4,
  ptr: 4,
  u64: 8,
  s64: 8,
};

export const isSigned = (scalar: Scalar): boolean => scalar.startsWith("s");

/** A value as a number of this type; `target` says for people what it becomes. */
export function toInteger(
  value: unknown,
  scalar: Exclude<Scalar, "u64" | "s64">,
  target: string,
  onFloat: OnFloat,
): number {
  const number = plainNumber(value, target);
  if (!Number.isInteger(number)) onFloat(number, target);
  switch (scalar) {
    case "u8":
      return number & 0xff;
    case "s8":
      return (number << 24) >> 24;
    case "u16":
      return number & 0xffff;
    case "s16":
      return (number << 16) >> 16;
    case "s32":
      return number | 0;
    case "bool":
      return number === 0 ? 0 : 1;
    default:
      return number >>> 0;
  }
}

export function toLong(value: unknown, signed: boolean, target: string, onFloat: OnFloat): bigint {
  const long = typeof value === "bigint" ? value : fromNumber(plainNumber(value, target), target, onFloat);
  return signed ? BigInt.asIntN(64, long) : BigInt.asUintN(64, long);
}

function fromNumber(number: number, target: string, onFloat: OnFloat): bigint {
  if (!Number.isInteger(number)) onFloat(number, target);
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : 0n;
}

function plainNumber(value: unknown, target: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "bigint") return Number(BigInt.asIntN(53, value));
  throw new DriverFault(`${target}: a number is expected, not ${kindOf(value)}`);
}

export function kindOf(value: unknown): string {
  if (value === null) return "NULL";
  if (value === undefined) return "undefined";
  if (typeof value === "object") return "a pointer or an object";
  return `a ${typeof value}`;
}
