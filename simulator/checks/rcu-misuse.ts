// Reports pointers of RCU that are followed by who is no reader, and waits for readers by one of them.

import type { Check } from "./check.ts";
import { dumpStack, heldLocks, lockdepHead, siteOf } from "./wording.ts";

const TITLE = "WARNING: suspicious RCU usage";

export const rcuMisuse: Check = {
  id: "rcu-misuse",
  summary: "A pointer of RCU is used outside of a read-side critical section",
  start({ ledger, report }) {
    return {
      "rcu-misuse": (event, moment) => {
        const { text, held, stack } = event;
        const site = siteOf(stack);
        const file = site?.file.slice(site.file.lastIndexOf("/") + 1);
        // `lockdep_rcu_suspicious()`: kernel/locking/lockdep.c.
        const lines = [
          ...lockdepHead(TITLE, ledger),
          `${file}:${site?.line} ${text}!`,
          "",
          "other info that might help us debug this:",
          "",
          "",
          "rcu_scheduler_active = 2, debug_locks = 1",
          ...heldLocks(held, moment, ledger),
          "",
          "stack backtrace:",
          ...dumpStack(moment, stack, ledger),
        ];
        report({ title: TITLE, lines, site });
      },
    };
  },
};
