// Keeps BigInts to sizes with which every operation ends soon: V8's own limit is a gigabit, and no pause is heard meanwhile.

/** Far beyond what drivers compute with, which is 64 bits. */
const MOST_BITS = 4096;
const MOST = 1n << BigInt(MOST_BITS);
/** Digits of as many bits in the smallest base that texts have. */
const MOST_DIGITS = MOST_BITS + 2;

/** Operators whose result may be much larger than what they are given. */
export const GROWING: ReadonlySet<string> = new Set(["*", "**", "<<", ">>"]);

function tooLarge(): RangeError {
  return new RangeError("Maximum BigInt size exceeded");
}

/** An operand of those operators. */
function operand(value: unknown): unknown {
  if (typeof value === "bigint" && (value > MOST || value < -MOST)) throw tooLarge();
  return value;
}

/** How far is shifted, or how often multiplied. */
function count(value: unknown): unknown {
  if (typeof value === "bigint" && (value > MOST_BITS || value < -MOST_BITS)) throw tooLarge();
  return value;
}

/** What compiled programs call them, which no name of a driver can be. */
export const GUARDS: Readonly<Record<string, unknown>> = { $w: operand, $e: count };

/** An operation on two operands that are written already. */
export function guarded(operator: string, left: string, right: string): string {
  return `($w(${left}) ${operator} ${guardedRight(operator, right)})`;
}

export function guardedRight(operator: string, right: string): string {
  return `${operator === "*" ? "$w" : "$e"}(${right})`;
}

export function toBigInt(value: number | string | bigint | boolean): bigint {
  if (typeof value === "string" && value.trim().length > MOST_DIGITS) throw tooLarge();
  return BigInt(value);
}

export function asIntN(bits: number, value: bigint): bigint {
  return BigInt.asIntN(bearable(bits), value);
}

export function asUintN(bits: number, value: bigint): bigint {
  return BigInt.asUintN(bearable(bits), value);
}

function bearable(bits: number): number {
  if (bits > MOST_BITS) throw tooLarge();
  return bits;
}
