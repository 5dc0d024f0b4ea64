// Reports timers, works, tasklets and locks that are used before they were set up, in the words of debugobjects and lockdep.
import type { Check } from "./check.ts";
import { odebugReport } from "./odebug.ts";
import { lockReport } from "./uninitialized-lock.ts";

export const uninitializedUse: Check = {
  id: "uninitialized-use",
  summary: "A timer, work or lock is used that was never initialised",
  start(bench) {
    const [objects, locks] = [odebugReport(bench, ({ action }) => action === "assert_init"), lockReport(bench)];
    return (event, moment) => {
      objects(event, moment);
      locks(event, moment);
    };
  },
};
