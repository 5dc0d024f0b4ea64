// linux/seqlock and linux/u64_stats_sync: data that readers read again when a writer was there meanwhile.
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf } from "../kernel/layouts.ts";
import { irqFlagsOf, irqsAreOff, type SpinVariant } from "../kernel/locks.ts";
import { seqcount_t, seqlock_t, u64_stats_sync, u64_stats_t } from "../kernel/seqlocks.ts";
import { Header } from "./header.ts";
import { lockName } from "./lock-name.ts";

const LOCK = offsetOf(seqlock_t, "lock");

export function seqlock(kernel: Kernel): Header {
  const { core, locks, seqlocks, statics } = kernel;
  const header = new Header(core);
  header.layout("seqcount_t", seqcount_t);
  header.layout("seqlock_t", seqlock_t);

  /** Makes a counter ready for use. Any context. */
  header.plain("seqcount_init", [seqcount_t], "void", (s: number) => seqlocks.init(s));
  /** A static lock of this name, ready for use. At file scope. Its address. */
  header.plain("DEFINE_SEQLOCK", ["string"], seqlock_t, (name: number) => {
    const text = kernel.textAt(name);
    const address = statics.global(seqlock_t.size, seqlock_t.align, text);
    locks.init(address + LOCK, "spinlock", `${text}.lock`);
    return address;
  });
  /** Makes a lock ready for use. Any context. */
  header.plain(
    "seqlock_init",
    [seqlock_t],
    "void",
    (s: number, text?: number) => {
      seqlocks.init(s);
      locks.init(s + LOCK, "spinlock", `${lockName(kernel, s, text)}->lock`);
    },
    { stringizes: [0] },
  );
  /** A reader begins, once no writer is there; then it asks whether it must read again. Any context. */
  header.steps("read_seqbegin", [seqlock_t], "u32", (s: number) => seqlocks.begin(s));
  header.plain("read_seqretry", [seqlock_t, "u32"], "u32", (s: number, start: number) => seqlocks.isChanged(s, start));
  header.steps("read_seqcount_begin", [seqcount_t], "u32", (s: number) => seqlocks.begin(s));
  header.plain("read_seqcount_retry", [seqcount_t, "u32"], "int", (s: number, start: number) =>
    seqlocks.isChanged(s, start),
  );
  /** A writer begins and ends; whoever calls sees to it that there is one. Any context. */
  header.plain("write_seqcount_begin", [seqcount_t], "void", (s: number) => seqlocks.step(s));
  header.plain("write_seqcount_end", [seqcount_t], "void", (s: number) => seqlocks.step(s));
  const take = (s: number, variant: SpinVariant): Steps<Raw> =>
    locked(locks.spinLock(s + LOCK, variant), () => seqlocks.step(s));
  const give = (s: number, variant: SpinVariant, flags?: number): Steps<void> => {
    seqlocks.step(s);
    return locks.spinUnlock(s + LOCK, variant, flags);
  };
  for (const variant of ["", "_irq", "_bh"] as const) {
    /** A writer begins, alone; and ends. Any context. */
    header.steps(`write_seqlock${variant}`, [seqlock_t], "void", (s: number) => take(s, variant));
    header.steps(`write_sequnlock${variant}`, [seqlock_t], "void", (s: number) => give(s, variant));
  }
  /** The same with interrupts off. Any context. The interrupts' state. */
  header.steps("write_seqlock_irqsave", [seqlock_t], "u32", (s: number) => take(s, "_irqsave"));
  header.steps("write_sequnlock_irqrestore", [seqlock_t, "u32"], "void", (s: number, flags: number) =>
    give(s, "_irqsave", flags),
  );
  /** A reader that keeps writers out, and ends. Any context. */
  header.steps("read_seqlock_excl", [seqlock_t], "void", (s: number) => locks.spinLock(s + LOCK, ""));
  header.steps("read_sequnlock_excl", [seqlock_t], "void", (s: number) => locks.spinUnlock(s + LOCK, ""));
  return header;
}

export function u64Stats({ core, seqlocks }: Kernel): Header {
  const { memory } = core;
  const header = new Header(core);
  header.layout("u64_stats_sync", u64_stats_sync);
  header.layout("u64_stats_t", u64_stats_t);
  /** Makes it ready for use. Any context. */
  header.plain("u64_stats_init", [u64_stats_sync], "void", (s: number) => seqlocks.init(s));
  /** A writer begins, with preemption off on 32 bits; and ends. Any context. */
  header.plain("u64_stats_update_begin", [u64_stats_sync], "void", (s: number) => {
    core.preemptDisable();
    seqlocks.step(s);
  });
  header.steps("u64_stats_update_end", [u64_stats_sync], "void", function* (s: number): Steps<void> {
    seqlocks.step(s);
    core.preemptEnable();
    yield* core.letIn();
  });
  /** The same with interrupts off. Any context. The interrupts' state. */
  header.plain("u64_stats_update_begin_irqsave", [u64_stats_sync], "u32", (s: number) => {
    const flags = irqFlagsOf(core.context);
    core.context.irqsDisabled = true;
    seqlocks.step(s);
    return flags;
  });
  header.steps(
    "u64_stats_update_end_irqrestore",
    [u64_stats_sync, "u32"],
    "void",
    function* (s: number, flags: number): Steps<void> {
      seqlocks.step(s);
      core.context.irqsDisabled = irqsAreOff(flags);
      yield* core.letIn();
    },
  );
  /** A reader begins; then it asks whether it must read again. Any context. */
  header.steps("u64_stats_fetch_begin", [u64_stats_sync], "u32", (s: number) => seqlocks.begin(s));
  header.plain("u64_stats_fetch_retry", [u64_stats_sync, "u32"], "bool", (s: number, start: number) =>
    seqlocks.isChanged(s, start),
  );
  const change = (name: string, next: (now: bigint, value: bigint) => bigint): void => {
    header.plain(name, [u64_stats_t, "s64"], "void", (p: number, value: bigint) =>
      memory.store64(p, BigInt.asUintN(64, next(memory.load64(p, false), value))),
    );
  };
  /** Counters of 64 bits, and what may be done with them by a writer; read is for readers. Any context. */
  change("u64_stats_set", (_, value) => value);
  change("u64_stats_add", (now, value) => now + value);
  change("u64_stats_sub", (now, value) => now - value);
  header.plain("u64_stats_inc", [u64_stats_t], "void", (p: number) =>
    memory.store64(p, BigInt.asUintN(64, memory.load64(p, false) + 1n)),
  );
  header.plain("u64_stats_read", [u64_stats_t], "u64", (p: number) => memory.load64(p, false));
  return header;
}

function* locked(lock: Steps<Raw>, begin: () => void): Steps<Raw> {
  const flags = yield* lock;
  begin();
  return flags;
}
