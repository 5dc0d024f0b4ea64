// Interrupts, wait queues, completions and time.
import { expect, test } from "vitest";
import { Bench } from "./fake-driver.ts";

/** A driver whose interrupt handler ends a wait; the device lets go of its line when the handler says so. */
function interruptible(seed: number): Bench {
  const bench = new Bench(seed);
  const { kernel, engine } = bench;
  const wait = kernel.statics.global(32, 8, "wait");
  const done = kernel.statics.global(4, 4, "done");
  const functions = bench.program("irq.ts", {
    *handler(k, irq, devId) {
      expect(irq).toBe(11);
      expect(devId).toBe(done);
      expect(yield* k.call("in_hardirq")).toBe(1);
      expect(yield* k.call("irqs_disabled")).toBe(1);
      kernel.irqs.setLevel(11, "device", false);
      k.memory.store(done, 4, k.memory.load(done, 4, false) + 1);
      yield* k.call("wake_up_interruptible", wait);
      return 1;
    },
    *other(k) {
      yield* k.statement();
      return 0;
    },
    *is_done(k) {
      yield* k.statement();
      return k.memory.load(done, 4, false) !== 0 ? 1 : 0;
    },
    *main(k) {
      yield* k.call("init_waitqueue_head", wait, k.text("d.wait"));
      const shared = k.constant("IRQF_SHARED");
      expect(yield* k.call("request_irq", 11, k.fn("handler"), shared, k.text("fake"), done)).toBe(0);
      expect(yield* k.call("request_irq", 11, k.fn("other"), shared, k.text("other"), wait)).toBe(0);
      expect(yield* k.call("request_irq", 11, k.fn("other"), 0, k.text("third"), wait)).toBe(-16);
      expect(yield* k.call("request_irq", 11, k.fn("other"), shared, k.text("third"), 0)).toBe(-22);
      engine.clock.after(5_000_000, () => kernel.irqs.setLevel(11, "device", true));
      expect(yield* k.call("wait_event_interruptible", wait, k.fn("is_done"))).toBe(0);
      yield* k.call("free_irq", 11, done);
      yield* k.call("free_irq", 11, wait);
      yield* k.call("free_irq", 11, wait);
      return 5;
    },
  });
  let result: unknown;
  const image = functions.link(kernel.world(bench.symbols));
  engine.spawn("driver", image.call("main", []), (value) => {
    result = value;
  });
  // The other CPU has something to do, so that either may be interrupted.
  bench.start("busy", function* (k) {
    for (let i = 0; i < 100; i++) yield* k.statement();
    return 0;
  });
  bench.run();
  expect(result).toBe(5);
  return bench;
}

test("an interrupt runs its handlers and ends a wait", () => {
  const bench = interruptible(1);
  expect(bench.of("irq-enter")).toMatchObject([{ irq: 11, name: "fake, other" }]);
  expect(bench.of("irq-exit")).toMatchObject([{ irq: 11, handled: true }]);
  const handled = bench.events.find(({ kind }) => kind === "irq-exit")!;
  expect(handled.moment.context).toBe("hardirq");
  expect(bench.of("might-sleep").find(({ callee }) => callee === "wait_event_interruptible")!.where).toMatch(
    /irq\.ts:\d/,
  );
  expect(bench.kernel.waits.nameAt(0)).toContain("wait_queue");
  expect(bench.log).toEqual(["genirq: Flags mismatch irq 11. 00000000 (third) vs. 00000080 (fake)"]);
  expect(bench.of("warn").map(({ text, id }) => `${id}: ${text}`)).toEqual([
    "irq-misuse: Trying to free already-free IRQ 11",
  ]);
  expect(bench.kernel.contextState(0).preemptCount).toBe(0);
  expect(bench.kernel.contextState(1).preemptCount).toBe(0);
});

test("the same seed gives the same events, event for event", () => {
  for (const seed of [1, 2, 3]) {
    expect(JSON.stringify(interruptible(seed).events)).toBe(JSON.stringify(interruptible(seed).events));
  }
});

test("a line that nobody handles is turned off", () => {
  const bench = new Bench();
  const program = bench.program("none.ts", {
    *handler(k) {
      yield* k.statement();
      return 0;
    },
    *main(k) {
      yield* k.call("request_irq", 10, k.fn("handler"), 0, k.text("none"), 0);
      bench.kernel.irqs.setLevel(10, "device", true);
      return 0;
    },
  });
  bench.engine.spawn("driver", program.link(bench.kernel.world(bench.symbols)).call("main", []));
  expect(bench.run().kind).toBe("idle");
  expect(bench.of("bad-irq").map(({ text }) => text)).toEqual([
    'irq 10: nobody cared (try booting with the "irqpoll" option)',
  ]);
  expect(bench.log.at(-1)).toBe("Disabling IRQ #10");
  expect(bench.kernel.irqs.all).toMatchObject([{ irq: 10, asserted: true, enabled: false }]);
});

test("a handler that sleeps is told, sleeps all the same, and the rest goes on", () => {
  const bench = new Bench();
  const program = bench.program("sleepy.ts", {
    *handler(k) {
      bench.kernel.irqs.setLevel(10, "device", false);
      yield* k.call("msleep", 20);
      return 1;
    },
    *main(k) {
      yield* k.call("request_irq", 10, k.fn("handler"), 0, k.text("sleepy"), 0);
      bench.kernel.irqs.setLevel(10, "device", true);
      yield* k.call("msleep", 5);
      yield* k.call("free_irq", 10, 0);
      return 0;
    },
  });
  let result: unknown;
  bench.engine.spawn("driver", program.link(bench.kernel.world(bench.symbols)).call("main", []), (value) => {
    result = value;
  });
  expect(bench.run().kind).toBe("idle");
  expect(result).toBe(0);
  expect(bench.of("schedule-atomic").map(({ state }) => state.preemptCount)).toEqual([0x10000]);
  expect(bench.of("schedule-atomic")[0]!.stack.map(({ fn }) => fn)).toEqual([
    "msleep",
    "handler",
    "__handle_irq_event_percpu",
  ]);
});

test("a handler that faults takes its line with it; the machine goes on", () => {
  const bench = new Bench();
  const program = bench.program("bad.ts", {
    *handler(k) {
      yield* k.statement();
      k.memory.load(4, 4, false);
      return 1;
    },
    *main(k) {
      yield* k.call("request_irq", 10, k.fn("handler"), 0, k.text("bad"), 0);
      bench.kernel.irqs.setLevel(10, "device", true);
      return 0;
    },
  });
  bench.engine.spawn("driver", program.link(bench.kernel.world(bench.symbols)).call("main", []));
  bench.engine.clock.after(1e6, () => undefined);
  expect(bench.run().kind).toBe("idle");
  expect(bench.of("oops").map(({ message }) => message)).toEqual([
    "BUG: kernel NULL pointer dereference, address: 00000004",
  ]);
  expect(bench.kernel.contextState(0).preemptCount).toBe(0);
});

test("waits end by their time, by signals and by completion", () => {
  const bench = new Bench();
  const { statics } = bench.kernel;
  const wait = statics.global(32, 8, "wait");
  const done = statics.global(40, 8, "done");
  const never = bench
    .program("never.ts", {
      *never(k) {
        yield* k.statement();
        return 0;
      },
    })
    .link(bench.kernel.world(bench.symbols));
  const condition = bench.engine.addFunction(never, "never", "never");
  const results: number[] = [];
  bench.start("waiter", function* (k) {
    yield* k.call("init_waitqueue_head", wait);
    yield* k.call("init_completion", done);
    results.push(yield* k.call("wait_event_timeout", wait, condition, 10));
    results.push(yield* k.call("wait_event_interruptible_timeout", wait, condition, 10));
    yield* k.call("wait_for_completion", done);
    results.push(yield* k.call("wait_for_completion_timeout", done, 10));
    yield* k.call("complete_all", done);
    yield* k.call("complete_all", done);
    results.push(yield* k.call("wait_for_completion_interruptible", done));
    results.push(yield* k.call("completion_done", done));
    yield* k.call("reinit_completion", done);
    results.push(yield* k.call("wait_for_completion_interruptible", done));
    results.push(yield* k.call("waitqueue_active", wait));
    return 0;
  });
  const waiter = bench.engine.tasks[0]!;
  bench.start("waker", function* (k) {
    yield* k.call("msleep", 50);
    yield* k.call("complete", done);
    yield* k.call("ssleep", 1);
    bench.kernel.signal(waiter);
    return 0;
  });
  bench.run();
  expect(results).toEqual([0, 0, 0, 0, 1, -512, 0]);
  expect(Math.floor(bench.engine.clock.nanos / 1e6)).toBe(1050);
});
