// int-overflow: arithmetic in 32 bits that wraps for what comes from outside, before the result is widened or tested.
import { eachFunction } from "../analysis/each-function.ts";
import { outsideValues } from "../analysis/outside-values.ts";
import { overflows } from "../analysis/overflows.ts";
import type { Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const intOverflow: Rule = {
  id: "int-overflow",
  severity: "warning",
  summary: "A 32-bit product or sum that a value from outside the kernel can make wrap, and that is believed.",
  check(program, facts) {
    const { any } = outsideValues(program);
    return eachFunction(
      intOverflow,
      program,
      facts,
      ({ fn }, program) =>
        overflows(program, fn, outsideValues(program)).map(({ kind, from, text, start, end }) => ({
          rule: "int-overflow",
          severity: "warning" as const,
          message:
            kind === "sum"
              ? `the sum may wrap in 32 bits, and the test then passes: \`${from.place}\` is not bounded; use check_add_overflow() or size_add(), or compare by subtraction`
              : `the ${kind} is computed in 32 bits and may wrap before it goes to the 64 bits of \`${text}\`: \`${from.place}\` is not bounded; widen ${kind === "shift" ? "it first" : "a factor, or use check_mul_overflow()"}`,
          file: program.path,
          function: fn.name,
          start,
          end,
          related: [related(program, from.source, `\`${from.place}\` comes from ${from.through} here`)],
          fixes: [],
        })),
      any,
    );
  },
};
