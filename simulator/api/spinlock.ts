// linux/spinlock: locks that spin.
import type { Kernel } from "../kernel/kernel.ts";
import { spinlock_t } from "../kernel/layouts.ts";
import type { SpinVariant } from "../kernel/locks.ts";
import { Header } from "./header.ts";
import { lockName } from "./lock-name.ts";

export function spinlock(kernel: Kernel): Header {
  const { core, locks, statics } = kernel;
  const header = new Header(core);
  header.layout("spinlock_t", spinlock_t);

  /** A static spinlock of this name, ready for use. At file scope. Its address. */
  header.plain("DEFINE_SPINLOCK", ["string"], spinlock_t, (name: number) => {
    const text = kernel.textAt(name);
    const address = statics.global(spinlock_t.size, spinlock_t.align, text);
    locks.init(address, "spinlock", text);
    return address;
  });
  /** Makes a spinlock ready for use, named by the expression. Any context. */
  header.plain(
    "spin_lock_init",
    [spinlock_t],
    "void",
    (lock: number, text?: number) => locks.init(lock, "spinlock", lockName(kernel, lock, text)),
    { stringizes: [0] },
  );
  /** spin_lock and its kin take a lock, spinning while another CPU has it: no sleeping until it is given back. Any context. */
  for (const variant of ["", "_irq", "_bh"] as const) takeAndGive(header, kernel, variant);
  /** Takes a lock with interrupts off. Any context. The interrupts' state, for spin_unlock_irqrestore. */
  header.steps("spin_lock_irqsave", [spinlock_t], "u32", (lock: number) => locks.spinLock(lock, "_irqsave"));
  /** Gives the lock back and sets interrupts as they were. Any context. */
  header.steps("spin_unlock_irqrestore", [spinlock_t, "u32"], "void", (lock: number, flags: number) =>
    locks.spinUnlock(lock, "_irqsave", flags),
  );
  /** Takes the lock if it is free. Any context. 1 when taken, else 0. */
  header.plain("spin_trylock", [spinlock_t], "int", (lock: number) => locks.spinTrylock(lock));
  /** Whether somebody holds the lock. Any context. */
  header.plain("spin_is_locked", [spinlock_t], "int", (lock: number) => locks.isLocked(lock, "spinlock"));
  /** Warns when the caller does not hold the lock. Any context. */
  header.plain("lockdep_assert_held", ["ptr"], "void", (lock: number) => {
    if (!locks.isHeld(lock)) kernel.warn(`lockdep_assert_held(${locks.nameAt(lock) ?? "lock"})`);
  });
  return header;
}

function takeAndGive(header: Header, { locks }: Kernel, variant: SpinVariant): void {
  header.steps(`spin_lock${variant}`, [spinlock_t], "void", (lock: number) => locks.spinLock(lock, variant));
  header.steps(`spin_unlock${variant}`, [spinlock_t], "void", (lock: number) => locks.spinUnlock(lock, variant));
}
