// Reports locks that are used before they were initialised, in the words of lockdep and of the locks' own debugging.

import { hex } from "../engine/interfaces.ts";
import type { Moment } from "../engine/trace.ts";
import type { KernelEvent } from "../kernel/events.ts";
import type { Bench } from "./check.ts";
import type { Handlers } from "./handlers.ts";
import type { Ledger } from "./ledger.ts";
import { warnLines } from "./oops.ts";
import { comm, dumpStack, siteOf } from "./wording.ts";

type Uninitialised = Extract<KernelEvent, { kind: "lock-uninitialised" }>;

export function lockReport({ ledger, report }: Bench): Handlers {
  return {
    "lock-uninitialised": (event, moment) => {
      const lines = [...nonStaticKey(event, moment, ledger), ...badMagic(event, moment, ledger)];
      const title = lines.find((line) => /^(INFO|BUG|DEBUG_LOCKS)/.test(line)) ?? lines[0]!;
      report({ title, lines, site: siteOf(event.stack) });
    },
  };
}

/** `assign_lock_key()`: kernel/locking/lockdep.c. A static lock's own address is its key. */
function nonStaticKey({ isStatic, stack }: Uninitialised, moment: Moment, ledger: Ledger): string[] {
  if (isStatic) return [];
  return [
    "INFO: trying to register non-static key.",
    "The code is fine but needs lockdep annotation, or maybe",
    "you didn't initialize this object before use?",
    "turning off the locking correctness validator.",
    ...dumpStack(moment, stack, ledger),
  ];
}

/** `spin_dump()` and `rwlock_bug()`: kernel/locking/spinlock_debug.c; the magic of mutexes and rw_semaphores. */
function badMagic({ lock, magic, stack }: Uninitialised, moment: Moment, ledger: Ledger): string[] {
  const who = `on CPU#${moment.cpu}, ${comm(moment)}`;
  const digits = magic.toString(16).padStart(8, "0");
  if (lock.flavour === "rwlock") {
    return [`BUG: rwlock bad magic ${who}, ${hex(lock.address)}`, ...dumpStack(moment, stack, ledger)];
  }
  if (lock.flavour === "mutex" || lock.flavour === "rwsem") {
    const one = lock.flavour === "mutex" ? "lock" : "sem";
    return warnLines(`DEBUG_LOCKS_WARN_ON(${one}->magic != ${one})`, stack, moment, ledger);
  }
  return [
    `BUG: spinlock bad magic ${who}`,
    ` lock: 0x${hex(lock.address)}, .magic: ${digits}, .owner: <none>/-1, .owner_cpu: 0`,
    ...dumpStack(moment, stack, ledger),
  ];
}
