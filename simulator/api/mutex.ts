// linux/mutex: locks that sleep.
import type { Kernel } from "../kernel/kernel.ts";
import { mutex as mutex_layout } from "../kernel/layouts.ts";
import { Header } from "./header.ts";
import { lockName } from "./lock-name.ts";

export function mutex(kernel: Kernel): Header {
  const { core, locks, statics } = kernel;
  const header = new Header(core);
  header.layout("mutex", mutex_layout);

  /** A static mutex of this name, ready for use. At file scope. Its address. */
  header.plain("DEFINE_MUTEX", ["string"], mutex_layout, (name: number) => {
    const text = kernel.textAt(name);
    const address = statics.global(mutex_layout.size, mutex_layout.align, text);
    locks.init(address, "mutex", text);
    return address;
  });
  /** Makes a mutex ready for use, named by the expression. Any context. */
  header.plain(
    "mutex_init",
    [mutex_layout],
    "void",
    (lock: number, text?: number) => locks.init(lock, "mutex", lockName(kernel, lock, text)),
    { stringizes: [0] },
  );
  /** Says that a mutex is used no more; it is not to be held. Task context. */
  header.plain("mutex_destroy", [mutex_layout], "void", (lock: number) => {
    if (locks.isLocked(lock, "mutex")) kernel.warn(`mutex_destroy(${locks.nameAt(lock)}) of a mutex that is held`);
  });
  /** Takes the mutex, sleeping until it is free. Task context, may sleep. */
  header.steps("mutex_lock", [mutex_layout], "void", (lock: number) => locks.mutexLock(lock, "mutex_lock", false));
  /** The same, given up when a signal comes. Task context, may sleep. 0, or -EINTR. */
  header.steps("mutex_lock_interruptible", [mutex_layout], "int", (lock: number) =>
    locks.mutexLock(lock, "mutex_lock_interruptible", true),
  );
  /** Takes the mutex if it is free. Task context. 1 when taken, else 0. */
  header.plain("mutex_trylock", [mutex_layout], "int", (lock: number) => locks.mutexTrylock(lock));
  /** Gives the mutex back; only its owner may. Task context. */
  header.plain("mutex_unlock", [mutex_layout], "void", (lock: number) => locks.mutexUnlock(lock));
  /** Whether somebody holds the mutex. Any context. */
  header.plain("mutex_is_locked", [mutex_layout], "bool", (lock: number) => locks.isLocked(lock, "mutex"));
  return header;
}
