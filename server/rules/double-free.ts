// double-free: memory is freed that has been freed before.
import { afterFree } from "./after-free.ts";
import type { Rule } from "./rule.ts";

export const doubleFree: Rule = {
  id: "double-free",
  severity: "error",
  summary: "Memory is freed that has been freed before.",
  check: (program, facts) => afterFree(program, facts, "double-free"),
};
