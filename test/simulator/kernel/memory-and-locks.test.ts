// The first half of what a driver needs: modules, the log, memory and locks.
import { expect, test } from "vitest";
import { GFP_ATOMIC, GFP_KERNEL } from "../../../simulator/kernel/gfp.ts";
import { formatLogLine } from "../../../simulator/kernel/printk.ts";
import { Bench, type Functions } from "./fake-driver.ts";

const hello: Functions = {
  *file_scope(k) {
    yield* k.call("MODULE_LICENSE", k.text("GPL"));
    yield* k.call("module_init", k.fn("hello_init"));
    yield* k.call("module_exit", k.fn("hello_exit"));
    return undefined;
  },
  *hello_init(k) {
    yield* k.call("pr_info", k.text("hello: %d %s\n"), 42, k.text("worlds"));
    yield* k.call("kzalloc", 100, GFP_KERNEL);
    yield* k.call("kmalloc", 20, GFP_KERNEL);
    return 0;
  },
  *hello_exit(k) {
    yield* k.call("pr_info", k.text("hello: bye\n"));
    return undefined;
  },
};

test("a module is loaded and unloaded, and what it leaks is told by allocation", () => {
  const bench = new Bench();
  bench.kernel.modules.register("hello", bench.program("hello.ts", hello), bench.symbols);
  bench.engine.spawn("insmod", bench.kernel.modules.insmod("hello"));
  bench.run();
  expect(bench.kernel.modules.find("hello")?.state).toBe("live");
  bench.engine.spawn("rmmod", bench.kernel.modules.rmmod("hello"));
  bench.run();
  expect(bench.log).toEqual(["hello: loading out-of-tree module taints kernel.", "hello: 42 worlds", "hello: bye"]);
  expect(bench.of("module").map(({ phase }) => phase)).toEqual(["loading", "live", "going", "gone"]);
  expect(bench.of("module-leak").map(({ what, count, bytes }) => [what, count, bytes])).toEqual([
    ["kmalloc-128", 1, 100],
    ["kmalloc-32", 1, 20],
  ]);
  expect(bench.of("module-leak")[0]!.stack.map(({ fn }) => fn)).toEqual(["kzalloc", "hello_init", "do_one_initcall"]);
});

test("a format is evaluated as the kernel's vsnprintf does", () => {
  const bench = new Bench();
  const format = (text: string, ...values: (number | bigint)[]): string => bench.kernel.log.format(text, values);
  expect(format("%d %u %x %#x %08x|%5d|%-5d|%+d", -1, -1, 255, 255, 255, 7, 7, 7)).toBe(
    "-1 4294967295 ff 0xff 000000ff|    7|7    |+7",
  );
  expect(format("%lld %llu %llx %zu %ld %hhx", -5n, 2n ** 63n, 255n, 12, -3, 0x1ff)).toBe(
    "-5 9223372036854775808 ff 12 -3 ff",
  );
  expect(format("%s|%10s|%.3s|%c|100%%|%s", ...[1, 2, 3].map(() => bench.kernel.statics.literal("text")), 65, 0)).toBe(
    "text|      text|tex|A|100%|(null)",
  );
  expect(format("%px %pe", 0x10002040, -12)).toBe("10002040 -ENOMEM");
  expect(format("%p", 0x10002040)).toMatch(/^[0-9a-f]{8}$/);
  expect(format("%p", 0x10002040)).toBe(format("%p", 0x10002040));
  expect(format("%p", 0x10002040)).not.toBe("10002040");
  expect(format("%#010x %*d", 0x1234, 6, 42)).toBe("0x00001234     42");
  expect(formatLogLine(1_234_567_000, "a\nb")).toBe("[    1.234567] a\n[    1.234567] b");
});

test("memory has red zones, is poisoned when freed, and rests before it is used again", () => {
  const bench = new Bench();
  bench.do(function* (k) {
    const a = yield* k.call("kmalloc", 20, GFP_KERNEL);
    k.memory.store(a + 19, 1, 1);
    k.memory.store(a + 20, 1, 1);
    k.memory.load(a - 1, 1, false);
    yield* k.call("kfree", a);
    k.memory.load(a + 4, 4, false);
    yield* k.call("kfree", a);
    yield* k.call("kfree", 0);
    const b = yield* k.call("kmalloc", 20, GFP_KERNEL);
    expect(b).not.toBe(a);
    yield* k.call("kfree", b + 4);
    return 0;
  });
  expect(bench.of("bad-access").map(({ access, object }) => [access.code, access.isWrite, object?.cache])).toEqual([
    [0xfc, true, "kmalloc-32"],
    [0xfc, false, "kmalloc-32"],
    [0xfb, false, "kmalloc-32"],
  ]);
  expect(bench.of("bad-access")[2]!.object!.freed!.stack[0]!.fn).toBe("kfree");
  expect(bench.of("bad-free").map(({ why }) => why)).toEqual(["double", "invalid"]);
});

test("memory is used again after its quarantine, and runs out without a crash", () => {
  const bench = new Bench();
  bench.do(function* (k) {
    const seen = new Set<number>();
    for (let i = 0; i < 100; i++) {
      const p = yield* k.call("kmalloc", 8192, GFP_KERNEL);
      seen.add(p);
      yield* k.call("kfree", p);
    }
    expect(seen.size).toBeLessThan(50);
    expect(yield* k.call("kmalloc", 0x400001, GFP_KERNEL)).toBe(0);
    for (let i = 0; i < 5; i++) yield* k.call("kmalloc", 0x400000, GFP_KERNEL);
    expect(yield* k.call("kmalloc", 0x400000, GFP_KERNEL)).toBe(0);
    expect(yield* k.call("kcalloc", 0x10000, 0x10000, GFP_KERNEL)).toBe(0);
    return 0;
  });
});

test("sleeping under a spinlock is told, with what is held", () => {
  const bench = new Bench();
  bench.do(function* (k) {
    const lock = yield* k.call("kzalloc", 16, GFP_KERNEL);
    yield* k.call("spin_lock_init", lock, k.text("d.lock"));
    const flags = yield* k.call("spin_lock_irqsave", lock);
    yield* k.call("kmalloc", 8, GFP_ATOMIC);
    yield* k.call("kmalloc", 8, GFP_KERNEL);
    yield* k.call("spin_unlock_irqrestore", lock, flags);
    yield* k.call("kmalloc", 8, GFP_KERNEL);
    return 0;
  });
  const states = bench.of("might-sleep").map(({ state }) => state);
  expect(states.map(({ preemptCount, irqsDisabled }) => [preemptCount, irqsDisabled])).toEqual([
    [0, false],
    [1, true],
    [0, false],
  ]);
  expect(states[1]!.held.map(({ name }) => name)).toEqual(["&d->lock"]);
});

for (const [take, give] of [
  ["spin_lock", "spin_unlock"],
  ["mutex_lock", "mutex_unlock"],
] as const) {
  test(`${take} lets in one at a time, in order of arrival`, () => {
    for (const seed of [1, 2, 3]) {
      const bench = new Bench(seed);
      const flavour = take === "spin_lock" ? "spinlock" : "mutex";
      const lock = bench.kernel.statics.global(16, 8, "lock");
      const counter = bench.kernel.statics.global(4, 4, "counter");
      bench.kernel.locks.init(lock, flavour, "lock");
      for (const comm of ["a", "b", "c"]) {
        bench.start(comm, function* (k) {
          for (let i = 0; i < 50; i++) {
            yield* k.call(take, lock);
            const before = k.memory.load(counter, 4, false);
            for (let j = 0; j < 10; j++) yield* k.statement();
            k.memory.store(counter, 4, before + 1);
            yield* k.call(give, lock);
          }
          return 0;
        });
      }
      expect(bench.run().kind).toBe("idle");
      expect(bench.memory.peek(counter, 4)).toBe(150);
      expect(bench.kernel.locks.all()[0]).toMatchObject({ owner: undefined, waiters: [] });
      expect(bench.kernel.contextState(0)).toMatchObject({ preemptCount: 0, held: [] });
    }
  });
}

test("a lock taken twice, and one given back that is not held, are told; the run goes on", () => {
  const bench = new Bench();
  const result = bench.do(function* (k) {
    const lock = yield* k.call("DEFINE_SPINLOCK", k.text("some_lock"));
    yield* k.call("spin_lock", lock);
    yield* k.call("spin_lock", lock);
    yield* k.call("spin_unlock", lock);
    yield* k.call("spin_unlock", lock);
    yield* k.call("spin_unlock", lock);
    const mutex = yield* k.call("DEFINE_MUTEX", k.text("some_mutex"));
    yield* k.call("mutex_lock", mutex);
    yield* k.call("mutex_lock", mutex);
    yield* k.call("mutex_unlock", mutex);
    yield* k.call("mutex_unlock", mutex);
    return 7;
  });
  expect(result).toBe(7);
  expect(bench.of("lock-recursion").map(({ lock }) => lock.name)).toEqual(["some_lock", "some_mutex"]);
  expect(bench.of("lock-unbalance").map(({ lock }) => lock.name)).toEqual(["some_lock"]);
});
