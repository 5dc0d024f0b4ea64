// Ways back: into and out of calls, to a line, to reports and to the last write of something; and their cancelling.
import { describe, expect, test } from "vitest";
import type { Journey, Stopped } from "../../../simulator/control/stop.ts";
import { travel } from "../../../simulator/control/stop.ts";
import { registerNamed } from "../../../simulator/control/targets.ts";
import { framesOf } from "../../../simulator/engine/task.ts";
import { drive, FILE } from "./drive.ts";

const source = `import { module_init } from "linux/module";
import { struct, u32, type int } from "linux/types";
import { kzalloc, kfree, GFP_KERNEL } from "linux/slab";

const foo = struct("foo", { count: u32, other: u32 });

function leaf(n: int): int {
  const doubled = n * 2;
  return doubled;
}

function foo_init(): int {
  const f = kzalloc(foo, GFP_KERNEL);
  if (f === null)
    return -12;
  let total = 0;
  for (let i = 0; i < 10; i++) {
    total += leaf(i);
    f.count += 1;
    f.other = total;
  }
  kfree(f);
  f.count = 5;
  const early = f.other;
  return early === 0 ? 1 : 0;
}

module_init(foo_init);
`;

const uart = `import { module_init } from "linux/module";
import { type int } from "linux/types";
import { ioremap, writeb, readb } from "linux/io";

const LCR = 3;

function foo_init(): int {
  const regs = ioremap(0x09000000, 8);
  if (regs === null)
    return -12;
  writeb(0x83, regs.add(LCR));
  writeb(1, regs.add(0));
  writeb(0x03, regs.add(LCR));
  return readb(regs.add(5)) === 0 ? 1 : 0;
}

module_init(foo_init);
`;

function where({ task, reason }: Stopped): string {
  const frame = task && framesOf(task)[0]?.frame;
  return `${frame === undefined ? "nowhere" : `${frame.fn}:${frame.site.line}`} ${reason.kind}`;
}

/** Before the statement of a line. */
function at(line: number, condition?: string) {
  const made = drive(source, { stopsAt: () => false });
  made.session.setBreakpoints(FILE, [{ line, ...(condition === undefined ? {} : { condition }) }]);
  made.go("continue");
  made.session.setBreakpoints(FILE, []);
  const go = (journey: Journey): string => where(travel(journey));
  return { ...made, made: made.session, go, address: () => Number.parseInt(made.value("f").slice(-8), 16) };
}

describe("a reverse step", () => {
  test("goes into what was called last", () => {
    const { made, go, task, value } = at(19, "i === 3");
    expect(go(made.stepIntoBack(task()))).toBe("leaf:9 step");
    expect(value("n")).toBe("3");
    expect(go(made.stepIntoBack(task()))).toBe("leaf:8 step");
    expect(go(made.stepIntoBack(task()))).toBe("foo_init:18 step");
    expect(go(made.stepIntoBack(task()))).toBe("foo_init:17 step");
    expect(go(made.stepIntoBack(task()))).toBe("foo_init:20 step");
  });

  test("goes out of a function to its call", () => {
    const { made, go, task, value } = at(9, "n === 7");
    expect(go(made.stepOutBack(task()))).toBe("foo_init:18 step");
    expect(value("i")).toBe("7");
    expect(go(made.stepOutBack(task()))).toBe("foo_init:13 step");
    const entry = made.clock;
    go(made.stepOutBack(task()));
    expect(made.clock).toBe(entry - 1);
  });
});

describe("running back to a line", () => {
  test("stops where it was about to run last", () => {
    const { made, go, value } = at(22);
    expect(go(made.runBackTo(FILE, 19))).toBe("foo_init:19 goto");
    expect(value("i")).toBe("9");
    expect(go(made.runBackTo(FILE, 18))).toBe("foo_init:18 goto");
    expect(value("i")).toBe("9");
    expect(go(made.runBackTo(FILE, 18))).toBe("foo_init:18 goto");
    expect(value("i")).toBe("8");
  });

  test("ends at the beginning where it never did", () => {
    const { made, go } = at(18);
    expect(go(made.runBackTo(FILE, 22))).toMatch(/ entry$/);
    expect(made.clock).toBe(0);
  });
});

describe("the last write", () => {
  test("of a member is found, with what it changes, again and again", () => {
    const { made, address, value } = at(22);
    const target = { kind: "memory", address: address(), bytes: 4 } as const;
    for (const before of [9, 8, 7]) {
      const stopped = travel(made.lastWrite(target));
      expect(where(stopped)).toBe("foo_init:19 data");
      expect(stopped.reason).toMatchObject({ accesses: [{ before: String(before), after: String(before + 1) }] });
      expect(value("f.count")).toBe(String(before));
    }
  });

  test("before the first is the beginning", () => {
    const { made, address } = at(19, "i === 1");
    const target = { kind: "memory", address: address(), bytes: 4 } as const;
    expect(where(travel(made.lastWrite(target)))).toBe("foo_init:19 data");
    expect(where(travel(made.lastWrite(target)))).toMatch(/ entry$/);
    expect(made.clock).toBe(0);
  });

  test("of a register field is found, by whom it was", () => {
    const made = drive(uart, { stopsAt: () => false, devices: ["ns16550a"] });
    made.session.setBreakpoints(FILE, [{ line: 14 }]);
    made.go("continue");
    const of = (name: string) => registerNamed(made.session.machine.devices, name)!;
    const dlab = travel(made.session.lastWrite(of("UART.LCR.DLAB")));
    expect(where(dlab)).toBe("foo_init:13 data");
    expect(dlab.reason).toMatchObject({ accesses: [{ before: "1", after: "0" }] });
    expect(where(travel(made.session.lastWrite(of("LCR.DLAB"))))).toBe("foo_init:11 data");
  });
});

describe("reports", () => {
  const reported = () => {
    const made = drive(source);
    const ids: string[] = [made.go("continue"), made.go("continue")];
    expect(ids).toEqual(["foo_init:24 use-after-free", "foo_init:25 use-after-free"]);
    return made;
  };

  test("are gone to, backwards and forwards", () => {
    const { session } = reported();
    const second = session.at.reason;
    expect(where(travel(session.previousReport()))).toBe("foo_init:24 report");
    expect(session.machine.reports).toHaveLength(1);
    expect(where(travel(session.nextReport()))).toBe("foo_init:25 report");
    expect(session.at.reason).toEqual(second);
    expect(where(travel(session.nextReport()))).toBe("nowhere ended");
    expect(where(travel(session.previousReport()))).toBe("foo_init:25 report");
    travel(session.previousReport());
    expect(where(travel(session.previousReport()))).toMatch(/ entry$/);
  });

  test("stop a reverse continue, as breakpoints do", () => {
    const { session } = reported();
    session.setBreakpoints(FILE, [{ line: 22 }]);
    expect(where(travel(session.reverseContinue()))).toBe("foo_init:24 report");
    expect(where(travel(session.reverseContinue()))).toBe("foo_init:22 breakpoint");
    expect(where(travel(session.reverseContinue()))).toMatch(/ entry$/);
    session.setStopsAt(() => false);
    travel(session.continue());
    travel(session.continue());
    session.setBreakpoints(FILE, []);
    expect(where(travel(session.reverseContinue()))).toMatch(/ entry$/);
  });
});

describe("a journey back", () => {
  test("can be cancelled, and leaves the run where it is", () => {
    const { session } = drive(source.replace("i < 10", "i < 200000"));
    travel(session.continue());
    const { clock } = session;
    const log = session.machine.log.length;
    const journey = session.reverseContinue();
    expect(journey.next().done).toBe(false);
    expect(session.progress).toBeGreaterThan(0);
    expect(session.progress).toBeLessThan(1);
    session.pause();
    let next = journey.next();
    while (next.done !== true) next = journey.next();
    expect(next.value.reason.kind).toBe("cancelled");
    expect([session.clock, session.machine.log.length]).toEqual([clock, log]);
    expect(where(travel(session.stepBack(session.at.task)))).toMatch(/ step$/);
  });
});

describe("replicas", () => {
  test("lead to the same states as the beginning does, to the byte", () => {
    const bounded = () => drive(source.replace("i < 10", "i < 20000"), { stopsAt: () => false, limit: 90_000 });
    const fresh = bounded();
    const used = bounded();
    travel(used.session.continue());
    for (const _ of used.session.prepare());
    const state = ({ session: { machine } }: typeof fresh): unknown => {
      const { memory, engine, kernel } = machine;
      const digest = (start: number, bytes: number) => Buffer.from(memory.bytesAt(start, bytes)).toString("base64");
      const stacks = engine.tasks.map((task) => framesOf(task).map(({ frame }) => [frame.site, frame.scopes()]));
      const live = kernel.slab.live.map(({ address, bytes }) => digest(address, bytes));
      return JSON.stringify([engine.clock.nanos, machine.log, stacks, live, kernel.irqs.all, engine.turn?.id]);
    };
    for (const clock of [89_990, 89_000, 60_000, 30_001, 89_999, 5, 0, 70_000]) {
      travel(used.session.goTo(clock));
      travel(fresh.session.goTo(clock));
      expect(used.session.clock).toBe(clock);
      expect(state(used)).toBe(state(fresh));
      const again = bounded();
      travel(again.session.goTo(clock));
      expect(state(again)).toBe(state(fresh));
    }
  });
});
