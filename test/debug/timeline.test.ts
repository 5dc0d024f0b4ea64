// The timeline over the protocol: what ran, slept, waited and touched the device, also after going back and doing else.
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadDriver } from "../../simulator/control/load.ts";
import { Recording } from "../../simulator/control/recording.ts";
import { createMachine } from "../../simulator/machine.ts";
import type { Timeline, TimelineArguments, TimelineLane, TimelineSpan } from "../../simulator/timeline/protocol.ts";
import { Client, edu } from "./client.ts";

let client: Client;
beforeEach(async () => {
  client = await Client.start();
});
afterEach(() => client.stop());

const timeline = (args: TimelineArguments = {}) => client.custom<Timeline>("driverlab/timeline", args);

const lane = ({ lanes }: Timeline, id: string): TimelineLane => {
  const found = lanes.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no lane ${id} among ${lanes.map((one) => one.id).join(", ")}`);
  return found;
};

const spansOf = (of: Timeline, id: string, kind: TimelineSpan["kind"]) =>
  lane(of, id).spans.filter((span) => span.kind === kind);

/** Goes to a moment and waits until it is there. */
async function seek(clock: number): Promise<void> {
  await client.custom("driverlab/seek", { clock });
  await client.halt();
}

async function toTheEnd(): Promise<void> {
  await client.launch({ program: edu, exitAtEnd: false });
  await client.halt();
}

test("nothing has run at the beginning", async () => {
  await client.launch({ program: edu, stopOnEntry: true });
  await client.halt();
  const { now, end, lanes } = await timeline();
  expect(now.clock).toBe(0);
  expect(end.clock).toBe(0);
  expect(lanes.slice(0, 2).map(({ id }) => id)).toEqual(["cpu0", "cpu1"]);
});

test("a read that sleeps until the interrupt, with the locks and registers on the way", async () => {
  await toTheEnd();
  const all = await timeline();
  expect(lane(all, "task2").name).toBe("calculator 2");
  const [sleep] = spansOf(all, "task2", "sleep");
  expect(sleep).toMatchObject({ name: "&d->wait", place: { fn: "edu_read" } });
  const [read] = spansOf(all, "task2", "syscall").filter(({ name }) => name === "read");
  expect(read!.from.clock).toBeLessThan(sleep!.from.clock);
  expect(read!.to!.clock).toBeGreaterThan(sleep!.to!.clock);
  // What wakes it is the interrupt, in which the lock is held and the device is acknowledged.
  const [irq] = spansOf(all, "cpu0", "hardirq");
  expect(irq!.name).toBe("irq 11 (edu)");
  expect(irq!.to).toEqual(sleep!.to);
  const [held] = spansOf(all, "cpu0", "hold");
  expect(held).toMatchObject({ name: "spinlock &d->lock", place: { fn: "edu_irq" } });
  expect(lane(all, "cpu0").marks.filter(({ at }) => at.clock < irq!.to!.clock)).toMatchObject([
    { kind: "mmio", name: "read edu IRQ_STATUS: 0x1" },
    { kind: "mmio", name: "write edu IRQ_ACK: 0x1" },
    { kind: "mmio", name: "read edu FACTORIAL: 0x78" },
  ]);
  expect(lane(all, "task2").marks.map(({ name }) => name)).toContain("5! = 120");
});

test("a CPU has one task at a time, and a task one CPU", async () => {
  await toTheEnd();
  const all = await timeline();
  for (const { id, spans } of all.lanes) {
    let reached = 0;
    for (const { from, to } of spans.filter(({ kind }) => kind === "run")) {
      expect(from.clock, id).toBeGreaterThanOrEqual(reached);
      reached = (to ?? all.end).clock;
    }
  }
});

test("after going back it is the same, and what is to come stays to be seen", async () => {
  await toTheEnd();
  const before = await timeline();
  await seek(100);
  const back = await timeline();
  expect(back.now.clock).toBe(100);
  expect(back.end).toEqual(before.end);
  expect(back.lanes).toEqual(before.lanes);
  await seek(before.end.clock);
  expect(await timeline()).toEqual(before);
});

test("at the first look from an earlier moment, what is to come is there", async () => {
  await toTheEnd();
  const { end, lanes } = await timeline();
  await client.stop();
  client = await Client.start();
  await toTheEnd();
  await seek(100);
  const { now, ...others } = await timeline();
  expect(now.clock).toBe(100);
  expect(others).toMatchObject({ end, lanes });
});

test("what was looked at on the way is what is seen from the end", async () => {
  await toTheEnd();
  const fromTheEnd = await timeline();
  await client.stop();
  client = await Client.start();
  await client.launch({ program: edu, stopOnEntry: true });
  await client.halt();
  for (const clock of [20, 92, 95, 60, 300, 10]) {
    await seek(clock);
    await timeline();
  }
  await client.dap.continueRequest({ threadId: 1 });
  await client.halt();
  expect(await timeline()).toEqual(fromTheEnd);
});

test("a run that becomes another one has another timeline", async () => {
  await toTheEnd();
  const before = await timeline();
  await seek(98);
  await client.dap.evaluateRequest({ expression: "irq 11", context: "repl" });
  const { end, now } = await timeline();
  expect(end).toEqual(now);
  expect(end.clock).toBeLessThan(before.end.clock);
});

test("a part of the run, in either measure", async () => {
  await toTheEnd();
  const { lanes } = await timeline({ from: 92, to: 103 });
  const names = lanes.flatMap(({ marks }) => marks.map(({ name }) => name));
  expect(names).toContain("write edu IRQ_ACK: 0x1");
  expect(names).not.toContain("5! = 120");
  const late = await timeline({ by: "nanos", from: 5e9 });
  expect(lane(late, "task2").spans).toEqual([]);
  expect(lane(late, "task7").marks.map(({ name }) => name)).toContain("7! = 5040");
});

test("what is too short to be told apart is merged", async () => {
  await toTheEnd();
  expect((await timeline()).isMerged).toBe(false);
  const coarse = await timeline({ resolution: 10 });
  expect(coarse.isMerged).toBe(true);
  expect(lane(coarse, "task2").spans.length).toBeLessThan(15);
  expect(lane(coarse, "task2").spans.find(({ count = 1 }) => count > 1)).toBeDefined();
});

test("what cannot be is refused", async () => {
  await toTheEnd();
  for (const args of [{ by: "hours" }, { resolution: 0 }, { from: 3, to: 2 }, { from: "now" }]) {
    await expect(client.custom("driverlab/timeline", args)).rejects.toThrow(/is to be/);
  }
});

describe("the recording", () => {
  const read = (path: string) => (path.startsWith("/") ? text(path) : undefined);
  const text = (path: string): string | undefined => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  };
  const { recipe } = loadDriver({ read }, edu)!;

  test("takes no more memory than it may, and loses none of the marks from its counts", () => {
    const [whole, small] = [new Recording(), new Recording(100)];
    for (const recording of [whole, small]) {
      const { engine, run } = machineOf(recording);
      run();
      recording.standsAt(engine);
    }
    const kept = ({ lanes }: Recording) =>
      lanes.reduce((sum, { spans, marks }) => sum + spans.length + marks.length, 0);
    const marks = ({ lanes }: Recording) => lanes.flatMap((one) => one.marks.map(({ count = 1 }) => count));
    expect(kept(whole)).toBeGreaterThan(200);
    expect(kept(small)).toBeLessThanOrEqual(100);
    const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
    expect(sum(marks(small))).toBe(sum(marks(whole)));
  });

  test("is made once by two machines of the same run", () => {
    const [once, twice] = [new Recording(), new Recording()];
    machineOf(once).run();
    const machines = [machineOf(twice), machineOf(twice)];
    for (const clock of [50, 200, Number.MAX_SAFE_INTEGER]) for (const { run } of machines) run(clock);
    expect(twice.lanes).toEqual(once.lanes);
  });

  function machineOf(recording: Recording) {
    const machine = createMachine(recipe);
    recording.isWanted = true;
    recording.follow(machine.engine);
    return { engine: machine.engine, run: (until?: number) => machine.run(until) };
  }
});
