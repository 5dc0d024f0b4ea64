// `goto`: makes the innermost call of a thread go on at another statement; it becomes a part of the run's log.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { jump } from "../../control/jump.ts";
import { obstacleTo } from "../../control/obstacles.ts";
import { numberOf } from "../../control/tasks.ts";
import type { Site } from "../../engine/interfaces.ts";
import type { Task } from "../../engine/task.ts";
import type { Debuggee } from "../debuggee.ts";
import { gone, notEvaluated } from "../errors.ts";

export function goTo(debuggee: Debuggee, { threadId, targetId }: DebugProtocol.GotoArguments): void {
  const site = debuggee.handles.site(targetId);
  const thread = debuggee.still && debuggee.threads().find(({ id }) => id === threadId);
  if (thread === undefined) throw gone("thread");
  const obstacle = obstacleIn(debuggee, thread.task, site);
  if (obstacle !== undefined) throw cannotJump(site.line, obstacle);
  debuggee.travel("Jumping", ({ session }) => jump(session, numberOf(thread.task), site), threadId);
  debuggee.forgetLater();
}

/** Why a task cannot go on at a statement; undefined when it can. */
export function obstacleIn({ still: { engine } }: Debuggee, task: Task, site: Site): string | undefined {
  return engine.hasFaulted ? "the task has ended in an oops: go back to before it" : obstacleTo(task, site);
}

export const cannotJump = (line: number, why: string) => notEvaluated(`Cannot jump to line ${line}: ${why}.`);
