// Reports what is used before it was set up, in the words of KMSAN, debugobjects and lockdep.
import type { Check } from "./check.ts";
import { kmsanReport, Origins } from "./kmsan.ts";
import { odebugReport } from "./odebug.ts";
import { lockReport } from "./uninitialized-lock.ts";

export const uninitializedUse: Check = {
  id: "uninitialized-use",
  summary: "Memory is read that was never written, or a timer, work item or lock is used that was never initialised",
  start(bench) {
    const origins = new Origins();
    return {
      ...odebugReport(bench, ({ action }) => action === "assert_init"),
      ...lockReport(bench),
      ...origins.handlers,
      "uninit-use": ({ address, stack }, moment) => {
        const created = origins.of(address);
        bench.report(kmsanReport({ bug: "uninit-value", stack, created, details: [] }, moment, bench.ledger));
        bench.ledger.taint("B");
      },
    };
  },
};
