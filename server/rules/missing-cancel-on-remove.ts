// missing-cancel-on-remove: a work, timer or tasklet may still run when the driver core frees its data.
import { leftRunningFinding } from "./left-running.ts";
import type { Rule } from "./rule.ts";

export const missingCancel: Rule = {
  id: "missing-cancel-on-remove",
  severity: "warning",
  summary: "A work item, timer or tasklet may still run when the driver core frees its data after the remove function.",
  check(program, facts) {
    return facts.leftRunning
      .filter(({ freedBy }) => freedBy === undefined)
      .map((each) => leftRunningFinding(program, facts, each, this.id));
  },
};
