// Debugging the examples: interrupts on top of tasks, several tasks, reports and oopses at which the run stops.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadDriver } from "../../../simulator/control/load.ts";
import { Session, type SessionOptions } from "../../../simulator/control/session.ts";
import { type Stopped, travel } from "../../../simulator/control/stop.ts";
import { framesOf } from "../../../simulator/engine/task.ts";
import { createMachine, type Machine } from "../../../simulator/machine.ts";

const examples = join(import.meta.dirname, "../../../simulator/examples");
const files = { read: (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined) };

function begin(name: string, options: SessionOptions = {}): Session {
  return new Session(loadDriver(files, join(examples, name))!.recipe, options);
}

/** The line, counted from 1, on which a text stands first. */
function lineOf(name: string, text: string): number {
  const at = readFileSync(join(examples, name), "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text));
  if (at < 0) throw new Error(`${name} has no ${text}`);
  return at + 1;
}

function stopIn(session: Session, name: string, text: string): Stopped {
  session.setBreakpoints(join(examples, name), [{ line: lineOf(name, text) }]);
  const stopped = travel(session.continue());
  session.setBreakpoints(join(examples, name), []);
  return stopped;
}

const where = ({ task }: Stopped): string => {
  const top = task && framesOf(task)[0];
  return top === undefined ? "nowhere" : `${top.frame.fn}:${top.frame.site.line} ${top.context}`;
};
const edu = (text: string): number => lineOf("edu.ts", text);

describe("an interrupt handler", () => {
  test("is stopped in, with its registers and locks, on top of whatever it interrupted", () => {
    const session = begin("edu.ts");
    const stopped = stopIn(session, "edu.ts", "d.result = readl(d.regs.add(EDU_FACTORIAL))");
    expect(where(stopped)).toBe(`edu_irq:${edu("d.result = readl(d.regs")} hardirq`);
    const { machine } = session;
    expect(machine.devices[0]?.peek(0x08, 4)).toBe(120n);
    expect(machine.kernel.locks.all().find(({ owner }) => owner !== undefined)?.name).toBe("&d->lock");
    expect(framesOf(stopped.task!)[0]!.frame.evaluate("status").value).toBe("1");
  });

  test("is stepped through, back and out of", () => {
    const session = begin("edu.ts");
    const first = stopIn(session, "edu.ts", "const status = readl");
    expect(where(travel(session.step(first.task!, "over")))).toBe(`edu_irq:${edu("if (status === 0)")} hardirq`);
    const third = travel(session.step(session.at.task!, "over"));
    const writing = `edu_irq:${edu("writel(status, d.regs")} hardirq`;
    expect(where(third)).toBe(writing);
    const before = session.machine.devices[0]!.peek(0x24, 4);
    expect(before).toBe(1n);
    const after = travel(session.step(session.at.task!, "over"));
    expect(session.machine.devices[0]!.peek(0x24, 4)).toBe(0n);
    const back = travel(session.stepBack(after.task!));
    expect(where(back)).toBe(writing);
    expect(session.machine.devices[0]!.peek(0x24, 4)).toBe(1n);
    const out = travel(session.step(back.task!, "out"));
    expect(out.reason.kind).toBe("step");
    expect(where(out)).not.toContain("edu_irq");
  });

  test("is not stepped into from what it interrupts", () => {
    const session = begin("edu.ts");
    let stopped = stopIn(session, "edu.ts", "const d = cast(edu_dev, file.private_data);");
    const task = stopped.task!;
    for (let i = 0; (i < 400 && stopped.reason.kind === "step") || i === 0; i++) {
      stopped = travel(session.step(task, "over"));
      expect(where(stopped)).not.toContain("hardirq");
    }
  });

  test("begins with what ran before it", () => {
    const session = begin("edu.ts");
    const stopped = stopIn(session, "edu.ts", "const status = readl");
    const back = travel(session.stepBack(stopped.task!));
    expect(back.clock).toBe(stopped.clock - 1);
    expect(where(back)).not.toContain("edu_irq");
  });
});

describe("a run", () => {
  test("has one state for each count of statements, however it comes there", () => {
    const { recipe } = loadDriver(files, join(examples, "edu.ts"))!;
    const stateOf = ({ engine }: Machine): string => {
      const stacks = engine.tasks.map((task) => {
        const frames = framesOf(task).map(({ frame, context }) => `${frame.fn}:${frame.site.line} ${context}`);
        return `${task.id} ${task.state} ${frames.join(" < ")}`;
      });
      return [engine.clock.nanos, engine.turn?.id, ...stacks].join("\n");
    };
    const stepped = createMachine(recipe, { onImage: (image) => void image.breakpoints.fill(1) });
    const states: string[] = [];
    while (stepped.run().kind === "breakpoint") {
      expect(states.length).toBe(stepped.engine.clock.statements);
      states.push(stateOf(stepped));
    }
    const counted = createMachine(recipe);
    for (const [clock, state] of states.entries()) {
      counted.run(clock);
      expect(stateOf(counted)).toBe(state);
      if (clock % 50 !== 0) continue;
      const fresh = createMachine(recipe);
      fresh.run(clock);
      expect(stateOf(fresh)).toBe(state);
    }
    expect(states.length).toBeGreaterThan(500);
  });

  test("is the same however it is looked at", () => {
    for (const name of ["edu.ts", "mistakes.ts"]) {
      const plain = begin(name, { stopsAt: () => false });
      expect(travel(plain.continue()).reason.kind).toBe("ended");
      const watched = begin(name, { stopsAt: () => false });
      let stopped = watched.start();
      for (let i = 0; i < 120 && stopped.task; i++) stopped = travel(watched.step(stopped.task, "in"));
      for (let i = 0; i < 5; i++) stopped = travel(watched.stepBack(stopped.task));
      stopped = travel(watched.continue());
      expect(stopped.reason.kind).toBe("ended");
      expect(watched.machine.log).toEqual(plain.machine.log);
      travel(watched.goTo(Math.floor(plain.clock / 2)));
      travel(watched.continue());
      expect(watched.machine.log).toEqual(plain.machine.log);
    }
  });
});

describe("reports", () => {
  test("stop the run, each once, with the kernel's text", () => {
    const session = begin("mistakes.ts");
    const ids: string[] = [];
    for (
      let stopped = travel(session.continue());
      stopped.reason.kind !== "ended";
      stopped = travel(session.continue())
    ) {
      if (stopped.reason.kind !== "report") throw new Error(stopped.reason.kind);
      ids.push(stopped.reason.report.id);
      expect(session.machine.reports).toContain(stopped.reason.report);
    }
    expect(ids).toEqual([
      ...["sleep-in-atomic", "sleep-in-atomic", "use-after-free", "double-free", "out-of-bounds", "unlock-not-held"],
      ...["mmio-out-of-range", "oops", "missing-release", "double-lock"],
    ]);
  });

  test("are chosen", () => {
    const session = begin("mistakes.ts", { stopsAt: ({ id }) => id === "double-free" });
    const stopped = travel(session.continue());
    expect(stopped.reason).toMatchObject({ kind: "report", report: { id: "double-free" } });
    session.setStopsAt(() => false);
    expect(travel(session.continue()).reason.kind).toBe("ended");
  });

  test("are left by a step to the next line, and by a step back to before their own", () => {
    const session = begin("mistakes.ts", { stopsAt: ({ id }) => id === "sleep-in-atomic" });
    const line = lineOf("mistakes.ts", "// reports: sleep-in-atomic");
    const stopped = travel(session.continue());
    expect(stopped.reason).toMatchObject({ kind: "report", report: { site: { line } } });
    expect(where(travel(session.step(stopped.task!, "over")))).toBe(`sleep_under_spinlock:${line + 1} task`);
    expect(where(travel(session.stepBack(session.at.task!)))).toBe(`sleep_under_spinlock:${line} task`);
    expect(session.machine.reports).toEqual([]);
    const again = travel(session.continue());
    expect(where(travel(session.stepBack(again.task!)))).toBe(`sleep_under_spinlock:${line} task`);
    expect(session.machine.reports).toEqual([]);
  });

  test("of an oops show the stack that faulted", () => {
    const session = begin("mistakes.ts", { stopsAt: ({ id }) => id === "oops" });
    const stopped = travel(session.continue());
    const line = lineOf("mistakes.ts", "// reports: mmio-out-of-range");
    expect(where(stopped)).toBe(`mmio_out_of_range:${line} task`);
    expect(travel(session.continue()).reason.kind).toBe("ended");
  });
});
