// Reports what is used before it was set up, in the words of KMSAN, debugobjects and lockdep.
import type { Check } from "./check.ts";
import { kmsanReport, Origins } from "./kmsan.ts";
import { odebugReport } from "./odebug.ts";
import { lockReport } from "./uninitialized-lock.ts";

export const uninitializedUse: Check = {
  id: "uninitialized-use",
  summary: "Memory is read that was never written, or a timer, work or lock is used that was never initialised",
  start(bench) {
    const [objects, locks] = [odebugReport(bench, ({ action }) => action === "assert_init"), lockReport(bench)];
    const origins = new Origins();
    return (event, moment) => {
      objects(event, moment);
      locks(event, moment);
      origins.note(event);
      if (event.kind !== "uninit-use") return;
      const { address, stack } = event;
      const created = origins.of(address);
      bench.report(kmsanReport({ bug: "uninit-value", stack, created, details: [] }, moment, bench.ledger));
      bench.ledger.taint("B");
    };
  },
};
