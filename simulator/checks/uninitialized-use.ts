// Reports timers, works and tasklets that are used before they were set up, in the words of debugobjects.
import type { Check } from "./check.ts";
import { odebugReport } from "./odebug.ts";

export const uninitializedUse: Check = {
  id: "uninitialized-use",
  summary: "A timer or work is used that was never initialised",
  start: (bench) => odebugReport(bench, ({ action }) => action === "assert_init"),
};
