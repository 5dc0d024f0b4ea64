// linux/atomic, linux/refcount, linux/kref and the barriers: integers that are changed in one step, counts of references.
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Layout } from "../engine/layout.ts";
import type { Core } from "../kernel/core.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { atomic_t } from "../kernel/layouts.ts";
import {
  atomic64_t,
  kref as kref_layout,
  REFCOUNT_SATURATED,
  type ReferenceCounts,
  refcount_t,
} from "../kernel/reference-counts.ts";
import { Header } from "./header.ts";

/** An integer of one width, and how it is read and written. */
interface Cell {
  readonly prefix: string;
  readonly layout: Layout;
  readonly type: "int" | "s64";
  get(it: number): bigint;
  set(it: number, value: bigint): bigint;
  raw(value: bigint): Raw;
}

export function atomic(kernel: Kernel): Header {
  const { core, statics } = kernel;
  const { memory } = core;
  const header = new Header(core);
  header.layout("atomic_t", atomic_t);
  header.layout("atomic64_t", atomic64_t);
  const word = {
    get: (it: number) => BigInt(memory.load(it, 4, true)),
    set: (it: number, value: bigint) => {
      memory.store(it, 4, Number(BigInt.asIntN(32, value)));
      return BigInt.asIntN(32, value);
    },
    raw: (value: bigint) => Number(value),
  };
  const long = {
    get: (it: number) => memory.load64(it, true),
    set: (it: number, value: bigint) => {
      memory.store64(it, value);
      return BigInt.asIntN(64, value);
    },
    raw: (value: bigint) => value,
  };
  operations(header, { prefix: "atomic", layout: atomic_t, type: "int", ...word });
  // A long has 32 bits here.
  operations(header, { prefix: "atomic_long", layout: atomic_t, type: "int", ...word });
  operations(header, { prefix: "atomic64", layout: atomic64_t, type: "s64", ...long });
  header.layout("atomic_long_t", atomic_t);

  /** A value for an atomic_t that is a static variable or a member of one. At file scope. */
  header.plain("ATOMIC_INIT", ["int"], atomic_t, (value: number) => {
    const address = statics.global(atomic_t.size, atomic_t.align, "");
    memory.poke(address, 4, value);
    return address;
  });
  barriers(header, kernel);
  return header;
}

function operations(header: Header, cell: Cell): void {
  const { prefix, layout, type, get, set, raw } = cell;
  const define = (name: string, params: readonly (typeof type | Layout)[], run: (...args: never[]) => unknown): void =>
    header.plain(`${prefix}_${name}`, params, "void", run);
  /** Reads and writes. Any context. */
  header.plain(`${prefix}_read`, [layout], type, (it: number) => raw(get(it)));
  define("set", [layout, type], (it: number, value: Raw) => void set(it, BigInt(value!)));
  /** Changes; with `_return` the result is the new value, with `fetch_` the old one. Any context. */
  for (const [name, change] of [
    ["add", (a: bigint, b: bigint) => a + b],
    ["sub", (a: bigint, b: bigint) => a - b],
    ["and", (a: bigint, b: bigint) => a & b],
    ["or", (a: bigint, b: bigint) => a | b],
    ["xor", (a: bigint, b: bigint) => a ^ b],
  ] as const) {
    define(name, [type, layout], (by: Raw, it: number) => void set(it, change(get(it), BigInt(by!))));
    header.plain(`${prefix}_fetch_${name}`, [type, layout], type, (by: Raw, it: number) => {
      const before = get(it);
      set(it, change(before, BigInt(by!)));
      return raw(before);
    });
    if (name !== "add" && name !== "sub") continue;
    header.plain(`${prefix}_${name}_return`, [type, layout], type, (by: Raw, it: number) =>
      raw(set(it, change(get(it), BigInt(by!)))),
    );
  }
  for (const [name, by] of [
    ["inc", 1n],
    ["dec", -1n],
  ] as const) {
    define(name, [layout], (it: number) => void set(it, get(it) + by));
    header.plain(`${prefix}_${name}_return`, [layout], type, (it: number) => raw(set(it, get(it) + by)));
    /** Whether it is 0 now. Any context. */
    header.plain(`${prefix}_${name}_and_test`, [layout], "bool", (it: number) => set(it, get(it) + by) === 0n);
  }
  /** Whether it is 0, or negative, now. Any context. */
  header.plain(
    `${prefix}_sub_and_test`,
    [type, layout],
    "bool",
    (by: Raw, it: number) => set(it, get(it) - BigInt(by!)) === 0n,
  );
  header.plain(
    `${prefix}_add_negative`,
    [type, layout],
    "bool",
    (by: Raw, it: number) => set(it, get(it) + BigInt(by!)) < 0n,
  );
  /** Adds unless it is a value. Any context. Whether it was added. */
  header.plain(`${prefix}_add_unless`, [layout, type, type], "bool", (it: number, by: Raw, not: Raw) => {
    const before = get(it);
    if (before === BigInt(not!)) return false;
    set(it, before + BigInt(by!));
    return true;
  });
  header.plain(`${prefix}_inc_not_zero`, [layout], "bool", (it: number) => {
    const before = get(it);
    if (before !== 0n) set(it, before + 1n);
    return before !== 0n;
  });
  /** Subtracts 1 unless it would be negative. Any context. The new value, negative when it was not done. */
  header.plain(`${prefix}_dec_if_positive`, [layout], type, (it: number) => {
    const after = get(it) - 1n;
    if (after >= 0n) set(it, after);
    return raw(after);
  });
  /** Writes. Any context. The value before. */
  header.plain(`${prefix}_xchg`, [layout, type], type, (it: number, value: Raw) => {
    const before = get(it);
    set(it, BigInt(value!));
    return raw(before);
  });
  /** Writes where `old` stands. Any context. The value before. */
  header.plain(`${prefix}_cmpxchg`, [layout, type, type], type, (it: number, old: Raw, value: Raw) => {
    const before = get(it);
    if (before === BigInt(old!)) set(it, BigInt(value!));
    return raw(before);
  });
}

/** Order between accesses: nothing is reordered here, so they only show in the trace. */
function barriers(header: Header, { core }: Kernel): void {
  for (const name of [
    "mb",
    "rmb",
    "wmb",
    "smp_mb",
    "smp_rmb",
    "smp_wmb",
    "barrier",
    "smp_mb__before_atomic",
    "smp_mb__after_atomic",
  ]) {
    /** Orders the accesses before against those behind. Any context. */
    header.plain(name, [], "void", () => core.emit({ kind: "barrier", name }));
  }
  const ordering = (name: string): ((value: Raw) => Raw) => {
    return (value) => {
      core.emit({ kind: "barrier", name });
      return value;
    };
  };
  /** A value that is read before all that follows: `smp_load_acquire(d.ready)`. Any context. The value. */
  header.plain("smp_load_acquire", ["any"], "first", ordering("smp_load_acquire"));
  /** The value to write behind all that was done before: `d.ready = smp_store_release(1)`. Any context. The value. */
  header.plain("smp_store_release", ["any"], "first", ordering("smp_store_release"));
}

/** asm/barrier: the barriers by themselves. */
export function barrier(kernel: Kernel): Header {
  const header = new Header(kernel.core);
  barriers(header, kernel);
  return header;
}

export function refcount(kernel: Kernel): Header {
  const header = new Header(kernel.core);
  const { references } = kernel;
  header.layout("refcount_t", refcount_t);
  header.constants({ REFCOUNT_SATURATED });
  /** Sets and reads. Any context. */
  header.plain("refcount_set", [refcount_t, "int"], "void", (it: number, value: number) => references.set(it, value));
  header.plain("refcount_read", [refcount_t], "u32", (it: number) => references.read(it));
  /** Takes a reference that somebody else's keeps valid. Any context. */
  header.plain("refcount_inc", [refcount_t], "void", (it: number) => references.add(it, 1));
  header.plain("refcount_add", ["int", refcount_t], "void", (by: number, it: number) => references.add(it, by));
  /** Takes a reference unless there is none left. Any context. Whether there was. */
  header.plain("refcount_inc_not_zero", [refcount_t], "bool", (it: number) => references.addNotZero(it, 1));
  /** Gives a reference back. Any context. Whether it was the last. */
  header.plain("refcount_dec_and_test", [refcount_t], "bool", (it: number) => references.subAndTest(it, 1));
  header.plain("refcount_sub_and_test", ["int", refcount_t], "bool", (by: number, it: number) =>
    references.subAndTest(it, by),
  );
  /** Gives back a reference that is not the last. Any context. */
  header.plain("refcount_dec", [refcount_t], "void", (it: number) => references.dec(it));
  return header;
}

export function kref(kernel: Kernel): Header {
  const { core, references, locks } = kernel;
  const header = new Header(core);
  header.layout("kref", kref_layout);
  /** Begins with one reference. Any context. */
  header.plain("kref_init", [kref_layout], "void", (it: number) => references.set(it, 1));
  /** References there are. Any context. */
  header.plain("kref_read", [kref_layout], "u32", (it: number) => references.read(it));
  /** Takes a reference. Any context. */
  header.plain("kref_get", [kref_layout], "void", (it: number) => references.add(it, 1));
  /** Takes a reference unless there is none left. Any context. Whether there was. */
  header.plain("kref_get_unless_zero", [kref_layout], "int", (it: number) => references.addNotZero(it, 1));
  /** Gives a reference back; the last one calls `release`. Context as `release` needs. 1 when it was called. */
  header.steps("kref_put", [kref_layout, "callback"], "int", (it: number, release: number) =>
    give(core, references, it, release),
  );
  /** The same, taking a mutex before the last one goes, which `release` gives back. Task context, may sleep. */
  header.steps(
    "kref_put_mutex",
    [kref_layout, "callback", "ptr"],
    "int",
    function* (it: number, release: number, lock: number): Steps<number> {
      if (references.read(it) > 1) {
        references.subAndTest(it, 1);
        return 0;
      }
      yield* locks.mutexLock(lock, "kref_put_mutex", false);
      if (references.subAndTest(it, 1)) {
        yield* core.callDriver(release, [it]);
        return 1;
      }
      locks.mutexUnlock(lock);
      return 0;
    },
  );
  return header;
}

function* give(core: Core, references: ReferenceCounts, it: number, release: number): Steps<number> {
  if (!references.subAndTest(it, 1)) return 0;
  yield* core.callDriver(release, [it]);
  return 1;
}
