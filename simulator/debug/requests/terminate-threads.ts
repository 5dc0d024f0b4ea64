// `terminateThreads`: ends processes by SIGKILL, as kill -9 does; it becomes a part of the run's log.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { numberOf } from "../../control/tasks.ts";
import type { Debuggee } from "../debuggee.ts";
import { gone, notEvaluated } from "../errors.ts";

export function terminateThreads(
  debuggee: Debuggee,
  { threadIds = [] }: DebugProtocol.TerminateThreadsArguments,
): void {
  const threads = debuggee.still && debuggee.threads();
  const tasks = threadIds.map((wanted) => {
    const thread = threads.find(({ id }) => id === wanted);
    if (thread === undefined) throw gone("thread");
    const { task, context } = thread;
    if (context !== "task") throw notEvaluated(`${thread.name} is an interrupt: it ends by returning.`);
    if (!debuggee.still.kernel.processes.has(task)) {
      throw notEvaluated(`${thread.name} is a kernel thread, which no signal ends: kthread_stop() does.`);
    }
    return task;
  });
  for (const task of tasks) debuggee.act({ kind: "kill", task: numberOf(task) });
  debuggee.changed();
}
