// linux/mutex: locks that sleep.
import { TASK_INTERRUPTIBLE, TASK_KILLABLE } from "../kernel/core.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { mutex as mutex_layout } from "../kernel/layouts.ts";
import { Header } from "./header.ts";
import { initialised } from "./lock-name.ts";

export function mutex(kernel: Kernel): Header {
  const { core, locks } = kernel;
  const header = new Header(core);
  header.layout("mutex", mutex_layout);
  initialised(header, kernel, "mutex", mutex_layout, { define: "DEFINE_MUTEX", init: "mutex_init" });

  /** Says that a mutex is used no more; it is not to be held. Task context. */
  header.plain("mutex_destroy", [mutex_layout], "void", (lock: number) => {
    if (locks.isLocked(lock, "mutex")) kernel.warn(`mutex_destroy(${locks.nameAt(lock)}) of a mutex that is held`);
  });
  const take =
    (callee: string, state?: number, subclass = 0) =>
    (lock: number) =>
      locks.sleepLock(lock, { flavour: "mutex", subclass, callee, where: "kernel/locking/mutex.c:586", state });
  /** Takes the mutex, sleeping until it is free. Task context, may sleep. */
  header.steps("mutex_lock", [mutex_layout], "void", take("mutex_lock"));
  /** The same, where the wait counts as one for a device. Task context, may sleep. */
  header.steps("mutex_lock_io", [mutex_layout], "void", take("mutex_lock_io"));
  /** The same beside a mutex of the same class, of which it differs by a subclass. Task context, may sleep. */
  header.steps("mutex_lock_nested", [mutex_layout, "u32"], "void", (lock: number, subclass: number) =>
    take("mutex_lock_nested", undefined, subclass)(lock),
  );
  /** The same, given up when a signal comes. Task context, may sleep. 0, or -EINTR. */
  header.steps("mutex_lock_interruptible", [mutex_layout], "int", take("mutex_lock_interruptible", TASK_INTERRUPTIBLE));
  /** The same, given up when a fatal signal comes. Task context, may sleep. 0, or -EINTR. */
  header.steps("mutex_lock_killable", [mutex_layout], "int", take("mutex_lock_killable", TASK_KILLABLE));
  /** Takes the mutex if it is free. Task context. 1 when taken, else 0. */
  header.plain("mutex_trylock", [mutex_layout], "int", (lock: number) =>
    locks.sleepTrylock(lock, { flavour: "mutex" }),
  );
  /** Gives the mutex back; only its owner may. Task context. */
  header.plain("mutex_unlock", [mutex_layout], "void", (lock: number) => locks.mutexUnlock(lock));
  /** Whether somebody holds the mutex. Any context. */
  header.plain("mutex_is_locked", [mutex_layout], "bool", (lock: number) => locks.isLocked(lock, "mutex"));
  return header;
}
