// Reports timers, works and tasklets whose memory or code goes while they are active, in the words of debugobjects.
import type { Check } from "./check.ts";
import { odebugReport } from "./odebug.ts";

export const missingCancelOnRemove: Check = {
  id: "missing-cancel-on-remove",
  summary: "A timer, work item or tasklet is still active when it is freed, set up anew, or its module goes",
  start: (bench) => odebugReport(bench, ({ action, isActive }) => isActive && (action === "free" || action === "init")),
};
