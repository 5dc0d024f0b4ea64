// Reports locks that a task still has when it returns to user space, ends, or frees the memory that they stand in.

import { hex } from "../engine/interfaces.ts";
import type { HeldLock } from "../kernel/events.ts";
import type { Check } from "./check.ts";
import { comm, dumpStack, heldLocks, lockdepHead, lockToken, siteOf } from "./wording.ts";

const FREED = "WARNING: held lock freed!";
const RETURNING = "WARNING: lock held when returning to user space!";

export const missingUnlock: Check = {
  id: "missing-unlock",
  summary: "A lock is not given back",
  start({ ledger, report }) {
    return {
      "held-lock-freed": ({ lock, address, bytes, held, stack }, moment) => {
        // `print_freed_lock_bug()`: kernel/locking/lockdep.c.
        const own = held.find((one) => one.address === lock.address);
        const range = `${hex(address)}-${hex(address + bytes - 1)}`;
        const lines = [
          ...lockdepHead(FREED, ledger),
          `${comm(moment)} is freeing memory ${range}, with a lock still held there!`,
          lockToken(lock, own?.stack ?? stack, ledger),
          ...heldLocks(held, moment, ledger),
          "",
          "stack backtrace:",
          ...dumpStack(moment, stack, ledger),
        ];
        report({ title: FREED, lines, site: siteOf(stack) });
      },
      "locks-held": (event, moment) => {
        const { held, id, stack, where } = event;
        const own = { ...moment, task: id, comm: event.comm };
        const title = where === "user" ? RETURNING : `WARNING: ${comm(own)} still has locks held!`;
        // `lockdep_sys_exit()` and `print_held_locks_bug()`: kernel/locking/lockdep.c.
        const lines = [
          ...lockdepHead(title, ledger, where === "user" ? title.length : 36),
          ...(where === "user" ? [`${comm(own)} is leaving the kernel with locks still held!`] : []),
          ...heldLocks(held, own, ledger),
          ...(where === "user" ? [] : ["", "stack backtrace:", ...dumpStack(own, stack, ledger)]),
        ];
        report({ title, lines, site: siteOf(latest(held).stack) });
      },
    };
  },
};

/** The lock that was taken last: where it was, it is said. */
function latest(held: readonly HeldLock[]): HeldLock {
  return held.at(-1)!;
}
