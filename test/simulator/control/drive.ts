// Makes sessions of small drivers that are written in the tests.
import { Session, type SessionOptions } from "../../../simulator/control/session.ts";
import { type Stopped, travel } from "../../../simulator/control/stop.ts";
import { framesOf, type Task } from "../../../simulator/engine/task.ts";
import { compile } from "../../../simulator/typescript/compile.ts";

export const FILE = "foo.ts";

export interface Drive {
  readonly session: Session;
  /** `init:4 breakpoint`: function and line of who stopped, and why. */
  readonly trail: string[];
  go(move: "continue" | "back" | "reverse" | "in" | "over" | "out"): string;
  /** What an expression is where the run stands. */
  value(source: string): string;
  task(): Task;
}

export interface DriveOptions extends SessionOptions {
  readonly seed?: number;
  readonly devices?: readonly string[];
}

export function drive(source: string, options: DriveOptions = {}): Drive {
  const driver = compile([{ path: FILE, text: source }]);
  if (driver.problems.length > 0)
    throw new Error(driver.problems.map(({ line, message }) => `${line}: ${message}`).join());
  const session = new Session(
    { name: "foo", driver, seed: options.seed ?? 1, devices: options.devices ?? ["edu"] },
    options,
  );
  const trail: string[] = [];
  const note = (stopped: Stopped): string => {
    trail.push(describe(stopped));
    return trail.at(-1)!;
  };
  const task = (): Task => {
    if (session.at.task === undefined) throw new Error("nobody is there");
    return session.at.task;
  };
  note(session.start());
  return {
    session,
    trail,
    task,
    go: (move) => {
      switch (move) {
        case "continue":
          return note(travel(session.continue()));
        case "back":
          return note(travel(session.stepBack(task())));
        case "reverse":
          return note(travel(session.reverseContinue()));
        default:
          return note(travel(session.step(task(), move)));
      }
    },
    value: (expression) => framesOf(task())[0]!.frame.evaluate(expression).value,
  };
}

function describe({ reason, task }: Stopped): string {
  const frame = task && framesOf(task)[0]?.frame;
  const where = frame === undefined ? "nowhere" : `${frame.fn}:${frame.site.line}`;
  return `${where} ${reason.kind === "report" ? reason.report.id : reason.kind}`;
}
