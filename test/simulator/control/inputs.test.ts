// What people do to a run: it is done again whenever the run is run again, and at the same moment.
import { describe, expect, test } from "vitest";
import type { Action } from "../../../simulator/control/inputs.ts";
import { drive, FILE } from "./drive.ts";

const source = `import { module_init } from "linux/module";
import { pr_info } from "linux/printk";
import { struct, u32, type int } from "linux/types";
import { kzalloc, GFP_KERNEL } from "linux/slab";
import { request_irq, IRQ_HANDLED } from "linux/interrupt";

const foo = struct("foo", { count: u32 });

function foo_irq(irq: int): int {
  pr_info("irq %d\\n", irq);
  return IRQ_HANDLED;
}

function foo_init(): int {
  const f = kzalloc(foo, GFP_KERNEL);
  if (f === null)
    return -12;
  request_irq(60, foo_irq, 0, "foo", f);
  for (let i = 0; i < 200; i++)
    f.count += 1;
  pr_info("count %d\\n", f.count);
  return 0;
}

module_init(foo_init);
`;

function printed({ session }: ReturnType<typeof drive>): string[] {
  return session.machine.log.map(({ text }) => text.replace(/^\[.*?\] /, ""));
}

function inLoop() {
  const made = drive(source);
  made.session.setBreakpoints(FILE, [{ line: 20, condition: "i === 50" }]);
  made.go("continue");
  made.session.setBreakpoints(FILE, []);
  return made;
}

/** Does something in the middle, goes to the end, back to the beginning and to the end again. */
function twice(act: (made: ReturnType<typeof drive>) => Action): string[] {
  const made = inLoop();
  made.session.act(act(made));
  made.go("continue");
  const once = printed(made);
  made.go("reverse");
  expect(made.session.clock).toBe(0);
  made.go("continue");
  expect(printed(made)).toEqual(once);
  return once;
}

describe("an input", () => {
  test("sets a member", () => {
    expect(twice(() => ({ kind: "set", task: 1, frame: 0, name: "f.count", source: "1000" }))).toContain("count 1150");
  });

  test("changes memory", () => {
    const address = ({ task, session }: ReturnType<typeof drive>) => {
      const at = session.machine.engine.taskOn(task().cpu).layers.at(-1)!.activation.frames()[0]!.evaluate("f")
        .address!;
      return { kind: "memory", address: at, bytes: [0, 1] } as const;
    };
    expect(twice(address)).toContain("count 406");
  });

  test("brings an interrupt", () => {
    expect(twice(() => ({ kind: "interrupt", irq: 60 }))).toContain("irq 60");
  });

  test("that comes later is forgotten when something is done before it", () => {
    const made = inLoop();
    const here = made.session.clock;
    made.go("over");
    made.session.act({ kind: "interrupt", irq: 60 });
    made.go("back");
    expect(made.session.clock).toBeLessThanOrEqual(here);
    made.session.act({ kind: "set", task: 1, frame: 0, name: "f.count", source: "0" });
    made.go("continue");
    expect(printed(made)).not.toContain("irq 60");
  });

  test("that cannot be made says why, and leaves no trace", () => {
    const { session } = inLoop();
    expect(() => session.act({ kind: "fault", device: "nothing", fault: { kind: "removed" } })).toThrow(
      "no device nothing",
    );
    expect(() => session.act({ kind: "register", device: "edu", register: "NOTHING", value: 1n })).toThrow(
      "edu has no register NOTHING",
    );
    expect(session.inputs).toEqual([]);
  });
});
