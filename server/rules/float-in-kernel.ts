// float-in-kernel: floating point outside kernel_fpu_begin() and kernel_fpu_end().
import { eachFunction } from "../analysis/each-function.ts";
import type { Rule } from "./rule.ts";

export const floatInKernel: Rule = {
  id: "float-in-kernel",
  severity: "error",
  summary: "Floating point in kernel code, outside kernel_fpu_begin() and kernel_fpu_end().",
  check(program, facts) {
    if (program.floatAllowed) return [];
    return eachFunction(floatInKernel, program, facts, ({ fn, outcome }, program) => {
      const at = outcome.floats.reduce((a, b) => (a === undefined || b.start < a.start ? b : a), outcome.floats[0]);
      if (at === undefined) return [];
      return [
        {
          rule: "float-in-kernel",
          severity: "error" as const,
          message: `floating point in kernel code: ${fn.name}() would clobber the FPU registers of the user task`,
          file: program.path,
          function: fn.name,
          start: at.start,
          end: at.end,
          related: [],
          fixes: [],
        },
      ];
    });
  },
};
