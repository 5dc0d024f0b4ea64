// linux/kfifo: rings of elements of one size.
import type { Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Kfifos, kfifo as layout } from "../kernel/kfifo.ts";
import { spinlock_t } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

export function kfifo(kernel: Kernel): Header {
  const header = new Header(kernel.core);
  const fifos = new Kfifos(kernel);
  header.layout("kfifo", layout);
  made(header, kernel, fifos);
  /** Whether it has room for elements. Any context. */
  header.plain("kfifo_initialized", [layout], "bool", (fifo: number) => fifos.isInitialised(fifo));
  /** Bytes of an element. Any context. */
  header.plain("kfifo_esize", [layout], "u32", (fifo: number) => fifos.esize(fifo));
  /** How many elements it has room for. Any context. */
  header.plain("kfifo_size", [layout], "u32", (fifo: number) => fifos.size(fifo));
  /** How many elements it holds. Any context. */
  header.plain("kfifo_len", [layout], "u32", (fifo: number) => fifos.length(fifo));
  /** How many more fit. Any context. */
  header.plain("kfifo_avail", [layout], "u32", (fifo: number) => fifos.room(fifo));
  /** Whether it holds nothing. Any context. */
  header.plain("kfifo_is_empty", [layout], "bool", (fifo: number) => fifos.length(fifo) === 0);
  /** Whether nothing more fits. Any context. */
  header.plain("kfifo_is_full", [layout], "bool", (fifo: number) => fifos.room(fifo) === 0);
  /** Forgets all; nobody may use it meanwhile. Any context. */
  header.plain("kfifo_reset", [layout], "void", (fifo: number) => fifos.reset(fifo));
  /** Forgets all, by the one who takes elements out. Any context. */
  header.plain("kfifo_reset_out", [layout], "void", (fifo: number) => fifos.skip(fifo, fifos.length(fifo)));
  /** Leaves the next element out. Any context. */
  header.plain("kfifo_skip", [layout], "void", (fifo: number) => fifos.skip(fifo, 1));
  /** Puts an element in, a struct by its address. Any context. 1, or 0: it is full. */
  header.plain("kfifo_put", [layout, "any"], "int", (fifo: number, value: number | bigint) => fifos.put(fifo, value));
  for (const [name, takes] of [
    ["kfifo_get", true],
    ["kfifo_peek", false],
  ] as const) {
    /** Takes the next element to `*val`, or looks at it. Any context. 1, or 0: it is empty. */
    header.plain(name, [layout, "ptr"], "int", (fifo: number, to: number) => fifos.out(fifo, to, 1, takes));
  }
  /** Puts elements in. Any context. How many fitted. */
  header.plain("kfifo_in", [layout, "ptr", "u32"], "u32", (fifo: number, from: number, count: number) =>
    fifos.in(fifo, from, count),
  );
  for (const [name, takes] of [
    ["kfifo_out", true],
    ["kfifo_out_peek", false],
  ] as const) {
    /** Takes elements out, or looks at them. Any context. How many there were. */
    header.plain(name, [layout, "ptr", "u32"], "u32", (fifo: number, to: number, count: number) =>
      fifos.out(fifo, to, count, takes),
    );
  }
  locked(header, kernel, fifos);
  for (const [name, copy] of [
    ["kfifo_from_user", fifos.fromUser.bind(fifos)],
    ["kfifo_to_user", fifos.toUser.bind(fifos)],
  ] as const) {
    /** Copies bytes from or to user space, as many as are there; how many goes to `*copied`. Task context, may sleep. 0, or -EFAULT. */
    header.steps(name, [layout, "user", "u32", "ptr"], "int", copy);
  }
  return header;
}

function made(header: Header, { statics }: Kernel, fifos: Kfifos): void {
  const create = (bytes: number): number => {
    const fifo = statics.global(layout.size, layout.align, "kfifo");
    fifos.init(fifo, 0, 0, bytes);
    return fifo;
  };
  /** A ring at file scope for so many elements of a type. */
  header.plain("DEFINE_KFIFO", ["size", "u32"], layout, (esize: number, count: number) => {
    const fifo = create(esize);
    fifos.init(fifo, statics.global(esize * count, 8, "kfifo buffer"), esize * count, esize);
    return fifo;
  });
  /** A ring at file scope for elements of a type, whose room kfifo_alloc() makes. */
  header.plain("DECLARE_KFIFO_PTR", ["size"], layout, create);
  /** Makes room for so many elements, rounded up to a power of two. Contexts as kmalloc. 0, -EINVAL, or -ENOMEM. */
  header.steps("kfifo_alloc", [layout, "u32", "u32"], "int", (fifo: number, count: number, gfp: number) =>
    fifos.alloc(fifo, count, gfp),
  );
  /** Has the caller's memory for a ring of bytes, rounded down to a power of two. Any context. 0, or -EINVAL. */
  header.plain("kfifo_init", [layout, "ptr", "u32"], "int", (fifo: number, buffer: number, bytes: number) =>
    fifos.init(fifo, buffer, bytes, 1),
  );
  /** Frees the room of kfifo_alloc(). Any context. */
  header.plain("kfifo_free", [layout], "void", (fifo: number) => fifos.free(fifo));
}

/** With a lock, where there are several readers or writers. */
function locked(header: Header, { locks }: Kernel, fifos: Kfifos): void {
  const under = function* (lock: number, work: () => number): Steps<number> {
    const flags = yield* locks.spinLock(lock, "_irqsave");
    const result = work();
    yield* locks.spinUnlock(lock, "_irqsave", Number(flags));
    return result;
  };
  /** kfifo_in() under a lock, with interrupts off. Any context. How many fitted. */
  header.steps(
    "kfifo_in_spinlocked",
    [layout, "ptr", "u32", spinlock_t],
    "u32",
    (fifo: number, from: number, count: number, lock: number) => under(lock, () => fifos.in(fifo, from, count)),
  );
  /** kfifo_out() under a lock, with interrupts off. Any context. How many there were. */
  header.steps(
    "kfifo_out_spinlocked",
    [layout, "ptr", "u32", spinlock_t],
    "u32",
    (fifo: number, to: number, count: number, lock: number) => under(lock, () => fifos.out(fifo, to, count, true)),
  );
}
