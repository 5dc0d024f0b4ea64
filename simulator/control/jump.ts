// A jump: a call leaves the statement that it is about to run and goes on at another one, now and in every replay.
import type { Site } from "../engine/interfaces.ts";
import { Cancelled } from "./run.ts";
import type { Session } from "./session.ts";
import type { Journey } from "./stop.ts";

/**
 * Makes the innermost call of a task, see tasks.ts, go on at a statement; what was to come is forgotten. Where obstacles.ts
 * knows a reason against it, that is thrown as an Error. The run may have to be gone through again up to here first.
 */
export function* jump(session: Session, task: number, to: Site): Journey {
  try {
    yield* session.look((run) => run.makeJumpable(to));
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    return yield* session.goTo(session.clock, { kind: "cancelled" });
  }
  session.act({ kind: "jump", task, site: to.id });
  return yield* session.goTo(session.clock, { kind: "jump" }, task);
}
