// use-after-free: memory is used after it was freed.
import { afterFree } from "./after-free.ts";
import type { Rule } from "./rule.ts";

export const useAfterFree: Rule = {
  id: "use-after-free",
  severity: "error",
  summary: "Memory is used after it was freed.",
  check: (program, facts) => afterFree(program, facts, "use-after-free"),
};
