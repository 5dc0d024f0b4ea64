// Keeps what JavaScript's own functions make for a driver, and what they go through for it, to sizes at which they soon end.
import { DriverFault } from "./fault.ts";

/** Elements of an array, characters of a text: far beyond what drivers need, whose buffers are the kernel's. */
export const LONGEST = 1 << 22;

type Check = (of: unknown, args: readonly unknown[]) => number;

const ofItself: Check = (of) => lengthOf(of);

/** How long what a method makes or goes through is. */
const METHODS: Readonly<Record<string, Check>> = {
  concat: (of, args) => args.reduce((sum: number, one) => sum + lengthOf(one), lengthOf(of)),
  copyWithin: ofItself,
  fill: ofItself,
  indexOf: ofItself,
  join: ofItself,
  lastIndexOf: ofItself,
  padEnd: (_, [length]) => Number(length),
  padStart: (_, [length]) => Number(length),
  repeat: (of, [count]) => lengthOf(of) * Number(count),
  reverse: ofItself,
  split: ofItself,
  toReversed: ofItself,
  toSpliced: ofItself,
  with: ofItself,
  // With these, a method may be called on what it does not belong to.
  apply: (_, [of, args]) => Math.max(lengthOf(of), lengthOf(args)),
  call: (_, [of]) => lengthOf(of),
};

export const BOUNDED: ReadonlySet<string> = new Set(Object.keys(METHODS));

/** Refuses a call of a method that would take too long or make too much. */
export function checkCall(of: unknown, method: string, args: readonly unknown[]): void {
  if (!BOUNDED.has(method)) return;
  const length = METHODS[method]!(of, args);
  if (length > LONGEST) throw tooLong(typeof of === "string" ? "string" : "array", length);
}

/** What was made, which is refused when it is too long. */
export function checkMade<T>(made: T): T {
  const length = typeof made === "string" || isList(made) ? made.length : 0;
  if (length > LONGEST) throw tooLong(typeof made === "string" ? "string" : "array", length);
  return made;
}

/** Bytes that it takes, about. */
export function bytesOf(made: unknown): number {
  if (typeof made === "string") return made.length;
  if (Array.isArray(made)) return 8 * made.length;
  return ArrayBuffer.isView(made) ? made.byteLength : 0;
}

/** In V8's words, with what it does not say. */
export function tooLong(what: "array" | "string", length: number): DriverFault {
  const unit = what === "array" ? "elements" : "characters";
  return new DriverFault(
    `the driver stopped: Invalid ${what} length: ${length} ${unit}, and at most ${LONGEST} can be`,
  );
}

function isList(value: unknown): value is { readonly length: number } {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** That of whatever a driver gives, of which only numbers count. */
function lengthOf(value: unknown): number {
  if (typeof value === "string" || isList(value)) return (value as { readonly length: number }).length;
  if (typeof value !== "object" || value === null) return 0;
  const { length } = value as { readonly length?: unknown };
  return typeof length === "number" ? length : 0;
}
