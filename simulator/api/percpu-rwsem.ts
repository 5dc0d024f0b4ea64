// linux/percpu-rwsem: locks that let several readers in, each by a count of its own CPU, and make writers wait for all.
import { layOut } from "../engine/layout.ts";
import { GFP_KERNEL } from "../kernel/gfp.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf } from "../kernel/layouts.ts";
import { rw_semaphore } from "../kernel/lock-layouts.ts";
import { Header } from "./header.ts";
import { lockName } from "./lock-name.ts";

/** Who may come in is kept as for a rw_semaphore; the count of each CPU shows how many readers came in there. */
const percpu_rw_semaphore = layOut("percpu_rw_semaphore", [
  ["rwsem", { kind: "struct", layout: rw_semaphore }],
  ["read_count", { kind: "pointer", to: "void" }],
]);
const READ_COUNT = offsetOf(percpu_rw_semaphore, "read_count");
/** rw_semaphore.count: a bit for the writer, and the number of readers from the ninth on. */
const READERS_SHIFT = 8;

export function percpuRwsem(kernel: Kernel): Header {
  const { core, locks, percpu, slab, statics } = kernel;
  const { memory } = core;
  const header = new Header(core);
  const sem = percpu_rw_semaphore;
  const state = (it: number): number => {
    memory.touch(it, 4, false);
    return memory.peek(it, 4);
  };
  const count = (it: number, by: number): void => {
    const own = percpu.own(memory.load(it + READ_COUNT, 4, false));
    memory.poke(own, 4, memory.peek(own, 4) + by);
  };
  header.layout("percpu_rw_semaphore", sem);
  /** A static one of this name, ready for use. At file scope. Its address. */
  for (const name of ["DEFINE_PERCPU_RWSEM", "DEFINE_STATIC_PERCPU_RWSEM"]) {
    header.plain(name, ["string"], sem, (text: number) => {
      const address = statics.global(sem.size, sem.align, kernel.textAt(text));
      locks.init(address, "rwsem", kernel.textAt(text));
      memory.poke(address + READ_COUNT, 4, percpu.define(4));
      return address;
    });
  }
  /** Makes one ready for use, named by the expression. Task context, may sleep. 0, or -ENOMEM. */
  header.plain(
    "percpu_init_rwsem",
    [sem],
    "int",
    (it: number, text?: number) => {
      slab.mightAlloc(GFP_KERNEL, "percpu_init_rwsem");
      locks.init(it, "rwsem", lockName(kernel, it, text));
      memory.store(it + READ_COUNT, 4, percpu.allocate(4));
      return 0;
    },
    { stringizes: [0] },
  );
  /** Frees the counts of one that nobody has; one that was never made ready is left alone. Task context. */
  header.plain("percpu_free_rwsem", [sem], "void", (it: number) => {
    percpu.free(memory.load(it + READ_COUNT, 4, false));
    memory.store(it + READ_COUNT, 4, 0);
  });

  /** Takes it as a reader, beside others, sleeping while a writer has it or waits. Task context, may sleep. */
  header.steps("percpu_down_read", [sem], "void", function* (it: number) {
    const where = "include/linux/percpu-rwsem.h:49";
    yield* locks.sleepLock(it, { flavour: "rwsem", isRead: true, callee: "percpu_down_read", where });
    count(it, 1);
  });
  /** The same if that needs no wait. Task context. Whether it was taken. */
  header.plain("percpu_down_read_trylock", [sem], "bool", (it: number) => {
    const isTaken = locks.sleepTrylock(it, { flavour: "rwsem", isRead: true }) !== 0;
    if (isTaken) count(it, 1);
    return isTaken;
  });
  /** A reader gives it back. Task context. */
  header.plain("percpu_up_read", [sem], "void", (it: number) => {
    locks.release(it, { flavour: "rwsem", isRead: true });
    count(it, -1);
  });
  /** Takes it as its only writer, sleeping until all readers have left. Task context, may sleep. */
  header.steps("percpu_down_write", [sem], "void", function* (it: number) {
    const where = "kernel/locking/percpu-rwsem.c:228";
    yield* locks.sleepLock(it, { flavour: "rwsem", callee: "percpu_down_write", where });
  });
  /** The writer gives it back. Task context. */
  header.plain("percpu_up_write", [sem], "void", (it: number) => locks.release(it, { flavour: "rwsem" }));
  /** Whether readers, or a writer, have it. Any context. */
  header.plain("percpu_is_read_locked", [sem], "bool", (it: number) => state(it) >> READERS_SHIFT > 0);
  header.plain("percpu_is_write_locked", [sem], "bool", (it: number) => (state(it) & 1) !== 0);
  return header;
}
