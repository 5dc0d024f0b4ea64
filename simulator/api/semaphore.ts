// linux/semaphore and linux/rwsem: counting semaphores, and locks that sleep and let several readers in.
import { TASK_INTERRUPTIBLE, TASK_KILLABLE } from "../kernel/core.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { rw_semaphore, semaphore as semaphore_layout } from "../kernel/lock-layouts.ts";
import { Header } from "./header.ts";
import { initialised } from "./lock-name.ts";

export function semaphore(kernel: Kernel): Header {
  const { core, semaphores, statics } = kernel;
  const header = new Header(core);
  header.layout("semaphore", semaphore_layout);
  /** A static semaphore of this name and count, ready for use. At file scope. Its address. */
  header.plain("DEFINE_SEMAPHORE", ["string", "u32"], semaphore_layout, (name: number, count: number) => {
    const address = statics.global(semaphore_layout.size, semaphore_layout.align, kernel.textAt(name));
    semaphores.init(address, count);
    return address;
  });
  /** Makes a semaphore ready for use, which so many may have at once. Any context. */
  header.plain("sema_init", [semaphore_layout, "int"], "void", (sem: number, count: number) =>
    semaphores.init(sem, count),
  );
  const source = "kernel/locking/semaphore.c";
  /** Takes the semaphore, sleeping until it is free. Task context, may sleep. */
  header.steps("down", [semaphore_layout], "void", (sem: number) =>
    semaphores.down(sem, { callee: "down", where: `${source}:59` }),
  );
  /** The same, given up when a signal comes. Task context, may sleep. 0, or -EINTR. */
  header.steps("down_interruptible", [semaphore_layout], "int", (sem: number) =>
    semaphores.down(sem, { callee: "down_interruptible", where: `${source}:83`, state: TASK_INTERRUPTIBLE }),
  );
  /** The same, given up when a fatal signal comes. Task context, may sleep. 0, or -EINTR. */
  header.steps("down_killable", [semaphore_layout], "int", (sem: number) =>
    semaphores.down(sem, { callee: "down_killable", where: `${source}:110`, state: TASK_KILLABLE }),
  );
  /** The same, given up after so many jiffies. Task context, may sleep. 0, or -ETIME. */
  header.steps("down_timeout", [semaphore_layout, "int"], "int", (sem: number, timeout: number) =>
    semaphores.down(sem, { callee: "down_timeout", where: `${source}:165`, timeout }),
  );
  /** Takes the semaphore if it is free. Any context. 0 when taken, else 1. */
  header.plain("down_trylock", [semaphore_layout], "int", (sem: number) => semaphores.tryDown(sem));
  /** Gives the semaphore back; whoever took it. Any context. */
  header.plain("up", [semaphore_layout], "void", (sem: number) => semaphores.up(sem));
  return header;
}

export function rwsem(kernel: Kernel): Header {
  const { core, locks } = kernel;
  const header = new Header(core);
  header.layout("rw_semaphore", rw_semaphore);
  initialised(header, kernel, "rwsem", rw_semaphore, { define: "DECLARE_RWSEM", init: "init_rwsem" });
  for (const [mode, isRead] of [
    ["read", true],
    ["write", false],
  ] as const) {
    const take = (name: string, line: number, state?: number): void => {
      const where = `kernel/locking/rwsem.c:${line}`;
      header.steps(name, [rw_semaphore], state === undefined ? "void" : "int", (sem: number) =>
        locks.sleepLock(sem, { flavour: "rwsem", isRead, callee: name, where, state }),
      );
    };
    /** down_read lets readers in together, down_write one writer alone. Task context, may sleep. */
    take(`down_${mode}`, isRead ? 1523 : 1576);
    /** The same, given up when a fatal signal comes. Task context, may sleep. 0, or -EINTR. */
    take(`down_${mode}_killable`, isRead ? 1546 : 1587, TASK_KILLABLE);
    /** Takes it beside one of the same class, of which it differs by a subclass. Task context, may sleep. */
    header.steps(`down_${mode}_nested`, [rw_semaphore, "int"], "void", (sem: number, subclass: number) => {
      const where = `kernel/locking/rwsem.c:${isRead ? 1648 : 1692}`;
      return locks.sleepLock(sem, { flavour: "rwsem", isRead, subclass, callee: `down_${mode}_nested`, where });
    });
    /** Takes it if that needs no wait. Task context. 1 when taken, else 0. */
    header.plain(`down_${mode}_trylock`, [rw_semaphore], "int", (sem: number) =>
      locks.sleepTrylock(sem, { flavour: "rwsem", isRead }),
    );
    /** Gives it back. Task context. */
    header.plain(`up_${mode}`, [rw_semaphore], "void", (sem: number) =>
      locks.release(sem, { flavour: "rwsem", isRead }),
    );
    if (isRead) take("down_read_interruptible", 1532, TASK_INTERRUPTIBLE);
  }
  /** The writer goes on as a reader, without that another writer comes in between. Task context. */
  header.plain("downgrade_write", [rw_semaphore], "void", (sem: number) => locks.downgrade(sem));
  /** Whether somebody has it. Any context. */
  header.plain("rwsem_is_locked", [rw_semaphore], "int", (sem: number) => locks.isLocked(sem, "rwsem"));
  /** Whether somebody waits for it. Any context. */
  header.plain("rwsem_is_contended", [rw_semaphore], "int", (sem: number) => locks.isContended(sem, "rwsem"));
  return header;
}
