// linux/srcu: readers that may sleep, and what waits for them.
import type { Raw } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { rcu_head } from "../kernel/rcu.ts";
import { srcu_struct } from "../kernel/srcu.ts";
import { Header } from "./header.ts";
import { lockName } from "./lock-name.ts";

export function srcu(kernel: Kernel): Header {
  const { core, srcu, statics, rcu } = kernel;
  const header = new Header(core);
  header.layout("srcu_struct", srcu_struct);
  for (const define of ["DEFINE_SRCU", "DEFINE_STATIC_SRCU"]) {
    /** A static domain of this name, ready for use. At file scope. Its address. */
    header.plain(define, ["string"], srcu_struct, (name: number) => {
      const address = statics.global(srcu_struct.size, srcu_struct.align, kernel.textAt(name));
      srcu.define(address, kernel.textAt(name));
      return address;
    });
  }
  /** Makes a domain ready for use, named by the expression. Task context, may sleep. 0. */
  header.plain(
    "init_srcu_struct",
    [srcu_struct],
    "int",
    (it: number, text?: number) => srcu.init(it, lockName(kernel, it, text)),
    { stringizes: [0] },
  );
  /** Undoes that, once no reader and no callback is left. Task context, may sleep. */
  header.plain("cleanup_srcu_struct", [srcu_struct], "void", (it: number) => srcu.cleanup(it));
  /** A reader begins; it may sleep. Any context. The index for srcu_read_unlock. */
  header.plain("srcu_read_lock", [srcu_struct], "int", (it: number) => srcu.readLock(it));
  /** It ends. Any context. */
  header.plain("srcu_read_unlock", [srcu_struct, "int"], "void", (it: number, index: number) =>
    srcu.readUnlock(it, index),
  );
  /** Whether the caller is such a reader. Any context. */
  header.plain("srcu_read_lock_held", [srcu_struct], "int", (it: number) => srcu.isRead(it));
  const check = (p: Raw, it: number, condition: number): Raw => {
    if (!condition && !srcu.isRead(it)) rcu.suspect("suspicious rcu_dereference_check() usage");
    return p;
  };
  /** A pointer that readers of the domain may follow; told when the caller is none. Any context. The pointer. */
  header.plain("srcu_dereference", ["any", srcu_struct], "first", (p: Raw, it: number) => check(p, it, 0));
  /** The same, right under a condition too. Any context. The pointer. */
  header.plain("srcu_dereference_check", ["any", srcu_struct, "bool"], "first", check);
  for (const name of ["synchronize_srcu", "synchronize_srcu_expedited"]) {
    /** Waits until all readers have left that are there now. Task context, may sleep. */
    header.steps(name, [srcu_struct], "void", (it: number) => srcu.synchronize(it, name));
  }
  /** Has a function called with the head, by a worker, once all readers have left that are there now. Any context. */
  header.plain("call_srcu", [srcu_struct, rcu_head, "callback"], "void", (it: number, head: number, func: number) =>
    srcu.call(it, head, func),
  );
  /** Waits until all functions have been called that call_srcu has taken. Task context, may sleep. */
  header.steps("srcu_barrier", [srcu_struct], "void", (it: number) => srcu.barrier(it));
  return header;
}
