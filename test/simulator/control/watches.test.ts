// Data breakpoints: on memory and on registers, forwards and backwards, with the statement and both values.
import { describe, expect, test } from "vitest";
import { type Stopped, travel } from "../../../simulator/control/stop.ts";
import { type AccessType, registerNamed } from "../../../simulator/control/targets.ts";
import { framesOf } from "../../../simulator/engine/task.ts";
import { drive, FILE } from "./drive.ts";

const source = `import { module_init } from "linux/module";
import { struct, u32, type int } from "linux/types";
import { kzalloc, kfree, GFP_KERNEL } from "linux/slab";
import { memset } from "linux/string";

const foo = struct("foo", { count: u32, other: u32 });

function foo_init(): int {
  const f = kzalloc(foo, GFP_KERNEL);
  if (f === null)
    return -12;
  let seen = 0;
  for (let i = 0; i < 3; i++) {
    f.count += 1;
    f.count = f.count;
    seen += f.other;
  }
  memset(f, 7, 8);
  kfree(f);
  return seen;
}

module_init(foo_init);
`;

function lineOf({ task, reason }: Stopped): string {
  const frame = task && framesOf(task)[0]?.frame;
  if (reason.kind !== "data") return `${frame?.site.line} ${reason.kind}`;
  const [access] = reason.accesses;
  const how = access?.isWrite ? "written" : "read";
  return `${frame?.site.line} ${how} at ${access?.site?.line}: ${access?.before} → ${access?.after}`;
}

function watching(access: AccessType, asked: { condition?: string; hitCondition?: string } = {}) {
  const made = drive(source, { stopsAt: () => false });
  made.session.setBreakpoints(FILE, [{ line: 12 }]);
  made.go("continue");
  made.session.setBreakpoints(FILE, []);
  const address = Number.parseInt(made.value("f").slice(-8), 16);
  const target = { kind: "memory", address, bytes: 4 } as const;
  const [set] = made.session.setDataBreakpoints([{ target, access, ...asked }]);
  const to = (): string => lineOf(travel(made.session.continue()));
  const back = (): string => lineOf(travel(made.session.reverseContinue()));
  return { ...made, set: set!, to, back };
}

describe("memory", () => {
  test("that changes stops the run after the statement, the allocator's and memset()'s writes included", () => {
    const { to, set, session } = watching("write");
    expect(to()).toBe("15 written at 14: 0 → 1");
    expect(session.at.reason).toMatchObject({ ids: [set.id] });
    expect([to(), to()]).toEqual(["15 written at 14: 1 → 2", "15 written at 14: 2 → 3"]);
    expect(to()).toBe("19 written at 18: 3 → 0x7070707");
    expect(to()).toMatch(/^20 written at 19: 0x7070707 → /);
    expect(to()).toBe("undefined ended");
  });

  test("stops it backwards before the statement, and not again when it goes on", () => {
    const { to, back, value } = watching("write");
    to();
    to();
    expect(back()).toBe("14 written at 14: 1 → 2");
    expect(value("f.count")).toBe("1");
    expect(back()).toBe("14 written at 14: 0 → 1");
    expect(value("i")).toBe("0");
    expect(to()).toBe("15 written at 14: 1 → 2");
    expect(back()).toBe("14 written at 14: 1 → 2");
    expect(back()).toBe("14 written at 14: 0 → 1");
    expect(back()).toMatch(/entry$/);
  });

  test("that is read stops it too, when that is asked for", () => {
    const { to } = watching("read");
    expect([to(), to(), to()]).toEqual(["15 read at 14: 0 → 1", "16 read at 15: 1 → 1", "15 read at 14: 1 → 2"]);
  });

  test("stops at every access of either kind", () => {
    const { to } = watching("readWrite");
    expect([to(), to(), to()]).toEqual([
      "15 written at 14: 0 → 1",
      "16 written at 15: 1 → 1",
      "15 written at 14: 1 → 2",
    ]);
  });

  test("stops where a condition holds, and after so many hits", () => {
    expect(watching("write", { condition: "i === 2" }).to()).toBe("15 written at 14: 2 → 3");
    expect(watching("write", { hitCondition: "2" }).to()).toBe("15 written at 14: 1 → 2");
    expect(watching("write", { hitCondition: "often" }).set.message).toMatch(/A hit count is/);
  });

  test("is counted over what was skipped, and not twice over what ran again", () => {
    const straight = watching("write");
    straight.to();
    straight.to();
    const afterSecond = straight.session.clock;
    const { session, to, back } = watching("write", { hitCondition: "3" });
    travel(session.goTo(afterSecond));
    expect(to()).toBe("15 written at 14: 2 → 3");
    travel(session.goTo(afterSecond - 1));
    expect(to()).toBe("15 written at 14: 2 → 3");
    expect(to()).toBe("undefined ended");
    expect(back()).toBe("14 written at 14: 2 → 3");
    const late = watching("write", { hitCondition: "4" });
    travel(late.session.nextReport());
    expect(late.back()).toBe("18 written at 18: 3 → 0x7070707");
  });

  test("is found backwards where a condition held", () => {
    const { session, to, back } = watching("write", { condition: "i === 1" });
    travel(session.goTo(session.clock + 15));
    expect(back()).toBe("14 written at 14: 1 → 2");
    expect(to()).toMatch(/ended$/);
  });

  test("leaves the run as it is", () => {
    const watched = watching("readWrite");
    while (watched.to() !== "undefined ended");
    const plain = drive(source, { stopsAt: () => false });
    travel(plain.session.continue());
    expect(watched.session.clock).toBe(plain.session.clock);
    expect(watched.session.machine.log).toEqual(plain.session.machine.log);
    expect(Object.hasOwn(watched.session.machine.memory, "store")).toBe(false);
  });
});

const uart = `import { module_init } from "linux/module";
import { type int } from "linux/types";
import { ioremap, writeb, readb } from "linux/io";
import { udelay } from "linux/delay";

function foo_init(): int {
  const regs = ioremap(0x09000000, 8);
  if (regs === null)
    return -12;
  writeb(0x55, regs);
  writeb(0x56, regs);
  const busy = readb(regs.add(5));
  udelay(50000);
  return busy === 0x60 ? 1 : 0;
}

module_init(foo_init);
`;

describe("a register", () => {
  const watch = (name: string, access: AccessType) => {
    const made = drive(uart, { stopsAt: () => false, devices: ["ns16550a"] });
    made.session.start();
    const target = registerNamed(made.session.machine.devices, name);
    made.session.setDataBreakpoints([{ target, access }]);
    return () => lineOf(travel(made.session.continue()));
  };

  test("stops the run when a driver reads it", () => {
    const to = watch("UART.LSR", "read");
    expect(to()).toMatch(/^13 read at 12: /);
    expect(to()).toBe("undefined ended");
  });

  test("stops it when a field changes, by the driver's doing or by the device's own", () => {
    const to = watch("UART.LSR.THRE", "write");
    expect(to()).toMatch(/^1[12] written at 1[01]: 1 → 0$/);
    expect(to()).toMatch(/ 0 → 1$/);
  });

  test("is known by its dotted name, the device's left out where that is clear", () => {
    const { session } = drive(uart, { devices: ["ns16550a", "edu"] });
    const { devices } = session.machine;
    expect(registerNamed(devices, "ns16550a.LSR.THRE")).toEqual(registerNamed(devices, "UART.LSR.THRE"));
    expect(registerNamed(devices, "LSR.THRE")).toMatchObject({ register: "LSR", field: "THRE" });
    expect(registerNamed(devices, "edu.STATUS")).toMatchObject({ device: "edu" });
    for (const name of ["nothing", "edu.LSR", "LSR.NOTHING", "edu.STATUS.A.B", ""]) {
      expect(registerNamed(devices, name)).toBeUndefined();
    }
    expect(session.setDataBreakpoints([{ target: undefined, access: "write" }])[0]?.message).toMatch(
      /nothing of this name/,
    );
  });
});

const locals = `import { module_init } from "linux/module";
import { type int } from "linux/types";

let calls = 0;

function leaf(n: int): int {
  let sum = n;
  sum += 1;
  calls += 1;
  return sum;
}

function foo_init(): int {
  let total = 0;
  for (let i = 0; i < 3; i++)
    total += leaf(i);
  return total;
}

module_init(foo_init);
`;

describe("a variable", () => {
  const begin = (line: number) => {
    const made = drive(locals);
    made.session.setBreakpoints(FILE, [{ line }]);
    made.go("continue");
    made.session.setBreakpoints(FILE, []);
    const watch = (name: string, fn: string, depth?: number): void => {
      const target = {
        kind: "variable",
        name,
        file: FILE,
        fn,
        task: 1,
        ...(depth === undefined ? {} : { depth }),
      } as const;
      made.session.setDataBreakpoints([{ target, access: "write" }]);
    };
    return { ...made, watch, to: () => lineOf(travel(made.session.continue())) };
  };

  test("of a call stops the run when it changes, also by what its callees return", () => {
    const { to, watch, session } = begin(15);
    watch("total", "foo_init", 0);
    expect([to(), to(), to()]).toEqual([
      "15 written at 16: 0 → 1",
      "15 written at 16: 1 → 3",
      "15 written at 16: 3 → 6",
    ]);
    expect(to()).toBe("undefined ended");
    expect(lineOf(travel(session.reverseContinue()))).toBe("16 written at 16: 3 → 6");
    expect(lineOf(travel(session.reverseContinue()))).toBe("16 written at 16: 1 → 3");
  });

  test("of another call is another one", () => {
    const { to, watch } = begin(8);
    watch("sum", "leaf", 1);
    expect([to(), to()]).toEqual(["9 written at 8: 0 → 1", "8 written at 7: (no value yet) → 1"]);
  });

  test("of a file is watched wherever it changes", () => {
    const { to, watch, session } = begin(15);
    watch("calls", "foo_init");
    expect([to(), to()]).toEqual(["10 written at 9: 0 → 1", "10 written at 9: 1 → 2"]);
    const target = { kind: "variable", name: "calls", file: FILE, fn: "leaf", task: 1 } as const;
    expect(lineOf(travel(session.lastWrite(target)))).toBe("9 written at 9: 1 → 2");
    expect(lineOf(travel(session.lastWrite(target)))).toBe("9 written at 9: 0 → 1");
  });
});
