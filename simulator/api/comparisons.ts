// What tests compare, in the kernel (KUNIT_EXPECT_EQ) and in user space (EXPECT_EQ): the macros' names and what they expect.
import type { Raw } from "../engine/interfaces.ts";
import type { Expectation, Operation } from "../kernel/expectations.ts";
import type { Kernel } from "../kernel/kernel.ts";

interface Comparison {
  /** `EQ`. */
  readonly name: string;
  readonly types: readonly ("any" | "string")[];
  /** From the values, and the addresses of their texts behind them. */
  expect(rest: readonly Raw[]): Expectation;
}

export type Define = (comparison: Comparison) => void;

const OPERATIONS = { EQ: "==", NE: "!=", LT: "<", LE: "<=", GT: ">", GE: ">=", PTR_EQ: "==", PTR_NE: "!=" } as const;

export function comparisons(kernel: Kernel, define: Define): void {
  const text = (address: Raw): string => kernel.textAt(Number(address));
  const integers = (operation: Operation, left: Raw, right: Raw, leftText: string, rightText: string): Expectation => ({
    kind: "integers",
    left: { value: left, text: leftText },
    operation,
    right: { value: right, text: rightText },
  });
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const expect = ([left, right, leftText, rightText]: readonly Raw[]): Expectation =>
      integers(operation, left, right, text(leftText), text(rightText));
    define({ name, types: ["any", "any"], expect });
  }
  for (const [name, operation] of Object.entries({ NULL: "==", NOT_NULL: "!=" } as const)) {
    const expect = ([pointer, written]: readonly Raw[]): Expectation =>
      integers(operation, pointer, 0, text(written), "NULL");
    define({ name, types: ["any"], expect });
  }
  for (const kind of ["true", "false"] as const) {
    const expect = ([value, written]: readonly Raw[]): Expectation => ({
      kind,
      condition: { value, text: text(written) },
    });
    define({ name: kind.toUpperCase(), types: ["any"], expect });
  }
  define({
    name: "NOT_ERR_OR_NULL",
    types: ["any"],
    expect: ([value, written]) => ({ kind: "no-error", pointer: { value, text: text(written) } }),
  });
  for (const [name, operation] of Object.entries({ STREQ: "==", STRNEQ: "!=" } as const)) {
    const expect = ([left, right, leftText, rightText]: readonly Raw[]): Expectation => ({
      kind: "strings",
      left: { value: text(left), text: text(leftText) },
      operation,
      right: { value: text(right), text: text(rightText) },
    });
    define({ name, types: ["string", "string"], expect });
  }
}
