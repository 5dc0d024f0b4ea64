// Reports a lock that is released by somebody who does not hold it, in the words of lockdep.

import type { Check } from "./check.ts";
import { caller, comm, dumpStack, frame, heldLocks, lockdepHead, siteOf } from "./wording.ts";

const TITLE = "WARNING: bad unlock balance detected!";

export const unlockNotHeld: Check = {
  id: "unlock-not-held",
  summary: "A lock is released that is not held",
  start({ ledger, report }) {
    return {
      "lock-unbalance": (event, moment) => {
        const { lock, held, stack } = event;
        // `print_unlock_imbalance_bug()`: kernel/locking/lockdep.c.
        const lines = [
          ...lockdepHead(TITLE, ledger),
          `${comm(moment)} is trying to release lock (${lock.name}) at:`,
          frame(caller(stack)),
          "but there are no more locks to release!",
          "",
          "other info that might help us debug this:",
          ...heldLocks(held, moment, ledger),
          "",
          "stack backtrace:",
          ...dumpStack(moment, stack, ledger),
        ];
        report({ title: TITLE, lines, site: siteOf(stack) });
      },
    };
  },
};
