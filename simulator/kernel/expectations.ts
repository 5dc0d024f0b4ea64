// What a test expects, and how it is said when it is not so: lib/kunit/assert.c.
import type { Raw } from "../engine/interfaces.ts";

export type Operation = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** The text is the expression as it was written. */
interface Side<T> {
  readonly value: T;
  readonly text: string;
}

export type Expectation =
  | { readonly kind: "true" | "false"; readonly condition: Side<Raw> }
  | { readonly kind: "integers"; readonly left: Side<Raw>; readonly operation: Operation; readonly right: Side<Raw> }
  | {
      readonly kind: "strings";
      readonly left: Side<string>;
      readonly operation: "==" | "!=";
      readonly right: Side<string>;
    }
  | { readonly kind: "no-error"; readonly pointer: Side<Raw> };

const INDENT = "    ";
const MAX_ERRNO = 4095n;

/** Undefined when it is as expected. */
export function expectationOf(expectation: Expectation): readonly string[] | undefined {
  switch (expectation.kind) {
    case "true":
    case "false": {
      const { kind, condition } = expectation;
      if (isTrue(condition.value) === (kind === "true")) return undefined;
      return [`${INDENT}Expected ${condition.text} to be ${kind}, but is ${kind === "true" ? "false" : "true"}`];
    }
    case "integers": {
      const { left, operation, right } = expectation;
      if (compare(integer(left.value), operation, integer(right.value))) return undefined;
      return [
        `${INDENT}Expected ${left.text} ${operation} ${right.text}, but`,
        ...[left, right].filter(({ text, value }) => text !== String(integer(value))).map(integerLine),
      ];
    }
    case "strings": {
      const { left, operation, right } = expectation;
      if ((left.value === right.value) === (operation === "==")) return undefined;
      return [
        `${INDENT}Expected ${left.text} ${operation} ${right.text}, but`,
        ...[left, right]
          .filter(({ text }) => !/^["'].*["']$/s.test(text))
          .map(({ text, value }) => `${INDENT}${INDENT}${text} == "${value}"`),
      ];
    }
    case "no-error": {
      const { value, text } = expectation.pointer;
      const address = BigInt.asUintN(32, integer(value));
      if (address === 0n) return [`${INDENT}Expected ${text} is not null, but is`];
      if (address < (1n << 32n) - MAX_ERRNO) return undefined;
      return [`${INDENT}Expected ${text} is not error, but is: ${BigInt.asIntN(32, address)}`];
    }
  }
}

function isTrue(value: Raw): boolean {
  return integer(value) !== 0n;
}

function integer(value: Raw): bigint {
  return BigInt(value ?? 0);
}

function integerLine({ text, value }: Side<Raw>): string {
  const number = integer(value);
  return `${INDENT}${INDENT}${text} == ${number} (0x${BigInt.asUintN(64, number).toString(16)})`;
}

function compare(left: bigint, operation: Operation, right: bigint): boolean {
  switch (operation) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}
