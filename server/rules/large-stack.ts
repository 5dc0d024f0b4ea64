// large-stack: the locals of one function take more of the small kernel stack than is wise.
import { eachFunction } from "../analysis/each-function.ts";
import { constantOf, stackBytes } from "../analysis/stack.ts";
import type { Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const largeStack: Rule = {
  id: "large-stack",
  severity: "warning",
  summary: "The local variables of a function take more stack than CONFIG_FRAME_WARN allows.",
  check(program, facts, { stackLimitBytes: limit }) {
    return eachFunction(
      largeStack,
      program,
      facts,
      ({ fn }, program) => {
        const { total, largest } = stackBytes(program, fn, constantOf(program));
        if (total <= limit || largest === undefined) return [];
        return [
          {
            rule: "large-stack",
            severity: "warning" as const,
            message: `stack frame of ${fn.name}() is at least ${total} bytes, the limit is ${limit}: allocate \`${largest.variable.name}\` (${largest.bytes} bytes) instead`,
            file: program.path,
            function: fn.name,
            start: largest.variable.nameSpan.start,
            end: largest.variable.nameSpan.end,
            related: [related(program, fn.def.nameSpan, `${fn.name}() declares it`)],
            fixes: [],
          },
        ];
      },
      limit,
    );
  },
};
