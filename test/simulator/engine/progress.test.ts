// The machine comes to an end whatever goes on in it: who makes it go round and round is ended, as an oops.
import { expect, test } from "vitest";
import { Engine } from "../../../simulator/engine/engine.ts";
import type { Raw, Steps } from "../../../simulator/engine/interfaces.ts";
import { LinearMemory } from "../../../simulator/engine/memory.ts";
import { SeededPolicy } from "../../../simulator/engine/policy.ts";
import { asKernelEvent, type KernelEvent } from "../../../simulator/kernel/events.ts";
import { Kernel } from "../../../simulator/kernel/kernel.ts";

function machine(): { readonly kernel: Kernel; readonly engine: Engine; readonly events: KernelEvent[] } {
  const engine = new Engine(new SeededPolicy(1), 2);
  const kernel = new Kernel(engine, new LinearMemory());
  const events: KernelEvent[] = [];
  engine.trace.listen((event) => void events.push(asKernelEvent(event)));
  return { kernel, engine, events };
}

const oopses = (events: readonly KernelEvent[]): string[] =>
  events.flatMap((event) => (event.kind === "oops" ? [event.message] : []));

test("a task for which the kernel goes round and round is ended, and others go on", () => {
  const { engine, events } = machine();
  let isOver = false;
  const round = function* (): Steps<Raw> {
    for (;;) yield { kind: "yield" };
  };
  const other = function* (): Steps<Raw> {
    while (engine.tasks.length > 1) yield { kind: "yield" };
    isOver = true;
    return 0;
  };
  engine.spawn("round", round(), undefined, { cpu: 0 });
  engine.spawn("round", round(), undefined, { cpu: 0 });
  engine.spawn("round", other(), undefined, { cpu: 1 });
  expect(engine.run(100).kind).toBe("idle");
  expect(new Set(oopses(events))).toEqual(new Set(["BUG: the kernel makes no progress in round"]));
  expect(isOver || engine.tasks.length === 0).toBe(true);
});

test("alarms that set each other off at one moment stop the machine", () => {
  const { engine, events } = machine();
  const { clock } = engine;
  const ring = (): void => void clock.after(0, ring);
  clock.after(10, ring);
  expect(engine.run(100).kind).toBe("idle");
  expect(oopses(events)).toEqual(["BUG: alarms set each other off without end"]);
});

test("a reader of a counter whose writer never ends is a soft lockup", () => {
  const { kernel, engine, events } = machine();
  const at = kernel.statics.global(4, 4, "seq");
  kernel.seqlocks.step(at);
  engine.spawn("reader", kernel.seqlocks.begin(at));
  expect(engine.run(100).kind).toBe("idle");
  expect(events.map(({ kind }) => kind)).toContain("soft-lockup");
  expect(oopses(events)).toEqual([]);
  kernel.seqlocks.step(at);
  engine.run(100);
  expect(engine.tasks).toEqual([]);
});

test("a machine in which nothing but the kernel does something now and then comes to rest", () => {
  const { kernel, engine, events } = machine();
  const poll = function* (): Steps<Raw> {
    for (;;) yield* kernel.core.sleep(10e6, "poll");
  };
  engine.spawn("poll", poll(), undefined, { isDaemon: true });
  expect(engine.run(100).kind).toBe("idle");
  expect(engine.clock.nanos).toBeGreaterThan(130e9);
  expect(oopses(events)).toEqual([]);
});

test("a kernel that oopses again and again panics", () => {
  const { kernel, engine, events } = machine();
  const fall = function* (): Steps<Raw> {
    engine.spawn("falls", fall());
    yield* kernel.core.callDriver(0x1234, []);
    return 0;
  };
  engine.spawn("falls", fall());
  expect(engine.run(100).kind).toBe("idle");
  expect(oopses(events).length).toBe(1000);
  const said = events.flatMap((event) => (event.kind === "printk" ? [event.text] : []));
  expect(said).toContain("Kernel panic - not syncing: Oopsed too often (kernel.oops_limit is 1000)");
});
