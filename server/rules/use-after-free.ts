// use-after-free: memory is used after it was freed, or what may still run uses it then.
import { afterFree } from "./after-free.ts";
import { leftRunningFinding } from "./left-running.ts";
import type { Rule } from "./rule.ts";

export const useAfterFree: Rule = {
  id: "use-after-free",
  severity: "error",
  summary: "Memory is used after it was freed, or freed while a work item, timer or tasklet inside it may still run.",
  check(program, facts) {
    return [
      ...afterFree(program, facts, "use-after-free"),
      ...facts.leftRunning
        .filter(({ freedBy }) => freedBy !== undefined)
        .map((each) => leftRunningFinding(program, facts, each, this.id)),
    ];
  },
};
