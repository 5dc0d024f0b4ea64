// The timeline over the protocol: what ran, slept, waited and touched the device, also after going back and doing else.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadDriver } from "../../simulator/control/load.ts";
import { Recording } from "../../simulator/control/recording.ts";
import { createMachine } from "../../simulator/machine.ts";
import type { Timeline, TimelineArguments, TimelineLane, TimelineSpan } from "../../simulator/timeline/protocol.ts";
import { Client, edu } from "./client.ts";

let client: Client;
/** How far the run goes, which most of the tests look at from its end. */
let length: number;

beforeAll(async () => {
  client = await Client.start();
  await toTheEnd();
  length = (await timeline()).end.clock;
});
afterAll(() => client.stop());

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

/** A session of its own. */
async function afresh(): Promise<void> {
  await client.stop();
  client = await Client.start();
}

async function toTheEnd(): Promise<void> {
  await client.launch({ program: edu, exitAtEnd: false });
  await client.halt();
}

test("a read that sleeps until the interrupt, with the locks and registers on the way", async () => {
  await seek(length);
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
  await seek(length);
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
  await seek(length);
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
  await seek(length);
  const { end, lanes } = await timeline();
  await afresh();
  await toTheEnd();
  await seek(100);
  const { now, ...others } = await timeline();
  expect(now.clock).toBe(100);
  expect(others).toMatchObject({ end, lanes });
});

test("nothing has run at the beginning, and what was looked at on the way is what is seen from the end", async () => {
  await seek(length);
  const fromTheEnd = await timeline();
  await afresh();
  await client.launch({ program: edu, stopOnEntry: true, exitAtEnd: false });
  await client.halt();
  const { now, end, lanes } = await timeline();
  expect([now.clock, end.clock]).toEqual([0, 0]);
  expect(lanes.slice(0, 2).map(({ id }) => id)).toEqual(["cpu0", "cpu1"]);
  for (const clock of [20, 92, 95, 60, 300, 10]) {
    await seek(clock);
    await timeline();
  }
  await client.dap.continueRequest({ threadId: 1 });
  await client.halt();
  expect(await timeline()).toEqual(fromTheEnd);
});

test("a part of the run, in either measure", async () => {
  await seek(length);
  const { lanes } = await timeline({ from: 92, to: 103 });
  const names = lanes.flatMap(({ marks }) => marks.map(({ name }) => name));
  expect(names).toContain("write edu IRQ_ACK: 0x1");
  expect(names).not.toContain("5! = 120");
  const late = await timeline({ by: "nanos", from: 5e9 });
  expect(lane(late, "task2").spans).toEqual([]);
  expect(lane(late, "task7").marks.map(({ name }) => name)).toContain("7! = 5040");
});

test("what is too short to be told apart is merged", async () => {
  await seek(length);
  expect((await timeline()).isMerged).toBe(false);
  const coarse = await timeline({ resolution: 10 });
  expect(coarse.isMerged).toBe(true);
  expect(lane(coarse, "task2").spans.length).toBeLessThan(15);
  expect(lane(coarse, "task2").spans.find(({ count = 1 }) => count > 1)).toBeDefined();
});

test("what cannot be is refused", async () => {
  await seek(length);
  for (const args of [{ by: "hours" }, { resolution: 0 }, { from: 3, to: 2 }, { from: "now" }]) {
    await expect(client.custom("driverlab/timeline", args)).rejects.toThrow(/is to be/);
  }
});

test("a run that becomes another one has another timeline", async () => {
  await seek(length);
  const before = await timeline();
  await seek(98);
  await client.dap.evaluateRequest({ expression: "irq 11", context: "repl" });
  const { end, now } = await timeline();
  expect(end).toEqual(now);
  expect(end.clock).toBeLessThan(before.end.clock);
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

  test("a task that was woken or lost its CPU is ready until it has one", () => {
    const abba = join(import.meta.dirname, "drivers/abba.ts");
    const recording = new Recording();
    machineOf(recording, { ...loadDriver({ read }, abba)!.recipe, cpus: 1 }).run(5_000);
    const tasks = recording.lanes.filter(({ id }) => id.startsWith("task"));
    const of = ({ spans }: (typeof tasks)[number], ...kinds: string[]) =>
      spans.filter(({ kind }) => kinds.includes(kind));
    expect(tasks.filter((lane) => of(lane, "ready").length > 0).length).toBeGreaterThan(1);
    for (const lane of tasks) {
      for (const { from, to } of of(lane, "ready")) {
        const end = to ?? recording.end;
        const others = of(lane, "run", "sleep").filter(
          (one) => one.from.nanos < end.nanos && (one.to ?? recording.end).nanos > from.nanos,
        );
        expect(others, lane.name).toEqual([]);
      }
    }
  });

  function machineOf(recording: Recording, of = recipe) {
    const machine = createMachine(of);
    recording.isWanted = true;
    recording.follow(machine.engine);
    return { engine: machine.engine, run: (until?: number) => machine.run(until) };
  }
});
