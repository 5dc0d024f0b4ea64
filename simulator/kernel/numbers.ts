// Numbers from texts: lib/kstrtox.c.
import { errno } from "./errno.ts";

/** A bigint that fits in so many bits, or a negative errno. One newline may follow. */
export function parseNumber(text: string, base: number, signed: boolean, bits = 32): bigint | number {
  const match = /^([-+]?)(0[xX])?([0-9a-zA-Z]+)\n?$/.exec(text);
  if (match === null || (match[1] === "-" && !signed)) return -errno.EINVAL;
  const digits = match[3]!;
  const radix = base !== 0 ? base : match[2] !== undefined ? 16 : digits.startsWith("0") ? 8 : 10;
  if (match[2] !== undefined && radix !== 16) return -errno.EINVAL;
  let value = 0n;
  for (const digit of digits) {
    const one = Number.parseInt(digit, 36);
    if (one >= radix) return -errno.EINVAL;
    value = value * BigInt(radix) + BigInt(one);
  }
  if (match[1] === "-") value = -value;
  const fits = signed ? BigInt.asIntN(bits, value) === value : BigInt.asUintN(bits, value) === value;
  return fits ? value : -errno.ERANGE;
}

/** simple_strtoul() and what sscanf() reads of a number: as much of a text as is one, and how much that was. */
export function leadingNumber(text: string, base: number): { readonly value: bigint; readonly length: number } {
  const match = /^([-+]?)(0[xX](?=[0-9a-fA-F]))?/.exec(text)!;
  const radix = base !== 0 ? base : match[2] !== undefined ? 16 : text.slice(match[1]!.length).startsWith("0") ? 8 : 10;
  let at = match[1]!.length + (radix === 16 ? (match[2]?.length ?? 0) : 0);
  const start = at;
  let value = 0n;
  for (; at < text.length; at++) {
    const digit = Number.parseInt(text[at]!, 36);
    if (Number.isNaN(digit) || digit >= radix) break;
    value = value * BigInt(radix) + BigInt(digit);
  }
  if (at === start) return { value: 0n, length: 0 };
  return { value: match[1] === "-" ? -value : value, length: at };
}
