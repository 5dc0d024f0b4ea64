// linux/spinlock: locks that spin, raw ones and those that let several readers in among them.
import type { Layout } from "../engine/layout.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { spinlock_t } from "../kernel/layouts.ts";
import { raw_spinlock_t, rwlock_t } from "../kernel/lock-layouts.ts";
import type { SpinFlavour, Wanted } from "../kernel/locks.ts";
import { Header } from "./header.ts";
import { initialised } from "./lock-name.ts";

/** The words that a kind of lock has for taking, trying and giving back. */
interface Words {
  readonly lock: string;
  readonly trylock: string;
  readonly unlock: string;
}

export function spinlock(kernel: Kernel): Header {
  const { core, locks } = kernel;
  const header = new Header(core);
  header.layout("spinlock_t", spinlock_t);
  header.layout("raw_spinlock_t", raw_spinlock_t);
  header.layout("rwlock_t", rwlock_t);
  initialised(header, kernel, "spinlock", spinlock_t, { define: "DEFINE_SPINLOCK", init: "spin_lock_init" });
  initialised(header, kernel, "raw_spinlock", raw_spinlock_t, {
    define: "DEFINE_RAW_SPINLOCK",
    init: "raw_spin_lock_init",
  });
  initialised(header, kernel, "rwlock", rwlock_t, { define: "DEFINE_RWLOCK", init: "rwlock_init" });

  /** spin_lock and its kin take a lock, spinning while another CPU has it: no sleeping until it is given back. Any context. */
  for (const prefix of ["", "raw_"] as const) {
    const flavour = prefix === "" ? "spinlock" : "raw_spinlock";
    const layout = prefix === "" ? spinlock_t : raw_spinlock_t;
    const words = { lock: `${prefix}spin_lock`, trylock: `${prefix}spin_trylock`, unlock: `${prefix}spin_unlock` };
    forms(header, kernel, layout, { flavour }, words);
    /** The same beside a lock of the same class, of which it differs by a subclass. Any context. */
    header.steps(`${prefix}spin_lock_nested`, [layout, "u32"], "void", (lock: number, subclass: number) =>
      locks.spinLock(lock, "", { flavour, subclass }),
    );
    /** Whether somebody holds the lock. Any context. */
    header.plain(`${prefix}spin_is_locked`, [layout], "int", (lock: number) => locks.isLocked(lock, flavour));
  }
  /** The same with interrupts off. Any context. The interrupts' state, for spin_unlock_irqrestore. */
  header.steps("spin_lock_irqsave_nested", [spinlock_t, "u32"], "u32", (lock: number, subclass: number) =>
    locks.spinLock(lock, "_irqsave", { flavour: "spinlock", subclass }),
  );
  /** Whether somebody waits for the lock. Any context. */
  header.plain("spin_is_contended", [spinlock_t], "int", (lock: number) => locks.isContended(lock, "spinlock"));
  /** read_lock and its kin let readers in together, write_lock and its kin one writer alone. Any context. */
  for (const [mode, isRead] of [
    ["read", true],
    ["write", false],
  ] as const) {
    const words = { lock: `${mode}_lock`, trylock: `${mode}_trylock`, unlock: `${mode}_unlock` };
    forms(header, kernel, rwlock_t, { flavour: "rwlock", isRead }, words);
  }
  assertions(header, kernel);
  return header;
}

function forms(header: Header, kernel: Kernel, layout: Layout, wanted: Wanted<SpinFlavour>, words: Words): void {
  const { locks } = kernel;
  for (const variant of ["", "_irq", "_bh"] as const) {
    header.steps(`${words.lock}${variant}`, [layout], "void", (lock: number) => locks.spinLock(lock, variant, wanted));
    header.steps(`${words.unlock}${variant}`, [layout], "void", (lock: number) =>
      locks.spinUnlock(lock, variant, 0, wanted),
    );
  }
  /** Takes a lock with interrupts off. Any context. The interrupts' state, for the other of the two. */
  header.steps(`${words.lock}_irqsave`, [layout], "u32", (lock: number) => locks.spinLock(lock, "_irqsave", wanted));
  /** Gives the lock back and sets interrupts as they were. Any context. */
  header.steps(`${words.unlock}_irqrestore`, [layout, "u32"], "void", (lock: number, flags: number) =>
    locks.spinUnlock(lock, "_irqsave", flags, wanted),
  );
  /** Takes the lock if it is free. Any context. 1 when taken, else 0. */
  header.plain(words.trylock, [layout], "int", (lock: number) => locks.spinTrylock(lock, "", wanted));
  if (wanted.flavour === "rwlock") return;
  for (const variant of ["_irq", "_bh"] as const) {
    header.plain(`${words.trylock}${variant}`, [layout], "int", (lock: number) =>
      locks.spinTrylock(lock, variant, wanted),
    );
  }
}

function assertions(header: Header, kernel: Kernel): void {
  const { locks } = kernel;
  const assert = (name: string, isRead?: boolean): void => {
    header.plain(name, ["ptr"], "void", (lock: number) => {
      if (!locks.isHeld(lock, isRead)) kernel.warn(`${name}(${locks.nameAt(lock) ?? "lock"})`);
    });
  };
  /** Warns when the caller does not hold the lock; as a reader, or as a writer. Any context. */
  assert("lockdep_assert_held");
  assert("lockdep_assert_held_read", true);
  assert("lockdep_assert_held_write", false);
  /** Whether the caller holds the lock. Any context. */
  header.plain("lockdep_is_held", ["ptr"], "int", (lock: number) => locks.isHeld(lock));
  /** Warns when the caller holds the lock. Any context. */
  header.plain("lockdep_assert_not_held", ["ptr"], "void", (lock: number) => {
    if (locks.isHeld(lock)) kernel.warn(`lockdep_assert_not_held(${locks.nameAt(lock) ?? "lock"})`);
  });
}
