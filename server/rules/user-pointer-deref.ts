// user-pointer-deref: a pointer marked __user is followed directly.

import { markedDerefs } from "./marked-pointers.ts";
import type { Rule } from "./rule.ts";

export const userPointerDeref: Rule = {
  id: "user-pointer-deref",
  severity: "error",
  summary: "A __user pointer is followed directly instead of through copy_from_user(), get_user() and their like.",
  check(program, facts) {
    return markedDerefs(program, facts, "__user").map(({ fn, place, callee, declared, start, end }) => ({
      rule: "user-pointer-deref",
      severity: "error" as const,
      message: `\`${place}\` points to user memory${callee === undefined ? "" : `, which ${callee}() may not touch`}: use copy_from_user() or get_user(), copy_to_user() or put_user()`,
      file: program.path,
      function: fn,
      start,
      end,
      related: declared,
      fixes: [],
    }));
  },
};
