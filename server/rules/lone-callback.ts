// lone-callback: a table has a callback whose counterpart is missing.
import { loneCallbacks } from "../analysis/lone-callbacks.ts";
import type { Rule } from "./rule.ts";

export const loneCallback: Rule = {
  id: "lone-callback",
  severity: "hint",
  audience: "learner",
  summary: "A table has a callback and not the one that undoes it.",
  check(program) {
    return loneCallbacks(program).map(({ table, has, lacks, between, start, end }) => ({
      rule: "lone-callback",
      severity: "hint" as const,
      message: `\`${table}\` has .${has} and no .${lacks}: what the one does before the kernel ${between}, nobody undoes afterwards`,
      file: program.path,
      start,
      end,
      related: [],
      fixes: [],
    }));
  },
};
